// Fewer points that draw the same picture: what a page carries instead of every value.
//
// distribution(): the empirical CDF, at most `limit` steps, always with the least and the largest value. thin(): a series in
// time, at most `limit` points, keeping the least and the largest of each group, so that no peak is lost.
#pragma once

#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

namespace weft {

using Points = std::vector<std::pair<double, double>>;

// Values in millionths of the unit drawn (microseconds of picoseconds). x: value, y: share of values not above it.
[[nodiscard]] Points distribution(std::vector<std::int64_t> values, std::size_t limit);
[[nodiscard]] Points thin(const Points& series, std::size_t limit);

// `count` positions 0 .. count-1 reduced to at most `limit`, evenly, first and last included.
[[nodiscard]] std::vector<std::size_t> evenly(std::size_t count, std::size_t limit);

}  // namespace weft
