// ICRC, the invariant CRC that ends every RoCEv2 packet: what no router may change is covered, what a router changes is
// replaced by ones.
//
// Rule: CRC-32 (crc32.hh) over 8 bytes of ones (in place of InfiniBand's LRH), the IP header, the UDP header, BTH and all that
// follows up to and with the pad. Replaced by ones: IPv4 type of service, TTL and header checksum; IPv6 traffic class, flow
// label and hop limit; the UDP checksum; the fifth byte of BTH (FECN, BECN, reserved).
// So IPv4 identification and flags are covered: a sender that lets a kernel build the IP header must know them
// (DF set, identification 0 for an unconnected UDP socket on Linux).
// Units: bytes. On the wire the value is sent least significant byte first.
// Source: IBTA volume 1, 7.8.1 and annex A17.3.3.
#pragma once

#include <cstdint>

#include "wire/cursor.hh"
#include "wire/ip.hh"
#include "wire/udp.hh"

namespace weft::wire {

inline constexpr std::size_t icrc_size = 4;

// The ICRC over headers given as bytes: `ip` and `udp` as they are on the wire, `transport` from BTH to the pad, at least 12
// bytes, without the ICRC itself.
std::uint32_t icrc_of_bytes(ByteView ip, ByteView udp, ByteView transport);

// The same with IP and UDP headers as values; their length fields are set from the size of `transport`.
std::uint32_t icrc_of(const IpHeader& ip, const UdpHeader& udp, ByteView transport);

// True when `packet` (BTH to the ICRC itself) ends with the ICRC that belongs to these headers.
bool icrc_matches(const IpHeader& ip, const UdpHeader& udp, ByteView packet);

}  // namespace weft::wire
