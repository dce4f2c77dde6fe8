// SizeDistribution: message sizes drawn from a piecewise linear cumulative distribution, in integers.
//
// Names: `fixed` (always `size`), `web-search` and `hadoop` (the points that the HPCC artefact publishes as
// WebSearch_distribution and FbHdp_distribution: DCTCP's web search, SIGCOMM 2010, and Facebook's Hadoop, SIGCOMM 2015), or a
// file of "bytes cdf" lines (`#` begins a comment; cdf rising to 1, or to 100).
// Units: bytes; probabilities in steps of 1e-9. Errors: InputError with file:line.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/random.hh"
#include "base/units.hh"
#include "workload/parameters.hh"

namespace weft {

class SizeDistribution {
 public:
  struct Point {
    std::int64_t bytes = 0;
    std::uint64_t below = 0;  // probability of at most `bytes`, in 1e-9
  };
  static constexpr std::uint64_t whole = 1'000'000'000;

  // The one that `sizes` of this entry names.
  [[nodiscard]] static SizeDistribution named(const WorkloadParameters& parameters);
  // `name` is the file's, for messages.
  [[nodiscard]] static SizeDistribution parse(std::string_view text, const std::string& name);

  [[nodiscard]] Bytes draw(Random& random) const;
  // Twice the mean, times `whole`: exact.
  [[nodiscard]] unsigned __int128 twice_mean_scaled() const;
  [[nodiscard]] double mean() const;
  [[nodiscard]] const std::vector<Point>& points() const { return points_; }

 private:
  explicit SizeDistribution(std::vector<Point> points) : points_(std::move(points)) {}
  std::vector<Point> points_;  // bytes and `below` never fall; the last is at `whole`
};

}  // namespace weft
