// BitErrors: whether a frame of some length comes through a link with independent bit errors.
//
// P(damaged) = 1 - (1 - ber)^bits. The power is taken in fixed point (64 bits behind the point, products rounded down), so that
// every machine and compiler draws the same; its error is below 2^-58, against 3e-8 for 4 KB at a rate of 1e-12.
// Units: ber in errors a bit. Source: elementary; one draw of 64 bits a frame.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>

#include "base/random.hh"

namespace weft {

class BitErrors {
 public:
  BitErrors() = default;
  explicit BitErrors(double ber) : error_(ber <= 0 ? 0 : static_cast<std::uint64_t>(ber * 18446744073709551616.0 + 0.5)) {}

  [[nodiscard]] bool active() const { return error_ != 0; }
  // Whether a bit of `bits` is hit.
  bool damages(std::uint32_t bits, Random& random) { return random.next() < chance(bits); }
  // The chance in units of 2^-64.
  [[nodiscard]] std::uint64_t chance(std::uint32_t bits) {
    Known& known = known_[bits / 64 % known_.size()];
    if (known.bits != bits) known = {bits, 0 - std::max<std::uint64_t>(1, power(0 - error_, bits))};
    return known.chance;
  }

 private:
  struct Known {
    std::uint32_t bits = 0;  // 0: none
    std::uint64_t chance = 0;
  };
  static std::uint64_t product(std::uint64_t a, std::uint64_t b) {
    return static_cast<std::uint64_t>(static_cast<unsigned __int128>(a) * b >> 64);
  }
  // base^n for a base below 1; n > 0.
  static std::uint64_t power(std::uint64_t base, std::uint32_t n) {
    std::uint64_t result = 0;
    bool one = true;
    for (; n != 0; n >>= 1, base = product(base, base)) {
      if ((n & 1) == 0) continue;
      result = one ? base : product(result, base);
      one = false;
    }
    return result;
  }

  std::uint64_t error_ = 0;  // in units of 2^-64
  std::array<Known, 4> known_{};
};

}  // namespace weft
