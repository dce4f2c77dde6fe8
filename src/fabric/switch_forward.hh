// Switch, the way of a packet for which there is room: charged, marked, sent or queued. What every packet takes, so it is inline;
// see switch.hh.
#pragma once

#include "fabric/parcel.hh"
#include "fabric/switch.hh"

namespace weft {

// Whether the private limit refuses the packet; what it counts is the port's own and up to date.
template <class Packet>
inline bool Switch::over_limit(std::size_t out, const Packet& packet) const {
  const ClassQueue& waiting = queues_[out * classes_.slots + packet.slot];
  if (waiting.limit == QueueSizes::no_limit) return false;
  const std::uint32_t sending = ports_[out].serving_slot == packet.slot ? ports_[out].serving_bytes : 0;
  return std::uint64_t{waiting.bytes} + sending + packet.wire_bytes > waiting.limit;
}

// Room for a lossy packet, as far as the counters tell.
template <class Packet>
inline bool Switch::fits(std::size_t out, const Packet& packet) const {
  const ClassQueue& waiting = queues_[out * classes_.slots + packet.slot];
  if (waiting.limit != QueueSizes::no_limit) return buffer_.has_shared(packet.wire_bytes);
  return buffer_.admits_lossy(waiting.bytes, packet.wire_bytes);
}

// Charges the packet to its ingress; false: no room. Counters of lazily served ports are upper bounds, so nothing is refused
// before every port has been served up to now.
template <class Packet>
inline bool Switch::admit(Worker& worker, Ingress& ingress, std::size_t out, const Packet& packet, Time now) {
  const std::uint32_t size = packet.wire_bytes;
  if (classes_.lossless(packet.slot)) {
    if (!buffer_.has_shared(size) && lazy()) [[unlikely]]
      settle_active(worker, now);  // what seems not to fit the shared part would be charged to headroom, and pause the ingress
    return buffer_.charge_lossless(ingress, size);
  }
  if (over_limit(out, packet)) [[unlikely]]
    return false;
  if (!fits(out, packet)) [[unlikely]] {
    if (!lazy()) return false;
    settle_active(worker, now);
    if (!fits(out, packet)) return false;
  }
  buffer_.charge_shared(ingress, size);
  return true;
}

inline bool Switch::marks_at_enqueue(std::size_t out, std::uint8_t bits, std::uint32_t depth) {
  if (!mark_at_enqueue_ || (bits & (Record::ect | Record::ce)) != Record::ect) return false;
  if (!ports_[out].marker.marks(depth, details_[out].random)) return false;
  ++details_[out].counters.ecn_marks;
  return true;
}

// The packet, already charged, goes on the wire or into its queue.
template <class Packet>
inline void Switch::forward(Worker& worker, std::size_t out, const Packet& packet, Time now) {
  EgressPort& port = ports_[out];
  ClassQueue& waiting = queue(out, packet.slot);
  const auto bit = static_cast<std::uint8_t>(1U << packet.slot);
  std::uint8_t bits = packet.bits;
  if (marks_at_enqueue(out, bits, waiting.bytes)) bits |= Record::ce;
  mark_active(out);
  if (port.free_at <= now && port.has(EgressPort::up) && !port.has(EgressPort::control_pending) &&
      ((port.paused_mask | port.queued_mask) & bit) == 0) {
    port.serving_bytes = packet.wire_bytes;
    port.serving_slot = packet.slot;
    port.serving_in_port = packet.in_port;
    launch(worker, port, out, packet, bits, now);
    return;
  }
  Record& queued = waiting.ring.push(worker.blocks);
  write_out(packet, queued);
  queued.bits = bits;
  waiting.bytes += packet.wire_bytes;
  waiting.most_bytes = std::max(waiting.most_bytes, waiting.bytes);
  port.queued_mask |= bit;
  if (port.has(EgressPort::traced)) [[unlikely]]
    show_depth(worker, out, now);
}

// What serving a port will touch outside it.
inline void Switch::fetch_port(Worker& worker, std::size_t i) const {
  const EgressPort& port = ports_[i];
  const ClassQueue* const queues = &queues_[i * classes_.slots];
  const unsigned first = port.queued_mask != 0 ? static_cast<unsigned>(std::countr_zero(port.queued_mask)) : classes_.data_slot;
  __builtin_prefetch(queues[first].ring.front_address());
  __builtin_prefetch(queues[classes_.data_slot].ring.push_address(), 1);
  if (port.peer_owner == worker.id()) __builtin_prefetch(worker.exchange().links[port.link].ring.push_address(), 1);
}

// The frame in service has left: its room is free.
inline void Switch::released(Worker& worker, std::size_t i, Time now) {
  const EgressPort& port = ports_[i];
  Ingress& ingress = buffer_.ingress(ingress_index(port.serving_in_port, port.serving_slot));
  buffer_.release(ingress, port.serving_bytes);
  if (ingress.watched) [[unlikely]]
    tell(worker, i, now);
}

}  // namespace weft
