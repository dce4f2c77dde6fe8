// What is around a UDP datagram on Ethernet, whatever the datagram carries: build it from values, parse it back.
//
//   | Ethernet 14 | 802.1Q 4, optional | IPv4 20 or IPv6 40 | UDP 8 | datagram | pad to 60 | FCS 4, optional |
//
// Building fills in EtherTypes, lengths, protocol and IP checksum. Parsing names the first reason to refuse. frame.hh and
// uet_frame.hh put a transport's packet inside.
//
// Units: bytes. Errors: the Writer's; parse never throws. Nothing is allocated.
// Source: the clauses in the headers used here.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "wire/cursor.hh"
#include "wire/ethernet.hh"
#include "wire/fcs.hh"
#include "wire/ip.hh"
#include "wire/udp.hh"

namespace weft::wire {

// The longest datagram of any transport here, and the longest frame around one.
inline constexpr std::size_t datagram_limit = 8192 + 96;
inline constexpr std::size_t frame_limit =
    EthernetHeader::size + VlanTag::size + Ipv6Header::size + UdpHeader::size + datagram_limit + fcs_size;

struct OuterFrame {
  MacAddress destination{}, source{};
  std::optional<VlanTag> vlan{};
  IpHeader ip{};
  UdpHeader udp{};
};

enum class FrameRefusal : std::uint8_t {
  none,
  truncated,  // ends before its headers do
  fcs,
  not_ip,  // another EtherType
  ip_version,
  ip_options,  // IPv4 header longer than 20 bytes
  ip_checksum,
  ip_length,  // the IP header claims more bytes than there are, or fewer than a UDP header
  fragment,
  not_udp,     // IPv6 extension headers count here too
  not_roce,    // another UDP destination port
  not_uet,     // likewise
  udp_length,  // the UDP length contradicts the IP length
  roce,        // ParsedFrame::roce says why
  uet,         // ParsedUetFrame::uet says why
  end_crc,
};
std::string_view name_of(FrameRefusal refusal);

// Writes everything in front of a datagram of `carried` bytes; `sent` is its length before trimming, which the UDP header says.
void begin_frame(const OuterFrame& outer, std::size_t carried, std::size_t sent, Writer& out);

struct ParsedOuter {
  FrameRefusal refusal = FrameRefusal::none;
  OuterFrame outer{};
  ByteView ip_bytes{}, udp_bytes{};
  ByteView datagram{};   // what is there of it, as the IP length says
  std::size_t sent = 0;  // its length as the UDP header says
  [[nodiscard]] bool ok() const { return refusal == FrameRefusal::none; }
};
ParsedOuter parse_outer(ByteView bytes, Fcs fcs);

// `length` zeros for frames whose payload is only a length, as in the simulator; at most 8192.
ByteView zero_payload(std::size_t length);

}  // namespace weft::wire
