// Host, what concerns ports: arrivals to engines, packets pulled from engines. See host.hh.
#pragma once

#include "sim/host.hh"

namespace weft {

template <class Transport>
Host<Transport>::Host(const HostParameters& p, Transport& transport, FlowTable& table, TriggerTable& triggers)
    : Base(p.index, p.ports, p.first_word, p.classes),
      rings_(std::size_t{p.ports} * lane_count),
      transport_(transport),
      table_(table),
      triggers_(triggers),
      seed_(p.seed) {
  lane_slot_[static_cast<std::size_t>(Lane::notify)] = p.classes.notify_slot;
  lane_slot_[static_cast<std::size_t>(Lane::respond)] = p.classes.respond_slot;
  lane_slot_[static_cast<std::size_t>(Lane::data)] = p.classes.data_slot;
}

// The headers of one link's arrivals and the engines of this host, as far as they are few.
template <class Transport>
inline void Host<Transport>::fetch_coming(Worker& worker, Time end, Ahead ahead) const {
  constexpr std::size_t most_headers = 16, most_engines = 4, engine_lines = 13;
  if (ahead == Ahead::early) {
    __builtin_prefetch(live_.data());
    prefetch<PrefetchFor::write>(rings_.data(), 2);
    return;
  }
  const Ring& ring = worker.exchange().links[Base::in_links_[0]].ring;
  ring.peek_before(
      end.ps, most_headers, [&](const Record& record) __attribute__((always_inline)) { gathered(worker, record); });
  for (std::size_t i = 0; i < std::min(live_.size(), most_engines); ++i) prefetch<PrefetchFor::write>(live_[i], engine_lines);
}

template <class Transport>
void Host<Transport>::arrive(Worker& worker, const Record& record, Time now, std::uint16_t) {
  if (record.kind() == RecordKind::pause) return Base::receive_pause(record, now);
  Slot* slot = find(record.has(Record::to_initiator) ? initiator_of(record.flow) : target_of(record.flow), now);
  if (slot == nullptr) {
    ++late_;
    worker.headers.release(record.handle);
    return;
  }
  Segment segment;
  worker.headers.get(record.handle, segment.header);
  worker.headers.release(record.handle);
  segment.payload.length = record.payload;
  segment.ecn_ce = record.has(Record::ce);
  if (record.has(Record::trimmed)) [[unlikely]]
    segment.trim = record.has(Record::trimmed_last_hop) ? Trim::trimmed_last_hop : Trim::trimmed;
  if constexpr (Transport::per_packet_paths) segment.path = path_of(record.hash);
  const std::uint64_t used = slot->engine.counters().data_received;
  slot->engine.receive(now, {&segment, 1});
  progress_ += slot->engine.counters().data_received - used;
  if (slot->traced && sends_data(*slot)) [[unlikely]]
    trace_->in_flight(slot->end / 2, slot->engine.packets_in_flight(), now);
  after_engine(worker, *slot, now);
}

template <class Transport>
bool Host<Transport>::start_next(Worker& worker, std::size_t i, Time start) {
  EgressPort& port = Base::ports_[i];
  if (port.has(EgressPort::control_pending) && Base::start_control(worker, i, start)) return true;
  for (;;) {
    const auto eligible = static_cast<std::uint8_t>(port.queued_mask & ~port.paused_mask);
    if (!port.has(EgressPort::up) || eligible == 0) return false;
    auto slot = static_cast<std::uint8_t>(std::countr_zero(eligible));
    if ((eligible & (eligible - 1)) != 0 && (eligible & Base::classes_.strict_mask) != eligible) {
      constexpr std::uint32_t full_packet = 4178;  // an engine's next size is unknown until it is pulled
      slot = choose_slot(Base::classes_, eligible, &Base::queues_[i * Base::classes_.slots],
                         {full_packet, full_packet, full_packet, full_packet}, Base::details_[i].last_weighted);
    }
    for (const Lane lane : {Lane::notify, Lane::respond, Lane::data}) {
      if (slot_of(lane) == slot && pull(worker, i, lane, start)) return true;
    }
    clear_if_quiet(i, slot);
  }
}

template <class Transport>
void Host<Transport>::clear_if_quiet(std::size_t i, std::uint8_t slot) {
  for (const Lane lane : {Lane::notify, Lane::respond, Lane::data}) {
    if (slot_of(lane) == slot && !ring(i, lane).empty()) return;
  }
  Base::ports_[i].queued_mask = static_cast<std::uint8_t>(Base::ports_[i].queued_mask & ~(1U << slot));
}

// Asks the lane's engines in turn for one packet and sends the first there is.
template <class Transport>
bool Host<Transport>::pull(Worker& worker, std::size_t i, Lane lane, Time start) {
  ReadyRing& ready = ring(i, lane);
  const auto bit = static_cast<std::uint8_t>(1U << static_cast<unsigned>(lane));
  while (!ready.empty()) {
    const std::uint32_t index = ready.pop();
    Slot& slot = (*pool_)[index];
    if (slot.port != i || (slot.queued & bit) == 0) continue;  // moved to another port, or closed
    slot.queued = static_cast<std::uint8_t>(slot.queued & ~bit);
    if constexpr (Transport::receiver_credit) slot.engine.set_senders(sending_);
    Segment segment;
    const std::size_t count = slot.engine.transmit(start, lane, {&segment, 1});
    if (count == 1) {
      send_segment(worker, i, lane, slot, segment, start);
      if (slot.engine.ready(start, lane)) {
        slot.queued |= bit;
        ready.push(index);
      }
    }
    arm_engine(slot);
    close_if_over(slot, start);
    if (count == 1) {
      clear_if_quiet(i, slot_of(lane));
      return true;
    }
  }
  return false;
}

template <class Transport>
void Host<Transport>::send_segment(Worker& worker, std::size_t i, Lane lane, Slot& slot, const Segment& segment, Time start) {
  static constexpr RecordKind kinds[] = {RecordKind::notify, RecordKind::respond, RecordKind::data};
  Record packet;
  packet.dst = slot.peer;
  packet.hash = Transport::per_packet_paths ? path_hash(slot.hash, segment.path) : slot.hash;
  packet.handle = worker.headers.take();
  worker.headers.put(packet.handle, segment.header);
  packet.flow = slot.end / 2;
  packet.payload = static_cast<std::uint16_t>(segment.payload.length);
  packet.wire_bytes = transport_.wire_bytes(segment.header, segment.payload.length);
  packet.slot = slot_of(lane);
  packet.bits = static_cast<std::uint8_t>(kinds[static_cast<std::size_t>(lane)]);
  if (segment.ecn_capable) packet.bits |= Record::ect;
  if (!is_initiator(slot)) packet.bits |= Record::to_initiator;
  if (slot.traced && lane == Lane::data && sends_data(slot)) [[unlikely]] {
    trace_->sent(packet.flow, packet.payload, start);
    trace_->in_flight(packet.flow, slot.engine.packets_in_flight(), start);
  }
  Base::launch(worker, Base::ports_[i], i, packet, packet.bits, start);
}

}  // namespace weft
