#include "workload/size_distribution.hh"

#include <algorithm>
#include <utility>

#include "base/error.hh"
#include "base/parse.hh"
#include "base/text_file.hh"
#include "workload/draft.hh"

namespace weft {
namespace {

using Point = SizeDistribution::Point;

constexpr std::uint64_t per_mille = SizeDistribution::whole / 1000;
constexpr std::int64_t largest_bytes = std::int64_t{1} << 50;
constexpr std::size_t max_points = 1'000'000;

std::vector<Point> in_per_mille(std::initializer_list<Point> points) {
  std::vector<Point> scaled(points);
  for (Point& point : scaled) point.below *= per_mille;
  return scaled;
}

std::vector<Point> web_search() {
  return in_per_mille({{0, 0},
                       {10'000, 150},
                       {20'000, 200},
                       {30'000, 300},
                       {50'000, 400},
                       {80'000, 530},
                       {200'000, 600},
                       {1'000'000, 700},
                       {2'000'000, 800},
                       {5'000'000, 900},
                       {10'000'000, 970},
                       {30'000'000, 1000}});
}

std::vector<Point> hadoop() {
  return in_per_mille({{0, 0},        {100, 10},      {200, 20},      {300, 50},        {350, 150},       {400, 200},        {500, 300},
                       {600, 400},    {700, 500},     {1'000, 600},   {2'000, 670},     {7'000, 700},     {30'000, 720},     {50'000, 820},
                       {80'000, 870}, {120'000, 900}, {300'000, 950}, {1'000'000, 975}, {2'000'000, 990}, {10'000'000, 1000}});
}

[[noreturn]] void fail(const std::string& name, int line, const std::string& message) {
  throw InputError(place(name, line), message, "each line is a size in bytes and the part of all sizes up to it, rising to 1 or 100");
}

Point parse_point(std::string_view line, const std::string& name, int number) {
  Words words(line);
  const auto bytes = parse_unsigned<std::int64_t>(words.next());
  const auto below = parse_scaled(words.next(), 9);
  if (!bytes || !below || !words.next().empty()) fail(name, number, "not a line of \"bytes cdf\"");
  if (*bytes < 0 || *bytes > largest_bytes) fail(name, number, "the size is above 1 PiB");
  if (*below < 0 || std::cmp_greater(*below, 100 * SizeDistribution::whole)) fail(name, number, "the cdf is above 100");
  return {.bytes = *bytes, .below = static_cast<std::uint64_t>(*below)};
}

}  // namespace

SizeDistribution SizeDistribution::parse(std::string_view text, const std::string& name) {
  std::vector<Point> points;
  Lines lines(text);
  std::string_view line;
  while (lines.next(line)) {
    const std::string_view first = Words(line).next();
    if (first.empty() || first.front() == '#') continue;
    const Point point = parse_point(line, name, lines.number());
    if (!points.empty() && (point.bytes < points.back().bytes || point.below < points.back().below)) {
      fail(name, lines.number(), "sizes and cdf must not fall");
    }
    if (points.size() == max_points) fail(name, lines.number(), "more than " + std::to_string(max_points) + " lines");
    points.push_back(point);
  }
  if (points.empty()) fail(name, lines.number(), "no line of \"bytes cdf\"");
  const std::uint64_t last = points.back().below;
  if (last != whole && last != 100 * whole) fail(name, lines.number(), "the cdf ends at neither 1 nor 100");
  if (points.back().bytes == 0) fail(name, lines.number(), "every size would be 0");
  if (last != whole) {
    for (Point& point : points) point.below /= 100;
  }
  return SizeDistribution(std::move(points));
}

SizeDistribution SizeDistribution::named(const WorkloadParameters& parameters) {
  if (parameters.sizes == "web-search") return SizeDistribution(web_search());
  if (parameters.sizes == "hadoop") return SizeDistribution(hadoop());
  if (parameters.sizes.empty() || parameters.sizes == "fixed") {
    require_size(parameters);
    return SizeDistribution({{.bytes = parameters.size.v, .below = whole}});
  }
  return parse(read_text_file(parameters.sizes, Bytes{100'000'000}), parameters.sizes);
}

Bytes SizeDistribution::draw(Random& random) const {
  const std::uint64_t wanted = random.below(whole);
  const auto upper =
      std::upper_bound(points_.begin(), points_.end(), wanted, [](std::uint64_t value, const Point& p) { return value < p.below; });
  const std::int64_t high = upper->bytes;
  if (upper == points_.begin()) return {std::max<std::int64_t>(high, 1)};
  const Point& lower = *std::prev(upper);
  const auto offset =
      static_cast<__int128>(wanted - lower.below) * (high - lower.bytes) / static_cast<__int128>(upper->below - lower.below);
  return {std::max<std::int64_t>(lower.bytes + static_cast<std::int64_t>(offset), 1)};
}

unsigned __int128 SizeDistribution::twice_mean_scaled() const {
  unsigned __int128 sum = static_cast<unsigned __int128>(2 * points_.front().bytes) * points_.front().below;
  for (std::size_t i = 1; i < points_.size(); ++i) {
    sum += static_cast<unsigned __int128>(points_[i].bytes + points_[i - 1].bytes) * (points_[i].below - points_[i - 1].below);
  }
  return std::max<unsigned __int128>(sum, 1);
}

double SizeDistribution::mean() const { return static_cast<double>(twice_mean_scaled()) / 2.0 / static_cast<double>(whole); }

}  // namespace weft
