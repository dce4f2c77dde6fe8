// Writes Chakra execution traces byte by byte, as the schema says (mlcommons/chakra, et_def.proto): for tests.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <string>

namespace weft::test {

inline std::string varint(std::uint64_t value) {
  std::string bytes;
  for (; value >= 0x80; value >>= 7U) bytes += static_cast<char>((value & 0x7fU) | 0x80U);
  return bytes + static_cast<char>(value);
}
inline std::string field(unsigned number, std::uint64_t value) { return varint(std::uint64_t{number} << 3U) + varint(value); }
inline std::string field(unsigned number, const std::string& bytes) {
  return varint((std::uint64_t{number} << 3U) | 2U) + varint(bytes.size()) + bytes;
}

enum ChakraType : std::uint8_t { metadata_node = 1, load_node = 2, compute_node = 4, send_node = 5, receive_node = 6, collective_node = 7 };
enum ChakraCollective : std::uint8_t {
  all_reduce_type = 0,
  all_gather_type = 2,
  gather_type = 3,
  broadcast_type = 5,
  reduce_scatter_type = 7
};

class ChakraNodeText {
 public:
  ChakraNodeText(std::uint64_t id, const std::string& name, ChakraType type) : bytes_(field(1, id) + field(2, name) + field(3, type)) {}

  // Dependencies, one field each; `packed` is how newer writers have them.
  ChakraNodeText& after(std::initializer_list<std::uint64_t> ids) {
    for (const std::uint64_t id : ids) bytes_ += field(5, id);
    return *this;
  }
  ChakraNodeText& packed_after(std::initializer_list<std::uint64_t> ids) {
    std::string all;
    for (const std::uint64_t id : ids) all += varint(id);
    bytes_ += field(5, all);
    return *this;
  }
  ChakraNodeText& controlled_by(std::uint64_t id) { return add(field(4, id)); }
  ChakraNodeText& micros(std::uint64_t duration) { return add(field(7, duration)); }
  ChakraNodeText& inputs(const std::string& values) { return add(field(8, field(1, values))); }
  ChakraNodeText& number(const std::string& name, std::uint64_t value, unsigned kind = 9) {
    return add(field(10, field(1, name) + field(kind, value)));
  }
  ChakraNodeText& flag(const std::string& name, bool value) { return number(name, value ? 1 : 0, 27); }
  ChakraNodeText& word(const std::string& name, const std::string& value) { return add(field(10, field(1, name) + field(29, value))); }
  ChakraNodeText& flags(const std::string& name, const std::string& values) {
    return add(field(10, field(1, name) + field(28, field(1, values))));
  }
  ChakraNodeText& add(const std::string& more) {
    bytes_ += more;
    return *this;
  }
  [[nodiscard]] const std::string& bytes() const { return bytes_; }

 private:
  std::string bytes_;
};

inline std::string delimited(const std::string& message) { return varint(message.size()) + message; }

inline std::string chakra_text(std::initializer_list<ChakraNodeText> nodes) {
  std::string text = delimited(field(1, std::string("0.0.4")));
  for (const ChakraNodeText& node : nodes) text += delimited(node.bytes());
  return text;
}

inline ChakraNodeText computing(std::uint64_t id, std::uint64_t micros) {
  return ChakraNodeText(id, "compute" + std::to_string(id), compute_node).micros(micros);
}
inline ChakraNodeText calling(std::uint64_t id, ChakraCollective type, std::uint64_t bytes) {
  return ChakraNodeText(id, "call" + std::to_string(id), collective_node).number("comm_type", type).number("comm_size", bytes);
}
inline ChakraNodeText sending(std::uint64_t id, std::uint64_t to, std::uint64_t tag, std::uint64_t bytes) {
  return ChakraNodeText(id, "send" + std::to_string(id), send_node)
      .number("comm_dst", to, 7)
      .number("comm_tag", tag, 7)
      .number("comm_size", bytes);
}
inline ChakraNodeText receiving(std::uint64_t id, std::uint64_t from, std::uint64_t tag, std::uint64_t bytes) {
  return ChakraNodeText(id, "receive" + std::to_string(id), receive_node)
      .number("comm_src", from, 7)
      .number("comm_tag", tag, 7)
      .number("comm_size", bytes);
}

}  // namespace weft::test
