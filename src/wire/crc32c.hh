// CRC-32C (Castagnoli): polynomial 0x1EDC6F41 reflected, register preset to ones, inverted at the end.
//
// Units: bytes in; the value is a number. Source: RFC 3720, B.4 (test vectors); table by table, eight bytes a step.
#pragma once

#include <array>
#include <cstdint>

#include "wire/cursor.hh"

namespace weft::wire {
namespace detail {

using Crc32cTables = std::array<std::array<std::uint32_t, 256>, 8>;

// tables[k][b]: what byte b contributes when k more bytes follow it in the step.
constexpr Crc32cTables make_crc32c_tables() {
  Crc32cTables tables{};
  for (std::uint32_t byte = 0; byte < 256; ++byte) {
    std::uint32_t rest = byte;
    for (int bit = 0; bit < 8; ++bit) rest = (rest & 1) != 0 ? rest >> 1 ^ 0x82f63b78U : rest >> 1;
    tables[0][byte] = rest;
  }
  for (std::size_t k = 1; k < tables.size(); ++k) {
    for (std::size_t byte = 0; byte < 256; ++byte) {
      const std::uint32_t before = tables[k - 1][byte];
      tables[k][byte] = before >> 8 ^ tables[0][before & 0xff];
    }
  }
  return tables;
}
inline constexpr Crc32cTables crc32c_tables = make_crc32c_tables();

}  // namespace detail

class Crc32c {
 public:
  Crc32c& add(ByteView bytes) {
    const auto& tables = detail::crc32c_tables;
    Reader in(bytes);
    while (in.rest().size() >= 8) {
      const std::uint64_t word = in.le<std::uint64_t>() ^ register_;
      std::uint32_t next = 0;
      for (std::size_t i = 0; i < 8; ++i) next ^= tables[7 - i][word >> 8 * i & 0xff];
      register_ = next;
    }
    for (const std::byte b : in.rest()) { register_ = register_ >> 8 ^ tables[0][(register_ ^ std::to_integer<std::uint32_t>(b)) & 0xff]; }
    return *this;
  }
  [[nodiscard]] std::uint32_t value() const { return ~register_; }

 private:
  std::uint32_t register_ = 0xffffffffU;
};

}  // namespace weft::wire
