// Switch::Gse, the ingress: queues, containers, requests. See switch_gse.hh.
#include "fabric/switch_gse.hh"

#include <algorithm>

#include "base/check.hh"
#include "core/prefetch.hh"
#include "fabric/switch_forward.hh"
#include "fabric/switch_gse_ahead.hh"
#include "wire/gse_frame.hh"

namespace weft {

namespace {
constexpr auto header_bytes = static_cast<std::uint16_t>(wire::gse_overhead.v);
}

Switch::Gse::Gse(Switch& node, const SwitchParameters& p)
    : node_(node),
      plan_(*p.gse),
      number_(plan_.gsp_of_node[node.index()]),
      sweep_(std::min({plan_.request_repeat, plan_.hole_timeout, plan_.idle}) / 2),
      random_(mix64(node.seed_)),
      uplinks_by_version_(p.uplinks),
      exit_of_port_(p.exit_of_port),
      ways_out_(p.ways_out),
      nearest_ways_out_(p.nearest_ways_out),
      queue_index_(plan_.exits.size() * node.classes_.slots),
      stream_index_(plan_.host_of_gsp.size() * node.port_count() * node.classes_.slots),
      held_bytes_(node.port_count() * node.classes_.slots),
      desk_armed_(held_bytes_.size(), Time::never()) {
  routes_changed(0);
  CHECK(number_ != GsePlan::nowhere && exit_of_port_.size() == node.port_count(), "node", node.index());
}

void Switch::Gse::arrive(Worker& worker, const Record& record, Time now, std::uint16_t hint) {
  if (is_exit(record.in_port))
    from_host(worker, record, now, hint);
  else
    from_fabric(worker, record, now, hint);
}

void Switch::Gse::from_host(Worker& worker, const Record& record, Time now, std::uint16_t hint) {
  Parcel packet(record);
  std::uint32_t exit = plan_.exit_of_host[record.dst];
  bool stays = plan_.exits[exit].gsp == number_;
  if (plan_.joined) [[unlikely]] {
    exit = exit_of_pod(record);
    if (exit == GsePlan::no_exit) return node_.drop_without_route(worker, record, now);
    stays = plan_.exits[exit].gsp == number_;
    if (!stays) packet.dst = destination_of(record, exit);
  }
  if (!stays) packet.wire_bytes = static_cast<std::uint16_t>(packet.wire_bytes + header_bytes);
  const auto group = node_.row_.ports(NodeId{packet.dst});
  if (group.empty()) return node_.drop_without_route(worker, record, now);
  Ingress& ingress = node_.buffer_.ingress(node_.ingress_index(packet.in_port, packet.slot));
  if (!node_.admit(worker, ingress, group[0], packet, now)) {
    node_.free_credits(worker, record.in_port, {record.slot, record.wire_bytes}, now);
    return node_.drop(worker, group[0], packet.record());
  }
  if (node_.classes_.lossless(packet.slot) && !ingress.xoff && (ingress.headroom > 0 || node_.buffer_.over_threshold(ingress)))
    node_.watch_threshold(worker, ingress, record, now);
  Queue& queue = is_number(hint) ? queues_[hint - first_number] : queue_to(exit, packet.slot);
  if (!queue.live) wake(queue, now);
  mark(packet, queue);
  queue.credit.enqueue({record.wire_bytes});
  queue.used = now;
  if (queue.ring.empty() && queue.credit.may_send()) {
    send(worker, queue, packet, now);
  } else {
    write_out(packet, queue.ring.push(worker.blocks));
    if (queue.waiting[packet.in_port]++ == 0) ++queue.senders;
    waiting_ += packet.wire_bytes;
    counters_.most_waiting_bytes = std::max(counters_.most_waiting_bytes, waiting_);
  }
  if (queue.credit.request_due(plan_.request_step)) ask(worker, queue, now);
}

Switch::Gse::Queue& Switch::Gse::queue_to(std::uint32_t exit, std::uint8_t slot) {
  std::uint32_t& index = queue_index_.at(std::size_t{exit} * node_.classes_.slots + slot);
  if (index == none) {
    index = static_cast<std::uint32_t>(queues_.size());
    Queue& fresh = queues_.emplace_back();
    fresh.exit = exit;
    fresh.slot = slot;
    fresh.local = plan_.exits[exit].gsp == number_;
    fresh.waiting.resize(node_.port_count());
  }
  return queues_[index];
}

void Switch::Gse::wake(Queue& queue, Time now) {
  queue.live = queue.opening = true;
  queue.credit.open(plan_.initial_credit);
  queue.asked = now;
  live_.push_back(static_cast<std::uint32_t>(&queue - queues_.data()));
  ++counters_.queues_made;
  counters_.most_queues = std::max<std::uint64_t>(counters_.most_queues, live_.size());
  arm_sweep(now);
}

// A queue that grows tells its senders, by the thresholds of their own link.
void Switch::Gse::mark(Parcel& packet, const Queue& queue) {
  if ((packet.bits & (Record::ect | Record::ce)) != Record::ect || !(node_.mark_at_enqueue_ || node_.mark_at_dequeue_)) return;
  if (!node_.ports_[packet.in_port].marker.marks(static_cast<std::uint64_t>(queue.credit.backlog().v), random_)) return;
  packet.bits |= Record::ce;
  ++node_.details_[packet.in_port].counters.ecn_marks;
}

void Switch::Gse::drain(Worker& worker, Queue& queue, Time now) {
  constexpr std::uint16_t ahead = 8;
  prefetch(queue.ring.front_address(), ahead / 2);
  while (!queue.ring.empty() && queue.credit.may_send()) {
    Parcel packet(queue.ring.front());
    __builtin_prefetch(queue.ring.address_ahead(ahead));
    if (--queue.waiting[packet.in_port] == 0) --queue.senders;
    waiting_ -= packet.wire_bytes;
    queue.used = now;
    send(worker, queue, packet, now);
    queue.ring.pop(worker.blocks);
  }
}

void Switch::Gse::send(Worker& worker, Queue& queue, Parcel& packet, Time now) {
  if (queue.local) {
    queue.credit.send({packet.wire_bytes});
    const std::size_t out = plan_.exits[queue.exit].port;
    count_in(stream_of(number_, out, queue.slot), {packet.wire_bytes}, now);
    return put_out(worker, out, packet, now);
  }
  const Bytes size{packet.wire_bytes - header_bytes};
  queue.credit.send(size);
  const auto group = node_.row_.ports(NodeId{packet.dst});
  if (group.empty() || (plan_.joined && is_exit(group[0]))) {  // since it came
    ++node_.drops_no_route_;
    return refuse(worker, packet.record(), packet.wire_bytes - header_bytes, now);
  }
  if (queue.filler.open() && !node_.ports_[queue.uplink].has(EgressPort::up)) queue.filler.abandon();
  const gse::Placed placed = queue.filler.place(size, plan_.container);
  if (placed.first) {
    ++counters_.containers;
    queue.uplink = choose_uplink(worker, group, placed.container + queue.exit, now);
    queue.uplink_soon = group[(placed.container + queue.exit + 1) % group.size()];
    fetch_port_itself(queue.uplink_soon, queue.slot);
  } else if (placed.index == 1) {
    node_.fetch_port(worker, queue.uplink_soon);
  }
  if (plan_.joined && plan_.ends[packet.flow].initiator == GsePlan::nowhere) worker.headers.note(packet.came.handle, number_);
  if (node_.tap_ != nullptr) worker.headers.note(packet.came.handle, placed.offset, HeaderPool::Note::second);  // for captures
  packet.hash = placed.container << 8 | placed.index;
  if (placed.last) packet.bits |= Record::container_end;
  put_out(worker, queue.uplink, packet, now);
}

std::uint16_t Switch::Gse::choose_uplink(Worker& worker, std::span<const std::uint16_t> group, std::uint32_t turn, Time now) {
  const std::size_t ports = group.size();
  if (plan_.spray == ContainerSpray::random) turn = static_cast<std::uint32_t>(random_.below(ports));
  std::size_t best = turn % ports;
  std::uint64_t least = ~std::uint64_t{0};
  for (std::size_t k = 0; k < ports; ++k) {
    const std::size_t i = (turn + k) % ports;
    if (!node_.ports_[group[i]].has(EgressPort::up)) continue;
    if (plan_.spray != ContainerSpray::least_queued) return group[i];
    if (node_.lazy()) node_.catch_up(worker, group[i], now);
    const std::uint64_t load = node_.queued_bytes(group[i]) + (node_.ports_[group[i]].free_at > now ? 1 : 0);
    if (load < least) least = load, best = i;
  }
  return group[best];
}

void Switch::Gse::ask(Worker& worker, Queue& queue, Time now) {
  queue.asked = now;
  GseMessage message;
  message.what = GseMessage::What::request;
  message.slot = queue.slot;
  message.source = number_;
  message.exit = queue.exit;
  message.total = queue.credit.ask();
  message.amount = static_cast<std::uint8_t>(std::min<unsigned>(queue.senders, 255));
  message.opens = queue.opening;
  queue.opening = false;
  message.seen = queue.credit.allowed_units();
  if (queue.local) return requested(worker, number_, message, now);
  ++counters_.requests;
  send_message(worker, message, plan_.exits[queue.exit].host, now);
}

// Requests without an answer are repeated; what is empty and idle is released.
void Switch::Gse::look_after_queues(Worker& worker, Time now) {
  std::size_t kept = 0;
  for (const std::uint32_t index : live_) {
    if (queues_[index].credit.lacks() && now - queues_[index].asked >= plan_.request_repeat) {
      ++counters_.requests_repeated;
      ask(worker, queues_[index], now);
    }
    Queue& queue = queues_[index];
    if (queue.ring.empty() && now - queue.used >= plan_.idle) {
      queue.live = false;
      queue.ring.vacate(worker.blocks);
      ++counters_.queues_released;
    } else {
      live_[kept++] = index;
    }
  }
  live_.resize(kept);
}

void Switch::Gse::message(Worker& worker, const Record& record, Time now) {
  const GseMessage message = GseMessage::of(record);
  if (message.what == GseMessage::What::request) return requested(worker, message.source, message, now);
  const std::uint32_t index = queue_index_.find(std::size_t{message.exit} * node_.classes_.slots + message.slot);
  if (index == none || !queues_[index].credit.granted(message.total)) return;
  drain(worker, queues_[index], now);
  if (queues_[index].credit.request_due(plan_.request_step)) ask(worker, queues_[index], now);
}

void Switch::Gse::for_each_ungranted(const std::function<void(std::uint32_t)>& visit) const {
  for (const std::uint32_t index : live_) {
    if (const Queue& queue = queues_[index]; !queue.ring.empty() && !queue.credit.may_send()) visit(queue.exit);
  }
}

void Switch::Gse::send_message(Worker& worker, const GseMessage& message, std::uint32_t host, Time now) {
  const auto group = node_.row_.ports(NodeId{host});
  if (group.empty()) {
    ++node_.drops_no_route_;
    return;
  }
  Record record = message.record();
  record.dst = host;
  node_.send_fabric_message(worker, choose_uplink(worker, group, messages_++, now), record, Instant::after_services(now));
}

// The packet, already charged, goes on the wire or into the port's queue.
void Switch::Gse::put_out(Worker& worker, std::size_t out, const Parcel& packet, Time now) {
  if (node_.lazy()) node_.catch_up(worker, out, now);
  node_.forward(worker, out, packet, now);
}

void Switch::Gse::on_timer(Worker& worker, const LocalEvent& event) {
  if (event.what == static_cast<std::uint8_t>(What::gse_desk)) {
    if (desk_armed_[event.id] == event.at) desk_armed_[event.id] = Time::never();
    return serve_desk(worker, event.id, event.at);
  }
  if (event.what == static_cast<std::uint8_t>(What::gse_uplinks)) return uplinks_free(worker, event.at);
  sweeping_ = false;
  look_after_queues(worker, event.at);
  look_after_streams(worker, event.at);
  if (!live_.empty() || !watched_.empty()) arm_sweep(event.at);
}

void Switch::Gse::arm_sweep(Time now) {
  if (sweeping_) return;
  sweeping_ = true;
  node_.arm({now + sweep_, EventKind::timer, static_cast<std::uint8_t>(What::gse_sweep), 0, 0});
}

}  // namespace weft
