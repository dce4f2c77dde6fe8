// A RoCEv2 packet as the payload of one UDP datagram: RoceHeader and payload to bytes, and back.
//
//   +-----+-----------------------------+---------+---------+------+
//   | BTH | extension headers of the    | payload | pad     | ICRC |
//   | 12  | opcode (roce_opcode.hh)     |         | 0 to 3  |  4   |
//   +-----+-----------------------------+---------+---------+------+
//
// The whole is a multiple of 4 bytes. The ICRC also covers IP and UDP headers (icrc.hh), so both ways need them: give the
// fields the packet has on the wire. With a Linux UDP socket these are the addresses, DF, identification 0 and the ports;
// DSCP, ECN, TTL and UDP checksum do not matter, the lengths are filled in here.
//
// Units: bytes; payload at most 4096, the largest MTU. Errors: encoding yields 0 when the room is too small; decoding names
// the reason why a packet is refused. Nothing is allocated; a decoded payload points into the bytes that were given.
// Encoding sets MigReq (a queue pair without an alternate path is in the Migrated state) except in CNPs.
// Source: IBTA volume 1, 9.2 to 9.4; annex A17.
#pragma once

#include <cstdint>
#include <string_view>

#include "base/check.hh"
#include "wire/cursor.hh"
#include "wire/icrc.hh"
#include "wire/roce.hh"
#include "wire/roce_opcode.hh"

namespace weft::wire {

inline constexpr std::size_t roce_payload_limit = 4096;

constexpr std::size_t roce_pad(std::size_t payload) { return (4 - payload % 4) % 4; }

// BTH and extension headers. The opcode must be one that roce_layout() knows.
constexpr std::size_t roce_header_size(RoceOpcode opcode) {
  const auto layout = roce_layout(opcode);
  CHECK(layout.has_value(), "opcode", static_cast<int>(opcode));
  return Bth::size + layout->extension_size();
}

// BTH up to and with the ICRC, that is the UDP payload.
constexpr std::size_t roce_packet_size(RoceOpcode opcode, std::size_t payload) {
  return roce_header_size(opcode) + payload + roce_pad(payload) + icrc_size;
}
inline constexpr std::size_t roce_packet_limit = Bth::size + Reth::size + ImmDt::size + roce_payload_limit + icrc_size;

// Writes BTH and extensions for a payload of that length; for callers who place the payload themselves, behind it.
std::size_t encode_roce_header(const RoceHeader& header, std::size_t payload_length, ByteRoom out);

// Completes a packet whose headers and payload are already in place: pad, then ICRC. `packet` has roce_packet_size() bytes.
void seal_roce_packet(const IpHeader& ip, const UdpHeader& udp, std::size_t payload_length, ByteRoom packet);

// Headers, payload, pad and ICRC into `out`; the number of bytes written, or 0 when `out` is too small.
std::size_t encode_roce_packet(const RoceHeader& header, ByteView payload, const IpHeader& ip, const UdpHeader& udp, ByteRoom out);

enum class RoceRefusal : std::uint8_t {
  none,
  truncated,          // shorter than its headers and the ICRC
  unaligned,          // not a multiple of 4 bytes
  transport_version,  // TVer is not 0
  unknown_opcode,
  pad,                 // more pad than there are bytes behind the headers, or pad without payload
  unexpected_payload,  // bytes behind an opcode that carries none
  too_long,            // more than 4096 bytes of payload
  icrc,
};
std::string_view name_of(RoceRefusal refusal);

struct RocePacket {
  RoceRefusal refusal = RoceRefusal::none;
  RoceHeader header{};
  ByteView payload{};
  std::uint8_t pad = 0;
  [[nodiscard]] bool ok() const { return refusal == RoceRefusal::none; }
};

// Without looking at the ICRC.
RocePacket decode_roce_packet(ByteView packet);
// With it; checked last, so a refusal for another reason says what is wrong.
RocePacket decode_roce_packet(ByteView packet, const IpHeader& ip, const UdpHeader& udp);

}  // namespace weft::wire
