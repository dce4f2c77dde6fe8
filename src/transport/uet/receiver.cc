#include "transport/uet/receiver.hh"

#include <algorithm>
#include <bit>

#include "base/check.hh"
#include "wire/uet_congestion_state.hh"

namespace weft::uet {

using wire::NackCode;
using wire::UetHeader;

void Receiver::reset(const PdcConfig& config, Sequence start) {
  CHECK(config.ack_bytes.v > 0, "ack_bytes", config.ack_bytes.v);
  range_ = config.psn_range;
  overhead_ = static_cast<std::uint32_t>(config.packet_overhead.v);
  ack_bytes_ = static_cast<std::uint32_t>(config.ack_bytes.v);
  mtu_ = config.mtu;
  ordered_ = config.mode == Mode::rod;
  keeps_refusals_ = ordered_ || config.mode == Mode::rud;
  delivered_bytes_ = delivered_messages_ = 0;
  kept_.reset(std::min(config.psn_range, config.psn_usual));
  messages_.reset(config.messages);
  answers_.reset();
  receives_.reset(config.receive_depth);
  credit_.reset();
  if (config.has_credit()) credit_.emplace(*config.rccc);
  restart(start + config.received, config.rccc);
}

void Receiver::restart(Sequence start, const congestion::RcccParameters* rccc) noexcept {
  end_life(rccc);
  expected_ = start;
  kept_.reset(kept_.span());
  received_bytes_ = 0;
  unacknowledged_ = 0;
  ack_wanted_ = gap_told_ = closed_ = closing_ = false;
  stored_.reset();
  for (std::uint32_t i = 0; i <= messages_.count(); ++i) {
    InboundMessage& message = messages_.at(i);
    if (message.open && message.receive != ReceiveBuffers::none) receives_.give_back(message.receive);
    message = {};
  }
}

void Receiver::end_life(const congestion::RcccParameters* rccc) noexcept {
  if (credit_) credit_.emplace(*rccc);
  credit_counter_ = 0;
  credit_due = false;
}

void Receiver::request(UetSegment& in, PdcContext& context, Sender& sender) noexcept {
  const UetHeader& header = in.header;
  in.placement = {};
  if (in.ecn_ce) ++context.counters.ecn_marked_received;
  const Sequence s = unwrap(header.psn, expected_);
  if (s < context.start) [[unlikely]] {
    ++context.counters.dropped_wrong_context;
    return;
  }
  if (credit_) credit_->on_target({header.credit & congestion::credit_counter_mask});
  if (!stored_.empty()) stored_.clear_to(s + static_cast<Sequence>(std::int64_t{header.offset}));
  if (in.trim != Trim::none) [[unlikely]]
    return trimmed(in, s, context);
  if (came_before(s)) [[unlikely]]
    return duplicate(in, context);
  if (s - expected_ >= range_) [[unlikely]] {
    ++context.counters.dropped_out_of_window;
    return negative(in, NackCode::psn_out_of_window, context);
  }
  if (ordered_ && s != expected_) [[unlikely]]
    return beyond_gap(in, context);
  const Verdict verdict = accept(in, s, context, sender);
  if (verdict != NackCode::none) [[unlikely]] {
    in.placement = {};
    if (!verdict) {
      ++context.counters.dropped_bad_request;
      return;
    }
    ++context.counters.dropped_no_resource;
    return negative(in, *verdict, context);
  }
  ++context.counters.data_received;
  const bool first = received_bytes_ == 0;
  const std::uint32_t size = in.payload.length + overhead_;
  received_bytes_ += size;
  unacknowledged_ += size;
  const bool asked = header.has(UetHeader::ack_request);
  ack_wanted_ = ack_wanted_ || asked;
  take(s);
  const bool caught_up = ack_wanted_ && kept_.count() == 0;
  if (caught_up) ack_wanted_ = false;
  if (first || asked || caught_up || in.ecn_ce || unacknowledged_ >= ack_bytes_ || !stored_.empty()) acknowledge(in, context);
}

// Precondition: it has not come before.
void Receiver::take(Sequence s) noexcept {
  if (s != expected_) {
    if (s - expected_ >= kept_.span()) [[unlikely]]
      kept_.grow(expected_, std::min(range_, std::bit_ceil(static_cast<std::uint32_t>(s - expected_ + 1))));
    kept_.set(s);
    return;
  }
  ++expected_;
  gap_told_ = false;
  while (kept_.count() != 0 && kept_.test(expected_)) kept_.clear(expected_++);
  if (closing_ && expected_ > close_at_) closed_ = true;
}

void Receiver::duplicate(const UetSegment& in, PdcContext& context) noexcept {
  ++context.counters.dropped_duplicate;
  acknowledge(in, context);
}

void Receiver::trimmed(const UetSegment& in, Sequence s, PdcContext& context) noexcept {
  ++context.counters.trims_received;
  if (came_before(s)) return acknowledge(in, context);
  if (credit_) credit_->on_request();
  if (s - expected_ >= range_) return negative(in, NackCode::psn_out_of_window, context);
  if (ordered_ && s != expected_) return beyond_gap(in, context);
  negative(in, in.trim == Trim::trimmed_last_hop ? NackCode::trimmed_last_hop : NackCode::trimmed, context);
}

void Receiver::beyond_gap(const UetSegment& in, PdcContext& context) noexcept {
  ++context.counters.dropped_out_of_order;
  if (gap_told_) return;
  gap_told_ = true;
  Answer answer;
  answer.kind = Answer::Kind::negative;
  answer.code = NackCode::rod_out_of_order;
  answer.psn = to_psn(expected_);
  answer.path = static_cast<std::uint16_t>(in.path.v);
  push(answer, context);
}

void Receiver::push(const Answer& answer, PdcContext& context) noexcept {
  if (!answers_.push(answer)) ++context.counters.answers_suppressed;
}

Answer Receiver::answer_to(const UetSegment& in, Answer::Kind kind) noexcept {
  Answer answer;
  answer.kind = kind;
  answer.psn = in.header.psn;
  answer.path = static_cast<std::uint16_t>(in.path.v);
  answer.flags = static_cast<std::uint8_t>((in.header.flags & UetHeader::retransmit) | (in.ecn_ce ? UetHeader::ecn : 0));
  return answer;
}

void Receiver::acknowledge(const UetSegment& in, PdcContext& context) noexcept {
  unacknowledged_ = 0;
  push(answer_to(in, Answer::Kind::acknowledge), context);
}

void Receiver::negative(const UetSegment& in, NackCode code, PdcContext& context) noexcept {
  Answer answer = answer_to(in, Answer::Kind::negative);
  answer.code = code;
  push(answer, context);
}

void Receiver::reject(const UetSegment& in, NackCode code, std::uint32_t payload, PdcContext& context) noexcept {
  Answer answer = answer_to(in, Answer::Kind::negative);
  answer.code = code;
  answer.payload = payload;
  answer.stranger = in.header.spdcid;
  push(answer, context);
}

void Receiver::close(const UetSegment& in, PdcContext& context) noexcept {
  const Sequence s = unwrap(in.header.psn, expected_);
  if (!came_before(s)) {
    if (s - expected_ >= range_) {
      ++context.counters.dropped_out_of_window;
      return;
    }
    if (ordered_ && s != expected_) return beyond_gap(in, context);
    closing_ = true;
    close_at_ = s;
    take(s);
  }
  acknowledge(in, context);
}

void Receiver::probe(const UetSegment& in, PdcContext& context) noexcept {
  Answer answer = answer_to(in, Answer::Kind::acknowledge);
  answer.flags |= UetHeader::probe;
  answer.opaque = static_cast<std::uint16_t>(in.header.offset);
  push(answer, context);
}

void Receiver::credit_requested(std::uint32_t target) noexcept {
  if (!credit_) return;
  credit_->on_target({target & congestion::credit_counter_mask});
  credit_->on_request();
}

Bytes Receiver::grant() noexcept {
  if (!credit_) return {};
  const auto grant = credit_->grant();
  credit_counter_ = grant.counter.v;
  credit_due = true;
  return grant.credit;
}

bool Receiver::answer(UetSegment& out, PdcContext& context) noexcept {
  if (answers_.empty()) return false;
  const Answer& answer = answers_.pop();
  out = blank_segment;
  UetHeader& header = out.header;
  header.use_feedback();
  out.path = PathId{answer.path};
  header.flags = answer.flags;
  header.psn = answer.psn;
  if (answer.kind == Answer::Kind::rudi) {
    header.type = wire::PdsType::rudi_response;
    header.next = wire::PdsNext::response;
    header.feedback().response = wire::SesResponse::standard;
    header.feedback().return_code = answer.result;
    ++context.counters.acks_sent;
    return true;
  }
  header.spdcid = answer.stranger != 0 && answer.stranger != context.peer ? 0 : context.own;
  header.dpdcid = answer.stranger != 0 ? answer.stranger : context.peer;
  if (answer.kind == Answer::Kind::negative) {
    header.type = wire::PdsType::nack;
    header.nack = answer.code;
    header.feedback().modified_length = answer.payload;
    if (context.mode == Mode::rudi) header.flags |= UetHeader::rudi;
    ++context.counters.nacks_sent;
    return true;
  }
  compose_acknowledgement(answer, header);
  ++context.counters.acks_sent;
  return true;
}

// Bit i: PSN from + i has come, and went well.
std::uint64_t Receiver::arrived(Sequence from) const noexcept {
  const Sequence first = std::max(from, expected_);
  std::uint64_t bits = first - expected_ < kept_.span() ? kept_.word_at(first) : 0;
  if (from < expected_) {
    const Sequence behind = expected_ - from;
    bits = behind >= 64 ? ~std::uint64_t{0} : bits << behind | ((std::uint64_t{1} << behind) - 1);
  }
  for (Sequence s = stored_.lowest(from, from + 64); s != from + 64; s = stored_.lowest(s + 1, from + 64))
    bits &= ~(std::uint64_t{1} << (s - from));
  return bits;
}

// The bitmap ends with the answered packet, or begins behind the cumulative PSN.
void Receiver::compose_acknowledgement(const Answer& answer, UetHeader& header) noexcept {
  constexpr std::uint32_t mpr_unit = 128, unit = 256;
  const Sequence expected = stored_.empty() ? expected_ : stored_.lowest(0, expected_);
  const Sequence cumulative = expected - 1;
  const Sequence answered = unwrap(answer.psn, expected_);
  header.type = wire::PdsType::ack_cc;
  header.next = wire::PdsNext::response;
  header.psn = to_psn(cumulative);
  wire::UetFeedback& feedback = header.feedback();
  feedback.return_code = wire::SesReturn::ok;
  if (kept_.count() != 0 || expected != expected_) {
    const Sequence base = std::max(answered - 63, expected + 1);
    feedback.sack_offset = static_cast<std::int16_t>(base - cumulative);
    feedback.sack_bitmap = arrived(base);
  }
  if (!stored_.empty()) [[unlikely]]
    tell_stored(answered, header);
  const bool probe = (header.flags & UetHeader::probe) != 0;
  const auto offset = std::clamp<std::int64_t>(static_cast<std::int64_t>(answered - cumulative), -32768, 32767);
  header.offset = static_cast<std::int16_t>(probe ? answer.opaque : offset);
  feedback.mpr = static_cast<std::uint8_t>(std::min<std::uint32_t>(range_ / mpr_unit, 255));
  wire::NsccState state;
  state.received_units = static_cast<std::uint32_t>((received_bytes_ + unit - 1) / unit) & 0xffffff;
  state.out_of_order = static_cast<std::uint16_t>(std::min<std::uint32_t>(kept_.count(), 0xffff));
  feedback.congestion_type = wire::uet_congestion_window;
  feedback.congestion_state = state.pack();
}

void Receiver::tell_stored(Sequence answered, UetHeader& header) const noexcept {
  header.ack_request_kind = 1;
  const StoredResponse* stored = stored_.find(answered);
  if (stored == nullptr || (header.flags & UetHeader::probe) != 0) return;
  header.message_id = stored->message_id;
  header.feedback().response = wire::SesResponse::response;
  header.feedback().return_code = wire::SesReturn::dropped;
}

void Receiver::fail() noexcept {
  answers_.clear();
  receives_.flush();
  credit_.reset();
  credit_due = false;
}

void Receiver::digest(Digest& d) const noexcept {
  d.add(expected_).add(kept_.count()).add(static_cast<std::uint64_t>(received_bytes_)).add(unacknowledged_).add(ack_wanted_);
  d.add(gap_told_).add(closed_).add(closing_).add(delivered_bytes_).add(delivered_messages_).add(answers_.size());
  d.add(credit_due).add(credit_counter_).add(close_at_).add(receives_.completed()).add(stored_.count());
  if (credit_) credit_->digest(d);
  for (std::uint32_t i = 0; i <= messages_.count(); ++i) d.add(messages_.at(i).received).add(messages_.at(i).open);
}

}  // namespace weft::uet
