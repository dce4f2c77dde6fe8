#include "fabric/switch.hh"

#include "fabric/switch_faults.hh"
#include "fabric/switch_forward.hh"
#include "fabric/switch_gse_ahead.hh"

namespace weft {

Switch::Switch(const SwitchParameters& p)
    : PortedNode<Switch>(p.index, p.ports, p.first_word, p.classes),
      buffer_(p.buffer, p.headroom),
      balancer_(p.scheduled ? LoadBalancer(SprayContainers{p.sprayed_below, p.first_of_exit, p.spray_at_random})
                            : make_load_balancer(p.load_balancing, p.seed, p.flowlet_gap)),
      trimming_(p.trimming),
      refresh_at_(std::size_t{p.ports} * p.classes.slots, Time::never()),
      refresh_armed_(refresh_at_),
      silent_(p.silent),
      seed_(p.seed),
      pause_quanta_(p.pause_quanta),
      mark_at_enqueue_(p.mark && p.mark_at_enqueue),
      mark_at_dequeue_(p.mark && !p.mark_at_enqueue),
      reroute_queued_(p.reroute_queued || p.faults != nullptr),
      deep_choice_(looks_at_depth(balancer_)),
      hashed_(std::holds_alternative<Ecmp>(balancer_)),
      apart_(p.gse == nullptr),
      loads_(p.ports) {
  silent_.resize(p.ports);
  for (std::size_t i = 0; i < p.limits.size(); ++i) queues_[i].limit = p.limits[i];
  if (p.gse != nullptr) gse_ = std::make_unique<Gse>(*this, p);
  if (p.faults != nullptr) faults_ = std::make_unique<Faults>(*this, *p.faults, p.neighbours);
}

Switch::~Switch() = default;

std::uint64_t Switch::gse_bytes() const { return gse_ == nullptr ? 0 : gse_->bytes(); }

std::uint64_t Switch::gse_packets() const { return gse_ == nullptr ? 0 : gse_->packets(); }

void Switch::for_each_ungranted(const std::function<void(std::uint32_t)>& visit) const {
  if (gse_ != nullptr) gse_->for_each_ungranted(visit);
}

void Switch::for_each_kept(const std::function<void(const Record&, std::uint32_t)>& visit) const {
  if (gse_ != nullptr) gse_->for_each_kept(visit);
}

std::uint32_t Switch::came_with(std::size_t in, std::size_t out, std::uint32_t bytes) const {
  return gse_ == nullptr ? bytes : gse_->came_with(in, out, bytes);
}

const GseCounters* Switch::gse_counters() const { return gse_ == nullptr ? nullptr : &gse_->counters(); }

Switch::Heard Switch::faults_heard() const { return faults_ == nullptr ? Heard{} : Heard{faults_->heard(), faults_->sent()}; }

inline void Switch::gathered(Worker&, const Record& record) const {
  if (gse_ != nullptr) gse_->fetch_number(record);
}

// Only a hash gives the same port now and when the record arrives, and only while the routes stay.
inline void Switch::route_ahead(Worker& worker, const ArrivalBatch& batch) const {
  if (gse_ != nullptr) return gse_->find_ahead(batch);
  const RoutingTables::Row row = row_;
  const InLink* const links = worker.exchange().links.data();
  const EgressPort* const ports = ports_.data();
  const ClassQueue* const queues = queues_.data();
  const std::uint32_t* const in_links = in_links_.data();
  const std::size_t slots = classes_.slots;
  const bool changed = hint_routes_ != routes_;
  for (std::size_t k = 0; k < batch.count; ++k) {
    const Record& record = *batch.arrivals[key_position(batch.keys[k])];
    batch.hints[k] = no_hint;
    if (changed || record.kind() == RecordKind::pause) continue;
    const std::uint16_t out = hashed_port(row, record);
    if (out == no_hint) continue;
    batch.hints[k] = out;
    prefetch<PrefetchFor::write>(ports + out, 2);
    __builtin_prefetch(queues + out * slots + record.slot, 1);
    __builtin_prefetch(&buffer_.ingress(record.in_port * slots + record.slot), 1);
    __builtin_prefetch(links + (in_links[out] ^ 1U), 1);  // the other direction of the same link
  }
}

inline void Switch::fetch(Worker& worker, const ArrivalBatch& batch) const {
  if (gse_ != nullptr) return gse_->fetch_ahead(worker, batch);
  for (std::size_t k = 0; k < batch.count; ++k) {
    if (batch.hints[k] != no_hint) fetch_port(worker, batch.hints[k]);
  }
}

std::uint64_t Switch::queued_bytes(std::size_t port) const {
  std::uint64_t bytes = 0;
  for (std::uint8_t slot = 0; slot < classes_.slots; ++slot) bytes += queues_[port * classes_.slots + slot].bytes;
  return bytes;
}

void Switch::show_depth(Worker& worker, std::size_t port, Time now) { tap_->depth(worker, ports_[port].link, queued_bytes(port), now); }

// What a policy may ask of the ports of a group. Asked first at `now`, a port served lazily is brought up to that instant.
struct Switch::GroupView {
  Switch& node;
  Worker& worker;
  std::span<const std::uint16_t> group;
  Time now;

  std::uint64_t operator()(std::size_t k) const {
    if (node.deep_choice_ && node.lazy()) node.catch_up(worker, group[k], now);
    return node.queued_bytes(group[k]) + (node.ports_[group[k]].free_at > now ? 1U : 0U);
  }
  [[nodiscard]] bool up(std::size_t k) const { return node.ports_[group[k]].has(EgressPort::up); }
};

std::uint16_t Switch::choose_port(Worker& worker, std::span<const std::uint16_t> group, const Record& record, Time now) {
  if (group.size() == 1) return group[0];
  const Choice choice{group, record.hash, record.dst, seed_, now};
  const GroupView depth{*this, worker, group, now};
  return group[std::visit([&](auto& policy) { return policy.choose(choice, depth); }, balancer_)];
}

// What a packet goes through here and in control(), run_load() shortens where nothing can be in its way.
inline void Switch::arrive(Worker& worker, const Record& record, Time now, std::uint16_t hint) {
  if (record.kind() == RecordKind::pause) [[unlikely]]
    return control(worker, record, now);
  if (gse_ != nullptr) {
    if (Gse::is_number(hint) || gse_->takes_up(record)) return gse_->arrive(worker, record, now, hint);
    if (gse_->leaves_pod(record)) return drop_without_route(worker, record, now);
  }
  std::size_t out = hint;
  if (hint == no_hint || hint_routes_ != routes_) {
    const auto group = row_.ports(NodeId{record.dst});
    if (group.empty()) { return drop_without_route(worker, record, now); }
    out = choose_port(worker, group, record, now);
  }
  if (lazy()) catch_up(worker, out, now);
  Ingress& ingress = buffer_.ingress(ingress_index(record.in_port, record.slot));
  if (!admit(worker, ingress, out, record, now)) [[unlikely]]
    return refuse(worker, out, record, now);
  if (classes_.lossless(record.slot) && !ingress.xoff && (ingress.headroom > 0 || buffer_.over_threshold(ingress))) [[unlikely]]
    watch_threshold(worker, ingress, record, now);
  forward(worker, out, record, now);
}

// A pause is for this port; a message of a scheduled fabric goes on to the GSP it is for.
void Switch::control(Worker& worker, const Record& record, Time now) {
  if (envelope::closed(record) || !record.has(Record::fabric_message)) return receive_control(worker, record, now);
  if (GseMessage::what_of(record) == GseMessage::What::fault) return faults_->message(worker, record, now);
  if (gse_ != nullptr && gse_->takes(record)) return gse_->message(worker, record, now);
  const auto group = row_.ports(NodeId{record.dst});
  if (group.empty()) {
    ++drops_no_route_;
    return;
  }
  const std::size_t out = choose_port(worker, group, record, now);
  if (lazy()) catch_up(worker, out, now);
  if (!admit(worker, buffer_.ingress(ingress_index(record.in_port, record.slot)), out, record, now)) return drop(worker, out, record);
  forward(worker, out, record, now);
}

// A message that this switch makes: charged to the port's own ingress, of which it has one for each class.
void Switch::send_fabric_message(Worker& worker, std::uint16_t out, const Record& message, Instant at) {
  Record record = message;
  record.slot = 0;
  record.wire_bytes = control_frame_bytes;
  record.in_port = out;
  if (!buffer_.has_shared(record.wire_bytes) && lazy()) settle_active(worker, at.now, at.starts_before);
  if (!buffer_.has_shared(record.wire_bytes)) return drop(worker, out, record);
  buffer_.charge_shared(buffer_.ingress(ingress_index(out, 0)), record.wire_bytes);
  if (lazy()) catch_up(worker, out, at.now, at.starts_before);
  forward(worker, out, record, at.now);
}

void Switch::drop_without_route(Worker& worker, const Record& record, Time now) {
  ++drops_no_route_;
  worker.headers.release(record.handle);
  free_credits(worker, record.in_port, {record.slot, record.wire_bytes}, now);
}

void Switch::give_credits(std::size_t port) {
  credited_ = true;
  for (std::uint8_t slot = 0; slot < classes_.slots; ++slot) {
    if (!classes_.lossless(slot)) continue;
    Ingress& ingress = buffer_.ingress(ingress_index(port, slot));
    ingress.watched = ingress.credited = true;
  }
}

// The ingress seems to hold too much: looks again with every port served up to now.
void Switch::watch_threshold(Worker& worker, Ingress& ingress, const Record& record, Time now) {
  if (lazy() && !rules::no_serve_before_xoff) settle_active(worker, now);
  if (ingress.headroom > 0 || buffer_.over_threshold(ingress)) xoff(worker, record.in_port, record.slot, now);
}

bool Switch::start_next(Worker& worker, std::size_t i, Time start) { return start_next_inline(worker, i, start); }

inline bool Switch::start_next_inline(Worker& worker, std::size_t i, Time start) {
  EgressPort& port = ports_[i];
  if (port.has(EgressPort::control_pending) && start_control(worker, i, start)) return true;
  const auto eligible = static_cast<std::uint8_t>(port.queued_mask & ~port.paused_mask);
  if (!port.has(EgressPort::up) || eligible == 0) return false;
  std::uint8_t slot = static_cast<std::uint8_t>(std::countr_zero(eligible));
  if ((eligible & (eligible - 1)) != 0 && (eligible & classes_.strict_mask) != eligible) slot = choose_weighted(i, eligible);
  ClassQueue& waiting = queue(i, slot);
  const Record& record = waiting.ring.front();
  waiting.bytes -= record.wire_bytes;
  std::uint8_t bits = record.bits;
  if (mark_at_dequeue_ && record.has(Record::ect) && !record.has(Record::ce) && port.marker.marks(waiting.bytes, details_[i].random)) {
    bits |= Record::ce;
    ++details_[i].counters.ecn_marks;
  }
  port.serving_bytes = record.wire_bytes;
  port.serving_slot = slot;
  port.serving_in_port = record.in_port;
  launch(worker, port, i, record, bits, start);
  const bool emptied = waiting.ring.pop(worker.blocks);
  prefetch(waiting.ring.next_address(), 2);
  port.queued_mask = static_cast<std::uint8_t>(port.queued_mask & ~(static_cast<unsigned>(emptied) << slot));
  if (port.has(EgressPort::traced)) [[unlikely]]
    show_depth(worker, i, start);
  return true;
}

std::uint8_t Switch::choose_weighted(std::size_t i, std::uint8_t eligible) {
  std::array<std::uint32_t, most_slots> heads{};
  for (std::uint8_t s = 0; s < classes_.slots; ++s) {
    if ((eligible >> s & 1) != 0) heads[s] = queue(i, s).ring.front().wire_bytes;
  }
  return choose_slot(classes_, eligible, details_[i].deficits, heads);
}

// The ingress of the frame that has just left is paused, or has credits.
void Switch::tell(Worker& worker, std::size_t i, Time now) {
  const EgressPort& port = ports_[i];
  if (buffer_.ingress(ingress_index(port.serving_in_port, port.serving_slot)).xoff)
    return resume(worker, port.serving_in_port, port.serving_slot, now);
  const std::uint32_t came = came_with(port.serving_in_port, i, port.serving_bytes);
  free_credits(worker, port.serving_in_port, {port.serving_slot, came}, now);
}

// A frame has just left whose ingress is paused: it may go on if it holds little enough.
void Switch::resume(Worker& worker, std::uint16_t in_port, std::uint8_t slot, Time now) {
  const std::size_t from = ingress_index(in_port, slot);
  Ingress& ingress = buffer_.ingress(from);
  if (!buffer_.may_resume(ingress)) return;
  ingress.xoff = ingress.watched = false;
  --xoff_count_;
  refresh_at_[from] = Time::never();
  send_pause(worker, in_port, slot, 0, now);
}

void Switch::xoff(Worker& worker, std::uint16_t in_port, std::uint8_t slot, Time now) {
  if (!ports_[in_port].has(EgressPort::up) || silent_[in_port] != 0) return;  // nobody there to hear it, or to be told
  const std::size_t i = ingress_index(in_port, slot);
  buffer_.ingress(i).xoff = buffer_.ingress(i).watched = true;
  ++xoff_count_;
  ++details_[in_port].counters.pauses_sent;
  go_exact(now);
  send_pause(worker, in_port, slot, pause_quanta_, now);
  arm_refresh(i, now);
}

void Switch::arm_refresh(std::size_t ingress, Time now) {
  const Duration half = details_[ingress / classes_.slots].quantum * (pause_quanta_ / 2);
  refresh_at_[ingress] = now + half;
  stand_refresh(ingress);
}

// One event an ingress at most: pauses come and go far more often than they last until their refresh.
void Switch::stand_refresh(std::size_t ingress) {
  if (refresh_armed_[ingress] < Time::never()) return;
  refresh_armed_[ingress] = refresh_at_[ingress];
  arm({refresh_at_[ingress], EventKind::timer, static_cast<std::uint8_t>(What::refresh), static_cast<std::uint32_t>(ingress), 0});
}

// The link is gone and with it whatever its far end had been told.
void Switch::forget_pauses(std::size_t port) {
  details_[port].pause_pending = 0;
  ports_[port].flags = static_cast<std::uint8_t>(ports_[port].flags & ~EgressPort::control_pending);
  for (std::uint8_t slot = 0; slot < classes_.slots; ++slot) {
    Ingress& ingress = buffer_.ingress(ingress_index(port, slot));
    refresh_at_[ingress_index(port, slot)] = Time::never();
    if (!ingress.xoff) continue;
    ingress.xoff = ingress.watched = false;
    --xoff_count_;
  }
}

// The event's argument is the change's number in the FaultPlan and one; 0: it has none.
void Switch::link_changed(Worker& worker, const LocalEvent& event) {
  if (event.what == static_cast<std::uint8_t>(LocalWhat::link_down)) forget_pauses(event.id);
  if (faults_ != nullptr && event.argument != 0)
    faults_->found(worker, static_cast<std::uint32_t>(event.argument - 1), Instant::before_services(event.at));
}

void Switch::on_local(Worker& worker, const LocalEvent& event) {
  if (event.what <= static_cast<std::uint8_t>(LocalWhat::link_up)) return link_changed(worker, event);
  if (event.what == static_cast<std::uint8_t>(What::routes)) return adopt_routes(worker, event.id, Instant::before_services(event.at));
  if (event.what >= static_cast<std::uint8_t>(What::fault_block)) return faults_->on_event(worker, event);
  if (event.what >= static_cast<std::uint8_t>(What::gse_desk)) return gse_->on_timer(worker, event);
  if (event.what != static_cast<std::uint8_t>(What::refresh)) return;
  refresh_armed_[event.id] = Time::never();
  if (refresh_at_[event.id] == Time::never()) return;
  if (refresh_at_[event.id] > event.at) return stand_refresh(event.id);
  const std::size_t port = event.id / classes_.slots;
  ++details_[port].counters.pause_refreshes;
  send_pause(worker, port, static_cast<std::uint8_t>(event.id % classes_.slots), pause_quanta_, event.at);
  arm_refresh(event.id, event.at);
}

// A notice may have come before the routing protocol, and for a later change. Ports that die together are seen one after the other,
// so the same version may find more to route again.
void Switch::adopt_routes(Worker& worker, std::uint32_t version, Instant at) {
  if (version < version_) return;
  if (version > version_) use_routes(version);
  if (gse_ != nullptr) gse_->routes_changed(version_);
  if (reroute_queued_) reroute(worker, at);
}

// A fault notice is for the link's far end alone.
bool Switch::is_fault_notice(const Record& record) {
  return record.kind() == RecordKind::pause && record.has(Record::fabric_message) && GseMessage::what_of(record) == GseMessage::What::fault;
}

// What waits at ports that are down goes where the new routes lead; it is charged already.
void Switch::reroute(Worker& worker, Instant at) {
  for (std::size_t i = 0; i < ports_.size(); ++i) {
    EgressPort& port = ports_[i];
    if (port.has(EgressPort::up) || port.queued_mask == 0) continue;
    for (std::uint8_t slot = 0; slot < classes_.slots; ++slot) {
      ClassQueue& from = queue(i, slot);
      while (!from.ring.empty()) {
        const Record record = from.ring.front();
        if (is_fault_notice(record)) {
          buffer_.release(buffer_.ingress(ingress_index(record.in_port, record.slot)), record.wire_bytes);
          from.ring.pop(worker.blocks);
          from.bytes -= record.wire_bytes;
          continue;
        }
        const auto group = row_.ports(NodeId{record.dst});
        const std::size_t out = group.empty() ? i : choose_port(worker, group, record, at.now);
        if (out == i) break;  // still the only way: wait for the link
        from.ring.pop(worker.blocks);
        from.bytes -= record.wire_bytes;
        if (lazy()) catch_up(worker, out, at.now, at.starts_before);
        forward(worker, out, record, at.now);
      }
      if (from.ring.empty()) port.queued_mask = static_cast<std::uint8_t>(port.queued_mask & ~(1U << slot));
    }
  }
}

template class PortedNode<Switch>;

}  // namespace weft
