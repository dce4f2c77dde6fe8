// IPv6 header. 40 bytes.
//
//    0                   1                   2                   3
//    0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
//   +-------+-----------+---+---------------------------------------+
//   |   6   |   DSCP    |ECN|              flow label               |
//   +-------+-----------+---+-------+---------------+---------------+
//   |        payload length         |  next header  |   hop limit   |
//   +-------------------------------+---------------+---------------+
//   |                   source address (128 bits)                   |
//   +---------------------------------------------------------------+
//   |                destination address (128 bits)                 |
//   +---------------------------------------------------------------+
//
// Units: payload_length in bytes, without this header. Source: RFC 8200, RFC 6437 (flow label).
#pragma once

#include <array>
#include <cstdint>
#include <optional>

#include "base/check.hh"
#include "wire/cursor.hh"
#include "wire/ipv4.hh"

namespace weft::wire {

struct Ipv6Address {
  std::array<std::uint8_t, 16> octets{};
  friend bool operator==(const Ipv6Address&, const Ipv6Address&) = default;
};

struct Ipv6Header {
  static constexpr std::size_t size = 40;

  std::uint8_t dscp = 0;  // 6 bits
  Ecn ecn = Ecn::not_ect;
  std::uint32_t flow_label = 0;  // 20 bits
  std::uint16_t payload_length = 0;
  std::uint8_t next_header = ip_protocol_udp;
  std::uint8_t hop_limit = 64;
  Ipv6Address source{}, destination{};
  friend bool operator==(const Ipv6Header&, const Ipv6Header&) = default;

  void encode(Writer& out) const {
    CHECK(dscp < 64 && flow_label < 0x100000, "dscp", int{dscp}, "flow_label", flow_label);
    const std::uint32_t traffic_class = std::uint32_t{dscp} << 2 | static_cast<std::uint32_t>(ecn);
    out.be(std::uint32_t{6} << 28 | traffic_class << 20 | flow_label);
    out.be(payload_length);
    out.be(next_header);
    out.be(hop_limit);
    out.bytes(std::as_bytes(std::span(source.octets)));
    out.bytes(std::as_bytes(std::span(destination.octets)));
  }

  static std::optional<Ipv6Header> decode(Reader& in) {
    Ipv6Header h;
    const auto first = in.be<std::uint32_t>();
    h.dscp = first >> 22 & 0x3f;
    h.ecn = static_cast<Ecn>(first >> 20 & 3);
    h.flow_label = first & 0xfffff;
    h.payload_length = in.be<std::uint16_t>();
    h.next_header = in.be<std::uint8_t>();
    h.hop_limit = in.be<std::uint8_t>();
    read_address(in, h.source);
    read_address(in, h.destination);
    if (!in.ok() || first >> 28 != 6) return std::nullopt;
    return h;
  }

 private:
  static void read_address(Reader& in, Ipv6Address& address) {
    const ByteView bytes = in.bytes(address.octets.size());
    if (!bytes.empty()) std::memcpy(address.octets.data(), bytes.data(), bytes.size());
  }
};
static_assert(WireHeader<Ipv6Header>);

}  // namespace weft::wire
