// PortedNode, what concerns one port: starting frames, catching up, pause frames, links that go down. See ported_node.hh.
#pragma once

#include "fabric/ported_node.hh"

namespace weft {

template <class Self>
template <class Make>
inline void PortedNode<Self>::launch_made(Worker& worker, EgressPort& port, std::size_t i, Frame frame, Time start, Make&& make) {
  const Time end = start + port.clock.next({frame.wire_bytes});
  port.free_at = end;
  const Time arrival = end + port.flight;
  ++port.packets;
  port.bytes += frame.wire_bytes;
  const std::uint64_t departed = static_cast<std::uint64_t>(arrival.ps) * 0x9e3779b97f4a7c15ULL ^
                                 ((std::uint64_t{frame.flow} << 24) + (std::uint64_t{frame.bits} << 16) + frame.wire_bytes) ^ frame.dst;
  port.hash = (port.hash ^ departed) * 0xd6e8feb86659fd93ULL;
  port.hash ^= port.hash >> 31;
  if (mode_ == Mode::exact && end < window_end_) push_port(i);
  if ((port.flags & (EgressPort::lossy | EgressPort::scheduled | EgressPort::tapped | EgressPort::layered)) != 0) [[unlikely]] {
    Record record;
    make(record);
    if (port.has(EgressPort::layered)) return send_in_layer(worker, i, record, start, arrival);
    if (lost_on_its_way(worker, port, i, record, start)) return;
  }
  worker.deliver_made(port.link, port.peer_owner, arrival, make);
}

// Of ports that are tapped, lossy or go down: shows the frame, and says whether it is lost. The port is free again at its end.
template <class Self>
bool PortedNode<Self>::lost_on_its_way(Worker& worker, EgressPort& port, std::size_t i, const Record& record, Time start) {
  PortDetail& detail = details_[i];
  if (port.has(EgressPort::tapped)) { tap_->started(worker, port.link, record, start); }
  const bool down = port.has(EgressPort::scheduled) && meets_down(detail, start, port.free_at + detail.link_delay);
  const Damage damage = port.has(EgressPort::lossy) ? detail.damage(record.wire_bytes) : Damage::none;
  if (damage == Damage::bits) ++detail.counters.corrupted;
  if (!down && damage == Damage::none) return false;
  if (down) detail.lost_to_down(record, start);
  lose(worker, i, record, down ? PortLoss::down : damage == Damage::bits ? PortLoss::bits : PortLoss::loss);
  return true;
}

template <class Self>
void PortedNode<Self>::lose(Worker& worker, std::size_t i, const Record& record, PortLoss why) {
  PortCounters& counters = details_[i].counters;
  ++(why == PortLoss::down ? counters.drops_down : why == PortLoss::bits ? counters.drops_corrupted : counters.drops_loss);
  counters.lost_bytes += record.wire_bytes;
  ports_[i].hash ^= 1;
  if (record.has_header()) worker.headers.release(record.handle);
}

template <class Self>
void PortedNode<Self>::serve(Worker& worker, std::size_t i, Time upto, Time starts_before) {
  EgressPort& port = ports_[i];
  while (port.free_at <= upto) {
    const Time at = port.free_at;
    release(worker, i, at);
    if (at >= starts_before) return;
    if (!self().start_next_inline(worker, i, at)) return;
  }
}

template <class Self>
void PortedNode<Self>::kick(Worker& worker, std::size_t i, Time now) {
  EgressPort& port = ports_[i];
  // With a release still due at this instant, the port's own service follows it.
  if (port.free_at > now || port.serving_bytes != 0 || !port.backlogged()) return;
  port.free_at = now;
  self().start_next(worker, i, now);
}

template <class Self>
void PortedNode<Self>::settle_active(Worker& worker, Time now, Time starts_before) {
  for (std::size_t word = 0; word < active_.size(); ++word) {
    for (std::uint64_t bits = active_[word]; bits != 0; bits &= bits - 1) {
      catch_up(worker, word * 64 + static_cast<std::size_t>(std::countr_zero(bits)), now, starts_before);
    }
  }
}

template <class Self>
bool PortedNode<Self>::start_control(Worker& worker, std::size_t i, Time start) {
  EgressPort& port = ports_[i];
  PortDetail& detail = details_[i];
  if (detail.layer && detail.layer->tx.replaying()) {
    const Record& again = detail.layer->kept.again();
    launch(worker, port, i, again, again.bits, start);
    return true;
  }
  if (detail.layer && detail.layer->credit_update_due) {
    send_credit_update(worker, i, start);
    return true;
  }
  if (detail.pause_pending == 0) return false;
  const auto slot = static_cast<std::uint8_t>(std::countr_zero(detail.pause_pending));
  detail.pause_pending = static_cast<std::uint8_t>(detail.pause_pending & (detail.pause_pending - 1));
  if (detail.pause_pending == 0) port.flags = static_cast<std::uint8_t>(port.flags & ~EgressPort::control_pending);
  Record frame;
  frame.wire_bytes = control_frame_bytes;
  frame.slot = slot;
  frame.hash = 1U << classes_.priority[slot];
  frame.handle = detail.pause_quanta[slot];
  frame.bits = static_cast<std::uint8_t>(RecordKind::pause);
  launch(worker, port, i, frame, frame.bits, start);
  return true;
}

template <class Self>
void PortedNode<Self>::send_pause(Worker& worker, std::size_t i, std::uint8_t slot, std::uint16_t quanta, Time now) {
  EgressPort& port = ports_[i];
  PortDetail& detail = details_[i];
  if (lazy()) catch_up(worker, i, now);
  detail.pause_pending = static_cast<std::uint8_t>(detail.pause_pending | (1U << slot));
  detail.pause_quanta[slot] = quanta;
  if (detail.layer) {
    update_layer(i);
  } else {
    port.flags |= EgressPort::control_pending;
    mark_active(i);
  }
  kick(worker, i, now);
}

// The frame has been received at `now`; it acts `response` after its last bit came in, before the receiver's own latency.
template <class Self>
void PortedNode<Self>::receive_pause(const Record& record, Time now) {
  const Time acts = std::max(now, now - in_latency_ + details_[record.in_port].response);
  local_.push({acts, EventKind::control, static_cast<std::uint8_t>(LocalWhat::pause_acts), record.in_port,
               (std::uint64_t{record.slot} << 32) | record.handle});
}

template <class Self>
void PortedNode<Self>::end_pause(std::size_t i, std::uint8_t slot, Time now) {
  PortDetail& detail = details_[i];
  if ((detail.pfc_paused >> slot & 1) == 0) return;
  set_pfc_paused(i, static_cast<std::uint8_t>(detail.pfc_paused & ~(1U << slot)));
  detail.counters.paused += now - detail.paused_since[slot];
}

template <class Self>
void PortedNode<Self>::set_pfc_paused(std::size_t i, std::uint8_t mask) {
  details_[i].pfc_paused = mask;
  if (details_[i].layer) return update_layer(i);
  ports_[i].paused_mask = mask;
}

// At most one event stands for the end of a pause: a pause that is resumed and comes again finds it, and moves it when it comes.
template <class Self>
void PortedNode<Self>::arm_pause_end(std::size_t i, std::uint8_t slot) {
  PortDetail& detail = details_[i];
  if (detail.pause_end_armed[slot] <= detail.pause_until[slot]) return;
  detail.pause_end_armed[slot] = detail.pause_until[slot];
  local_.push({detail.pause_until[slot], EventKind::control, static_cast<std::uint8_t>(LocalWhat::pause_ends),
               static_cast<std::uint32_t>(i), std::uint64_t{slot} << 32});
}

template <class Self>
void PortedNode<Self>::change_pause(Worker& worker, const LocalEvent& event) {
  const std::size_t i = event.id;
  PortDetail& detail = details_[i];
  const auto slot = static_cast<std::uint8_t>(event.argument >> 32);
  if (lazy()) catch_up(worker, i, event.at, event.at);
  if (event.what == static_cast<std::uint8_t>(LocalWhat::pause_ends)) {
    if (detail.pause_end_armed[slot] == event.at) detail.pause_end_armed[slot] = Time::never();
    if ((detail.pfc_paused >> slot & 1) == 0) return;                         // resumed since
    if (detail.pause_until[slot] != event.at) return arm_pause_end(i, slot);  // refreshed since
    end_pause(i, slot, event.at);
  } else if (const auto quanta = static_cast<std::int64_t>(event.argument & 0xffff); quanta == 0) {
    end_pause(i, slot, event.at);
  } else {
    if ((detail.pfc_paused >> slot & 1) == 0) {
      detail.paused_since[slot] = event.at;
      ++detail.counters.pauses_received;
    }
    set_pfc_paused(i, static_cast<std::uint8_t>(detail.pfc_paused | (1U << slot)));
    detail.pause_until[slot] = event.at + detail.quantum * quanta;
    return arm_pause_end(i, slot);
  }
  kick(worker, i, event.at);
}

template <class Self>
void PortedNode<Self>::change_link(Worker& worker, const LocalEvent& event) {
  const std::size_t i = event.id;
  EgressPort& port = ports_[i];
  if (lazy()) catch_up(worker, i, event.at, event.at);
  if (event.what == static_cast<std::uint8_t>(LocalWhat::link_down)) {
    port.flags = static_cast<std::uint8_t>(port.flags & ~EgressPort::up);
    for (std::uint8_t slot = 0; slot < classes_.slots; ++slot) end_pause(i, slot, event.at);
    if (details_[i].layer) change_layer(worker, i, false, event.at);
  } else {
    port.flags |= EgressPort::up;
    if (details_[i].layer) change_layer(worker, i, true, event.at);
    kick(worker, i, event.at);
  }
  self().on_local(worker, event);
}

}  // namespace weft
