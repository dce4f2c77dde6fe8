// Switch::Gse, what the packets that arrive soon will need, asked of the memory before they come. No result depends on it.
#pragma once

#include "core/prefetch.hh"
#include "fabric/link_envelope.hh"
#include "fabric/switch_gse.hh"

namespace weft {

inline std::size_t Switch::Gse::queue_key(const Record& record) const {
  return std::size_t{plan_.exit_of_host[record.dst]} * node_.classes_.slots + record.slot;
}

inline std::size_t Switch::Gse::stream_key(const Record& record, std::size_t out) const {
  const GsePlan::FlowEnds ends = plan_.ends[record.flow];
  const std::uint16_t source = record.has(Record::to_initiator) ? ends.target : ends.initiator;
  return source == GsePlan::nowhere ? no_key : (source * node_.ports_.size() + out) * node_.classes_.slots + record.slot;
}

inline void Switch::Gse::fetch_number(const Record& record) const {
  if (record.kind() == RecordKind::pause) return;
  if (is_exit(record.in_port)) {
    if (!plan_.joined) __builtin_prefetch(queue_index_.address(queue_key(record)));
    return;
  }
  const GsePlan::Exit& exit = plan_.exits[plan_.exit_of_host[record.dst]];
  if (exit.gsp != number_) return;
  if (const std::size_t key = stream_key(record, exit.port); key != no_key) __builtin_prefetch(stream_index_.address(key));
}

inline void Switch::Gse::find_ahead(const ArrivalBatch& batch) const {
  const std::size_t slots = node_.classes_.slots;
  for (std::size_t k = 0; k < batch.count; ++k) {
    const Record& record = *batch.arrivals[key_position(batch.keys[k])];
    batch.hints[k] = no_hint;
    if (record.kind() == RecordKind::pause) {
      if (const Queue* const queue = granted_ahead(record)) prefetch<PrefetchFor::write>(queue, 2);
      continue;
    }
    const std::uint32_t number = is_exit(record.in_port) ? queue_ahead(record) : stream_ahead(record);
    if (number >= static_cast<std::uint32_t>(no_hint - first_number)) continue;
    batch.hints[k] = static_cast<std::uint16_t>(first_number + number);
    __builtin_prefetch(&node_.buffer_.ingress(record.in_port * slots + record.slot), 1);
  }
}

// A grant's queue; null: the record is no grant, or is not for this GSP.
inline const Switch::Gse::Queue* Switch::Gse::granted_ahead(const Record& record) const {
  if (envelope::closed(record) || !record.has(Record::fabric_message) || GseMessage::what_of(record) != GseMessage::What::grant)
    return nullptr;
  if (!takes(record)) return nullptr;
  const GseMessage message = GseMessage::of(record);
  const std::uint32_t index = queue_index_.find(std::size_t{message.exit} * node_.classes_.slots + message.slot);
  return index == none ? nullptr : &queues_[index];
}

// In joined pods the exit depends on the routes.
inline std::uint32_t Switch::Gse::queue_ahead(const Record& record) const {
  if (plan_.joined) return none;
  const std::uint32_t index = queue_index_.find(queue_key(record));
  if (index == none) return none;
  const Queue& queue = queues_[index];
  prefetch<PrefetchFor::write>(&queue, 2);
  __builtin_prefetch(&queue.waiting[record.in_port], 1);
  if (queue.ring.empty() && !queue.local) fetch_port_itself(queue.uplink, record.slot);
  return index;
}

inline std::uint32_t Switch::Gse::stream_ahead(const Record& record) const {
  const GsePlan::Exit& exit = plan_.exits[plan_.exit_of_host[record.dst]];
  if (exit.gsp != number_) return none;
  const std::size_t key = stream_key(record, exit.port);
  const std::uint32_t index = key == no_key ? none : stream_index_.find(key);
  if (index == none) return none;
  prefetch<PrefetchFor::write>(&streams_[index], 2);
  __builtin_prefetch(&desks_[desk_index(exit.port, record.slot)], 1);
  fetch_port_itself(exit.port, record.slot);
  return index;
}

inline void Switch::Gse::fetch_port_itself(std::size_t i, std::uint8_t slot) const {
  prefetch<PrefetchFor::write>(&node_.ports_[i], 2);
  __builtin_prefetch(&node_.queues_[i * node_.classes_.slots + slot], 1);
}

inline void Switch::Gse::fetch_ahead(Worker& worker, const ArrivalBatch& batch) const {
  for (std::size_t k = 0; k < batch.count; ++k) {
    const Record& record = *batch.arrivals[key_position(batch.keys[k])];
    if (record.kind() == RecordKind::pause) {
      if (const Queue* const queue = granted_ahead(record)) prefetch(queue->ring.front_address(), 4);
      continue;
    }
    if (!is_number(batch.hints[k])) continue;
    const std::size_t number = batch.hints[k] - first_number;
    if (is_exit(record.in_port)) {
      const Queue& queue = queues_[number];
      __builtin_prefetch(queue.ring.push_address(), 1);
      if (queue.ring.empty() && !queue.local) node_.fetch_port(worker, queue.uplink);
    } else {
      const Stream& stream = streams_[number];
      if (!stream.lanes.empty()) __builtin_prefetch(&stream.lanes[(record.hash >> 8) & (stream.lanes.size() - 1)], 1);
      if (stream.held != 0) {
        __builtin_prefetch(&held_bytes_[stream.desk], 1);
        __builtin_prefetch(stream.lanes[stream.order.expected() & (stream.lanes.size() - 1)].front_address());
        __builtin_prefetch(stream.lanes[(stream.order.expected() + 1) & (stream.lanes.size() - 1)].front_address());
      }
      node_.fetch_port(worker, stream.out);
    }
  }
}

}  // namespace weft
