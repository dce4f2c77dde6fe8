// Choice: what a load-balancing policy may look at when a packet has several ports to go by.
//
// A policy is a struct with  template <class Depth> std::size_t choose(const Choice&, const Depth& depth) noexcept,
// where depth(i) gives the bytes queued at ports[i], one more while it is busy, and depth.up(i) whether its link is up as far as
// the switch knows; it returns an index into ports. One file a policy, one line in
// load_balancer.hh.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "base/units.hh"

namespace weft {

struct Choice {
  std::span<const std::uint16_t> ports;
  std::uint32_t hash = 0;  // of the packet's 5-tuple
  std::uint32_t dst = 0;   // destination host
  std::uint64_t switch_seed = 0;
  Time now{};
};

}  // namespace weft
