// The requester with `recovery: selective` (project profile, selective_sender.hh).
#include "transport/roce/requester.hh"

namespace weft::roce {

// READs and atomics never share the way with WRITEs and SENDs: one kind waits until the other has been answered.
bool Requester::selective_waiting() const noexcept {
  if (selective_->must_resend()) return true;
  if (next_ == posted_end_ || next_ - una_ >= window_) return false;
  if (cursor_plain_) return requests_out_ == 0;
  return (next_ == una_ || !head_plain_) && may_request();
}

std::uint32_t Requester::emit_selective(Time now, RoceSegment& out, QueuePairCounters& counters) noexcept {
  if (selective_->must_resend()) {
    const Sequence at = selective_->take_lost(una_, next_);
    std::uint32_t index = work_.head();
    while (work_.at(index).end <= at) ++index;
    out.header.psn = to_psn(at);
    out.header.ack_request = true;
    ++counters.data_retransmitted;
    if (selective_->probe_at() == Time::never()) selective_->arm_probe(now);
    return compose_selective(work_.at(index), at, out);
  }
  if (!cursor_plain_) return cursor_kind_ == WorkKind::read ? emit_read(out, counters) : emit_atomic(out, counters);
  const std::uint32_t size = compose_selective(work_.at(cursor_), next_, out);
  if (next_ == una_) selective_->arm_probe(now);
  count_sent(counters);
  ++next_;
  if (next_ == cursor_end_ || ++since_ack_request_ >= ack_every_ || next_ - una_ >= window_) {
    out.header.ack_request = true;
    since_ack_request_ = 0;
    selective_->time_sent(now, next_ - 1);
  }
  if (next_ == cursor_end_) {
    ++cursor_;
    load_cursor();
  }
  return size;
}

std::uint32_t Requester::compose_selective(const WorkEntry& entry, Sequence at, RoceSegment& out) const noexcept {
  using Opcode = wire::RoceOpcode;
  const bool first = at == entry.first;
  const bool last = at + 1 == entry.end;
  const std::uint64_t offset = (at - entry.first) * mtu_;
  const auto size = static_cast<std::uint32_t>(last ? entry.length - offset : mtu_);
  const bool immediate = last && (entry.kind == WorkKind::write_immediate || entry.kind == WorkKind::send_immediate);
  out.payload = {entry.address + offset, entry.region, size};
  if (immediate) out.header.immediate = entry.immediate;
  if (entry.kind == WorkKind::write || entry.kind == WorkKind::write_immediate) {
    out.header.opcode = immediate ? Opcode::write_only_immediate : Opcode::write_only;
    out.header.solicited = last;
    out.header.address = entry.remote_address + offset;
    out.header.rkey = entry.rkey;
    out.header.dma_length = size;
    return size;
  }
  constexpr Opcode plain[2][2] = {{Opcode::send_middle, Opcode::send_last}, {Opcode::send_first, Opcode::send_only}};
  out.header.opcode = plain[first][last];
  if (immediate) out.header.opcode = first ? Opcode::send_only_immediate : Opcode::send_last_immediate;
  return size;
}

void Requester::selective_acknowledge(Time now, const wire::RoceHeader& header, QueuePairCounters& counters) noexcept {
  ++counters.acks_received;
  const Sequence end = unwrap(header.psn, una_) + 1;
  if (!acknowledge_before(now, end)) {
    ++counters.dropped_bad_response;
    return;
  }
  if (requests_out_ != 0 || next_ == una_) return;
  const Sequence trigger = unwrap(header.immediate & psn_mask, una_);
  if (!selective_->take(trigger, header.swap_add, una_, next_)) return;
  selective_->progress();
  selective_->arm_probe(now);
  retry_left_ = retry_count_;
  arm(now);
}

// The oldest unacknowledged packet has moved on from `before`.
void Requester::selective_progress(Time now, Sequence before) noexcept {
  selective_->time_acknowledged(now, una_);
  selective_->advance(before, una_);
  selective_->progress();
  if (next_ == una_) {
    selective_->disarm_probe();
  } else {
    selective_->arm_probe(now);
  }
}

void Requester::advance_selective(Time now, QueuePairCounters& counters) noexcept {
  selective_->disarm_probe();
  if (next_ == una_ || requests_out_ != 0) return;
  if (!selective_->must_resend()) {
    selective_->probe(una_);
    ++counters.tail_probes;
  }
  selective_->arm_probe(now);
}

}  // namespace weft::roce
