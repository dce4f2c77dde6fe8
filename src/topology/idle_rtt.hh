// The round trip of a network at rest: the largest, over all pairs of hosts, of the time a packet of `there` bytes takes on a
// shortest path, store and forward, and one of `back` bytes takes to return.
//
//   sum over the path's links of: 2 * (delay + the far node's latency, there and back) + there/rate + back/rate
// Shortest is by number of links, as routes are; of equally short paths the slowest counts. Networks of more than 512 access
// switches are searched from 512 of them, evenly chosen. Rates are those of a healthy network. Networks inside servers do not count.
// Bytes on the wire, picoseconds. 0 where no host reaches another.
// Source: how ultraethernet/uet-htsim works out the RTT that its congestion control, queues and ECN thresholds are scaled by.
#pragma once

#include "base/units.hh"
#include "topology/ports.hh"
#include "topology/spec.hh"

namespace weft {

[[nodiscard]] Duration idle_rtt(const TopologySpec& spec, const PortMap& ports, Bytes there, Bytes back);

}  // namespace weft
