// SprayLeastQueued: every packet takes the port with the fewest bytes queued; ties go to the first one after the port taken
// last, so that equal ports are used in turn.
#pragma once

#include "fabric/load_balancing/choice.hh"

namespace weft {

struct SprayLeastQueued {
  std::uint64_t turn = 0;
  template <class Depth>
  std::size_t choose(const Choice& c, const Depth& depth) noexcept {
    const std::size_t count = c.ports.size();
    const auto first = static_cast<std::size_t>(turn++ % count);
    std::size_t best = first;
    std::uint64_t least = depth(first);
    for (std::size_t k = 1; k < count && least > 0; ++k) {
      const std::size_t i = first + k < count ? first + k : first + k - count;
      if (const std::uint64_t d = depth(i); d < least) {
        least = d;
        best = i;
      }
    }
    return best;
  }
};

}  // namespace weft
