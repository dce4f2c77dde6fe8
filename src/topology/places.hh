// mark_places(): where each switch of a network stands, for those of which its builder has not said so.
//
// Rule: a switch with a link to a host is an edge switch; every other one is an inner switch. What builders say (border, core)
// stays. Called before servers are added, so NICs and scale-up switches have no place.
#pragma once

#include "topology/spec.hh"

namespace weft {

void mark_places(TopologySpec& spec);

}  // namespace weft
