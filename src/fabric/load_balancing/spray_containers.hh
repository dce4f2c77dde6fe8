// SprayContainers: how a switch inside a scheduled fabric (GSF) spreads packet containers: all packets of a container take one port,
// successive containers take the ports in turn, or each one at random.
//
// The choice needs no state: the container's number, which GSPs put into the hash (hash = number << 8 | index in container), divided
// by the ports of the tier below is a turn of that tier, so each next visit of a stream takes the next port. The destination sets where
// a stream begins; hosts that share an exit share its containers, so they count as one.
// Source: project profile (fabric.md 3.2: containers are sprayed, packets of one never).
#pragma once

#include <span>

#include "base/random.hh"
#include "fabric/load_balancing/choice.hh"

namespace weft {

struct SprayContainers {
  std::uint32_t below = 0;                            // ports over which the tier below spreads; 0: as many as here
  std::span<const std::uint32_t> first_of_exit = {};  // by destination (GsePlan); empty: no exit is shared
  bool at_random = false;                             // by a hash of the container and the switch's seed

  template <class Depth>
  std::size_t choose(const Choice& c, const Depth& depth) noexcept {
    const std::size_t ports = c.ports.size();
    const std::uint32_t begin = first_of_exit.empty() ? c.dst : first_of_exit[c.dst];
    const std::uint32_t container = c.hash >> 8;
    const std::size_t first = at_random ? mix64(c.switch_seed ^ (std::uint64_t{container} << 32 | begin)) % ports
                                        : (container / (below != 0 ? below : ports) + begin) % ports;
    for (std::size_t k = 0; k < ports; ++k) {
      if (const std::size_t i = (first + k) % ports; depth.up(i)) return i;
    }
    return first;
  }
};

}  // namespace weft
