#include "sim/collect.hh"

#include <sys/resource.h>

#include <algorithm>

#include "base/check.hh"
#include "base/random.hh"
#include "sim/credit_balance.hh"
#include "sim/gse_results.hh"
#include "sim/ideal.hh"
#include "sim/model_notes.hh"
#include "sim/task_results.hh"
#include "sim/waiting_tasks.hh"

namespace weft {

namespace {

class StateHash {
 public:
  void add(std::uint64_t x) { value_ = mix64(value_ ^ (x + 0x9e3779b97f4a7c15ULL)); }
  void add(Time t) { add(static_cast<std::uint64_t>(t.ps)); }
  [[nodiscard]] std::uint64_t value() const { return value_; }

 private:
  std::uint64_t value_ = 0;
};

FlowStatus status_of(const EndState& initiator) {
  if (initiator.failed) return FlowStatus::failed;
  if (initiator.done != Time::never()) return FlowStatus::completed;
  return initiator.opened ? FlowStatus::running : FlowStatus::pending;
}

// Every packet but the last is full; the last one is used only after, or beside, all the others.
Bytes delivered(const Network& network, const FlowSpec& flow, const EndState& receiver) {
  const auto packets = static_cast<std::int64_t>(receiver.accepted);
  return {std::min(flow.size.v, packets * static_cast<std::int64_t>(network.scenario.fabric.mtu))};
}

FlowResult flow_result(const Network& network, std::uint32_t flow) {
  const FlowSpec& spec = network.table.flows[flow];
  const EndState& a = network.table.ends[initiator_of(flow)];
  const EndState& b = network.table.ends[target_of(flow)];
  const bool read = spec.operation == Operation::read;
  const EndState& sender = read ? b : a;
  const EndState& receiver = read ? a : b;
  FlowResult r;
  r.spec = spec;
  r.status = status_of(a);
  r.error = std::string(a.error);
  r.start = a.began;
  r.sender_done = a.failed ? Time::never() : a.done;
  r.receiver_done = read ? r.sender_done : b.done;
  r.ideal = ideal_completion(network, spec);
  r.delivered = delivered(network, spec, receiver);
  r.packets = sender.packets;
  r.retransmissions = sender.retransmissions;
  r.timeouts = a.timeouts + b.timeouts;  // with Ultra Ethernet, READ data has them at the target
  r.naks = a.naks + b.naks;
  r.cnps = sender.cnps;
  r.ecn_marked = receiver.ecn_marked;
  const std::int64_t used = static_cast<std::int64_t>(receiver.accepted) * network.scenario.fabric.mtu;
  r.delivered = r.status == FlowStatus::completed ? spec.size : std::min(spec.size, Bytes{used});
  r.warm = a.began >= network.scenario.warmup;
  return r;
}

void hash_end(StateHash& hash, const EndState& end) {
  hash.add(end.began);
  hash.add(end.done);
  hash.add(end.digest);
  for (const std::uint64_t x : {end.packets, end.retransmissions, end.timeouts, end.naks, end.cnps, end.ecn_marked, end.accepted})
    hash.add(x);
}

LinkLayerResult link_result(const LinkLayer& layer, Time now) {
  const LinkCounters& c = layer.counters;
  LinkLayerResult r;
  r.llr = layer.llr_out;
  r.replays = c.replays;
  r.replayed = c.replayed_frames;
  r.nacks = c.nacks;
  r.timeouts = c.timeouts;
  r.flushed = c.flushed_frames;
  r.drops_init = c.drops_init;
  r.ordered_sets = c.sets;
  r.sets_lost = c.sets_lost;
  r.cbfc = layer.cbfc;
  r.credit_updates = c.credit_updates;
  r.credits_healed = c.credits_healed;
  r.credit_blocked = c.credit_blocked;
  for (std::uint8_t slot = 0; slot < most_slots; ++slot) {
    if ((layer.credit_blocked >> slot & 1) != 0 && now > layer.blocked_since[slot]) r.credit_blocked += now - layer.blocked_since[slot];
  }
  return r;
}

PortResult port_result(Network& network, std::uint32_t directed, Time now) {
  const LinkSpec& link = network.spec.links[directed / 2];
  const EgressPort& port = network.port_of(directed);
  const PortDetail& detail = network.detail_of(directed);
  PortResult r;
  r.from = network.spec.nodes[(directed % 2 == 0 ? link.a : link.b).index()].name;
  r.to = network.spec.nodes[(directed % 2 == 0 ? link.b : link.a).index()].name;
  r.rate = port.clock.rate();
  r.packets = port.packets;
  r.bytes = port.bytes;
  r.drops_buffer = detail.counters.drops_buffer;
  r.drops_loss = detail.counters.drops_loss;
  r.drops_down = detail.counters.drops_down;
  r.trims = detail.counters.trims;
  r.ecn_marks = detail.counters.ecn_marks;
  r.pauses_sent = detail.counters.pauses_sent;
  r.pauses_received = detail.counters.pauses_received;
  r.paused = detail.counters.paused;
  r.corrupted = detail.counters.corrupted;
  r.drops_corrupted = detail.counters.drops_corrupted;
  if (detail.layer) r.link = link_result(*detail.layer, now);
  for (std::uint8_t slot = 0; slot < network.classes.slots; ++slot) {
    if ((detail.pfc_paused >> slot & 1) != 0) r.paused += now - detail.paused_since[slot];
    r.max_queue = std::max(r.max_queue, Bytes{network.queue_of(directed, slot).most_bytes});
  }
  // Acknowledgements of duplicates may leave after the last completion.
  if (const Time until = std::max(now, port.free_at); until.ps > 0)
    r.utilisation = static_cast<double>(port.bytes) * 8e12 / static_cast<double>(port.clock.rate().v) / static_cast<double>(until.ps);
  return r;
}

void hash_port(StateHash& hash, const EgressPort& port, const PortDetail& detail) {
  const PortCounters& c = detail.counters;
  hash.add(port.hash);
  for (const std::uint64_t x : {port.packets, port.bytes, c.drops_buffer, c.drops_loss, c.drops_down, c.ecn_marks, c.pauses_sent,
                                c.pause_refreshes, c.pauses_received}) {
    hash.add(x);
  }
  hash.add(Time{c.paused.v});
  if (c.trims != 0) hash.add(c.trims);  // what never trims hashes as before there was trimming
  if (c.corrupted != 0) hash.add(c.corrupted + (c.drops_corrupted << 32));
  if (!detail.layer) return;
  const LinkCounters& l = detail.layer->counters;
  for (const std::uint64_t x :
       {l.replays, l.replayed_frames, l.nacks, l.timeouts, l.discards, l.sets, l.sets_lost, l.flushed_frames, l.drops_init}) {
    hash.add(x);
  }
  if (!detail.layer->cbfc) return;
  hash.add(l.credit_updates + (l.credits_healed << 32));
  hash.add(Time{l.credit_blocked.v});
  for (const CbfcSender& sender : detail.layer->credits) hash.add(sender.used());
}

void count_port(Counters& counters, const PortResult& port) {
  counters.drops_buffer += port.drops_buffer;
  counters.drops_loss += port.drops_loss;
  counters.drops_down += port.drops_down;
  counters.trims += port.trims;
  counters.ecn_marks += port.ecn_marks;
  counters.pauses += port.pauses_sent;
  counters.corrupted += port.corrupted;
  counters.drops_corrupted += port.drops_corrupted;
  counters.link.add(port.link);
}

// Every byte a switch still charges must be in one of its queues or on the wire.
void check_conservation(Network& network) {
  for (std::size_t node = network.spec.end_points(); node < network.switches.size(); ++node) {
    Switch& s = *network.switches[node];
    std::uint64_t charged = 0, held = s.gse_bytes();
    for (std::size_t i = 0; i < s.buffer().ingresses(); ++i) charged += s.buffer().ingress(i).bytes();
    for (std::size_t i = 0; i < s.port_count(); ++i) {
      held += s.port(i).serving_bytes;
      for (std::uint8_t slot = 0; slot < network.classes.slots; ++slot) {
        std::uint64_t queued = 0;
        s.queue(i, slot).ring.for_each([&](const Record& r) { queued += r.wire_bytes; });
        CHECK(queued == s.queue(i, slot).bytes, "switch", network.spec.nodes[node].name, "port", i, "queued", queued);
        held += queued;
      }
    }
    CHECK(charged == held, "switch", network.spec.nodes[node].name, "charged", charged, "held", held, "seed", network.scenario.seed);
  }
  std::uint64_t headers = 0, expected = 0;
  for (const auto& worker : network.workers) headers += worker->headers.in_use();
  for (std::size_t node = network.spec.end_points(); node < network.switches.size(); ++node)
    expected += network.switches[node]->gse_packets();
  const auto count = [&expected](const Record& r) { expected += r.has_header() ? 1 : 0; };
  for (const InLink& link : network.exchange.links) link.ring.for_each(count);
  for (Switch* s : network.switches) {
    for (std::size_t i = 0; s != nullptr && i < s->port_count(); ++i) {
      for (std::uint8_t slot = 0; slot < network.classes.slots; ++slot) s->queue(i, slot).ring.for_each(count);
    }
  }
  for (std::uint32_t directed = 0; directed < network.egress.size(); ++directed) {
    if (const auto& layer = network.detail_of(directed).layer; layer) layer->kept.for_each(count);
  }
  CHECK(headers == expected, "packets alive", headers, "found", expected, "seed", network.scenario.seed);
}

void warn_of_unprotected_links(Network& network, Results& results) {
  std::size_t flushed = 0;
  for (std::uint32_t directed = 0; directed < network.egress.size(); ++directed) {
    const auto& layer = network.detail_of(directed).layer;
    flushed += layer && layer->llr_out && layer->tx.state() == LlrTxState::flush ? 1 : 0;
  }
  if (flushed == 0) return;
  results.warnings.push_back("link-level retry gave up on " + std::to_string(flushed) +
                             " directions of links (fabric.llr.replay_count) and did not start again (re_init_on_flush)");
}

}  // namespace

Results collect(Network& network, Time now) {
  for (HostNode* host : network.hosts) host->record_live();
  check_conservation(network);
  check_credits(network);
  Results results;
  results.warnings = network.warnings;
  warn_of_unprotected_links(network, results);
  results.notes = what_was_modelled(network);
  results.notes.insert(results.notes.end(), network.notes.begin(), network.notes.end());
  StateHash hash;
  std::uint64_t frames = 0;
  for (std::uint32_t flow = 0; flow < network.table.flows.size(); ++flow) {
    const FlowResult& r = results.flows.emplace_back(flow_result(network, flow));
    hash_end(hash, network.table.ends[initiator_of(flow)]);
    hash_end(hash, network.table.ends[target_of(flow)]);
    const EndState& receiver = network.table.ends[r.spec.operation == Operation::read ? initiator_of(flow) : target_of(flow)];
    results.counters.packet_hops += receiver.accepted * path_links(network, r.spec);
    results.counters.retransmissions += r.retransmissions;
    if (r.sender_done != Time::never()) results.simulated_time = std::max(results.simulated_time, r.sender_done);
    if (r.status == FlowStatus::failed)
      results.simulated_time = std::max(results.simulated_time, network.table.ends[initiator_of(flow)].done);
    if (r.receiver_done != Time::never()) results.simulated_time = std::max(results.simulated_time, r.receiver_done);
  }
  for (const Time end : local_ends(network)) {
    hash.add(end);
    if (end != Time::never()) results.simulated_time = std::max(results.simulated_time, end);
  }
  results.collectives = collective_results(network);
  results.jobs = job_results(network);
  const bool all_done =
      std::all_of(results.flows.begin(), results.flows.end(), [](const FlowResult& r) { return r.status == FlowStatus::completed; }) &&
      network.tasks.done();
  if (!all_done && now < Time::never()) results.simulated_time = std::max(results.simulated_time, now);
  for (std::uint32_t directed = 0; directed < network.egress.size(); ++directed) {
    const PortResult& port = results.ports.emplace_back(port_result(network, directed, results.simulated_time));
    count_port(results.counters, port);
    hash_port(hash, network.port_of(directed), network.detail_of(directed));
    frames += port.packets;
  }
  Counters& counters = results.counters;
  for (const Switch* s : network.switches) counters.drops_no_route += s != nullptr ? s->drops_no_route() : 0;
  results.gse = gse_counts(network);
  for (const NamedCount& count : results.gse) {
    hash.add(count.count);
    if (count.name.rfind("drops_", 0) == 0) counters.drops_order += count.count;
  }
  counters.drops = counters.drops_order + counters.drops_buffer + counters.drops_loss + counters.drops_down + counters.drops_no_route +
                   counters.drops_corrupted + counters.link.drops_init;
  counters.other_hops = frames - std::min(frames, counters.packet_hops);
  results.state_hash = hash.value();
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  results.peak_rss_bytes = static_cast<std::uint64_t>(usage.ru_maxrss) * 1024;
  return results;
}

std::vector<WaitEdge> waiting_flows(const Network& network, std::size_t most) {
  std::vector<WaitEdge> edges;
  for (const HostNode* host : network.hosts) {
    host->for_each_waiting([&](std::uint32_t flow, std::uint64_t in_flight) {
      if (edges.size() >= most) return;
      const FlowSpec& spec = network.table.flows[flow];
      const std::string packets = std::to_string(in_flight);
      edges.push_back(
          {"flow " + std::to_string(spec.label), network.spec.nodes[spec.dst.index()].name, packets + " packets unacknowledged"});
    });
  }
  for (std::uint32_t flow = 0; flow < network.table.flows.size() && edges.size() < most; ++flow) {
    const FlowSpec& spec = network.table.flows[flow];
    if (network.table.ends[initiator_of(flow)].opened || spec.by_task) continue;
    const bool waits = spec.after.valid();
    edges.push_back({"flow " + std::to_string(spec.label),
                     waits ? "trigger " + std::to_string(network.traffic.triggers[spec.after.index()].label) : "its start",
                     "never started"});
  }
  add_waiting_tasks(network, most, edges);
  return edges;
}

}  // namespace weft
