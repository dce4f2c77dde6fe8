// Digest: a 64-bit hash over an engine's logical state, fed value by value in a fixed order. Two engines that were driven
// alike give the same number on every compiler; any one value that differs changes it (but for a chance of 2^-64).
//
// Source: the splitmix64 finaliser as a mixing step (base/random.hh). Not a cryptographic hash.
#pragma once

#include <cstdint>

#include "base/random.hh"
#include "base/units.hh"

namespace weft {

class Digest {
 public:
  constexpr Digest& add(std::uint64_t value) {
    state_ = mix64(state_ * 0x9e3779b97f4a7c15ULL + value + 1);
    return *this;
  }
  constexpr Digest& add(Time t) { return add(static_cast<std::uint64_t>(t.ps)); }
  [[nodiscard]] constexpr std::uint64_t value() const { return state_; }

 private:
  std::uint64_t state_ = 0x243f6a8885a308d3ULL;
};

}  // namespace weft
