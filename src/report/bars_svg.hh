// bars_svg: a grouped bar chart as one SVG file: groups side by side, a bar for each series in every group, whiskers for the
// interval of each; a logarithmic axis where values span more than two decades. It stands alone: no font, script or style from
// elsewhere; readable on light and dark pages.
//
// Units: those of the values, named in `unit`. A missing value (negative) leaves its place empty.
#pragma once

#include <string>
#include <vector>

namespace weft {

struct Bar {
  double value = -1;  // negative: missing
  double spread = 0;  // half the interval
};

struct BarChart {
  std::string title, unit;
  std::vector<std::string> groups, series;
  std::vector<std::vector<Bar>> bars;  // by group, then series
};

[[nodiscard]] std::string bars_svg(const BarChart& chart);

}  // namespace weft
