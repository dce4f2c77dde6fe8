// How elements are cut into parts: part i of n of [begin, end) runs from begin + i*len/n to begin + (i+1)*len/n, so sizes
// differ by one element at most and parts may be empty.
//
// Units: elements. Exact for lengths up to 2^50 elements and 2^32 parts.
#pragma once

#include <cstdint>
#include <vector>

#include "collective/piece.hh"

namespace weft::collective {

struct Range {
  std::int64_t begin = 0;
  std::int64_t end = 0;
  [[nodiscard]] constexpr std::int64_t elements() const { return end - begin; }
  [[nodiscard]] constexpr bool empty() const { return begin == end; }
  [[nodiscard]] constexpr Run data() const { return {Buffer::data, begin}; }
};

constexpr Range part_of(Range whole, std::uint32_t parts, std::uint32_t part) {
  const auto mark = [&](std::uint32_t i) {
    return whole.begin + static_cast<std::int64_t>(static_cast<__int128>(whole.elements()) * i / parts);
  };
  return {mark(part), mark(part + 1)};
}

[[nodiscard]] inline std::vector<Range> all_parts(Range whole, std::uint32_t parts) {
  std::vector<Range> ranges;
  ranges.reserve(parts);
  for (std::uint32_t i = 0; i < parts; ++i) ranges.push_back(part_of(whole, parts, i));
  return ranges;
}

}  // namespace weft::collective
