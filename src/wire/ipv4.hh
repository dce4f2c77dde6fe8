// IPv4 header without options. 20 bytes.
//
//    0                   1                   2                   3
//    0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
//   +-------+-------+-----------+---+-------------------------------+
//   |   4   | IHL 5 |   DSCP    |ECN|         total length          |
//   +-------+-------+-----------+---+-+-+-+-------------------------+
//   |        identification         |0|D|M|     fragment offset     |
//   +---------------+---------------+-+-+-+-------------------------+
//   |      TTL      |   protocol    |        header checksum        |
//   +---------------+---------------+-------------------------------+
//   |                        source address                         |
//   +---------------------------------------------------------------+
//   |                      destination address                      |
//   +---------------------------------------------------------------+
//
// Units: total_length in bytes, header included; fragment_offset in 8 bytes. The checksum is no field: encode computes it,
// decode refuses a header whose sum is wrong. Source: RFC 791, RFC 1071, RFC 2474 (DSCP), RFC 3168 (ECN).
#pragma once

#include <cstdint>
#include <optional>

#include "base/check.hh"
#include "wire/cursor.hh"

namespace weft::wire {

inline constexpr std::uint8_t ip_protocol_udp = 17;

// RFC 3168: the two low bits of the traffic class.
enum class Ecn : std::uint8_t { not_ect = 0, ect1 = 1, ect0 = 2, ce = 3 };

struct Ipv4Address {
  std::uint32_t v = 0;  // 10.0.0.1 is 0x0a000001
  friend bool operator==(const Ipv4Address&, const Ipv4Address&) = default;
};

// The ones' complement sum of RFC 1071 over an even number of bytes, folded, not inverted: 0xffff when a header is intact.
inline std::uint16_t internet_sum(ByteView bytes) {
  std::uint32_t sum = 0;
  Reader words(bytes);
  while (!words.rest().empty()) sum += words.be<std::uint16_t>();
  sum = (sum & 0xffff) + (sum >> 16);
  return static_cast<std::uint16_t>((sum & 0xffff) + (sum >> 16));
}

struct Ipv4Header {
  static constexpr std::size_t size = 20;

  std::uint8_t dscp = 0;  // 6 bits
  Ecn ecn = Ecn::not_ect;
  std::uint16_t total_length = 0;
  std::uint16_t identification = 0;
  bool dont_fragment = true, more_fragments = false;
  std::uint16_t fragment_offset = 0;  // 13 bits
  std::uint8_t ttl = 64;
  std::uint8_t protocol = ip_protocol_udp;
  Ipv4Address source{}, destination{};
  friend bool operator==(const Ipv4Header&, const Ipv4Header&) = default;

  void encode(Writer& out) const;
  static std::optional<Ipv4Header> decode(Reader& in);
};

enum class Ipv4Problem : std::uint8_t { none, truncated, version, options, checksum };

// What keeps the first 20 bytes from being a header that decode() accepts.
inline Ipv4Problem ipv4_problem(ByteView bytes) {
  if (bytes.size() < Ipv4Header::size) return Ipv4Problem::truncated;
  const auto first = std::to_integer<unsigned>(bytes[0]);
  if (first >> 4 != 4) return Ipv4Problem::version;
  if ((first & 0x0f) != 5) return Ipv4Problem::options;
  if (internet_sum(bytes.first(Ipv4Header::size)) != 0xffff) return Ipv4Problem::checksum;
  return Ipv4Problem::none;
}

inline void Ipv4Header::encode(Writer& out) const {
  CHECK(dscp < 64 && fragment_offset < 0x2000, "dscp", int{dscp}, "fragment_offset", fragment_offset);
  const ByteRoom room = out.take(size);
  if (room.empty()) return;
  Writer header(room);
  header.be(std::uint8_t{0x45});
  header.be(static_cast<std::uint8_t>(dscp << 2 | static_cast<std::uint8_t>(ecn)));
  header.be(total_length);
  header.be(identification);
  header.be(static_cast<std::uint16_t>(dont_fragment << 14 | more_fragments << 13 | fragment_offset));
  header.be(ttl);
  header.be(protocol);
  header.be(std::uint16_t{0});
  header.be(source.v);
  header.be(destination.v);
  Writer checksum(room.subspan(10, 2));
  checksum.be(static_cast<std::uint16_t>(~internet_sum(room)));
}

inline std::optional<Ipv4Header> Ipv4Header::decode(Reader& in) {
  const ByteView bytes = in.bytes(size);
  if (ipv4_problem(bytes) != Ipv4Problem::none) return std::nullopt;
  Reader header(bytes.subspan(1));
  Ipv4Header h;
  const auto traffic_class = header.be<std::uint8_t>();
  h.dscp = traffic_class >> 2;
  h.ecn = static_cast<Ecn>(traffic_class & 3);
  h.total_length = header.be<std::uint16_t>();
  h.identification = header.be<std::uint16_t>();
  const auto fragment = header.be<std::uint16_t>();
  h.dont_fragment = (fragment & 0x4000) != 0;
  h.more_fragments = (fragment & 0x2000) != 0;
  h.fragment_offset = fragment & 0x1fff;
  h.ttl = header.be<std::uint8_t>();
  h.protocol = header.be<std::uint8_t>();
  header.bytes(2);
  h.source.v = header.be<std::uint32_t>();
  h.destination.v = header.be<std::uint32_t>();
  return h;
}
static_assert(WireHeader<Ipv4Header>);

}  // namespace weft::wire
