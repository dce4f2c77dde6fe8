// What a packet costs on the wire.
//
//   wire bytes = max(64, 14 + 4 if tagged + 20 or 40 (IP) + 8 + RoCE packet + 4 (FCS)) + 20 (preamble, start, gap)
//
// A WRITE middle of 4096 bytes over IPv4, untagged: 14 + 20 + 8 + 12 + 4096 + 4 + 4 = 4158, so 4178.
// Units: Bytes. Source: IEEE 802.3, 3.1 and 4.4.2 (preamble and start 8, gap 12, least frame 64).
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

namespace weft::wire {

inline constexpr Bytes preamble_and_gap{20};
inline constexpr Bytes least_frame{least_frame_without_fcs + fcs_size};

struct FrameShape {
  bool ipv6 = false;
  bool tagged = false;
};

// The layer-2 frame with its FCS, before preamble and gap.
constexpr Bytes frame_bytes(RoceOpcode opcode, std::size_t payload, FrameShape shape = {}) {
  const std::size_t size = EthernetHeader::size + (shape.tagged ? VlanTag::size : 0) + (shape.ipv6 ? Ipv6Header::size : Ipv4Header::size) +
                           UdpHeader::size + roce_packet_size(opcode, payload) + fcs_size;
  return std::max(least_frame, Bytes{static_cast<std::int64_t>(size)});
}

constexpr Bytes wire_bytes(RoceOpcode opcode, std::size_t payload, FrameShape shape = {}) {
  return frame_bytes(opcode, payload, shape) + preamble_and_gap;
}
constexpr Bytes wire_bytes(const RoceHeader& header, std::size_t payload, FrameShape shape = {}) {
  return wire_bytes(header.opcode, payload, shape);
}

// PAUSE and PFC frames.
inline constexpr Bytes mac_control_wire_bytes = least_frame + preamble_and_gap;

static_assert(wire_bytes(RoceOpcode::write_middle, 4096) == Bytes{4178});

}  // namespace weft::wire
