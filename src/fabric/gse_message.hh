// GseMessage: a request, grant or fault notice as it travels in a record: no transport header belongs to it, so its fields stand
// where a packet has what only end points read. wire/gse_messages.hh gives the bytes; frame_tap turns one into the other.
//
//   hash    source 16 | seen 18-23 | slot 2 | 0 | seen 16-17 | opens 1 | 0 0 | what 2      payload  seen 0-15
//   handle  total 24 | amount 8                                                            flow     exit
//
// Such a record is of kind `pause` (nothing in the header pool) and bears the flag Record::fabric_message.
// Source: project profile.
#pragma once

#include "core/record.hh"
#include "fabric/class_table.hh"

namespace weft {

struct GseMessage {
  enum class What : std::uint8_t { request, grant, fault };

  What what = What::request;
  std::uint8_t slot = 0;     // class slot of the queue it is about
  std::uint16_t source = 0;  // GSP; fault: device that reports
  std::uint32_t exit = 0;    // GsePlan::exits: with `slot` it names the queue; fault: FaultPlan::changes
  std::uint32_t total = 0;   // units wanted or granted, 24 bits
  std::uint8_t amount = 0;   // request: hosts that wait, 255: or more; fault: hops left
  std::uint32_t seen = 0;    // request: units allowed, grant: units wanted; 24 bits
  bool opens = false;

  static_assert(most_slots <= 4);
  [[nodiscard]] static What what_of(const Record& r) { return static_cast<What>(r.hash & 3); }
  [[nodiscard]] Record record() const {
    Record r;
    const std::uint32_t high = seen >> 16;
    r.hash = std::uint32_t{source} << 16 | high >> 2 << 10 | std::uint32_t{slot} << 8 | (high & 3) << 5 | (opens ? 16U : 0U) |
             static_cast<std::uint32_t>(what);
    r.handle = total << 8 | amount;
    r.flow = exit;
    r.payload = static_cast<std::uint16_t>(seen);
    r.bits = static_cast<std::uint8_t>(static_cast<unsigned>(RecordKind::pause) | Record::fabric_message);
    return r;
  }
  [[nodiscard]] static GseMessage of(const Record& r) {
    return {what_of(r),
            static_cast<std::uint8_t>(r.hash >> 8 & 3),
            static_cast<std::uint16_t>(r.hash >> 16),
            r.flow,
            r.handle >> 8,
            static_cast<std::uint8_t>(r.handle),
            (r.hash >> 10 & 0x3f) << 18 | (r.hash >> 5 & 3) << 16 | r.payload,
            (r.hash & 16) != 0};
  }
};

}  // namespace weft
