// Which cables a network takes, and how many transceivers.
//
// Rule: a link of the network (none inside servers) whose delay is at most `copper` is a copper cable; any other is optical and has
// a transceiver of its rate at each end. Modules that hold several ports and breakout cables are not counted as one.
// Source: project profile; what vendors' bills of materials count.
#pragma once

#include <cstddef>
#include <map>

#include "base/units.hh"
#include "topology/spec.hh"

namespace weft {

struct Cabling {
  std::size_t copper = 0, optical = 0;       // links
  std::map<Rate, std::size_t> transceivers;  // by rate
};

[[nodiscard]] Cabling cabling_of(const TopologySpec& spec, Duration copper);

}  // namespace weft
