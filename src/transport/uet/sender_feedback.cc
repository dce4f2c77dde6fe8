// The sender's ear: ACK, RUDI response, NACK, and the bytes of READ responses.
#include <algorithm>
#include <bit>

#include "transport/uet/sender.hh"
#include "wire/uet_congestion_state.hh"

namespace weft::uet {

namespace {

constexpr std::uint8_t asks_clear = 1;

}  // namespace

void Sender::acknowledge(Time now, const wire::UetHeader& header, PdcContext& context) noexcept {
  const wire::UetFeedback& feedback = header.feedback();
  const Sequence una = window_.una();
  const Sequence cumulative = unwrap(header.psn, una) + 1;
  // Beyond what was sent, or from another life of this context.
  if (cumulative > window_.next() || cumulative + window_.range() < una) {
    ++context.counters.dropped_bad_response;
    return;
  }
  ++context.counters.acks_received;
  heard_ = true;
  gate_.on_answer();
  const bool marked = header.has(wire::UetHeader::ecn);
  const bool probe = header.has(wire::UetHeader::probe);
  const Sequence answered = cumulative - 1 + static_cast<Sequence>(std::int64_t{header.offset});
  const Duration rtt = probe ? probe_rtt(now, header) : rtt_sample(now, answered, header.has(wire::UetHeader::retransmit));
  const std::int64_t received = window_.received();
  bool news = cumulative > una;
  if (news) window_.advance(cumulative, [this](const SentPacket& packet) { acknowledged(packet); });
  if (header.ack_request_kind == asks_clear) [[unlikely]]
    news |= take_refusal(header, answered);
  std::uint32_t out_of_order = 0;
  if (header.type != wire::PdsType::ack) {
    if (feedback.sack_bitmap != 0) news |= take_sack(cumulative, feedback);
    const auto state = wire::NsccState::unpack(feedback.congestion_state);
    out_of_order = state.out_of_order;
    if (feedback.congestion_type == wire::uet_congestion_window) take_report(state.received_units);
  }
  if (news) {
    window_.advance_over_acknowledged();
    refusals_ = 0;
    alive(now);
  }
  if (!probe) report_path(answered, marked ? multipath::PathEvent::ecn : multipath::PathEvent::good, now);
  gate_.on_ack(now, rtt, marked, window_.received() - received, window_.in_flight());
  if (gate_.sleek() != nullptr) run_sleek(now, out_of_order, probe ? rtt : Duration{}, context);
  settle_timer();
}

// Nothing left to wait for: no timer. Without credit we still wait for credit.
void Sender::settle_timer() noexcept {
  if (window_.empty() && !(backlog_ > 0 && gate_.starved())) rto_at_ = Time::never();
}

Duration Sender::rtt_sample(Time now, Sequence s, bool retransmission) const noexcept {
  if (!window_.is_outstanding(s)) return {};
  const SentPacket& packet = window_.at(s);
  return packet.resent == (retransmission ? 1 : 0) ? now - packet.at : Duration{};
}

Duration Sender::probe_rtt(Time now, const wire::UetHeader& header) const noexcept {
  return static_cast<std::uint16_t>(header.offset) == probe_opaque_ ? now - probe_sent_at_ : Duration{};
}

bool Sender::take_sack(Sequence cumulative, const wire::UetFeedback& feedback) noexcept {
  Sequence base = cumulative - 1 + static_cast<Sequence>(std::int64_t{feedback.sack_offset});
  std::uint64_t bitmap = feedback.sack_bitmap;
  const Sequence una = window_.una();
  if (base < una) {
    if (una - base >= 64) return false;
    bitmap >>= una - base;
    base = una;
  }
  bitmap = window_.news(base, bitmap);
  for (std::uint64_t bits = bitmap; bits != 0; bits &= bits - 1) {
    const Sequence s = base + static_cast<Sequence>(std::countr_zero(bits));
    window_.acknowledge(s);
    acknowledged(window_.at(s));
  }
  return bitmap != 0;
}

// The 24-bit counter of 256 bytes only moves forward; ACKs may overtake each other.
void Sender::take_report(std::uint32_t units) noexcept {
  const auto more = static_cast<std::int32_t>((units - static_cast<std::uint32_t>(reported_units_)) << 8) >> 8;
  if (more <= 0) return;
  reported_units_ += more;
  window_.report(reported_units_ * 256);
}

void Sender::acknowledged(const SentPacket& packet) noexcept {
  OutboundMessage& message = queue_.at(packet.message);
  if (++message.acknowledged != message.packets) return;
  if (!message.done && message.kind != OutboundKind::read) {
    queue_.finish(message, Status::success);
  } else {
    queue_.settle(message);
  }
}

void Sender::take_response(OutboundMessage& read, std::uint32_t bytes) noexcept {
  read.received += bytes;
  if (read.received == read.length) finish(read, Status::success);
}

void Sender::finish(OutboundMessage& message, Status status) noexcept {
  if (message.kind == OutboundKind::read) --reads_out_;
  queue_.finish(message, status);
  if (current_ == OutboundQueue::none) load_current();
}

// The target has refused the message of the PSN that this ACK names, and keeps saying so until it is cleared.
bool Sender::take_refusal(const wire::UetHeader& header, Sequence answered) noexcept {
  clear_due = true;
  if (header.feedback().return_code != wire::SesReturn::dropped || header.has(wire::UetHeader::probe)) return false;
  if (!window_.holds(answered) || window_.is_acknowledged(answered)) return false;
  OutboundMessage& message = queue_.at(window_.at(answered).message);
  if (!message.done) finish(message, Status::refused);
  window_.acknowledge(answered);
  acknowledged(window_.at(answered));
  return true;
}

void Sender::report_path(Sequence s, multipath::PathEvent event, Time now) noexcept {
  if (window_.remembers(s)) paths_.report(PathId{window_.at(s).path}, event, now);
}

void Sender::response(Time now, const wire::UetHeader& header, PdcContext& context) noexcept {
  const Sequence s = unwrap(header.psn, window_.una());
  if (!window_.holds(s) || window_.is_acknowledged(s)) {
    ++context.counters.dropped_bad_response;
    return;
  }
  ++context.counters.acks_received;
  heard_ = true;
  gate_.on_answer();
  const bool marked = header.has(wire::UetHeader::ecn);
  const Duration rtt = rtt_sample(now, s, header.has(wire::UetHeader::retransmit));
  const std::int64_t received = window_.received();
  window_.acknowledge(s);
  if (header.feedback().return_code == wire::SesReturn::dropped) {
    OutboundMessage& message = queue_.at(window_.at(s).message);
    if (!message.done) finish(message, Status::refused);
  }
  acknowledged(window_.at(s));
  refusals_ = 0;
  alive(now);
  report_path(s, marked ? multipath::PathEvent::ecn : multipath::PathEvent::good, now);
  window_.advance_over_acknowledged();
  gate_.on_ack(now, rtt, marked, window_.received() - received, window_.in_flight());
  settle_timer();
}

void Sender::negative(Time now, const wire::UetHeader& header, PdcContext& context) noexcept {
  using Code = wire::NackCode;
  const Sequence s = unwrap(header.psn, window_.una());
  ++context.counters.naks_received;
  if (!window_.is_outstanding(s)) {
    ++context.counters.dropped_bad_response;
    return;
  }
  heard_ = true;
  gate_.on_answer();
  alive(now);
  switch (header.nack) {
    case Code::trimmed:
    case Code::trimmed_last_hop: return trimmed(now, header, s);
    case Code::rod_out_of_order: return out_of_order(s);
    default: return refused(now, s, context);
  }
}

void Sender::trimmed(Time now, const wire::UetHeader& header, Sequence s) noexcept {
  refusals_ = 0;
  const SentPacket& packet = window_.at(s);
  const bool last_hop = header.nack == wire::NackCode::trimmed_last_hop;
  const Duration rtt = rtt_sample(now, s, header.has(wire::UetHeader::retransmit));
  gate_.on_trimmed(now, rtt, window_.size(packet.payload), last_hop, window_.in_flight());
  const auto fate = header.has(wire::UetHeader::ecn) ? multipath::PathEvent::ecn : multipath::PathEvent::good;
  report_path(s, last_hop ? fate : multipath::PathEvent::nack, now);
  window_.lose(s);
}

// ROD: the target keeps nothing beyond a gap.
void Sender::out_of_order(Sequence s) noexcept {
  gate_.on_loss(window_.size(window_.at(s).payload));
  window_.each_outstanding([this, s](Sequence each) {
    if (each >= s) window_.lose(each);
  });
}

// The target could not take the packet now: again after a pause that grows, and not for ever.
void Sender::refused(Time now, Sequence s, PdcContext& context) noexcept {
  constexpr std::uint32_t most_pause_doublings = 6;
  window_.lose(s);
  hold_until_ = std::max(hold_until_, now + least_rto_ / 16 * (std::int64_t{1} << std::min(refusals_ / 2, most_pause_doublings)));
  if (++refusals_ <= refusal_count_) return;
  context.life = Life::error;
  fail(Status::target_not_ready, s);
}

}  // namespace weft::uet
