// Ecmp: equal-cost multipath by a hash of the 5-tuple, mixed with a seed of the switch's own so that successive switches do
// not repeat each other's choice (no polarisation). A flow keeps its path. Source: RFC 2992 (hash-threshold).
#pragma once

#include <cstdint>

#include "base/random.hh"
#include "fabric/load_balancing/choice.hh"

namespace weft {

struct Ecmp {
  template <class Depth>
  std::size_t choose(const Choice& c, const Depth&) noexcept {
    return index(c.hash, c.switch_seed, c.ports.size());
  }
  [[nodiscard]] static std::size_t index(std::uint32_t hash, std::uint64_t switch_seed, std::size_t count) noexcept {
    const std::uint64_t h = mix64(hash * 0x9e3779b97f4a7c15ULL ^ switch_seed) >> 32;
    return static_cast<std::size_t>((h * count) >> 32);
  }
};

}  // namespace weft
