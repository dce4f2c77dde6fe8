#include "live/rdma_session.hh"

#include <sys/random.h>

#include <algorithm>

#include "base/check.hh"
#include "transport/roce/psn.hh"

namespace weft::live {

namespace {

constexpr std::uint32_t most_reads = 16;      // QueuePairConfig::responder_resources
constexpr std::uint32_t largest_burst = 256;  // go-back-N sends as much again after every loss

}  // namespace

std::uint64_t unpredictable() {
  std::uint64_t value = 0;
  CHECK(::getrandom(&value, sizeof value, 0) == sizeof value);
  return value;
}

// The kernel charges a received packet with its buffer, rounded up to a power of two, and about 1 KB of bookkeeping; and it may
// give a quarter of the room back late.
QueuePairOffer make_queue_pair_offer(const UdpPort& port, std::uint32_t mtu) {
  const std::int64_t charge = 2 * std::int64_t{mtu} + 1024;
  QueuePairOffer offer;
  offer.qp = 2 + static_cast<std::uint32_t>(unpredictable() % 0xfffffd);
  offer.psn = static_cast<std::uint32_t>(unpredictable()) & roce::psn_mask;
  offer.burst = static_cast<std::uint32_t>(std::clamp<std::int64_t>(port.receive_buffer().v / 2 / charge, 8, largest_burst));
  return offer;
}

std::uint32_t read_depth(const Offer& offer) {
  const std::uint64_t packets = std::max<std::uint64_t>(1, (offer.size + offer.mtu - 1) / offer.mtu);
  return static_cast<std::uint32_t>(std::clamp<std::uint64_t>(offer.queue_pair.burst / packets, 1, most_reads));
}

roce::QueuePairConfig queue_pair_config(const Offer& offer, const QueuePairOffer& own, const QueuePairOffer& peer) {
  roce::QueuePairConfig config;
  config.own_qp = own.qp;
  config.dest_qp = peer.qp;
  config.send_psn = own.psn;
  config.expected_psn = peer.psn;
  config.mtu = offer.mtu;
  config.ack_every = offer.ack_every;
  config.window = peer.burst;
  config.send_depth = config.receive_depth = offer.depth;
  config.initiator_depth = read_depth(offer);
  config.responder_resources = most_reads;
  config.timeout_exponent = offer.timeout_exponent;
  config.recovery = offer.selective ? roce::Recovery::selective : roce::Recovery::go_back_n;
  return config;
}

PortSnapshot snapshot(const UdpPort& port) {
  PortSnapshot s{port.counters(), port.transmit_faults()};
  s.faults.dropped += port.receive_faults().dropped;
  s.faults.duplicated += port.receive_faults().duplicated;
  s.faults.delayed += port.receive_faults().delayed;
  return s;
}

void add_port(RdmaReport& report, const PortSnapshot& before, const PortSnapshot& after) {
  const auto add = [](std::uint64_t& sum, std::uint64_t from, std::uint64_t to) { sum += to - from; };
  add(report.port.datagrams_sent, before.port.datagrams_sent, after.port.datagrams_sent);
  add(report.port.bytes_sent, before.port.bytes_sent, after.port.bytes_sent);
  add(report.port.datagrams_received, before.port.datagrams_received, after.port.datagrams_received);
  add(report.port.bytes_received, before.port.bytes_received, after.port.bytes_received);
  add(report.port.send_refused, before.port.send_refused, after.port.send_refused);
  add(report.port.send_waits, before.port.send_waits, after.port.send_waits);
  add(report.faults.dropped, before.faults.dropped, after.faults.dropped);
  add(report.faults.duplicated, before.faults.duplicated, after.faults.duplicated);
  add(report.faults.delayed, before.faults.delayed, after.faults.delayed);
}

}  // namespace weft::live
