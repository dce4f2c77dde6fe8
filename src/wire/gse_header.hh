// GSE header: what a scheduled fabric puts between a frame's addresses and its EtherType. 16 bytes. PROJECT PROFILE: the layout of
// China Mobile's GSE is not public; this one is ours and interoperates with nothing else.
//
//    0                   1                   2                   3
//    0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
//   +-------+-------+-----+-+-+-----+-------------------------------+
//   |version| type  |prio |E|S|  -  |         source device         |
//   +-------+-------+-----+-+-+-----+-------------------------------+
//   |      destination device       |       destination port        |
//   +-------------------------------+---------------+---------------+
//   |                   sequence                    |     index     |
//   +-------------------------------+---------------+---------------+
//   |            offset             |              aux              |
//   +-------------------------------+-------------------------------+
//   E end, S start (of a container; S also of a queue's life). The version is 1. Devices are GSP and GSF numbers.
//
// What sequence, index, offset and aux hold follows from the type: gse_messages.hh. The three reserved bits are sent as zero and
// ignored when read; another version and unknown types are refused.
// The EtherType is 0x88b5, "local experimental 1" (IEEE 802, 9.2.4). Source: project profile, from the public statements on GSE.
#pragma once

#include <cstdint>
#include <optional>

#include "base/check.hh"
#include "wire/cursor.hh"

namespace weft::wire {

namespace ether_type {
inline constexpr std::uint16_t gse = 0x88b5;
}

enum class GseType : std::uint8_t { data = 1, request = 2, grant = 3, fault = 4 };
constexpr bool known_gse_type(std::uint8_t type) { return type >= 1 && type <= 4; }

inline constexpr std::uint16_t gse_to_all = 0xffff;  // as a device: flooded; as a port: any

struct GseHeader {
  static constexpr std::size_t size = 16;
  static constexpr std::uint8_t version = 1;

  GseType type = GseType::data;
  std::uint8_t priority = 0;  // 3 bits
  bool end = false, start = false;
  std::uint16_t source = 0, destination = 0, port = 0;
  std::uint32_t sequence = 0;  // 24 bits
  std::uint8_t index = 0;
  std::uint16_t offset = 0, aux = 0;
  friend bool operator==(const GseHeader&, const GseHeader&) = default;

  void encode(Writer& out) const {
    CHECK(priority < 8 && sequence <= 0xffffff, "priority", int{priority}, "sequence", sequence);
    CHECK(known_gse_type(static_cast<std::uint8_t>(type)), "type", static_cast<int>(type));
    out.be(static_cast<std::uint8_t>(version << 4 | static_cast<int>(type)));
    out.be(static_cast<std::uint8_t>(priority << 5 | end << 4 | start << 3));
    out.be(source);
    out.be(destination);
    out.be(port);
    out.be24(sequence);
    out.be(index);
    out.be(offset);
    out.be(aux);
  }

  static std::optional<GseHeader> decode(Reader& in) {
    GseHeader h;
    const auto kind = in.be<std::uint8_t>();
    const auto marks = in.be<std::uint8_t>();
    h.type = static_cast<GseType>(kind & 0xf);
    h.priority = static_cast<std::uint8_t>(marks >> 5);
    h.end = (marks & 0x10) != 0;
    h.start = (marks & 0x08) != 0;
    h.source = in.be<std::uint16_t>();
    h.destination = in.be<std::uint16_t>();
    h.port = in.be<std::uint16_t>();
    h.sequence = in.be24();
    h.index = in.be<std::uint8_t>();
    h.offset = in.be<std::uint16_t>();
    h.aux = in.be<std::uint16_t>();
    if (!in.ok() || kind >> 4 != version || !known_gse_type(kind & 0xf)) return std::nullopt;
    return h;
  }
};
static_assert(WireHeader<GseHeader>);

}  // namespace weft::wire
