// CyclicWait: finds deadlock of lossless links, that is a ring of switches each of which is paused by the next, or waits for its
// credits.
//
// Edge: an egress port (directed link, class) that for at least `least_wait` was paused, or had no credits for a full frame, waits for
// the egress ports that hold the packets of its link at the far end, as far as these wait as long themselves. A cycle of edges is a
// deadlock while pauses are refreshed, and credits come only with room. Looked for at inspection instants only. Packets in the queues
// of a scheduled fabric wait for grants and are no part of it.
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
  explicit CyclicWait(Duration least_wait) : least_wait_(least_wait) {}
  // Nodes must be settled to `now`.
  void look(Network& network, Time now);
  [[nodiscard]] bool found() const { return found_at_ != Time::never(); }
  [[nodiscard]] Time found_at() const { return found_at_; }
  [[nodiscard]] const std::vector<WaitEdge>& edges() const { return edges_; }

 private:
  Duration least_wait_;
  Time found_at_ = Time::never();
  std::vector<WaitEdge> edges_;
};

// Does any port wait for credits now?
[[nodiscard]] bool any_without_credits(Network& network);

// Every port that is paused, or without credits, as "who waits for whom".
[[nodiscard]] std::vector<WaitEdge> standing_waits(Network& network, std::size_t most);

}  // namespace weft
