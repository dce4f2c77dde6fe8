// SprayRandom: every packet takes a port at random, whatever its flow. Packets of a flow overtake each other.
#pragma once

#include "base/random.hh"
#include "fabric/load_balancing/choice.hh"

namespace weft {

struct SprayRandom {
  Random random{};
  template <class Depth>
  std::size_t choose(const Choice& c, const Depth&) noexcept {
    return static_cast<std::size_t>(random.below(c.ports.size()));
  }
};

}  // namespace weft
