// collect(): what a network holds when its run is over, as Results: flows, ports, counters, the state hash, and the check that
// packets and bytes were conserved.
//
// state_hash: 64 bits over, in id order, every flow's times and counters and the final state of its engines, and every port's
// counters and departures. Threads, windows and wall time never enter.
// Conservation: on every port, frames sent = frames lost + received; in every buffer, bytes charged = bytes of what is queued.
#pragma once

#include <vector>

#include "report/results.hh"
#include "sim/network.hh"

namespace weft {

[[nodiscard]] Results collect(Network& network, Time now);
[[nodiscard]] std::vector<WaitEdge> waiting_flows(const Network& network, std::size_t most);

}  // namespace weft
