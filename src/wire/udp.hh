// UDP header. 8 bytes.
//
//    0                   1                   2                   3
//    0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
//   +-------------------------------+-------------------------------+
//   |          source port          |       destination port        |
//   +-------------------------------+-------------------------------+
//   |            length             |           checksum            |
//   +-------------------------------+-------------------------------+
//
// Units: length in bytes, header included. The checksum is carried, not computed: RoCEv2 sends zero and relies on the ICRC.
// The source port of RoCEv2 is the entropy that spreads flows over paths. Source: RFC 768; IBTA annex A17 (port 4791).
#pragma once

#include <cstdint>
#include <optional>

#include "wire/cursor.hh"

namespace weft::wire {

inline constexpr std::uint16_t roce_udp_port = 4791;

struct UdpHeader {
  static constexpr std::size_t size = 8;

  std::uint16_t source_port = 0;
  std::uint16_t destination_port = roce_udp_port;
  std::uint16_t length = 0;
  std::uint16_t checksum = 0;
  friend bool operator==(const UdpHeader&, const UdpHeader&) = default;

  void encode(Writer& out) const {
    out.be(source_port);
    out.be(destination_port);
    out.be(length);
    out.be(checksum);
  }

  static std::optional<UdpHeader> decode(Reader& in) {
    UdpHeader h;
    h.source_port = in.be<std::uint16_t>();
    h.destination_port = in.be<std::uint16_t>();
    h.length = in.be<std::uint16_t>();
    h.checksum = in.be<std::uint16_t>();
    if (!in.ok() || h.length < size) return std::nullopt;
    return h;
  }
};
static_assert(WireHeader<UdpHeader>);

}  // namespace weft::wire
