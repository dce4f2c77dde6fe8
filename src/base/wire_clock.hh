// Exact time on the wire. t = bits * 1e12 / rate picoseconds; the remainder is carried to the next frame, so a rate whose
// byte does not last a whole number of picoseconds (3.2 Tb/s: 2.5 ps) never drifts.
//
// Units: Bytes in, Duration (ps) out. Bound: frames up to 1 MB (the product stays below 2^63).
#pragma once

#include <cstdint>

#include "base/units.hh"

namespace weft {

class WireClock {
 public:
  constexpr WireClock() = default;
  constexpr explicit WireClock(Rate rate) : rate_(rate.v), ps_per_byte_(8 * ps_per_second % rate.v == 0 ? 8 * ps_per_second / rate.v : 0) {}

  // The time the next `size` bytes occupy the wire; call once for each frame, in order.
  constexpr Duration next(Bytes size) {
    if (ps_per_byte_ != 0) return {size.v * ps_per_byte_};
    const std::int64_t scaled = size.v * 8 * ps_per_second + carry_;
    carry_ = scaled % rate_;
    return {scaled / rate_};
  }
  // The same without moving the carry: rounded down, for estimates.
  [[nodiscard]] constexpr Duration estimate(Bytes size) const {
    if (ps_per_byte_ != 0) return {size.v * ps_per_byte_};
    return {static_cast<std::int64_t>(static_cast<__int128>(size.v) * 8 * ps_per_second / rate_)};
  }
  [[nodiscard]] constexpr Rate rate() const { return {rate_}; }

 private:
  std::int64_t rate_ = 1;
  std::int64_t ps_per_byte_ = 0;
  std::int64_t carry_ = 0;
};

// What a wire carries in that time, rounded down.
[[nodiscard]] constexpr Bytes bytes_in(Duration time, Rate rate) {
  return {static_cast<std::int64_t>(static_cast<__int128>(time.v) * rate.v / 8 / ps_per_second)};
}

}  // namespace weft
