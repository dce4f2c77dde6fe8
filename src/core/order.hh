// Puts a window's arrivals in order. A key is (time since the window's start) << 24 | position, positions being given in the
// order (in-link, sequence), so plain integer order is the order of design rule 1 and the sort need not be stable.
//
// Method: insertion below 24 items, else one bucket pass over the high bits of time, about one item a bucket, and one insertion
// over the whole, in which an item moves within its bucket only.
// Bound: 2^24 arrivals at one node in one window, windows of at most 2^39 ps.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "core/rules.hh"

namespace weft {

inline constexpr int key_position_bits = 24;
inline constexpr std::uint64_t key_position_mask = (std::uint64_t{1} << key_position_bits) - 1;

inline std::uint64_t arrival_key(std::int64_t since_start, std::uint64_t position) {
  if constexpr (rules::reversed_tie) position = key_position_mask - position;
  return (static_cast<std::uint64_t>(since_start) << key_position_bits) | position;
}
inline std::uint64_t key_position(std::uint64_t key) {
  if constexpr (rules::reversed_tie) return key_position_mask - (key & key_position_mask);
  return key & key_position_mask;
}

inline void insertion_sort(std::uint64_t* keys, std::size_t count) {
  for (std::size_t i = 1; i < count; ++i) {
    const std::uint64_t x = keys[i];
    std::size_t j = i;
    for (; j > 0 && keys[j - 1] > x; --j) keys[j] = keys[j - 1];
    keys[j] = x;
  }
}

// The keys in order: they stand in `keys` or in `scratch`, which has room for as many. `window` is the length of the window in
// picoseconds.
[[nodiscard]] std::uint64_t* order_keys(std::uint64_t* keys, std::uint64_t* scratch, std::size_t count, std::int64_t window);

}  // namespace weft
