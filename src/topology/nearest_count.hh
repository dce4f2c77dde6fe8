// Counts that must divide each other, and the nearest that do, for messages.
#pragma once

#include <cstdint>
#include <string>

namespace weft {

// "nearest: 8 or 12": the multiples of `unit` around a count that is none.
[[nodiscard]] std::string multiples_near(std::uint32_t count, std::uint32_t unit);
// "nearest: 8 or 16": the divisors of `whole` around a count that is none.
[[nodiscard]] std::string divisors_near(std::uint32_t count, std::uint32_t whole);
// The least divisor of `whole` that is at least `least`; 0 when even `whole` is less.
[[nodiscard]] std::uint32_t divisor_from(std::uint32_t least, std::uint32_t whole);

}  // namespace weft
