// TierLoads: how busy each kind of link was over the run, in bins of one width for all.
//
// Rule: looked at between windows, no event of its own: what the ports of a tier put on the wire since the bin before, over what
// they could have. A tier is all directed links between nodes of two kinds, "leaf to spine"; the kind of a node is its name without
// digits. When there are more than `most_bins`, neighbours are joined and bins are twice as wide. Time in which nothing moves, as
// after the last flow, while timers run out, makes no bins.
// Bound: most_bins for each tier, most_tiers tiers. Cost: every port is read once a bin.
#pragma once

#include <cstdint>
#include <vector>

#include "report/results.hh"
#include "sim/network.hh"

namespace weft {

class TierLoads {
 public:
  explicit TierLoads(Network& network);

  // Between windows, at the start of the one that begins at `now`.
  void look(Time now) {
    if (now.ps / interval_.v != begin_.ps / interval_.v) move_to(now);
  }
  void finish(Results& results, Time end);

 private:
  static constexpr std::int64_t most_bins = 400;
  static constexpr std::size_t most_tiers = 12;
  struct Tier {
    std::string name;
    std::uint32_t ports = 0;
    double bytes_per_ps = 0;
    std::uint64_t seen = 0;            // bytes up to the bin that is open
    std::vector<std::uint64_t> bytes;  // by bin
  };

  void move_to(Time now);
  void close_bin();
  void widen();

  Network& network_;
  std::vector<std::uint16_t> tier_of_;  // by directed link; most_tiers: none
  std::vector<Tier> tiers_;
  Duration interval_{1'000'000};
  Time begin_{};  // within the bin that is open
};

}  // namespace weft
