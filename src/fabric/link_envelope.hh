// What a record carries while it is on a link with a layer of its own (LLR, CBFC): a number, whether bits were hit, whether it
// takes credits. The receiving port takes the envelope off before anybody else looks at the packet.
//
// `slot` on such a link: bits 0-1 the slot, 2-3 the kind of what is inside, 4 takes credits, 5 a CC_Update, 6 damaged, 7 numbered;
// `bits` says pause, so that switches and hosts hand the record to their port. The number stands in the high 12 bits of `dst` and
// the high 8 of `flow`. A CC_Update has the credits consumed by slots 0 to 3 in `dst`, `hash`, `handle` and `flow`.
// Bounds: 2^20 end points and 2^24 flows; the set-up refuses more.
#pragma once

#include <array>
#include <cstdint>

#include "core/record.hh"
#include "fabric/class_table.hh"

namespace weft::envelope {

inline constexpr std::uint8_t credited = 0x10, credit_update = 0x20, damaged = 0x40, numbered = 0x80;
inline constexpr std::uint32_t most_end_points = 1U << 20, most_flows = 1U << 24;
static_assert(most_slots <= 4);

// Puts the record into an envelope with these flags, not all of them 0.
inline void close(Record& record, std::uint8_t flags) {
  const auto kind = static_cast<unsigned>(record.kind());
  record.slot = static_cast<std::uint8_t>(flags | (record.slot & credit_update) | kind << 2 | (record.slot & 3U));
  record.bits = static_cast<std::uint8_t>(record.bits | 3U);
}
inline void write_number(Record& record, std::uint32_t number) {
  record.dst |= number >> 8 << 20;
  record.flow |= (number & 0xff) << 24;
}
[[nodiscard]] inline std::uint32_t number_of(const Record& record) { return record.dst >> 20 << 8 | record.flow >> 24; }
[[nodiscard]] inline bool closed(const Record& record) { return record.slot >= 16; }
[[nodiscard]] inline Record opened(const Record& record) {
  Record inside = record;
  inside.dst &= most_end_points - 1;
  inside.flow &= most_flows - 1;
  inside.slot = record.slot & (3U | credit_update);
  inside.bits = static_cast<std::uint8_t>((record.bits & ~3U) | (record.slot >> 2 & 3U));
  return inside;
}

// A CC_Update: credits consumed, by slot.
[[nodiscard]] inline Record make_credit_update(const std::array<std::uint32_t, most_slots>& consumed) {
  Record record;
  record.dst = consumed[0], record.hash = consumed[1], record.handle = consumed[2], record.flow = consumed[3];
  record.bits = static_cast<std::uint8_t>(RecordKind::pause);
  record.slot = credit_update | 3U << 2;
  return record;
}
[[nodiscard]] inline bool is_credit_update(const Record& record) {
  return record.kind() == RecordKind::pause && (record.slot & credit_update) != 0;
}
[[nodiscard]] inline std::array<std::uint32_t, most_slots> consumed_of(const Record& record) {
  return {record.dst, record.hash, record.handle, record.flow};
}

}  // namespace weft::envelope
