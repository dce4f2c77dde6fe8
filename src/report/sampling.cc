#include "report/sampling.hh"

#include <algorithm>

#include "base/check.hh"

namespace weft {

std::vector<std::size_t> evenly(std::size_t count, std::size_t limit) {
  CHECK(limit >= 2, "limit", limit);
  const std::size_t taken = std::min(count, limit);
  std::vector<std::size_t> positions(taken);
  for (std::size_t i = 0; i < taken; ++i) positions[i] = taken == 1 ? 0 : i * (count - 1) / (taken - 1);
  return positions;
}

Points distribution(std::vector<std::int64_t> values, std::size_t limit) {
  std::sort(values.begin(), values.end());
  Points points;
  for (const std::size_t rank : evenly(values.size(), limit)) {
    points.emplace_back(static_cast<double>(values[rank]) / 1e6, static_cast<double>(rank + 1) / static_cast<double>(values.size()));
  }
  return points;
}

Points thin(const Points& series, std::size_t limit) {
  CHECK(limit >= 2, "limit", limit);
  if (series.size() <= limit) return series;
  const std::size_t groups = limit / 2;
  Points points;
  for (std::size_t group = 0; group < groups; ++group) {
    const auto begin = series.begin() + static_cast<std::ptrdiff_t>(group * series.size() / groups);
    const auto end = series.begin() + static_cast<std::ptrdiff_t>((group + 1) * series.size() / groups);
    const auto [least, most] = std::minmax_element(begin, end, [](const auto& a, const auto& b) { return a.second < b.second; });
    points.push_back(*std::min(least, most));
    if (least != most) points.push_back(*std::max(least, most));
  }
  return points;
}

}  // namespace weft
