// Packet trimming: a data packet for which its egress port has no room is cut to its headers and passed on in a class of its
// own, so that the receiver learns of the loss at once and can name the packet.
//
// Trimmable: packets of the data class longer than the trim size, not trimmed already. The class of the data is lossy (the
// scenario refuses trimming with PFC on it). What is left weighs `size` bytes on the wire, has no payload, and is not ECN
// capable any more; a mark that it carries stays. It says whether the port that had no room leads to its destination (last
// hop; on the wire a DSCP of its own, wire/trim.hh), which tells receiver congestion from that of the fabric. Its class has a
// limit of its own; beyond it the rest is dropped like any packet. ACKs and other control packets are never trimmed: without
// room they are dropped.
//
// Who is cut: switches cut the packet that arrives. The UEC group's simulator tosses a coin between that one and the last of
// the queue, whose place the newcomer takes; with many senders this spreads the cuts over flows that came earlier.
// Source: fabric.md 2.8 (SAI packet trimming: DSCP roles, dedicated queue); ultraethernet/uet-htsim for the coin.
#pragma once

#include <cstdint>

#include "core/record.hh"
#include "fabric/parameters.hh"

namespace weft {

struct TrimParameters {
  bool enabled = false;
  std::uint16_t size = 84;  // bytes on the wire of what is left
  TrimVictim victim = TrimVictim::arriving;

  [[nodiscard]] bool trimmable(const Record& record) const {
    return enabled && record.kind() == RecordKind::data && !record.has(Record::trimmed) && record.wire_bytes > size;
  }
  [[nodiscard]] Record cut(const Record& record, std::uint8_t slot, bool last_hop) const {
    Record rest = record;
    rest.wire_bytes = size;
    rest.payload = 0;
    rest.slot = slot;
    rest.bits = static_cast<std::uint8_t>((record.bits & ~Record::ect) | Record::trimmed | (last_hop ? Record::trimmed_last_hop : 0));
    return rest;
  }
};

}  // namespace weft
