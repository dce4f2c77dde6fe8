// What a packet costs on the wire.
//
//   wire bytes = max(64, 14 + 4 if tagged + 20 or 40 (IP) + 8 + packet + 4 (FCS)) + 20 (preamble, start, gap)
//
// A RoCE WRITE middle of 4096 bytes over IPv4, untagged: 14 + 20 + 8 + 12 + 4096 + 4 + 4 = 4158, so 4178.
// A UET request (RUD, standard SES) of 4096 bytes: 14 + 20 + 8 + 12 + 44 + 4096 + 4 = 4198, so 4218; without end CRC.
// Trimmed, a UET packet keeps uet_trim_least bytes behind the IP header, so the least frame over IPv4.
// Units: Bytes. Source: IEEE 802.3, 3.1 and 4.4.2 (preamble and start 8, gap 12, least frame 64); UE 1.0, 4.1 (trimming).
#pragma once

#include <algorithm>
#include <cstdint>

#include "base/units.hh"
#include "wire/ethernet.hh"
#include "wire/fcs.hh"
#include "wire/ipv4.hh"
#include "wire/ipv6.hh"
#include "wire/roce_packet.hh"
#include "wire/udp.hh"
#include "wire/uet_packet.hh"

namespace weft::wire {

inline constexpr Bytes preamble_and_gap{20};
inline constexpr Bytes least_frame{least_frame_without_fcs + fcs_size};

struct FrameShape {
  bool ipv6 = false;
  bool tagged = false;
};

// A frame with `ip_payload` bytes behind its IP header; with its FCS, before preamble and gap.
constexpr Bytes frame_around(std::size_t ip_payload, FrameShape shape) {
  const std::size_t size = EthernetHeader::size + (shape.tagged ? VlanTag::size : 0) + (shape.ipv6 ? Ipv6Header::size : Ipv4Header::size) +
                           ip_payload + fcs_size;
  return std::max(least_frame, Bytes{static_cast<std::int64_t>(size)});
}

constexpr Bytes frame_bytes(RoceOpcode opcode, std::size_t payload, FrameShape shape = {}) {
  return frame_around(UdpHeader::size + roce_packet_size(opcode, payload), shape);
}

constexpr Bytes wire_bytes(RoceOpcode opcode, std::size_t payload, FrameShape shape = {}) {
  return frame_bytes(opcode, payload, shape) + preamble_and_gap;
}
constexpr Bytes wire_bytes(const RoceHeader& header, std::size_t payload, FrameShape shape = {}) {
  return wire_bytes(header.opcode, payload, shape);
}

// Two look-ups and a few additions: cheap enough for every packet.
constexpr Bytes uet_frame_bytes(PdsType type, PdsNext next, std::size_t payload, FrameShape shape = {}) {
  return frame_around(UdpHeader::size + uet_header_size(type, next) + payload, shape);
}
constexpr Bytes uet_frame_bytes(const UetHeader& header, std::size_t payload, FrameShape shape = {}) {
  return uet_frame_bytes(header.type, header.next, payload, shape);
}
constexpr Bytes uet_wire_bytes(const UetHeader& header, std::size_t payload, FrameShape shape = {}) {
  return uet_frame_bytes(header, payload, shape) + preamble_and_gap;
}

// Behind a switch that keeps `trimmed_to` bytes behind the IP header; a shorter packet stays whole.
constexpr Bytes uet_trimmed_frame_bytes(const UetHeader& header, std::size_t payload, FrameShape shape = {},
                                        std::size_t trimmed_to = uet_trim_least) {
  return frame_around(std::min(trimmed_to, UdpHeader::size + uet_header_size(header.type, header.next) + payload), shape);
}

// PAUSE and PFC frames.
inline constexpr Bytes mac_control_wire_bytes = least_frame + preamble_and_gap;

static_assert(wire_bytes(RoceOpcode::write_middle, 4096) == Bytes{4178});
static_assert(uet_frame_bytes(PdsType::rud_request, PdsNext::request_standard, 4096) == Bytes{4198});

}  // namespace weft::wire
