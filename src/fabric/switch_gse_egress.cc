// Switch::Gse, the egress: the order of containers, grants. See switch_gse.hh.
#include "fabric/switch_forward.hh"
#include "fabric/switch_gse.hh"
#include "wire/gse_frame.hh"

namespace weft {

inline void Switch::Gse::deliver(Worker& worker, Stream& stream, Parcel& packet, Time now) {
  const bool last = packet.has(Record::container_end);
  counters_.lost += stream.order.deliver(static_cast<std::uint8_t>(packet.hash), last);
  stream.waits_since = now;
  packet.bits = static_cast<std::uint8_t>(packet.bits & ~Record::container_end);
  packet.hash = 0;
  if (plan_.joined) restore(packet);
  node_.forward(worker, stream.out, packet, now);
}

void Switch::Gse::from_fabric(Worker& worker, const Record& record, Time now, std::uint16_t hint) {
  Parcel packet(record);
  packet.wire_bytes = static_cast<std::uint16_t>(packet.wire_bytes - wire::gse_overhead.v);
  Stream& stream = is_number(hint) ? streams_[hint - first_number]
                                   : stream_of(source_of(worker, record), plan_.exits[plan_.exit_of_host[packet.dst]].port, packet.slot);
  const std::size_t out = stream.out;
  count_in(stream, {packet.wire_bytes}, now);
  if (node_.lazy()) node_.catch_up(worker, out, now);
  gse::Turn turn = stream.order.turn(packet.hash >> 8, static_cast<std::uint8_t>(packet.hash), plan_.held_containers);
  if (turn == gse::Turn::beyond && stream.held == 0) [[unlikely]] {
    ++counters_.holes;
    stream.order.follow(packet.hash >> 8, plan_.held_containers);
    turn = gse::Turn::hold;
  }
  if (keeps_as_own(packet, turn)) {
    keep_as_own(worker, packet, now);
  } else if (!node_.admit(worker, node_.buffer_.ingress(node_.ingress_index(packet.in_port, packet.slot)), out, packet, now)) {
    node_.free_credits(worker, record.in_port, {record.slot, record.wire_bytes}, now);
    return node_.drop(worker, out, packet.record());
  }
  switch (turn) {
    case gse::Turn::now:
      deliver(worker, stream, packet, now);
      if (stream.held != 0) release_held(worker, stream, now);
      return;
    case gse::Turn::hold: return hold(worker, stream, packet, now);
    case gse::Turn::late: ++counters_.late; return refuse(worker, packet.record(), record.wire_bytes, now);
    case gse::Turn::beyond: ++counters_.beyond; return refuse(worker, packet.record(), record.wire_bytes, now);
  }
}

Switch::Gse::Stream& Switch::Gse::stream_of(std::uint16_t source, std::size_t out, std::uint8_t slot) {
  std::uint32_t& index = stream_index_.at((source * node_.port_count() + out) * node_.classes_.slots + slot);
  if (index == none) {
    index = static_cast<std::uint32_t>(streams_.size());
    Stream& fresh = streams_.emplace_back();
    fresh.source = source;
    fresh.out = static_cast<std::uint16_t>(out);
    fresh.desk = static_cast<std::uint32_t>(desk_index(out, slot));
    if (desks_.empty()) open_desks();
  }
  return streams_[index];
}

// What a NIC's host takes comes by the NIC's wire, so grants are no faster than that.
void Switch::Gse::open_desks() {
  Rate inner{};
  for (std::size_t i = 0; i < node_.port_count(); ++i) {
    if (!is_exit(i)) inner += node_.ports_[i].clock.rate();
  }
  for (const EgressPort& port : node_.ports_) {
    const Rate own = port.clock.rate(), rate = plan_.mode == GseMode::e2e && inner.v > 0 ? std::min(own, inner) : own;
    for (std::uint8_t slot = 0; slot < node_.classes_.slots; ++slot)
      desks_.emplace_back(gse::GrantDeskParameters{rate, plan_.quantum, plan_.window});
  }
}

void Switch::Gse::count_in(Stream& stream, Bytes packet, Time now) {
  desks_[stream.desk].received(stream.credit, packet);
  stream.came = now;
}

void Switch::Gse::hold(Worker& worker, Stream& stream, const Parcel& packet, Time now) {
  if (stream.lanes.empty()) stream.lanes.resize(plan_.held_containers);
  write_out(packet, stream.lanes[(packet.hash >> 8) & (plan_.held_containers - 1)].push(worker.blocks));
  if (stream.held++ == 0) stream.waits_since = now;
  std::uint64_t& bytes = held_bytes_[stream.desk];
  bytes += packet.wire_bytes;
  ++counters_.held;
  counters_.most_held_bytes = std::max(counters_.most_held_bytes, bytes);
  if (stream.watched) return;
  stream.watched = true;
  watched_.push_back(static_cast<std::uint32_t>(&stream - streams_.data()));
  arm_sweep(now);
}

// What is held of the container whose turn it is, and of those behind it while they are whole.
void Switch::Gse::release_held(Worker& worker, Stream& stream, Time now) {
  while (stream.held != 0) {
    Ring& lane = stream.lanes[stream.order.expected() & (plan_.held_containers - 1)];
    if (lane.empty()) return;
    Parcel packet(lane.front());
    --stream.held;
    held_bytes_[stream.desk] -= packet.wire_bytes;
    if (stream.order.turn(packet.hash >> 8, static_cast<std::uint8_t>(packet.hash), plan_.held_containers) == gse::Turn::now) {
      deliver(worker, stream, packet, now);
    } else {  // a container that was routed anew on its way came by two paths
      ++counters_.late;
      refuse(worker, packet.came, packet.wire_bytes + static_cast<std::uint32_t>(wire::gse_overhead.v), now);
    }
    if (lane.pop(worker.blocks)) lane.vacate(worker.blocks);
  }
}

// A packet that has been charged.
void Switch::Gse::refuse(Worker& worker, const Record& packet, std::uint32_t came_with, Time now) {
  node_.buffer_.release(node_.buffer_.ingress(node_.ingress_index(packet.in_port, packet.slot)), packet.wire_bytes);
  worker.headers.release(packet.handle);
  if (packet.in_port == node_.port_count()) return;
  if (node_.buffer_.ingress(node_.ingress_index(packet.in_port, packet.slot)).xoff)
    return node_.resume(worker, packet.in_port, packet.slot, now);
  node_.free_credits(worker, packet.in_port, {packet.slot, came_with}, now);
}

void Switch::Gse::requested(Worker& worker, std::uint16_t source, const GseMessage& message, Time now) {
  const std::size_t out = plan_.exits[message.exit].port;
  Stream& stream = stream_of(source, out, message.slot);
  const auto id = static_cast<std::uint32_t>(&stream - streams_.data());
  // The asker does not know of a grant that is older than its question: it may be lost.
  const bool missed = stream.credit.granted_before(message.seen) < 0;
  const std::uint32_t desk = stream.desk;
  desks_[stream.desk].requested(id, stream.credit, message.total, message.seen, message.amount);
  if (!stream.watched) {
    stream.watched = true;
    stream.came = now;
    watched_.push_back(id);
    arm_sweep(now);
  }
  if (!stream.credit.in_line && missed) give(worker, stream, 0, now);
  serve_desk(worker, desk, now);
}

void Switch::Gse::serve_desk(Worker& worker, std::size_t index, Time now, bool has_turn) {
  const std::size_t out = index / node_.classes_.slots;
  gse::GrantDesk& desk = desks_[index];
  if (node_.lazy()) node_.catch_up(worker, out, now);
  const auto stream = [this](std::uint32_t id) -> gse::GrantStream& { return streams_[id].credit; };
  for (;;) {
    if (!has_turn && waits_for_uplinks(index, now)) return wait_for_uplinks(index);
    has_turn = false;
    const std::uint64_t waiting = node_.queues_[index].bytes + held_bytes_[index];
    const auto grant = desks_[index].grant(now, {static_cast<std::int64_t>(waiting)}, stream);
    if (!grant) break;
    give(worker, streams_[grant->id], grant->units, now);
  }
  if (!desk.asked()) return;
  const Time again = desk.look_again(now);
  if (desk_armed_[index] <= again) return;
  desk_armed_[index] = again;
  node_.arm({again, EventKind::timer, static_cast<std::uint8_t>(What::gse_desk), static_cast<std::uint32_t>(index), 0});
}

// The stream whose turn it is at this desk is another GSP's, and what was granted to those has not come in yet.
bool Switch::Gse::waits_for_uplinks(std::size_t desk, Time now) const {
  if (uplinks_.v == 0 || !desks_[desk].asked() || streams_[desks_[desk].first()].source == number_) return false;
  return uplinks_free_ > now || line_begin_ != uplink_line_.size();
}

void Switch::Gse::wait_for_uplinks(std::size_t desk) {
  if (in_uplink_line_.empty()) in_uplink_line_.resize(desks_.size());
  if (in_uplink_line_[desk] == 0) {
    in_uplink_line_[desk] = 1;
    uplink_line_.push_back(static_cast<std::uint32_t>(desk));
  }
  if (uplinks_armed_) return;
  uplinks_armed_ = true;
  node_.arm({uplinks_free_, EventKind::timer, static_cast<std::uint8_t>(What::gse_uplinks), 0, 0});
}

void Switch::Gse::uplinks_free(Worker& worker, Time now) {
  uplinks_armed_ = false;
  while (line_begin_ != uplink_line_.size() && (uplinks_.v == 0 || uplinks_free_ <= now)) {
    const std::uint32_t desk = uplink_line_[line_begin_++];
    if (line_begin_ == uplink_line_.size() || line_begin_ > desks_.size()) {
      uplink_line_.erase(uplink_line_.begin(), uplink_line_.begin() + static_cast<std::ptrdiff_t>(line_begin_));
      line_begin_ = 0;
    }
    in_uplink_line_[desk] = 0;
    serve_desk(worker, desk, now, true);
  }
  if (line_begin_ == uplink_line_.size() || uplinks_armed_) return;
  uplinks_armed_ = true;
  node_.arm({std::max(uplinks_free_, now), EventKind::timer, static_cast<std::uint8_t>(What::gse_uplinks), 0, 0});
}

void Switch::Gse::give(Worker& worker, const Stream& stream, std::uint32_t units, Time now) {
  GseMessage message;
  message.what = GseMessage::What::grant;
  message.slot = static_cast<std::uint8_t>(stream.desk - desk_index(stream.out, 0));
  message.source = number_;
  message.exit = exit_of_port_[stream.out];
  message.total = gse::GrantStream::cyclic(stream.credit.granted);
  message.seen = gse::GrantStream::cyclic(stream.credit.wanted);
  if (stream.source != number_) {
    ++counters_.grants;
    if (uplinks_.v != 0)
      uplinks_free_ = std::max(uplinks_free_, now) + WireClock(uplinks_).estimate({std::int64_t{units} * wire::gse_unit.v});
    return send_message(worker, message, plan_.host_of_gsp[stream.source], now);
  }
  Record own = message.record();
  this->message(worker, own, now);
}

std::uint64_t Switch::Gse::packets() const {
  std::uint64_t count = 0;
  for (const Queue& queue : queues_) queue.ring.for_each([&count](const Record&) { ++count; });
  for (const Stream& stream : streams_) count += stream.held;
  return count;
}

// A container that does not end is passed over; what was granted long ago and never came is written off.
void Switch::Gse::look_after_streams(Worker& worker, Time now) {
  std::size_t kept = 0;
  for (std::size_t i = 0; i < watched_.size(); ++i) {
    Stream& stream = streams_[watched_[i]];
    if (stream.held != 0 && now - stream.waits_since >= plan_.hole_timeout) skip_hole(worker, stream, now);
    if (stream.credit.coming() > 0 && now - stream.came >= plan_.credit_age) {
      ++counters_.credit_written_off;
      desks_[stream.desk].write_off(stream.credit);
    }
    stream.watched = stream.held != 0 || stream.credit.coming() > 0 || stream.credit.in_line;
    if (stream.watched) watched_[kept++] = watched_[i];
  }
  watched_.resize(kept);
}

void Switch::Gse::skip_hole(Worker& worker, Stream& stream, Time now) {
  std::uint32_t container = stream.order.expected();
  do container = (container + 1) & 0xffffff;
  while (stream.lanes[container & (plan_.held_containers - 1)].empty());
  ++counters_.holes;
  stream.order.skip_to(container);
  if (node_.lazy()) node_.catch_up(worker, stream.out, now);
  release_held(worker, stream, now);
}

}  // namespace weft
