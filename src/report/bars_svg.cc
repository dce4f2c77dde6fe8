#include "report/bars_svg.hh"

#include <algorithm>
#include <array>
#include <cmath>
#include <string_view>

#include "base/check.hh"
#include "report/decimal.hh"

namespace weft {

namespace {

constexpr double left = 70, top = 46, plot_height = 260, least_bar = 14, most_bar = 44, group_gap = 26, legend_line = 18,
                 letter_width = 6.5;
constexpr std::array<std::string_view, 12> colours = {"#4477aa", "#ee6677", "#228833", "#ccbb44", "#66ccee", "#aa3377",
                                                      "#bbbbbb", "#ee8866", "#44bb99", "#7766cc", "#8a6d3b", "#ffaabb"};

std::string number(double x) { return fixed(static_cast<std::int64_t>(std::lround(x * 10)), 1); }

std::string escaped(const std::string& text) {
  std::string out;
  for (const char c : text) {
    if (c == '<')
      out += "&lt;";
    else if (c == '>')
      out += "&gt;";
    else if (c == '&')
      out += "&amp;";
    else if (c == '"')
      out += "&quot;";
    else
      out += c;
  }
  return out;
}

// 1, 2 or 5 times a power of ten, so that about five steps reach `most`.
double step_for(double most) {
  const double raw = most / 5, power = std::pow(10, std::floor(std::log10(raw)));
  for (const double factor : {1.0, 2.0, 5.0}) {
    if (raw <= factor * power) return factor * power;
  }
  return 10 * power;
}

// The axis: linear from 0, or logarithmic where the values span more than two decades.
struct Axis {
  double least = 0, most = 1;
  bool logarithmic = false;
  std::vector<double> marks;

  [[nodiscard]] double share(double value) const {
    if (!logarithmic) return value / most;
    return std::log10(std::clamp(value, least, most) / least) / std::log10(most / least);
  }
};

Axis axis_for(const BarChart& chart) {
  double least = 0, most = 0;
  for (const auto& group : chart.bars) {
    for (const Bar& bar : group) {
      most = std::max(most, bar.value + bar.spread);
      if (bar.value > 0 && (least == 0 || bar.value < least)) least = bar.value;
    }
  }
  Axis axis;
  axis.logarithmic = least > 0 && most > 100 * least;
  if (axis.logarithmic) {
    axis.least = std::pow(10, std::floor(std::log10(least)));
    axis.most = std::pow(10, std::ceil(std::log10(most)));
    for (double mark = axis.least; mark < 1.001 * axis.most; mark *= 10) axis.marks.push_back(mark);
    return axis;
  }
  const double step = step_for(most > 0 ? most : 1);
  axis.most = std::max(step, std::ceil(most / step) * step);
  for (double mark = 0; mark < axis.most + step / 2; mark += step) axis.marks.push_back(mark);
  return axis;
}

struct Layout {
  Axis axis;
  double bar_width = least_bar, group_width = 0, width = 0, height = 0;
  [[nodiscard]] double y(double value) const { return top + plot_height * (1 - axis.share(value)); }
  [[nodiscard]] double x(std::size_t group, std::size_t series) const {
    return left + group_gap / 2 + static_cast<double>(group) * group_width + static_cast<double>(series) * bar_width;
  }
};

Layout layout_of(const BarChart& chart) {
  Layout layout;
  layout.axis = axis_for(chart);
  const auto groups = static_cast<double>(chart.groups.size()), series = static_cast<double>(chart.series.size());
  std::size_t longest = 0;
  for (const std::string& name : chart.series) longest = std::max(longest, name.size());
  const double legend_width = left + 2 * (24 + letter_width * static_cast<double>(longest));
  layout.width = std::max({420.0, left + groups * (series * least_bar + group_gap) + 20, legend_width});
  const double room = (layout.width - left - 20) / std::max(groups, 1.0) - group_gap;
  layout.bar_width = std::clamp(room / std::max(series, 1.0), least_bar, most_bar);
  layout.group_width = series * layout.bar_width + group_gap;
  const std::size_t legend_lines = (chart.series.size() + 1) / 2;
  layout.height = top + plot_height + 34 + legend_line * static_cast<double>(legend_lines) + 8;
  return layout;
}

std::string text_at(double x, double y, const std::string& anchor, const std::string& text) {
  return "<text x=\"" + number(x) + "\" y=\"" + number(y) + "\" text-anchor=\"" + anchor + "\">" + escaped(text) + "</text>\n";
}

std::string axes(const BarChart& chart, const Layout& l) {
  std::string out = text_at(l.width / 2, 20, "middle", chart.title) +
                    text_at(left - 8, top - 12, "end", chart.unit + (l.axis.logarithmic ? " (log)" : ""));
  for (const double mark : l.axis.marks) {
    const double y = l.y(mark);
    out += "<line x1=\"" + number(left) + "\" x2=\"" + number(l.width - 10) + "\" y1=\"" + number(y) + "\" y2=\"" + number(y) +
           "\" stroke=\"#888\" stroke-opacity=\"0.4\"/>\n" + text_at(left - 8, y + 4, "end", figure_text(mark));
  }
  for (std::size_t g = 0; g < chart.groups.size(); ++g)
    out += text_at(l.x(g, 0) + (l.group_width - group_gap) / 2, top + plot_height + 18, "middle", chart.groups[g]);
  return out;
}

std::string bars(const BarChart& chart, const Layout& l) {
  std::string out;
  for (std::size_t g = 0; g < chart.groups.size(); ++g) {
    for (std::size_t s = 0; s < chart.series.size(); ++s) {
      const Bar& bar = chart.bars[g][s];
      if (bar.value < 0) continue;
      const double x = l.x(g, s), y = l.y(bar.value), middle = x + l.bar_width / 2 - 1;
      out += "<rect x=\"" + number(x) + "\" y=\"" + number(y) + "\" width=\"" + number(l.bar_width - 2) + "\" height=\"" +
             number(top + plot_height - y) + "\" fill=\"" + std::string(colours[s % colours.size()]) + "\"><title>" +
             escaped(chart.groups[g] + ", " + chart.series[s] + ": " + figure_text(bar.value) + " " + chart.unit) + "</title></rect>\n";
      if (bar.spread <= 0) continue;
      out += "<line x1=\"" + number(middle) + "\" x2=\"" + number(middle) + "\" y1=\"" + number(l.y(bar.value + bar.spread)) + "\" y2=\"" +
             number(l.y(std::max(0.0, bar.value - bar.spread))) + "\" stroke=\"#888\" stroke-width=\"1.5\"/>\n";
    }
  }
  return out;
}

std::string legend(const BarChart& chart, const Layout& l) {
  std::string out;
  for (std::size_t s = 0; s < chart.series.size(); ++s) {
    const std::size_t row = s / 2;
    const double x = left + (s % 2 == 0 ? 0 : (l.width - left) / 2), y = top + plot_height + 40 + legend_line * static_cast<double>(row);
    out += "<rect x=\"" + number(x) + "\" y=\"" + number(y - 9) + "\" width=\"10\" height=\"10\" fill=\"" +
           std::string(colours[s % colours.size()]) + "\"/>\n" + text_at(x + 16, y, "start", chart.series[s]);
  }
  return out;
}

}  // namespace

std::string bars_svg(const BarChart& chart) {
  CHECK(chart.bars.size() == chart.groups.size(), "groups", chart.groups.size(), "rows", chart.bars.size());
  for (const auto& group : chart.bars) CHECK(group.size() == chart.series.size(), "series", chart.series.size(), "bars", group.size());
  const Layout l = layout_of(chart);
  return "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 " + number(l.width) + " " + number(l.height) + "\" width=\"" +
         number(l.width) + "\" height=\"" + number(l.height) + "\" font-family=\"sans-serif\" font-size=\"12\" fill=\"#777\">\n" +
         axes(chart, l) + bars(chart, l) + legend(chart, l) + "</svg>\n";
}

}  // namespace weft
