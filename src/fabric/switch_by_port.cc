// Switch, a window port by port. In order of time, each packet meets another port than the one before, and with 128 ports what a port
// needs has left the first cache when its next packet comes. The order matters only where ports concern each other: in the shared
// buffer, in pauses, and in what the switch has arranged with itself. Where none of them can make a difference, the arrivals of one
// egress port are taken one after the other, in their order, and every port ends as it would have.
//
// With U in use of the shared part S, A bytes that arrive in the window, and T the threshold were U + A in use, that is so when
//   - the switch is no GSP, serves its ports lazily, and nothing of its own is due;
//   - no control frame arrives for it, and every packet's port is the only one or follows from a hash;
//   - U + A <= S;
//   - where something comes, no lossless ingress holds anything in its headroom, or would pass T with all that comes to its port;
//   - where something is to leave, no lossy queue would pass T, or its own limit, with all of that, and there is no link layer.
// What leaves meanwhile only lowers U and raises T, and counters of lazily served ports are upper bounds: so no packet is refused and
// no pause begins, in whatever order they come. Whether a window with few arrivals, or one that somebody watches, could be run so is
// not asked: it is not.
// Source: project design, section 5 rule 1 (the order that this must not change).
#include <algorithm>
#include <utility>

#include "fabric/gse_message.hh"
#include "fabric/link_envelope.hh"
#include "fabric/switch_forward.hh"

namespace weft {

bool Switch::run_by_port(Worker& worker, std::size_t count, Time start, Time end) {
  constexpr std::uint8_t patience = 15;  // busy windows: what has just been in the way will be for a while
  if (!apart_ || tap_ != nullptr || count < ports_.size() || must_be_exact() || local_.next() < end) return false;
  if (patience_ > 0) {
    --patience_;
    return false;
  }
  if (!load_ports(worker, count)) {
    patience_ = patience;
    return false;
  }
  WorkerScratch& scratch = worker.scratch;
  std::uint32_t first = 0;
  for (PortLoad& load : loads_) load.end = std::exchange(first, first + load.count);
  const std::uint64_t* const keys = order_keys(scratch.keys.data(), scratch.sorted.data(), count, (end - start).v);
  for (std::size_t k = 0; k < count; ++k) {
    const std::size_t position = key_position(keys[k]);
    scratch.by_port[loads_[scratch.out_ports[position]].end++] = scratch.arrivals[position];
  }
  run_loads(worker);
  ++windows_by_port_;
  return true;
}

// A message of a scheduled fabric is a packet like others to a switch that is no GSP; see control().
inline bool Switch::passes(const Record& record) {
  return !envelope::closed(record) && record.has(Record::fabric_message) && GseMessage::what_of(record) != GseMessage::What::fault;
}

// Where each arrival will go, and what that means for the ports; false: they may concern each other.
bool Switch::load_ports(Worker& worker, std::size_t count) {
  const RoutingTables::Row row = row_;
  const Record* const* const arrivals = worker.scratch.arrivals.data();
  std::uint16_t* const outs = worker.scratch.out_ports.data();
  std::fill(loads_.begin(), loads_.end(), PortLoad{});
  std::uint64_t bytes = 0;
  for (std::size_t i = 0; i < count; ++i) {
    const Record& record = *arrivals[i];
    if (record.kind() == RecordKind::pause && !passes(record)) return false;
    const std::uint16_t out = hashed_port(row, record);
    if (out == no_hint) return false;
    outs[i] = out;
    ++loads_[out].count;
    loads_[out].leaves += record.wire_bytes;
    loads_[record.in_port].comes += record.wire_bytes;
    bytes += record.wire_bytes;
  }
  if constexpr (rules::ports_always_apart) return true;
  if (!buffer_.has_shared(bytes)) return false;
  const SharedBuffer::Thresholds thresholds = buffer_.thresholds_with(bytes);
  for (std::size_t i = 0; i < loads_.size(); ++i) {
    if (!keeps_apart(i, thresholds)) return false;
  }
  return true;
}

bool Switch::keeps_apart(std::size_t i, SharedBuffer::Thresholds thresholds) const {
  const PortLoad& load = loads_[i];
  const EgressPort& port = ports_[i];
  if (load.count != 0 && port.has(EgressPort::layered)) return false;  // link layers arrange timers
  for (std::uint8_t slot = 0; slot < classes_.slots; ++slot) {
    if (classes_.lossless(slot)) {
      const Ingress& ingress = buffer_.ingress(i * classes_.slots + slot);
      if (load.comes == 0) continue;
      if (ingress.headroom != 0 || static_cast<std::int64_t>(ingress.bytes() + load.comes) > thresholds.ingress) return false;
    } else if (load.count != 0) {
      const ClassQueue& waiting = queues_[i * classes_.slots + slot];
      const std::uint64_t most = std::uint64_t{waiting.bytes} + (port.serving_slot == slot ? port.serving_bytes : 0U) + load.leaves;
      if (waiting.limit != QueueSizes::no_limit ? most > waiting.limit : static_cast<std::int64_t>(most) > thresholds.queue) return false;
    }
  }
  return true;
}

// The ports in turn; what the next ones need is fetched meanwhile. Ports to which nothing comes wait for the window's end.
void Switch::run_loads(Worker& worker) {
  const Record* const* const records = worker.scratch.by_port.data();
  const InLink* const links = worker.exchange().links.data();
  const std::size_t ports = loads_.size();
  for (std::size_t i = 0; i < ports; ++i) {
    if (i + 2 < ports && loads_[i + 2].count != 0) {
      prefetch<PrefetchFor::write>(&ports_[i + 2], 2);
      prefetch<PrefetchFor::write>(&queues_[(i + 2) * classes_.slots], 2);
      __builtin_prefetch(links + (in_links_[i + 2] ^ 1U), 1);  // the other direction of the same link
    }
    if (i + 1 < ports && loads_[i + 1].count != 0) fetch_port(worker, i + 1);
    run_load(worker, i, {records + loads_[i].end - loads_[i].count, loads_[i].count});
  }
}

inline void Switch::run_load(Worker& worker, std::size_t out, std::span<const Record* const> arrivals) {
  constexpr std::size_t ahead = 6;
  for (std::size_t k = 0; k < arrivals.size(); ++k) {
    if (k + ahead < arrivals.size()) __builtin_prefetch(arrivals[k + ahead]);
    const Record& record = *arrivals[k];
    const Time now{record.at};
    catch_up(worker, out, now);
    buffer_.charge_shared(buffer_.ingress(ingress_index(record.in_port, record.slot)), record.wire_bytes);
    forward(worker, out, record, now);
  }
}

}  // namespace weft
