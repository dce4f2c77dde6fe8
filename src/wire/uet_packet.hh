// An Ultra Ethernet packet as the payload of one UDP datagram: UetHeader and payload to bytes, and back.
//
//   +--------------------+--------------------------------+---------+
//   | PDS header 4 to 40 | SES header 0 to 44 (PDS: next) | payload |
//   +--------------------+--------------------------------+---------+
//
// A switch may have trimmed a packet: it cuts the end off and corrects the length in the IP header. The UDP length still says
// what was sent; give it to the decoder, and `extent` says what is left of the packet.
//
// Units: bytes; payload at most 8192. Errors: encoding yields 0 when the room is too small; decoding names the reason why a
// packet is refused. Nothing is allocated; a decoded payload points into the bytes that were given.
// Source: UE 1.0, 3.4 and 3.5; trimming: UE 1.0, 4.1. That a trimmed packet keeps its UDP length is the project profile.
#pragma once

#include <cstdint>
#include <string_view>

#include "wire/cursor.hh"
#include "wire/uet.hh"
#include "wire/uet_layout.hh"

namespace weft::wire {

inline constexpr std::size_t uet_payload_limit = 8192;
inline constexpr std::size_t uet_packet_limit = PdsAckCcx::size + SesStandard::size + uet_payload_limit;
// The least that a trimming switch keeps behind the IP header: UDP and the longest PDS request.
inline constexpr std::size_t uet_trim_least = 24;

// Writes PDS and SES headers for a payload of that length; for callers who place the payload themselves, behind it.
std::size_t encode_uet_header(const UetHeader& header, std::size_t payload_length, ByteRoom out);

// The number of bytes written, or 0 when `out` is too small.
std::size_t encode_uet_packet(const UetHeader& header, ByteView payload, ByteRoom out);

enum class UetRefusal : std::uint8_t {
  none,
  truncated,        // ends before its headers do
  encrypted,        // behind a TSS header
  unknown_type,     // PDS types 0 and 15 to 31
  unknown_control,  // control types 10 to 15
  next_header,      // reserved, or not one that this type may have
  ses_version,      // is not 0
  unknown_opcode,   // of a SES request; those with extension headers count here
  response_kind,    // a SES response of another kind than the next header says
  return_code,      // a request packet brings READ data that is not OK
  payload_length,   // the length in the SES header is not that of the packet
  unexpected_payload,
  too_long,  // more than 8192 bytes of payload
};
std::string_view name_of(UetRefusal refusal);

enum class UetExtent : std::uint8_t {
  whole,
  payload_cut,  // headers are complete, the payload is not
  ses_cut,      // the PDS header is complete; everything of the SES header reads as zero
};

struct UetPacket {
  UetRefusal refusal = UetRefusal::none;
  UetExtent extent = UetExtent::whole;
  UetHeader header{};
  ByteView payload{};            // what is there of it
  std::size_t payload_sent = 0;  // what the sender put there
  [[nodiscard]] bool ok() const { return refusal == UetRefusal::none; }
};

UetPacket decode_uet_packet(ByteView packet);
// `sent`: the length before a switch trimmed it, at least packet.size().
UetPacket decode_uet_packet(ByteView packet, std::size_t sent);

}  // namespace weft::wire
