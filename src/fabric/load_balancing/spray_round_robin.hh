// SprayRoundRobin: packets take the ports in turn, one counter a switch.
#pragma once

#include "fabric/load_balancing/choice.hh"

namespace weft {

struct SprayRoundRobin {
  std::uint64_t next = 0;
  template <class Depth>
  std::size_t choose(const Choice& c, const Depth&) noexcept {
    return static_cast<std::size_t>(next++ % c.ports.size());
  }
};

}  // namespace weft
