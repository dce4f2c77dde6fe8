// PortedNode, what concerns credit-based flow control: credits spent, freed and told, and what heals lost ones. See link_layer.hh,
// link/cbfc_sender.hh, link/cbfc_receiver.hh.
//
// A class may send while it has credits for a full frame, since a NIC knows the size of its next packet only once it has it
// (project profile). A CF_Update is told as soon as spacing allows and repeated once, if no newer one follows; CC_Updates are sent
// while credits are out. Together they bring back what lost packets and lost updates hold.
#pragma once

#include "fabric/link_envelope.hh"
#include "fabric/ported_node.hh"

namespace weft {

// Which classes have no credits for a full frame.
template <class Self>
void PortedNode<Self>::update_credits(std::size_t i, Time now) {
  LinkLayer& layer = *details_[i].layer;
  const std::uint32_t full = layer.cost.of(static_cast<std::uint32_t>(layer.full_frame.v));
  for (std::uint8_t slot = 0; slot < classes_.slots; ++slot) {
    const auto bit = static_cast<std::uint8_t>(1U << slot);
    if ((layer.channels & bit) == 0) continue;
    const bool blocked = !layer.credits[slot].may_send(full), was = (layer.credit_blocked & bit) != 0;
    if (blocked == was) continue;
    layer.credit_blocked = static_cast<std::uint8_t>(layer.credit_blocked ^ bit);
    if (blocked)
      layer.blocked_since[slot] = now;
    else
      layer.counters.credit_blocked += now - layer.blocked_since[slot];
  }
}

template <class Self>
void PortedNode<Self>::spend_credits(std::size_t i, const Record& record, Time now) {
  LinkLayer& layer = *details_[i].layer;
  layer.credits[record.slot].sent(layer.cost.of(record.wire_bytes));
  update_credits(i, now);
  if (layer.credit_timer_armed == Time::never()) arm_credit_timer(i, now);
}

template <class Self>
void PortedNode<Self>::arm_credit_timer(std::size_t i, Time now) {
  LinkLayer& layer = *details_[i].layer;
  layer.credit_timer_armed = now + layer.credit_timer;
  local_.push(
      {layer.credit_timer_armed, EventKind::timer, static_cast<std::uint8_t>(LocalWhat::credit_timer), static_cast<std::uint32_t>(i), 0});
}

// While credits are out some may be lost: a CC_Update says what was consumed.
template <class Self>
void PortedNode<Self>::credit_timer(Worker& worker, const LocalEvent& event) {
  const std::size_t i = event.id;
  LinkLayer& layer = *details_[i].layer;
  layer.credit_timer_armed = Time::never();
  if (lazy()) catch_up(worker, i, event.at);
  bool out = false;
  for (const CbfcSender& sender : layer.credits) out = out || sender.used() > 0;
  if (!out || !ports_[i].has(EgressPort::up)) return;
  layer.credit_update_due = true;
  arm_credit_timer(i, event.at);
  update_layer(i);
  kick(worker, i, event.at);
}

template <class Self>
void PortedNode<Self>::send_credit_update(Worker& worker, std::size_t i, Time start) {
  LinkLayer& layer = *details_[i].layer;
  layer.credit_update_due = false;
  ++layer.counters.credit_updates;
  std::array<std::uint32_t, most_slots> consumed{};
  for (std::size_t slot = 0; slot < most_slots; ++slot) consumed[slot] = layer.credits[slot].consumed();
  Record frame = envelope::make_credit_update(consumed);
  frame.wire_bytes = control_frame_bytes;
  launch(worker, ports_[i], i, frame, frame.bits, start);
}

template <class Self>
void PortedNode<Self>::receive_credit_update(Worker& worker, std::size_t i, const Record& record, Time now) {
  LinkLayer& layer = *details_[i].layer;
  if (!layer.cbfc) return;
  const auto consumed = envelope::consumed_of(record);
  for (std::size_t slot = 0; slot < most_slots; ++slot) layer.counters.credits_healed += layer.freed[slot].update(consumed[slot]);
  layer.repeat_due |= layer.channels;  // the sender asks because credits are out
  answer(worker, i, now, Time{now.ps + 1});
}

// A packet that came in by port i has left the buffer.
template <class Self>
void PortedNode<Self>::free_credits(Worker& worker, std::size_t i, Freed freed, Time now) {
  LinkLayer* const layer = details_[i].layer.get();
  if (layer == nullptr || !layer->cbfc || (layer->channels >> freed.slot & 1) == 0) return;
  layer->freed[freed.slot].drained(layer->cost.of(freed.wire_bytes));
  answer(worker, i, now, Time{now.ps + 1});
}

template <class Self>
void PortedNode<Self>::arm_repeat(std::size_t i) {
  LinkLayer& layer = *details_[i].layer;
  if (layer.repeat_armed != Time::never()) return;
  layer.repeat_armed = layer.credits_told + layer.credit_most_spacing;
  local_.push(
      {layer.repeat_armed, EventKind::control, static_cast<std::uint8_t>(LocalWhat::credit_repeat), static_cast<std::uint32_t>(i), 0});
}

template <class Self>
void PortedNode<Self>::credit_repeat(Worker& worker, const LocalEvent& event) {
  const std::size_t i = event.id;
  LinkLayer& layer = *details_[i].layer;
  layer.repeat_armed = Time::never();
  if (layer.repeats == 0) return;
  if (layer.credits_told + layer.credit_most_spacing > event.at) return arm_repeat(i);  // a newer one has been told since
  layer.repeat_due = layer.repeats;
  answer(worker, i, event.at, event.at);
}

}  // namespace weft
