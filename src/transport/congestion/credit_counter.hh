// CreditCounter: the 24-bit credit counters of RCCC on the wire, in units of 256 bytes. They count all credit ever asked for
// (credit_target) or granted (credit), so one that is lost is made good by the next; they wrap, and the sign of the 24-bit
// difference decides which is ahead, which is right while they are less than 2 GiB apart.
// Source: UE 1.0 (credit and credit_target fields); quantum of 256 bytes as uet-htsim, the UEC group's public
// simulator, has it.
#pragma once

#include <cstdint>

#include "base/units.hh"

namespace weft::congestion {

inline constexpr int credit_unit_shift = 8;
inline constexpr std::uint32_t credit_counter_mask = 0xffffff;
inline constexpr Bytes most_credit{((std::int64_t{1} << 23) - 1) << credit_unit_shift};

struct CreditCounter {
  std::uint32_t v = 0;  // 24 bits

  // Both may be negative: a target may lie behind what was granted.
  constexpr void advance_units(std::int64_t units) { v = static_cast<std::uint32_t>(v + units) & credit_counter_mask; }
  [[nodiscard]] constexpr std::int32_t units_ahead_of(CreditCounter other) const {
    return static_cast<std::int32_t>((v - other.v) << 8) >> 8;
  }
  friend constexpr bool operator==(CreditCounter, CreditCounter) = default;
};

constexpr std::int64_t credit_units_rounded_up(Bytes bytes) { return (bytes.v + (1 << credit_unit_shift) - 1) >> credit_unit_shift; }
constexpr std::int64_t credit_units_rounded_down(Bytes bytes) { return bytes.v >> credit_unit_shift; }
constexpr Bytes credit_bytes(std::int64_t units) { return Bytes{units * (1 << credit_unit_shift)}; }

}  // namespace weft::congestion
