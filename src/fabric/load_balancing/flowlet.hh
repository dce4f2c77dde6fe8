// Flowlet: a flow keeps its port while its packets follow each other closely; after a pause of at least `gap` the next packet
// takes the least loaded port, as Adaptive chooses. With a gap above the difference of the paths' delays nothing is reordered.
//
// A table of 2,048 entries, by hash of the 5-tuple, holds each flow's port and when its last packet came. Flows that share an
// entry share the port, as in a switch; a port that is down, or leads elsewhere than the packet must go, is chosen anew.
// Source: Vanini et al., Let It Flow (NSDI 2017); Alizadeh et al., CONGA (SIGCOMM 2014), for the choice by load. The table's
// size is a project profile.
#pragma once

#include <algorithm>
#include <vector>

#include "fabric/load_balancing/adaptive.hh"

namespace weft {

class Flowlet {
 public:
  Flowlet(Duration gap, Random random) : table_(entries), adaptive_{random}, gap_(gap) {}

  template <class Depth>
  std::size_t choose(const Choice& c, const Depth& depth) noexcept {
    Entry& entry = table_[mix64(c.hash * 0x9e3779b97f4a7c15ULL ^ c.switch_seed) & (entries - 1)];
    const bool follows = entry.last >= Time{} && c.now - entry.last < gap_;
    entry.last = c.now;
    if (follows) {
      const auto found = std::find(c.ports.begin(), c.ports.end(), entry.port);
      const auto i = static_cast<std::size_t>(found - c.ports.begin());
      if (found != c.ports.end() && depth.up(i)) return i;
    }
    const std::size_t best = adaptive_.choose(c, depth);
    entry.port = c.ports[best];
    return best;
  }

 private:
  static constexpr std::size_t entries = 2048;
  struct Entry {
    Time last{-1};
    std::uint16_t port = 0;
  };
  std::vector<Entry> table_;
  Adaptive adaptive_;
  Duration gap_;
};

}  // namespace weft
