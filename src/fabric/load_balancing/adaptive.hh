// Adaptive: adaptive routing in the switch. Every packet takes a port of the least load; among equals one at random, so that
// switches that see the same do not all do the same.
//
// Load is what waits at a port, in the eight grades that switching silicon keeps for it, each twice as wide as the one below:
//   0: idle   1: busy, less than 4 KiB wait   2: less than 8 KiB   ...   6: less than 128 KiB   7: that and more   8: down
// Grades keep a switch from chasing differences of one packet. Ties are drawn from the switch's own generator. Only the
// switch's own ports are seen, their state without delay. Packets of a flow may overtake each other.
// Source: dynamic load balancing as switch vendors describe it (loads quantised to 3 bits, random choice among the best);
// the widths of the grades are a project profile.
#pragma once

#include <bit>

#include "base/random.hh"
#include "fabric/load_balancing/choice.hh"

namespace weft {

struct Adaptive {
  Random random{};

  [[nodiscard]] static constexpr unsigned grade(std::uint64_t bytes) {
    if (bytes == 0) return 0;
    const auto width = static_cast<unsigned>(std::bit_width(bytes >> 12));
    return width < 6 ? 1 + width : 7;
  }

  template <class Depth>
  std::size_t choose(const Choice& c, const Depth& depth) noexcept {
    constexpr unsigned down = 8;
    unsigned least = down + 1;
    std::uint64_t equals = 0;
    std::size_t best = 0;
    for (std::size_t i = 0; i < c.ports.size(); ++i) {
      const unsigned load = depth.up(i) ? grade(depth(i)) : down;
      if (load > least) continue;
      equals = load < least ? 1 : equals + 1;
      least = load;
      if (equals == 1 || random.below(equals) == 0) best = i;  // each of n equals is kept with chance 1/n
    }
    return best;
  }
};

}  // namespace weft
