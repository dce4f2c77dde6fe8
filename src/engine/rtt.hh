// Round-trip time: smoothed mean and mean deviation, and how long to wait before silence means loss.
//
// srtt += (sample - srtt)/8; deviation += (|sample - srtt| - deviation)/4; patience = 2 srtt + 4 deviation.
// Units: Duration (ps). Source: RFC 6298 section 2; the doubled mean is RFC 8985's (RACK-TLP) probe timeout.
#pragma once

#include <cstdint>

#include "base/units.hh"
#include "engine/digest.hh"

namespace weft {

class RttEstimator {
 public:
  constexpr void sample(Duration rtt) {
    if (smoothed_.v == 0) {
      smoothed_ = rtt;
      deviation_ = rtt / 2;
      return;
    }
    const Duration error = rtt - smoothed_;
    deviation_ += (Duration{error.v < 0 ? -error.v : error.v} - deviation_) / 4;
    smoothed_ += error / 8;
  }
  [[nodiscard]] constexpr bool known() const { return smoothed_.v != 0; }
  [[nodiscard]] constexpr Duration smoothed() const { return smoothed_; }
  [[nodiscard]] constexpr Duration patience() const { return smoothed_ * 2 + deviation_ * 4; }
  constexpr void digest(Digest& d) const { d.add(static_cast<std::uint64_t>(smoothed_.v)).add(static_cast<std::uint64_t>(deviation_.v)); }

 private:
  Duration smoothed_{};
  Duration deviation_{};
};

}  // namespace weft
