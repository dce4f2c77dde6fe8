// What a network is to workloads (workload/network_shape.hh).
//
// `algorithm: auto` is told that the network computes only where all hosts hang on one access switch that does: it knows nothing of
// who shares which switch.
#pragma once

#include "topology/ports.hh"
#include "topology/spec.hh"
#include "workload/network_shape.hh"

namespace weft {

[[nodiscard]] NetworkShape network_shape(const TopologySpec& spec, const PortMap& ports);

}  // namespace weft
