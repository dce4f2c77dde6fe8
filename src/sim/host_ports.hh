// Host, what concerns ports: arrivals to engines, packets pulled from engines. See host.hh.
#pragma once

#include "sim/host.hh"

namespace weft {

template <class Transport>
Host<Transport>::Host(const HostParameters& p, Transport& transport, FlowTable& table, TriggerTable& triggers, TaskRunner& tasks)
    : Base(p.index, static_cast<std::uint32_t>(p.lines.size()), p.first_word, p.classes),
      lanes_(p.lines.size()),
      transport_(transport),
      table_(table),
      lines_(p.lines),
      triggers_(triggers),
      tasks_(tasks),
      seed_(p.seed) {
  lane_slot_[static_cast<std::size_t>(Lane::notify)] = p.classes.notify_slot;
  lane_slot_[static_cast<std::size_t>(Lane::respond)] = p.classes.respond_slot;
  lane_slot_[static_cast<std::size_t>(Lane::data)] = p.classes.data_slot;
  for (std::size_t lane = 0; lane < lane_count; ++lane) slot_lanes_[lane_slot_[lane]] |= static_cast<std::uint8_t>(1U << lane);
}

// The headers of one link's arrivals and the engines of this host, as far as they are few.
template <class Transport>
inline void Host<Transport>::fetch_coming(Worker& worker, Time end, Ahead ahead) const {
  constexpr std::size_t most_headers = 16, most_engines = 4;
  const std::size_t engines = std::min(live_.size(), most_engines);
  if (ahead == Ahead::early) {
    __builtin_prefetch(live_.data());
    prefetch<PrefetchFor::write>(lanes_.data(), 2);
    return;
  }
  const Ring& ring = worker.exchange().links[worker.exchange().first_link[Base::index()]].ring;
  if (ahead == Ahead::late) {
    prefetch(ring.second_address(), 5);
    for (std::size_t i = 0; i < engines; ++i) prefetch_lines(live_[i].slot, live_[i].lines);
    return;
  }
  ring.peek_before(
      end.ps, most_headers, [&](const Record& record) __attribute__((always_inline)) { gathered(worker, record); });
  if constexpr (requires(const Engine& engine) { engine.fetch(); }) {
    for (std::size_t i = 0; i < engines; ++i) live_[i].slot->engine.fetch();
  }
}

template <class Transport>
void Host<Transport>::arrive(Worker& worker, const Record& record, Time now, std::uint16_t) {
  if (record.kind() == RecordKind::pause) return Base::receive_control(worker, record, now);
  Slot* slot = find(record.has(Record::to_initiator) ? initiator_of(record.flow) : target_of(record.flow), now);
  if (slot == nullptr) {
    ++late_;
    worker.headers.release(record.handle);
    return;
  }
  Segment& segment = pool_->segment();
  worker.headers.get(record.handle, segment.header);
  worker.headers.release(record.handle);
  segment.payload = {};
  segment.payload.length = record.payload;
  segment.path = {};
  segment.ecn_capable = false;
  segment.ecn_ce = record.has(Record::ce);
  segment.trim = trim_of(record);
  if constexpr (Transport::per_packet_paths) segment.path = path_of(record.hash);
  const std::uint64_t used = slot->engine.counters().data_received;
  slot->engine.receive(now, {&segment, 1});
  progress_ += slot->engine.counters().data_received - used;
  if (slot->traced && sends_data(*slot)) [[unlikely]]
    trace_->in_flight(slot->end / 2, slot->engine.packets_in_flight(), now);
  after_engine(worker, *slot, now);
}

// The ring of the lane is empty.
template <class Transport>
void Host<Transport>::leave_line(std::size_t i, Lane lane) {
  const std::uint8_t slot = slot_of(lane);
  std::uint8_t& ready = lanes_[i].ready;
  ready = static_cast<std::uint8_t>(ready & ~(1U << static_cast<unsigned>(lane)));
  if ((ready & slot_lanes_[slot]) != 0) return;
  Base::ports_[i].queued_mask = static_cast<std::uint8_t>(Base::ports_[i].queued_mask & ~(1U << slot));
}

template <class Transport>
inline void Host<Transport>::send_segment(Worker& worker, std::size_t i, Lane lane, Slot& slot, const Segment& segment, Time start) {
  static constexpr RecordKind kinds[] = {RecordKind::notify, RecordKind::respond, RecordKind::data};
  const std::uint32_t handle = worker.headers.take();
  const auto payload = static_cast<std::uint16_t>(segment.payload.length);
  const std::uint16_t wire_bytes = transport_.wire_bytes(segment.header, segment.payload.length);
  auto bits = static_cast<std::uint8_t>(kinds[static_cast<std::size_t>(lane)]);
  if (segment.ecn_capable) bits |= Record::ect;
  if (!is_initiator(slot)) bits |= Record::to_initiator;
  if (slot.watched && lane == Lane::data && sends_data(slot)) [[unlikely]]
    watched_left(slot, payload, start);
  const auto make = [&](Record & packet) __attribute__((always_inline)) {
    packet.dst = slot.peer;
    packet.hash = Transport::per_packet_paths ? path_hash(slot.hash, segment.path) : slot.hash;
    packet.handle = handle;
    packet.flow = slot.end / 2;
    packet.wire_bytes = wire_bytes;
    packet.payload = payload;
    packet.in_port = 0;
    packet.slot = slot_of(lane);
    packet.bits = bits;
  };
  worker.headers.put(handle, segment.header);
  Base::launch_made(worker, Base::ports_[i], i, {slot.peer, slot.end / 2, wire_bytes, bits}, start, make);
}

// Asks the lane's engines in turn for one packet and sends the first there is. False: the ring of the lane is empty.
template <class Transport>
inline bool Host<Transport>::pull(Worker& worker, std::size_t i, Lane lane, Time start) {
  ReadyRing<Slot>& ready = lanes_[i].ring(lane);
  const auto bit = static_cast<std::uint8_t>(1U << static_cast<unsigned>(lane));
  bool sent = false;
  while (!sent && !ready.empty()) {
    Slot& slot = *ready.front();
    if (slot.port != i || (slot.queued & bit) == 0) {  // moved to another port, or closed
      ready.pop();
      continue;
    }
    if constexpr (Transport::receiver_credit) slot.engine.set_senders(sending_);
    Segment& segment = pool_->segment();
    sent = slot.engine.transmit(start, lane, {&segment, 1}) == 1;
    if (sent) send_segment(worker, i, lane, slot, segment, start);
    const Outlook outlook = outlook_of(slot.engine, start);
    if (sent && outlook.has(lane)) {
      ready.rotate();
    } else {
      ready.pop();
      slot.queued = static_cast<std::uint8_t>(slot.queued & ~bit);
    }
    arm_engine(slot, outlook.deadline);
    close_if_over(slot, outlook);
  }
  if (ready.empty()) leave_line(i, lane);
  return sent;
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
      slot = choose_slot(Base::classes_, eligible, Base::details_[i].deficits, {full_packet, full_packet, full_packet, full_packet});
    }
    while (const auto lanes = static_cast<unsigned>(lanes_[i].ready & slot_lanes_[slot])) {
      if (pull(worker, i, static_cast<Lane>(std::countr_zero(lanes)), start)) return true;
    }
  }
}

}  // namespace weft
