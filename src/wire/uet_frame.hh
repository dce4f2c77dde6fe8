// A whole Ethernet frame around an Ultra Ethernet packet: build it from values, parse it back.
//
//   | what outer_frame.hh puts around a datagram | PDS, SES, payload | CRC 4, optional | pad to 60 | FCS 4, optional |
//
// The UDP source port is the packet's entropy, the destination port 4793, the checksum 0. The end CRC is a CRC-32C from the IP
// source address to the end of the payload; both ends must agree on it beforehand.
// A frame that a switch has trimmed has `trimmed_to` bytes left behind its IP header: the IP length says so, the UDP length
// still says what was sent. Its end CRC is gone, and nobody looks for one. Its DSCP says where it was trimmed (trim.hh).
//
// Units: bytes. Errors: build yields 0 when `out` is too small; parse never throws. Nothing is allocated.
// Source: UE 1.0, 3.5.10 and 4.1. The CRC's byte order (least significant first, as RoCE's) is the project profile.
#pragma once

#include <string_view>

#include "wire/cursor.hh"
#include "wire/outer_frame.hh"
#include "wire/trim.hh"
#include "wire/uet_packet.hh"

namespace weft::wire {

enum class EndCrc : std::uint8_t { absent, present };
inline constexpr std::size_t end_crc_size = 4;
static_assert(uet_packet_limit + end_crc_size <= datagram_limit);

// Over the bytes as they are on the wire; `packet` is PDS, SES and payload.
std::uint32_t end_crc_of(ByteView ip_bytes, ByteView udp_bytes, ByteView packet);

struct UetFrame : OuterFrame {
  UetHeader uet{};
  ByteView payload{};  // built: as the sender sent it; parsed: what is there of it
};

// The number of bytes written, or 0 when `out` is too small; frame_limit always suffices. udp.destination_port is filled in.
std::size_t build_uet_frame(const UetFrame& frame, Fcs fcs, EndCrc crc, ByteRoom out);
// What a switch makes of a frame: it keeps `to` bytes, at least uet_trim_least, behind the IP header and writes where it stands.
struct UetCut {
  std::size_t to = uet_trim_least;
  Trim trim = Trim::trimmed;
};
// The same packet behind such a switch. One that was short enough stays as it is, whatever `cut` says.
std::size_t build_trimmed_uet_frame(const UetFrame& frame, Fcs fcs, EndCrc crc, const UetCut& cut, ByteRoom out);

struct ParsedUetFrame {
  FrameRefusal refusal = FrameRefusal::none;
  UetRefusal uet = UetRefusal::none;
  UetExtent extent = UetExtent::whole;
  Trim trim = Trim::none;
  UetFrame frame{};
  std::size_t payload_sent = 0;
  [[nodiscard]] bool ok() const { return refusal == FrameRefusal::none; }
};
ParsedUetFrame parse_uet_frame(ByteView bytes, Fcs fcs, EndCrc crc);

// One word that tells all there is to tell.
std::string_view name_of(const ParsedUetFrame& parsed);

}  // namespace weft::wire
