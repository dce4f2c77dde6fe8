// IpHeader: an IPv4 or an IPv6 header, for code that treats both alike.
//
// Units: bytes. Source: ipv4.hh, ipv6.hh.
#pragma once

#include <cstdint>
#include <variant>

#include "base/check.hh"
#include "wire/cursor.hh"
#include "wire/ipv4.hh"
#include "wire/ipv6.hh"

namespace weft::wire {

using IpHeader = std::variant<Ipv4Header, Ipv6Header>;

constexpr std::size_t ip_header_size(const IpHeader& ip) {
  return std::holds_alternative<Ipv4Header>(ip) ? Ipv4Header::size : Ipv6Header::size;
}

inline void encode_ip(const IpHeader& ip, Writer& out) {
  if (const auto* v4 = std::get_if<Ipv4Header>(&ip)) {
    v4->encode(out);
  } else {
    std::get_if<Ipv6Header>(&ip)->encode(out);
  }
}

// How many bytes follow the IP header; for IPv4 zero when the total length does not even cover the header.
constexpr std::size_t ip_payload_length(const IpHeader& ip) {
  if (const auto* v6 = std::get_if<Ipv6Header>(&ip)) return v6->payload_length;
  const std::size_t total = std::get_if<Ipv4Header>(&ip)->total_length;
  return total < Ipv4Header::size ? 0 : total - Ipv4Header::size;
}

// The same header around a UDP datagram of `length` bytes (UDP header included).
inline IpHeader around_udp(IpHeader ip, std::size_t length) {
  CHECK(length <= 0xffff - Ipv4Header::size, "udp length", length);
  if (auto* v4 = std::get_if<Ipv4Header>(&ip)) {
    v4->total_length = static_cast<std::uint16_t>(Ipv4Header::size + length);
    v4->protocol = ip_protocol_udp;
  } else {
    auto* v6 = std::get_if<Ipv6Header>(&ip);
    v6->payload_length = static_cast<std::uint16_t>(length);
    v6->next_header = ip_protocol_udp;
  }
  return ip;
}

constexpr std::uint8_t ip_dscp(const IpHeader& ip) {
  if (const auto* v4 = std::get_if<Ipv4Header>(&ip)) return v4->dscp;
  return std::get_if<Ipv6Header>(&ip)->dscp;
}
inline void set_ip_dscp(IpHeader& ip, std::uint8_t dscp) {
  if (auto* v4 = std::get_if<Ipv4Header>(&ip))
    v4->dscp = dscp;
  else
    std::get_if<Ipv6Header>(&ip)->dscp = dscp;
}

constexpr Ecn ip_ecn(const IpHeader& ip) {
  if (const auto* v4 = std::get_if<Ipv4Header>(&ip)) return v4->ecn;
  return std::get_if<Ipv6Header>(&ip)->ecn;
}

}  // namespace weft::wire
