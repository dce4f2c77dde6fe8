// Exponentially distributed numbers from integer arithmetic alone: the same bits on every machine, no math library.
//
// Rule: -ln(u) for u uniform on (0, 1] in steps of 2^-64, with 40 fractional bits. log2 comes bit by bit: square the mantissa,
// and whenever it reaches 2 note a one and halve it (Knuth, TAOCP 1, 1.2.2, exercise 25 is the same idea). Error below 2^-35.
#pragma once

#include <bit>
#include <cstdint>

namespace weft {

inline constexpr int exponential_bits = 40;

// log2(x) with 40 fractional bits, rounded down, for x >= 1.
constexpr std::uint64_t log2_fixed(std::uint64_t x) {
  const int whole = 63 - std::countl_zero(x);
  std::uint64_t mantissa = x << (63 - whole);  // 1.0 <= mantissa / 2^63 < 2.0
  auto result = static_cast<std::uint64_t>(whole);
  for (int i = 0; i < exponential_bits; ++i) {
    const unsigned __int128 square = static_cast<unsigned __int128>(mantissa) * mantissa;  // scaled by 2^126
    const auto bit = static_cast<unsigned>(square >> 127);
    mantissa = static_cast<std::uint64_t>(square >> (63 + bit));
    result = result << 1 | bit;
  }
  return result;
}

// -ln((draw + 1) / 2^64) with 40 fractional bits; at most 44.4.
constexpr std::uint64_t exponential_fixed(std::uint64_t draw) {
  if (draw == ~std::uint64_t{0}) return 0;
  constexpr std::uint64_t ln2 = 0xb17217f7d1cf79abULL;  // ln(2) * 2^64
  const std::uint64_t below_one = (std::uint64_t{64} << exponential_bits) - log2_fixed(draw + 1);
  return static_cast<std::uint64_t>(static_cast<unsigned __int128>(below_one) * ln2 >> 64);
}

}  // namespace weft
