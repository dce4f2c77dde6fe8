// Record: a packet as links and switches see it, 32 bytes by value in a ring. What only end points read (the transport's
// header) waits in the side pool under `handle`.
//
// A record in a link's ring: `at` is its arrival (last bit plus the receiver's fixed latency). From its arrival on `in_port`
// says by which port of the node it came: the ingress it is charged to. Handles never enter a result: they depend on threads.
// What a link layer adds on its link stands in fields' high bits (fabric/link_envelope.hh); such a record's kind says pause.
// Source: project design, section 5 rule 7 (measured there: 64-byte records halve the speed at 8,192 hosts).
#pragma once

#include <cstdint>

namespace weft {

enum class RecordKind : std::uint8_t { data, respond, notify, pause };

struct Record {
  std::int64_t at = 0;       // picoseconds
  std::uint32_t dst = 0;     // destination host
  std::uint32_t hash = 0;    // of the 5-tuple; a pause frame: its class vector
  std::uint32_t handle = 0;  // header in the side pool of the thread that owns the record; a pause frame: its quanta
  std::uint32_t flow = 0;
  std::uint16_t wire_bytes = 0;  // frame with FCS, preamble and gap
  std::uint16_t payload = 0;     // bytes
  std::uint16_t in_port = 0;
  std::uint8_t slot = 0;  // class slot: 0 is served first (fabric/class_table.hh)
  std::uint8_t bits = 0;  // kind in the low two bits, then the flags below

  static constexpr std::uint8_t ect = 4, ce = 8, to_initiator = 16, retransmission = 32;
  static constexpr std::uint8_t trimmed = 64, trimmed_last_hop = 128;  // cut by a switch; by the one before its destination
  static constexpr std::uint8_t container_end = trimmed;               // in a scheduled fabric, which trims nothing
  static constexpr std::uint8_t fabric_message = trimmed_last_hop;     // of kind pause: not for the next hop but for a GSP
  [[nodiscard]] RecordKind kind() const { return static_cast<RecordKind>(bits & 3); }
  [[nodiscard]] bool has(std::uint8_t flag) const { return (bits & flag) != 0; }
  // Whether `handle` is a header's: not of PFC frames, nor, in an envelope, of what is damaged or a control frame itself.
  [[nodiscard]] bool has_header() const { return kind() != RecordKind::pause || (slot >= 16 && (slot & 64) == 0 && (slot >> 2 & 3) != 3); }
};
static_assert(sizeof(Record) == 32);

}  // namespace weft
