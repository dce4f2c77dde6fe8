// CyclicWait: finds PFC deadlock, that is a ring of switches each of which is paused by the next.
//
// Edge: an egress port (directed link, class) paused for at least `least_pause` waits for the egress ports that hold the
// packets of the paused link at its far end, as far as these are paused as long themselves. A cycle of edges is a deadlock
// while pauses are refreshed. Looked for at inspection instants only.
// Source: Guo et al., RDMA over Commodity Ethernet at Scale (SIGCOMM 2016), section 4.2.
#pragma once

#include <cstdint>
#include <vector>

#include "base/units.hh"
#include "report/results.hh"
#include "sim/network.hh"

namespace weft {

class CyclicWait {
 public:
  explicit CyclicWait(Duration least_pause) : least_pause_(least_pause) {}
  // Nodes must be settled to `now`.
  void look(Network& network, Time now);
  [[nodiscard]] bool found() const { return found_at_ != Time::never(); }
  [[nodiscard]] Time found_at() const { return found_at_; }
  [[nodiscard]] const std::vector<WaitEdge>& edges() const { return edges_; }

 private:
  Duration least_pause_;
  Time found_at_ = Time::never();
  std::vector<WaitEdge> edges_;
};

// Every pause that stands at `now`, as "who waits for whom".
[[nodiscard]] std::vector<WaitEdge> standing_pauses(Network& network, std::size_t most);

}  // namespace weft
