// Host, what concerns engines: opening, timers, completion, triggers, closing. See host.hh.
#pragma once

#include "sim/host.hh"

namespace weft {

template <class Transport>
void Host<Transport>::set_timed_flows(std::vector<std::uint32_t> flows) {
  timed_ = std::move(flows);
  if (!timed_.empty()) Base::arm({next_timed_start(), EventKind::timer, static_cast<std::uint8_t>(What::flow_start), 0, 0});
}

template <class Transport>
std::uint16_t Host<Transport>::pick_port(std::uint32_t peer, std::uint32_t hash) const {
  if (Base::ports_.size() == 1) return 0;
  const auto group = routes_->ports(NodeId{Base::index()}, NodeId{peer});
  return group.empty() ? 0 : group[hash % group.size()];
}

// The engine of an end; a target's is made when its first packet comes, and again when a duplicate comes after it is over.
template <class Transport>
typename Host<Transport>::Slot* Host<Transport>::find(std::uint32_t end, Time now) {
  constexpr std::size_t few = 4;  // are at hand, the table of all ends is not
  if (live_.size() <= few) {
    for (const LiveEngine& live : live_) {
      if (live.end == end) return live.slot;
    }
  }
  if (const std::uint32_t index = table_.slots[end]; index != no_slot) return &(*pool_)[index];
  if (end % 2 == 0) return nullptr;  // the initiator has its completion: nothing can matter to it
  return &open(end, now, table_.ends[end].closed);
}

template <class Transport>
typename Host<Transport>::Slot& Host<Transport>::open(std::uint32_t end, Time, bool finished) {
  const FlowSpec& flow = table_.flows[end / 2];
  const bool initiator = end % 2 == 0;
  const std::uint32_t peer = initiator ? flow.dst.v : flow.src.v;
  const std::uint32_t hash = tuple_hash(
      Base::index(), peer, Transport::per_packet_paths ? std::uint16_t{0} : source_port(seed_, addressing_end(table_.flows, end)));
  const std::uint16_t port = pick_port(peer, hash);
  const auto config = transport_.config(flow, end, {lines_[port].line, table_.stays_inside(end / 2)}, finished);
  const std::uint32_t index = pool_->take([&] { return transport_.make(config); }, [&](Engine& engine) { engine.reset(config); });
  pool_->count_opening(initiator);
  Slot& slot = (*pool_)[index];
  slot.armed = slot.armed_later = Time::never();
  slot.end = end;
  slot.peer = peer;
  slot.hash = hash;
  slot.completions = 0;
  slot.port = port;
  slot.queued = 0;
  slot.over = finished;
  slot.traced = trace_ != nullptr && table_.traced[end / 2] != 0;
  slot.packets_until_sent = flow.by_task && initiator ? transport_.data_packets(flow) : 0;
  slot.watched = slot.traced || slot.packets_until_sent != 0;
  slot.sending = !finished && sends_data(slot);
  sending_ += slot.sending ? 1 : 0;
  table_.slots[end] = index;
  table_.ends[end].opened = true;
  slot.live = static_cast<std::uint32_t>(live_.size());
  live_.push_back({&slot, sends_data(slot) ? Transport::lines.sending : Transport::lines.receiving, end});
  if (!finished) transport_.begin(slot, flow, initiator);
  return slot;
}

template <class Transport>
void Host<Transport>::start_flow(Worker& worker, std::uint32_t flow, Time now) {
  EndState& state = table_.ends[initiator_of(flow)];
  CHECK(!state.opened, "flow", flow, "time", now.ps);
  Slot& slot = open(initiator_of(flow), now, false);
  state.began = now;
  after_engine(worker, slot, now);
}

template <class Transport>
void Host<Transport>::start_timed(Worker& worker, Time now) {
  while (next_timed_start() <= now) start_flow(worker, timed_[next_timed_++], now);
  if (next_timed_ < timed_.size()) Base::arm({next_timed_start(), EventKind::timer, static_cast<std::uint8_t>(What::flow_start), 0, 0});
}

template <class Transport>
void Host<Transport>::on_local(Worker& worker, const LocalEvent& event) {
  if (event.kind == EventKind::link_change) {
    if (event.what == static_cast<std::uint8_t>(What::routes)) {
      routes_ = versions_[event.id];
      move_engines();
      for (std::size_t i = 0; i < Base::ports_.size(); ++i) { Base::kick(worker, i, event.at); }
    }
    return;
  }
  switch (static_cast<What>(event.what)) {
    case What::flow_start: return start_timed(worker, event.at);
    case What::activation:
      return triggers_.activate(event.id, Base::index(), table_.flows, [&](std::uint32_t flow) { start_flow(worker, flow, event.at); });
    case What::credit: return give_credit(worker, event.id, event.at);
    case What::task_begin:
    case What::task_ended:
    case What::task_start:
    case What::task_sent: return on_task(worker, event);
    default: break;
  }
  const std::uint32_t index = table_.slots[event.id];
  if (index == no_slot || (*pool_)[index].armed != event.at) return;  // over, or woken earlier since
  Slot& slot = (*pool_)[index];
  slot.armed = slot.armed_later;
  slot.armed_later = Time::never();
  slot.engine.advance(event.at);
  after_engine(worker, slot, event.at);
}

template <class Transport>
void Host<Transport>::make_ready(Slot& slot, const Outlook& outlook) {
  auto missing = static_cast<unsigned>(outlook.ready & ~slot.queued);
  for (; missing != 0; missing &= missing - 1) stand_in_line(slot, slot.port, static_cast<Lane>(std::countr_zero(missing)));
}

template <class Transport>
void Host<Transport>::stand_in_line(Slot& slot, std::size_t i, Lane lane) {
  const auto bit = static_cast<std::uint8_t>(1U << static_cast<unsigned>(lane));
  slot.queued |= bit;
  lanes_[i].ready |= bit;
  lanes_[i].ring(lane).push(&slot);
  Base::ports_[i].queued_mask |= static_cast<std::uint8_t>(1U << slot_of(lane));
  Base::mark_active(i);
}

template <class Transport>
void Host<Transport>::arm_engine(Slot& slot, Time deadline) {
  if (deadline >= slot.armed) return;  // waking early is harmless, and then this is asked again
  slot.armed_later = slot.armed;
  slot.armed = deadline;
  Base::arm({deadline, EventKind::timer, static_cast<std::uint8_t>(What::engine), slot.end, 0});
}

template <class Transport>
void Host<Transport>::after_engine(Worker& worker, Slot& slot, Time now) {
  const std::uint16_t port = slot.port;
  if (is_initiator(slot) || slot.engine.delivered_messages() >= slot.expected) harvest(worker, slot, now);
  if constexpr (Transport::receiver_credit) {
    if (slot.desk != CreditDesk::none || slot.engine.credit_wish() != congestion::CreditWish::none) ask_for_credit(slot, now);
  }
  const Outlook outlook = outlook_of(slot.engine, now);
  make_ready(slot, outlook);
  arm_engine(slot, outlook.deadline);
  close_if_over(slot, outlook);
  Base::kick(worker, port, now);
}

template <class Transport>
void Host<Transport>::harvest(Worker& worker, Slot& slot, Time now) {
  if (!is_initiator(slot)) {
    if (slot.over) return;
    const FlowSpec& flow = table_.flows[slot.end / 2];
    if (flow.operation == Operation::read) return;
    slot.over = true;
    table_.ends[slot.end].done = now;
    activate(worker, flow.on_received, slot.end, now);
    message_ended(flow, now);
    return;
  }
  typename Transport::Completion completion;
  while (slot.engine.poll(completion)) {
    if (completion.status != Transport::success) {
      if (!slot.over) finish_initiator(worker, slot, true, Transport::status_text(completion.status), now);
    } else if (++slot.completions == slot.expected) {
      finish_initiator(worker, slot, false, {}, now);
    }
  }
}

template <class Transport>
void Host<Transport>::finish_initiator(Worker& worker, Slot& slot, bool failed, std::string_view error, Time now) {
  EndState& state = table_.ends[slot.end];
  const FlowSpec& flow = table_.flows[slot.end / 2];
  slot.over = true;
  stop_sending(slot);
  state.done = now;
  state.failed = failed;
  state.error = error;
  ++finished_;
  if (failed) return;
  activate(worker, flow.on_sent, slot.end, now);
  message_ended(flow, now);
  if (flow.operation == Operation::read) activate(worker, flow.on_received, slot.end, now);
}

template <class Transport>
void Host<Transport>::activate(Worker& worker, TriggerId trigger, std::uint32_t cause, Time now) {
  if (!trigger.valid()) return;
  if (triggers_.local(trigger.v)) {
    // At the same instant, but after everything else that is due then: a timer of this host.
    Base::arm({now, EventKind::timer, static_cast<std::uint8_t>(What::activation), trigger.v, cause});
    return;
  }
  for (const TriggerTable::Replica& replica : triggers_.replicas(trigger.v)) {
    worker.notify(replica.host,
                  {now + triggers_.latency(), EventKind::timer, static_cast<std::uint8_t>(What::activation), trigger.v, cause});
  }
}

// ---- the end of an engine -------------------------------------------------------------------------------------------
template <class Transport>
void Host<Transport>::close_if_over(Slot& slot, const Outlook& outlook) {
  if (slot.queued == 0 && slot.over && !outlook.has(Lane::notify) && !outlook.has(Lane::respond)) close(slot);
}

template <class Transport>
void Host<Transport>::record(Slot& slot) {
  EndState& state = table_.ends[slot.end];
  state.digest = mix64(state.digest ^ slot.engine.digest());
  Transport::add_counters(slot.engine, state);
}

template <class Transport>
void Host<Transport>::close(Slot& slot) {
  record(slot);
  stop_sending(slot);
  leave_desk(slot);
  EndState& state = table_.ends[slot.end];
  const std::uint32_t index = table_.slots[slot.end];
  live_[slot.live] = live_.back();
  live_.back().slot->live = slot.live;
  live_.pop_back();
  table_.slots[slot.end] = no_slot;
  state.closed = true;
  pool_->give_back(index);
}

template <class Transport>
void Host<Transport>::record_live() {
  for (const LiveEngine& live : live_) record(*live.slot);
}

template <class Transport>
void Host<Transport>::for_each_waiting(const std::function<void(std::uint32_t, std::uint64_t)>& visit) const {
  for (const LiveEngine& live : live_) {
    const Slot& slot = *live.slot;
    if (is_initiator(slot) && table_.ends[slot.end].done == Time::never()) visit(slot.end / 2, slot.engine.packets_in_flight());
  }
}

// New routes: engines whose port no longer leads to their peer take one that does.
template <class Transport>
void Host<Transport>::move_engines() {
  if (Base::ports_.size() == 1) return;
  std::vector<Slot*> by_end;
  for (const LiveEngine& live : live_) by_end.push_back(live.slot);
  std::sort(by_end.begin(), by_end.end(), [](const Slot* a, const Slot* b) { return a->end < b->end; });
  for (Slot* const moved : by_end) {
    Slot& slot = *moved;
    const std::uint16_t port = pick_port(slot.peer, slot.hash);
    if (port == slot.port) continue;
    leave_desk(slot);
    slot.port = port;
    for (const Lane lane : {Lane::notify, Lane::respond, Lane::data}) {
      if ((slot.queued >> static_cast<unsigned>(lane) & 1) != 0) stand_in_line(slot, port, lane);
    }
  }
}

}  // namespace weft
