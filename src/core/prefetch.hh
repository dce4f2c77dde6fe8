// prefetch(address, lines): asks the memory for that many cache lines of 64 bytes, from `address` on. A hint without effect on
// any result. The address may be null or reach past an object, so the steps are taken on integers: an offset to a null
// pointer would be undefined.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>

namespace weft {

enum class PrefetchFor : std::uint8_t { read, write };

// always_inline: g++ 12 takes a function that only prefetches for one without effect and drops the call.
template <PrefetchFor purpose = PrefetchFor::read>
[[gnu::always_inline]] inline void prefetch(const void* address, std::size_t lines) {
  const auto first = reinterpret_cast<std::uintptr_t>(address);
  for (std::size_t line = 0; line < lines; ++line) {
    // NOLINTNEXTLINE(performance-no-int-to-ptr): the pointer is never followed
    __builtin_prefetch(reinterpret_cast<const void*>(first + 64 * line), purpose == PrefetchFor::write ? 1 : 0);
  }
}

// The lines whose bits are set, to be written.
[[gnu::always_inline]] inline void prefetch_lines(const void* address, std::uint32_t lines) {
  for (; lines != 0; lines &= lines - 1) {
    const auto line = reinterpret_cast<std::uintptr_t>(address) + 64 * static_cast<std::uintptr_t>(std::countr_zero(lines));
    // NOLINTNEXTLINE(performance-no-int-to-ptr): the pointer is never followed
    __builtin_prefetch(reinterpret_cast<const void*>(line), 1);
  }
}

}  // namespace weft
