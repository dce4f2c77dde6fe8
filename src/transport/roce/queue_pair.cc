#include "transport/roce/queue_pair.hh"

#include <algorithm>

#include "base/check.hh"

namespace weft::roce {

QueuePair::QueuePair(const QueuePairConfig& config, Memory& memory) : responder_(memory) { reset(config); }

void QueuePair::reset(const QueuePairConfig& config) {
  CHECK(config.line_rate.v > 0, "line_rate", config.line_rate.v);
  responder_.reset(config);
  requester_.reset(config);
  pace_ = Pacer{};
  last_seen_ = Time{};
  line_rate_ = config.line_rate;
  own_qp_ = config.own_qp & psn_mask;
  dest_qp_ = config.dest_qp & psn_mask;
  packet_overhead_ = static_cast<std::int32_t>(config.packet_overhead.v);
  congestion_ = config.congestion;
  paced_ = congestion_.paced();
  cnp_due_ = response_turn_ = false;
  cnp_allowed_ = Time{};
  cnp_interval_ = config.cnp_interval;
  counters_ = QueuePairCounters{};
}

void QueuePair::receive(Time now, std::span<Segment> in) noexcept {
  last_seen_ = now;
  for (Segment& segment : in) receive_one(now, segment);
}

void QueuePair::receive_one(Time now, Segment& segment) noexcept {
  if (segment.header.dest_qp != own_qp_) [[unlikely]] {
    segment.placement = {};
    ++counters_.dropped_wrong_qp;
    return;
  }
  if (segment.header.opcode == wire::RoceOpcode::write_middle) [[likely]] {
    if (segment.ecn_ce) congestion_seen(now);
    if (!responder_.failed() && responder_.write_middle(segment, counters_)) [[likely]]
      return;
  } else if (segment.header.opcode == wire::RoceOpcode::acknowledge && !requester_.failed()) {
    segment.placement = {};
    requester_.acknowledge(now, segment.header, counters_);
    if (requester_.failed()) share_failure();
    return;
  }
  receive_other(now, segment);
}

void QueuePair::receive_other(Time now, Segment& segment) noexcept {
  const OpcodeTraits kind = traits(segment.header.opcode);
  switch (kind.operation) {
    case Operation::send:
    case Operation::write:
    case Operation::read:
    case Operation::atomic:
      if (segment.ecn_ce && segment.header.opcode != wire::RoceOpcode::write_middle) congestion_seen(now);
      responder_.request(segment, kind, counters_);
      break;
    case Operation::read_response:
    case Operation::atomic_acknowledge:
      if (segment.ecn_ce && kind.operation == Operation::read_response) congestion_seen(now);
      if (requester_.failed()) {
        segment.placement = {};
        ++counters_.dropped_in_error;
        return;
      }
      requester_.response(now, segment, kind, counters_);
      break;
    case Operation::acknowledge:
    case Operation::selective_acknowledge:
      segment.placement = {};
      if (requester_.failed()) {
        ++counters_.dropped_in_error;
      } else if (requester_.selective()) {
        requester_.selective_acknowledge(now, segment.header, counters_);
      } else {
        ++counters_.dropped_unknown_opcode;
      }
      return;
    case Operation::none:
      segment.placement = {};
      if (segment.header.opcode != wire::RoceOpcode::cnp) {
        ++counters_.dropped_unknown_opcode;
        return;
      }
      ++counters_.cnps_received;
      congestion_.on_cnp(now);
      return;
  }
  share_failure();
}

void QueuePair::share_failure() noexcept {
  if (requester_.failed() == responder_.failed()) return;
  if (responder_.failed()) {
    requester_.fail(Status::flushed, requester_.oldest_unacknowledged());
  } else {
    responder_.fail();
  }
}

void QueuePair::congestion_seen(Time now) noexcept {
  ++counters_.ecn_marked_received;
  if (now < cnp_allowed_) return;
  cnp_due_ = true;
  cnp_allowed_ = now + cnp_interval_;
}

void QueuePair::advance(Time now) noexcept {
  last_seen_ = now;
  requester_.advance(now, counters_);
  share_failure();
}

std::size_t QueuePair::transmit(Time now, Lane lane, std::span<Segment> out) noexcept {
  last_seen_ = now;
  if (lane == Lane::data) return transmit_data(now, out);
  std::size_t n = 0;
  if (lane == Lane::respond) {
    while (n < out.size() && responder_.answer(out[n], counters_)) ++n;
    return n;
  }
  if (cnp_due_ && !out.empty()) {
    Segment& cnp = out[n++];
    cnp = blank_segment;
    cnp.header.opcode = wire::RoceOpcode::cnp;
    cnp.header.becn = true;
    cnp.header.dest_qp = dest_qp_;
    cnp_due_ = false;
    ++counters_.cnps_sent;
  }
  return n;
}

std::size_t QueuePair::transmit_data(Time now, std::span<Segment> out) noexcept {
  std::size_t n = 0;
  while (n < out.size() && pace_.open(now)) {
    const bool request = requester_.sendable(now);
    const bool response = responder_.response_ready();
    if (!request && !response) break;
    const bool answer_now = response && (response_turn_ || !request);
    response_turn_ = !answer_now;
    const std::uint32_t size = answer_now ? responder_.response(out[n], counters_) : requester_.emit(now, out[n], counters_);
    if (paced_) pace(now, size);
    ++n;
  }
  return n;
}

void QueuePair::pace(Time now, std::uint32_t payload) noexcept {
  const Bytes size{static_cast<std::int64_t>(payload) + packet_overhead_};
  const Rate rate = congestion_.rate(now);
  if (rate < line_rate_) {
    pace_.set_rate(rate);
    pace_.sent(now, size);
  }
  congestion_.on_sent(now, size);
}

std::uint64_t QueuePair::digest() const noexcept {
  Digest d;
  requester_.digest(d);
  responder_.digest(d);
  pace_.digest(d);
  congestion_.digest(d);
  d.add(cnp_due_).add(cnp_allowed_).add(response_turn_).add(counters_.data_sent).add(counters_.data_retransmitted);
  d.add(counters_.timeouts).add(counters_.naks_sent).add(counters_.cnps_sent).add(counters_.ecn_marked_received);
  return d.value();
}

}  // namespace weft::roce
