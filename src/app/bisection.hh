// Bisection bandwidth: what the first half of the hosts can send to the second half at once, in one direction.
//
// Formula: the maximum flow from a source that feeds hosts 0 .. n/2-1 to a sink behind the others, each link carrying its rate
// in either direction; hosts do not forward, and are not limited by their own link beyond its rate.
// Units: bits per second. Source: Dinic's algorithm (E. A. Dinic, 1970).
#pragma once

#include "base/units.hh"
#include "topology/spec.hh"

namespace weft {

[[nodiscard]] Rate bisection_bandwidth(const TopologySpec& spec);

}  // namespace weft
