#include "transport/roce/responder.hh"

#include <algorithm>
#include <utility>

namespace weft::roce {

void Responder::reset(const QueuePairConfig& config) {
  expected_ = first_sequence(config.expected_psn);
  address_ = message_bytes_ = 0;
  message_left_ = 0;
  region_ = {};
  mtu_ = config.mtu;
  message_ = Operation::none;
  answer_due_ = Answer::none;
  nak_syndrome_ = 0;
  gap_told_ = failed_ = false;
  rnr_timer_code_ = config.rnr_timer_code;
  msn_ = 0;
  delivered_bytes_ = delivered_messages_ = 0;
  dest_qp_ = config.dest_qp;
  receives_.reset(config.receive_depth);
  resources_.reset(config.responder_resources);
  trigger_ = expected_;
  if (config.recovery == Recovery::go_back_n) {
    selective_.reset();
  } else {
    if (!selective_) selective_ = std::make_unique<SelectiveReceiver>();
    selective_->reset(config.packets_in_flight());
  }
}

void Responder::request(RoceSegment& segment, const OpcodeTraits& kind, QueuePairCounters& counters) noexcept {
  segment.placement = {};
  const Sequence at = unwrap(segment.header.psn, expected_);
  if (failed_) {
    ++counters.dropped_in_error;
    if (at <= expected_ && syndrome_kind(nak_syndrome_) == SyndromeKind::nak) answer_due_ = Answer::nak;
    return;
  }
  if (at > expected_) {
    if (selective_ && keep_ahead(segment, kind, at, counters)) return;
    ++counters.dropped_out_of_order;
    if (gap_told_) return;
    gap_told_ = true;
    return tell(nak_syndrome(Nak::sequence_error));
  }
  if (at < expected_) return duplicate(segment.header, kind, at, counters);
  gap_told_ = false;
  if (answer_due_ == Answer::nak) answer_due_ = Answer::none;
  execute(segment, kind, counters);
}

void Responder::execute(RoceSegment& segment, const OpcodeTraits& kind, QueuePairCounters& counters) noexcept {
  const bool continues = message_ != Operation::none;
  if (kind.first == continues || (continues && kind.operation != message_)) return refuse(Nak::invalid_request, counters);
  if (kind.operation == Operation::read) return execute_read(segment.header, counters);
  if (kind.operation == Operation::atomic) return execute_atomic(segment.header, counters);
  execute_message(segment, kind, counters);
}

void Responder::execute_message(RoceSegment& segment, const OpcodeTraits& kind, QueuePairCounters& counters) noexcept {
  const std::uint32_t size = segment.payload.length;
  const bool right_size = kind.last ? size <= mtu_ && (kind.first || size > 0) : size == mtu_;
  if (!right_size) return refuse(Nak::invalid_request, counters);
  if (kind.immediate && kind.operation == Operation::write && receives_.empty()) return not_ready(counters);
  if (kind.first && !(kind.operation == Operation::write ? begin_write(segment, kind, counters) : begin_send(counters))) return;
  const bool fits = kind.operation == Operation::send ? size <= message_left_ : kind.last ? size == message_left_ : size < message_left_;
  if (!fits) return refuse(Nak::invalid_request, counters);
  segment.placement = {address_, region_, size > 0};
  address_ += size;
  message_left_ -= size;
  if (kind.operation == Operation::send || selective_) message_bytes_ += size;
  delivered_bytes_ += size;
  message_ = kind.operation;
  ++expected_;
  ++counters.data_received;
  const bool ends = selective_ && kind.operation == Operation::write ? segment.header.solicited : kind.last;
  if (ends)
    finish_message(segment.header, kind);
  else if (kind.last)
    message_ = Operation::none;
  if (segment.header.ack_request && answer_due_ != Answer::selective) answer_due_ = Answer::acknowledge;
  if (selective_ && !selective_->empty()) take_kept(expected_ - 1);
}

// Rights are asked once for a message; the middle packets then cannot leave what was granted.
bool Responder::begin_write(const RoceSegment& segment, const OpcodeTraits& kind, QueuePairCounters& counters) noexcept {
  constexpr std::uint32_t longest_message = 1U << 31;
  const std::uint32_t length = segment.header.dma_length;
  if (length > longest_message || (kind.last && length != segment.payload.length)) {
    refuse(Nak::invalid_request, counters);
    return false;
  }
  region_ = {};
  if (length > 0) {
    const auto region = memory_->find(segment.header.rkey, segment.header.address, length, Access::remote_write);
    if (!region) {
      refuse(Nak::remote_access, counters);
      return false;
    }
    region_ = *region;
  }
  address_ = segment.header.address;
  message_left_ = length;
  if (!selective_) message_bytes_ = length;
  return true;
}

bool Responder::begin_send(QueuePairCounters& counters) noexcept {
  if (receives_.empty()) {
    not_ready(counters);
    return false;
  }
  const ReceiveRequest& receive = receives_.front();
  region_ = receive.region;
  address_ = receive.address;
  message_left_ = static_cast<std::uint32_t>(std::clamp<std::int64_t>(receive.length.v, 0, 0xffff'ffff));
  message_bytes_ = 0;
  return true;
}

void Responder::finish_message(const wire::RoceHeader& header, const OpcodeTraits& kind) noexcept {
  message_ = Operation::none;
  msn_ = (msn_ + 1) & psn_mask;
  ++delivered_messages_;
  const std::uint64_t bytes = std::exchange(message_bytes_, 0);
  if (kind.operation != Operation::send && !kind.immediate) return;
  Completion completion;
  completion.kind = kind.operation == Operation::send ? WorkKind::receive : WorkKind::receive_write_immediate;
  completion.has_immediate = kind.immediate;
  completion.immediate = kind.immediate ? header.immediate : 0;
  completion.bytes = Bytes{static_cast<std::int64_t>(bytes)};
  receives_.complete(completion);
}

void Responder::execute_read(const wire::RoceHeader& header, QueuePairCounters& counters) noexcept {
  constexpr std::uint32_t longest_message = 1U << 31;
  if (header.dma_length > longest_message) return refuse(Nak::invalid_request, counters);
  Resource r;
  if (header.dma_length > 0) {
    const auto region = memory_->find(header.rkey, header.address, header.dma_length, Access::remote_read);
    if (!region) return refuse(Nak::remote_access, counters);
    r.region = *region;
  }
  r.first = r.next = r.start = r.high = expected_;
  r.end = expected_ + std::max<std::uint64_t>(1, (std::uint64_t{header.dma_length} + mtu_ - 1) / mtu_);
  r.address = header.address;
  r.length = header.dma_length;
  r.msn = (msn_ + 1) & psn_mask;
  if (!resources_.push(r)) return refuse(Nak::invalid_request, counters);
  msn_ = r.msn;
  expected_ = r.end;
  ++counters.data_received;
}

void Responder::execute_atomic(const wire::RoceHeader& header, QueuePairCounters& counters) noexcept {
  if (header.address % 8 != 0) return refuse(Nak::invalid_request, counters);
  const auto region = memory_->find(header.rkey, header.address, 8, Access::remote_atomic);
  if (!region) return refuse(Nak::remote_access, counters);
  Resource r;
  r.first = r.next = r.start = r.high = expected_;
  r.end = expected_ + 1;
  r.atomic = true;
  r.region = *region;
  r.address = header.address;
  r.length = 8;
  r.msn = (msn_ + 1) & psn_mask;
  if (!resources_.push(r)) return refuse(Nak::invalid_request, counters);
  Resource& kept = *resources_.find(expected_);
  kept.original = header.opcode == wire::RoceOpcode::compare_swap
                      ? memory_->compare_swap(*region, header.address, header.compare, header.swap_add)
                      : memory_->fetch_add(*region, header.address, header.swap_add);
  msn_ = r.msn;
  ++expected_;
  ++counters.data_received;
}

void Responder::duplicate(const wire::RoceHeader& header, const OpcodeTraits& kind, Sequence at, QueuePairCounters& counters) noexcept {
  ++counters.dropped_duplicate;
  if (kind.operation != Operation::read && kind.operation != Operation::atomic) {
    if (selective_ && !selective_->empty()) return tell_selective(at);
    if (answer_due_ == Answer::none) answer_due_ = Answer::acknowledge;
    return;
  }
  Resource* r = resources_.find(at);
  const bool same = r != nullptr && r->atomic == (kind.operation == Operation::atomic) &&
                    (r->atomic || (header.address == r->address + (at - r->first) * mtu_ &&
                                   at + (std::uint64_t{header.dma_length} + mtu_ - 1) / mtu_ <= r->end));
  if (!same) {
    ++counters.dropped_no_resource;
    return;
  }
  resources_.restart(*r, at);
}

void Responder::refuse(Nak code, QueuePairCounters& counters) noexcept {
  ++counters.dropped_bad_request;
  tell(nak_syndrome(code));
  stop();
}

void Responder::not_ready(QueuePairCounters& counters) noexcept {
  ++counters.dropped_not_ready;
  gap_told_ = true;
  tell(static_cast<std::uint8_t>(syndrome_rnr | rnr_timer_code_));
}

void Responder::fail() noexcept {
  if (failed_) return;
  answer_due_ = Answer::none;
  nak_syndrome_ = 0;
  stop();
}

void Responder::stop() noexcept {
  failed_ = true;
  resources_.clear();
  receives_.flush();
}

bool Responder::answer(RoceSegment& out, QueuePairCounters& counters) noexcept {
  if (!answer_ready()) return false;
  out = blank_segment;
  out.header.dest_qp = dest_qp_;
  if (resources_.pending()) {
    Resource& r = resources_.active();
    out.header.opcode = wire::RoceOpcode::atomic_acknowledge;
    out.header.psn = to_psn(r.first);
    out.header.msn = r.msn;
    out.header.syndrome = syndrome_acknowledge;
    out.header.swap_add = r.original;
    r.next = r.high = r.end;
    resources_.skip_done();
    ++counters.acks_sent;
    return true;
  }
  const bool nak = answer_due_ == Answer::nak;
  out.header.opcode = wire::RoceOpcode::acknowledge;
  if (answer_due_ == Answer::selective) {
    out.header.opcode = wire::RoceOpcode::selective_acknowledge;
    out.header.immediate = to_psn(trigger_);
    out.header.swap_add = selective_->bitmap(trigger_, expected_);
  }
  out.header.psn = to_psn(nak ? expected_ : expected_ - 1);
  out.header.msn = msn_;
  out.header.syndrome = nak ? nak_syndrome_ : syndrome_acknowledge;
  answer_due_ = Answer::none;
  if (!nak) {
    ++counters.acks_sent;
  } else {
    ++(syndrome_kind(nak_syndrome_) == SyndromeKind::rnr ? counters.rnr_naks_sent : counters.naks_sent);
  }
  return true;
}

std::uint32_t Responder::response(RoceSegment& out, QueuePairCounters& counters) noexcept {
  using Opcode = wire::RoceOpcode;
  constexpr Opcode opcodes[2][2] = {{Opcode::read_response_middle, Opcode::read_response_last},
                                    {Opcode::read_response_first, Opcode::read_response_only}};
  Resource& r = resources_.active();
  const bool first = r.next == r.start;
  const bool last = r.next + 1 == r.end;
  const std::uint64_t offset = (r.next - r.first) * mtu_;
  const auto size = static_cast<std::uint32_t>(last ? r.length - offset : mtu_);
  out = blank_segment;
  out.header.opcode = opcodes[first][last];
  out.header.dest_qp = dest_qp_;
  out.header.psn = to_psn(r.next);
  if (first || last) {
    out.header.syndrome = syndrome_acknowledge;
    out.header.msn = r.msn;
  }
  out.payload = {r.address + offset, r.region, size};
  out.ecn_capable = true;
  ++(r.next < r.high ? counters.data_retransmitted : counters.data_sent);
  ++r.next;
  r.high = std::max(r.high, r.next);
  if (last) resources_.skip_done();
  return size;
}

void Responder::digest(Digest& d) const noexcept {
  d.add(expected_).add(address_).add(message_left_).add(message_bytes_).add(static_cast<std::uint64_t>(message_));
  d.add(static_cast<std::uint64_t>(answer_due_)).add(nak_syndrome_).add(gap_told_).add(failed_).add(msn_);
  d.add(delivered_bytes_).add(delivered_messages_).add(receives_.completed()).add(selective_ ? selective_->count() : 0).add(trigger_);
  d.add(resources_.pending() ? resources_.active().next : 0);
}

}  // namespace weft::roce
