// What both sides of `weft rdma` share: the queue pair that an offer describes, random numbers for a new connection, and the
// sums of a report.
#pragma once

#include <atomic>
#include <cstdint>

#include "live/exchange.hh"
#include "live/rdma_report.hh"
#include "live/roce_datagram.hh"
#include "live/udp_port.hh"
#include "transport/roce/queue_pair_config.hh"

namespace weft::live {

// Whether the user wants an end.
inline bool interrupted(const std::atomic<bool>* flag) { return flag != nullptr && flag->load(std::memory_order_relaxed); }

// From the operating system: queue pair numbers, first PSNs and keys that an outsider cannot guess.
std::uint64_t unpredictable();

// A queue pair's number, first PSN, and how many packets of `mtu` this port's buffer holds.
QueuePairOffer make_queue_pair_offer(const UdpPort& port, std::uint32_t mtu);

// READs that may be outstanding at once, so that their responses fit into what the requester can take.
std::uint32_t read_depth(const Offer& offer);

roce::QueuePairConfig queue_pair_config(const Offer& offer, const QueuePairOffer& own, const QueuePairOffer& peer);

// Adds what a port and its injected faults counted since `before` to a report.
struct PortSnapshot {
  PortCounters port{};
  FaultCounters faults{};
};
PortSnapshot snapshot(const UdpPort& port);
void add_port(RdmaReport& report, const PortSnapshot& before, const PortSnapshot& after);

}  // namespace weft::live
