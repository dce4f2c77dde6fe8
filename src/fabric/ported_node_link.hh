// PortedNode, what concerns link layers: frames under link-level retry, ordered sets, replays. Only ports with a LinkLayer come
// here. See ported_node.hh, link_layer.hh.
#pragma once

#include "fabric/link_envelope.hh"
#include "fabric/ported_node.hh"

namespace weft {

// What a port with a link layer may send now.
template <class Self>
void PortedNode<Self>::update_layer(std::size_t i) {
  EgressPort& port = ports_[i];
  PortDetail& detail = details_[i];
  LinkLayer& layer = *detail.layer;
  const bool closed = layer.closed();
  port.paused_mask = static_cast<std::uint8_t>(closed ? 0xff : detail.pfc_paused | layer.credit_blocked);
  if (layer.tx.replaying() || ((detail.pause_pending != 0 || layer.credit_update_due) && !closed)) {
    port.flags |= EgressPort::control_pending;
    mark_active(i);
  } else {
    port.flags = static_cast<std::uint8_t>(port.flags & ~EgressPort::control_pending);
  }
  if (layer.tx.deadline() < layer.timer_armed) {
    layer.timer_armed = layer.tx.deadline();
    local_.push({layer.timer_armed, EventKind::timer, static_cast<std::uint8_t>(LocalWhat::link_timer), static_cast<std::uint32_t>(i), 0});
  }
}

// A frame that has just been put on the wire of a port with a link layer.
template <class Self>
void PortedNode<Self>::send_in_layer(Worker& worker, std::size_t i, const Record& record, Time start, Time arrival) {
  EgressPort& port = ports_[i];
  PortDetail& detail = details_[i];
  LinkLayer& layer = *detail.layer;
  layer.frame_start = start;
  if (port.has(EgressPort::tapped)) tap_->started(worker, port.link, record, start);
  const bool down = port.has(EgressPort::scheduled) && meets_down(detail, start, port.free_at + detail.link_delay);
  const Damage damage = port.has(EgressPort::lossy) ? detail.damage(record.wire_bytes) : Damage::none;
  if (down) detail.lost_to_down(record, start);
  if (damage == Damage::bits) ++detail.counters.corrupted;
  const bool credited = layer.cbfc && record.kind() != RecordKind::pause && (layer.channels >> record.slot & 1) != 0;
  if (credited && !layer.tx.replaying()) spend_credits(i, record, start);
  if (layer.llr_out && layer.tx.protects()) {
    send_numbered(worker, i, record, arrival, {down, damage != Damage::none, credited});
  } else if (layer.unprotected() == LlrFrameAction::discard) {
    ++layer.counters.drops_init;
    detail.counters.lost_bytes += record.wire_bytes;
    if (record.has_header()) worker.headers.release(record.handle);
  } else if (down || damage != Damage::none) {
    lose(worker, i, record, down ? PortLoss::down : damage == Damage::bits ? PortLoss::bits : PortLoss::loss);
  } else {
    Record sent = record;
    if (credited) envelope::close(sent, envelope::credited);
    worker.deliver(port.link, port.peer_owner, sent, arrival);
  }
  update_layer(i);
}

// Under LLR: the port keeps the frame, a copy of it goes. A damaged one goes too: the receiver must see it.
template <class Self>
void PortedNode<Self>::send_numbered(Worker& worker, std::size_t i, const Record& record, Time arrival, Fate fate) {
  EgressPort& port = ports_[i];
  LinkLayer& layer = *details_[i].layer;
  std::uint32_t number = 0;
  if (layer.tx.replaying()) {
    number = layer.tx.number_again();
    ++layer.counters.replayed_frames;
  } else {
    layer.kept.push(record, worker.blocks);
    number = layer.tx.number(layer.frame_start, {record.wire_bytes});
  }
  if (fate.down || fate.damaged) port.hash ^= 1;
  if (fate.down) return;
  Record sent = record;
  if (sent.has_header() && !fate.damaged) {
    sent.handle = worker.headers.take();
    worker.headers[sent.handle] = worker.headers[record.handle];
  }
  envelope::close(sent, static_cast<std::uint8_t>(envelope::numbered | (fate.damaged ? envelope::damaged : 0U) |
                                                  (fate.credited ? envelope::credited : 0U)));
  envelope::write_number(sent, number);
  worker.deliver(port.link, port.peer_owner, sent, arrival);
}

// A record that its kind sends to the port: a PFC frame, or anything in an envelope.
template <class Self>
void PortedNode<Self>::receive_control(Worker& worker, const Record& record, Time now) {
  if (!envelope::closed(record)) return receive_pause(record, now);
  const std::size_t i = record.in_port;
  LinkLayer& layer = *details_[i].layer;
  if ((record.slot & envelope::numbered) != 0) {
    const bool good = layer.rx.receive(envelope::number_of(record), (record.slot & envelope::damaged) != 0);
    answer(worker, i, now, Time{now.ps + 1});
    if (!good) {
      ++layer.counters.discards;
      if (record.has_header()) worker.headers.release(record.handle);
      return;
    }
  }
  const Record inside = envelope::opened(record);
  if (envelope::is_credit_update(inside)) return receive_credit_update(worker, i, inside, now);
  if (inside.kind() == RecordKind::pause && !inside.has(Record::fabric_message)) return receive_pause(inside, now);
  if ((record.slot & envelope::credited) != 0) {
    layer.freed[inside.slot].buffered(layer.cost.of(inside.wire_bytes));
    if constexpr (!Self::keeps_arrivals) free_credits(worker, i, {inside.slot, inside.wire_bytes}, now);
  }
  self().arrive(worker, inside, now, no_hint);
}

// Sends the ordered set that is due as soon as it may go; frames that start before `starts_before` come first.
template <class Self>
void PortedNode<Self>::answer(Worker& worker, std::size_t i, Time now, Time starts_before) {
  LinkLayer& layer = *details_[i].layer;
  EgressPort& port = ports_[i];
  if (!layer.has_set() || !port.has(EgressPort::up)) return;
  if (lazy()) catch_up(worker, i, now, starts_before);
  if (layer.earliest(now, port.free_at) <= now) send_set(worker, i, layer.take_set(now), now);
  if (!layer.has_set()) return;
  const Time at = layer.earliest(now, port.free_at);
  if (layer.set_armed <= at) return;
  layer.set_armed = at;
  local_.push({at, EventKind::control, static_cast<std::uint8_t>(LocalWhat::set_due), static_cast<std::uint32_t>(i), 0});
}

template <class Self>
void PortedNode<Self>::send_set(Worker& worker, std::size_t i, const wire::ControlOrderedSet& set, Time now) {
  EgressPort& port = ports_[i];
  PortDetail& detail = details_[i];
  LinkLayer& layer = *detail.layer;
  const Duration took = port.clock.next(control_set_bytes);
  const Time left = now + took;
  port.free_at = std::max(port.free_at, now) + took;
  mark_active(i);
  if (mode_ == Mode::exact && port.free_at < window_end_) push_port(i);
  layer.set_sent = now;
  if (layer.repeats != 0 && set.type == wire::ControlSet::credits_freed) arm_repeat(i);
  ++layer.counters.sets;
  if (port.has(EgressPort::tapped)) tap_->ordered_set(worker, port.link, set);
  const bool down = port.has(EgressPort::scheduled) && meets_down(detail, now, left + detail.link_delay);
  const bool hit = port.has(EgressPort::lossy) && detail.damages_set();
  if (down || hit) {
    ++layer.counters.sets_lost;
    return;
  }
  const auto argument = std::uint64_t{set.number} << 16 | std::uint64_t{set.channel} << 8 | static_cast<std::uint64_t>(set.type);
  worker.notify(layer.peer_node,
                {left + port.flight, EventKind::control, static_cast<std::uint8_t>(LocalWhat::set_arrives), layer.peer_port, argument});
}

template <class Self>
Bytes PortedNode<Self>::let_go(Worker& worker, std::size_t i, std::uint32_t frames) {
  LinkLayer& layer = *details_[i].layer;
  Bytes freed{};
  for (; frames > 0; --frames) {
    const Record& record = layer.kept.front();
    freed += Bytes{record.wire_bytes};
    if (record.has_header()) worker.headers.release(record.handle);
    layer.kept.pop(worker.blocks);
  }
  return freed;
}

// Gives up what waits for an acknowledgement; LLR is then in `next`.
template <class Self>
void PortedNode<Self>::flush_layer(Worker& worker, std::size_t i, LlrTxState next) {
  LinkLayer& layer = *details_[i].layer;
  const std::uint32_t frames = layer.tx.flush(next);
  layer.counters.flushed_frames += frames;
  ++layer.counters.flushes;
  static_cast<void>(let_go(worker, i, frames));
}

template <class Self>
void PortedNode<Self>::receive_set(Worker& worker, const LocalEvent& event) {
  const std::size_t i = event.id;
  LinkLayer& layer = *details_[i].layer;
  const auto number = static_cast<std::uint32_t>(event.argument >> 16);
  if (lazy()) catch_up(worker, i, event.at, event.at);
  switch (static_cast<wire::ControlSet>(event.argument & 0xff)) {
    case wire::ControlSet::ack: layer.tx.freed(let_go(worker, i, layer.tx.acknowledge(event.at, number))); break;
    case wire::ControlSet::nack:
      layer.tx.freed(let_go(worker, i, layer.tx.acknowledge(event.at, number)));
      ++layer.counters.nacks;
      if (layer.tx.refuse(event.at, number)) begin_replay(i);
      break;
    case wire::ControlSet::init:
      layer.rx.begin();
      layer.echo_due = true;
      if (layer.llr_out && (layer.tx.state() == LlrTxState::off || layer.tx.state() == LlrTxState::flush)) initialise(i, event.at);
      answer(worker, i, event.at, event.at);
      break;
    case wire::ControlSet::init_echo: layer.tx.echoed(); break;
    case wire::ControlSet::credits_freed:
      layer.credits[event.argument >> 8 & 3].update(number);
      update_credits(i, event.at);
      break;
  }
  update_layer(i);
  kick(worker, i, event.at);
}

template <class Self>
void PortedNode<Self>::begin_replay(std::size_t i) {
  LinkLayer& layer = *details_[i].layer;
  layer.kept.rewind();
  ++layer.counters.replays;
}

template <class Self>
void PortedNode<Self>::initialise(std::size_t i, Time now) {
  LinkLayer& layer = *details_[i].layer;
  layer.tx.initialise(now);
  layer.init_due = true;
}

template <class Self>
void PortedNode<Self>::link_timer(Worker& worker, const LocalEvent& event) {
  const std::size_t i = event.id;
  LinkLayer& layer = *details_[i].layer;
  if (layer.timer_armed != event.at) return;  // an earlier one stands
  layer.timer_armed = Time::never();
  if (lazy()) catch_up(worker, i, event.at);
  switch (layer.tx.expire(event.at)) {
    case LlrTimeout::none: break;
    case LlrTimeout::init:
      layer.init_due = true;
      answer(worker, i, event.at, Time{event.at.ps + 1});
      break;
    case LlrTimeout::replay:
      ++layer.counters.timeouts;
      begin_replay(i);
      break;
    case LlrTimeout::flush:
      flush_layer(worker, i, LlrTxState::flush);
      if (layer.tx.limits().re_init_on_flush) initialise(i, event.at);
      answer(worker, i, event.at, Time{event.at.ps + 1});
      break;
  }
  update_layer(i);
  kick(worker, i, event.at);
}

template <class Self>
void PortedNode<Self>::set_due(Worker& worker, const LocalEvent& event) {
  LinkLayer& layer = *details_[event.id].layer;
  if (layer.set_armed == event.at) layer.set_armed = Time::never();
  answer(worker, event.id, event.at, event.at);
}

// The port's own direction of the link went down, or came up again: both ends know.
template <class Self>
void PortedNode<Self>::change_layer(Worker& worker, std::size_t i, bool up, Time now) {
  LinkLayer& layer = *details_[i].layer;
  if (layer.llr_out && !up) flush_layer(worker, i, LlrTxState::off);
  if (up) {
    ports_[i].free_at = std::max(ports_[i].free_at, now);  // what waits was not eligible before: nothing is caught up
    if (layer.llr_out) initialise(i, now);
    answer(worker, i, now, now);
  }
  update_layer(i);
}

}  // namespace weft
