// A whole Ethernet frame around a RoCE packet: build it from values, parse it back.
//
//   | Ethernet 14 | 802.1Q 4, optional | IPv4 20 or IPv6 40 | UDP 8 | BTH ... pad | ICRC 4 | pad to 60 | FCS 4, optional |
//
// Building fills in what follows from the rest: EtherTypes, IP and UDP lengths, protocol, checksums, ICRC. Parsing looks at
// every layer and names the first reason to refuse; the ICRC is checked over the bytes as they are, so bits that the header
// values do not hold are covered too. A parsed payload points into the given bytes.
//
// Units: bytes. Errors: build yields 0 when `out` is too small; parse never throws. Nothing is allocated.
// Source: the clauses in the headers used here; RoCEv2: IBTA annex A17.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "wire/cursor.hh"
#include "wire/ethernet.hh"
#include "wire/fcs.hh"
#include "wire/ip.hh"
#include "wire/roce_packet.hh"
#include "wire/udp.hh"

namespace weft::wire {

inline constexpr std::size_t frame_limit =
    EthernetHeader::size + VlanTag::size + Ipv6Header::size + UdpHeader::size + roce_packet_limit + fcs_size;

struct RoceFrame {
  MacAddress destination{}, source{};
  std::optional<VlanTag> vlan{};
  IpHeader ip{};
  UdpHeader udp{};
  RoceHeader roce{};
  ByteView payload{};
};

// The number of bytes written, or 0 when `out` is too small; frame_limit always suffices.
std::size_t build_frame(const RoceFrame& frame, Fcs fcs, ByteRoom out);

// `length` zeros for frames whose payload is only a length, as in the simulator; at most roce_payload_limit.
ByteView zero_payload(std::size_t length);

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
  udp_length,  // the UDP length contradicts the IP length
  roce,        // ParsedFrame::roce says why
};

struct ParsedFrame {
  FrameRefusal refusal = FrameRefusal::none;
  RoceRefusal roce = RoceRefusal::none;
  RoceFrame frame{};
  [[nodiscard]] bool ok() const { return refusal == FrameRefusal::none; }
};
ParsedFrame parse_frame(ByteView bytes, Fcs fcs);

// "roce: icrc" becomes "icrc": one word that tells all there is to tell.
std::string_view name_of(const ParsedFrame& parsed);

}  // namespace weft::wire
