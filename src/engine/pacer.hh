// Pacer: spaces packets so that their bytes on the wire do not exceed a rate: next = max(next, now) + bytes * 8 / rate.
//
// Units: Rate in, Time (ps) out. Time for a byte is kept in 2^-16 ps, so a packet costs a multiplication and no division;
// the fraction is carried from packet to packet. Bound: 1 Mb/s and more, packets up to 64 KiB (the product stays below 2^63).
#pragma once

#include <algorithm>
#include <cstdint>

#include "base/units.hh"
#include "engine/digest.hh"

namespace weft {

class Pacer {
 public:
  // Takes effect from the next packet; costs a division only when the rate is another one.
  constexpr void set_rate(Rate rate) {
    if (rate.v == rate_) return;
    rate_ = rate.v;
    cost_ = (8 * ps_per_second << fraction_bits) / std::max<std::int64_t>(rate.v, least_rate);
  }
  constexpr void sent(Time now, Bytes size) {
    const std::int64_t scaled = size.v * cost_ + fraction_;
    fraction_ = scaled & ((std::int64_t{1} << fraction_bits) - 1);
    next_ = std::max(next_, now) + Duration{scaled >> fraction_bits};
  }
  [[nodiscard]] constexpr bool open(Time now) const { return next_ <= now; }
  [[nodiscard]] constexpr Time next() const { return next_; }
  constexpr void digest(Digest& d) const { d.add(next_).add(static_cast<std::uint64_t>(fraction_)).add(static_cast<std::uint64_t>(rate_)); }

 private:
  static constexpr int fraction_bits = 16;
  static constexpr std::int64_t least_rate = 1'000'000;

  Time next_{};
  std::int64_t cost_ = 0;
  std::int64_t fraction_ = 0;
  std::int64_t rate_ = 0;
};

}  // namespace weft
