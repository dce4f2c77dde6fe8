// Counters of 20 bits that wrap: sequence numbers of LLR, credits of CBFC.
//
// Rule: b - a modulo 2^20; less than half the space: b lies ahead of a (or is a), else behind.
// Source: UEC link layer as fabric.md 2.9 and 2.10 have it (window of at most 2^19 frames; cyclic counters).
#pragma once

#include <cstdint>

namespace weft {

inline constexpr std::uint32_t cyclic20_space = 1U << 20;
inline constexpr std::uint32_t cyclic20_half = cyclic20_space / 2;

[[nodiscard]] constexpr std::uint32_t cyclic20(std::uint32_t value) { return value & (cyclic20_space - 1); }
[[nodiscard]] constexpr std::uint32_t cyclic20_distance(std::uint32_t from, std::uint32_t to) { return cyclic20(to - from); }

}  // namespace weft
