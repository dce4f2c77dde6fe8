// Five figures of a set of whole numbers: min, mean, p50, p99, max.
//
// Rule: percentile p is the nearest rank, the smallest value that at least p % of the values do not exceed; always a value
// that was seen, no interpolation. The mean is rounded to the nearest whole number, halves up.
// Units: those of the values (picoseconds, or millionths for ratios). Precondition: no value is negative.
// Source: nearest-rank definition, NIST/SEMATECH e-Handbook of Statistical Methods, 7.2.6.2 (inverse empirical distribution).
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "base/check.hh"

namespace weft {

struct Statistics {
  std::size_t count = 0;
  std::int64_t min = 0, mean = 0, p50 = 0, p99 = 0, max = 0;
};

// `sorted` ascending and not empty; 1 <= percent <= 100.
[[nodiscard]] inline std::int64_t nearest_rank(const std::vector<std::int64_t>& sorted, std::size_t percent) {
  CHECK(!sorted.empty() && percent >= 1 && percent <= 100, "count", sorted.size(), "percent", percent);
  return sorted[(sorted.size() * percent + 99) / 100 - 1];
}

// Nothing for no values: a figure of an empty set would be a lie.
[[nodiscard]] inline std::optional<Statistics> statistics(std::vector<std::int64_t> values) {
  if (values.empty()) return std::nullopt;
  std::sort(values.begin(), values.end());
  CHECK(values.front() >= 0, "least value", values.front());
  __int128 sum = 0;
  for (const std::int64_t value : values) sum += value;
  const auto count = static_cast<__int128>(values.size());
  const auto mean = static_cast<std::int64_t>((2 * sum + count) / (2 * count));
  return Statistics{values.size(), values.front(), mean, nearest_rank(values, 50), nearest_rank(values, 99), values.back()};
}

}  // namespace weft
