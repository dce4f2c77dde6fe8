// The requester's ear: ACK, NAK, RNR NAK, READ responses, atomic ACKs, and the timeout.
#include <algorithm>

#include "transport/roce/requester.hh"

namespace weft::roce {

void Requester::acknowledge(Time now, const wire::RoceHeader& header, QueuePairCounters& counters) noexcept {
  const Sequence at = unwrap(header.psn, una_);
  switch (syndrome_kind(header.syndrome)) {
    case SyndromeKind::acknowledge:
      ++counters.acks_received;
      if (!acknowledge_before(now, at + 1)) ++counters.dropped_bad_response;
      return;
    case SyndromeKind::rnr: return not_ready(now, syndrome_value(header.syndrome), at, counters);
    case SyndromeKind::nak: return negative(now, header, at, counters);
    case SyndromeKind::reserved: ++counters.dropped_bad_response;
  }
}

// False when `end` lies beyond everything sent. An old acknowledgement is no error.
bool Requester::acknowledge_before(Time now, Sequence end) noexcept {
  if (end > high_) return false;
  if (end <= acked_end_) return true;
  acked_end_ = end;
  update_unacknowledged(now);
  return true;
}

void Requester::update_unacknowledged(Time now) noexcept {
  const Sequence before = una_;
  if (head_plain_ && acked_end_ < head_end_) [[likely]] {
    una_ = std::max(una_, acked_end_);
  } else {
    complete_acknowledged();
  }
  if (next_ < acked_end_) {
    if (next_ < una_) rewind(una_);
    skip_acknowledged();
  }
  if (una_ == before) return;
  if (selective_) selective_progress(now, before);
  retry_left_ = retry_count_;
  rnr_left_ = rnr_retry_;
  deadline_ = Time::never();
  if (next_ != una_) arm(now);
}

void Requester::complete_acknowledged() noexcept {
  while (!work_.all_completed()) {
    const WorkEntry& entry = work_.at(work_.head());
    const Sequence known = entry.awaits_response() ? entry.next_response() : std::clamp(acked_end_, entry.first, entry.end);
    una_ = std::max(una_, known);
    if (known != entry.end) break;
    if (entry.awaits_response()) --requests_out_;
    work_.complete(Status::success);
  }
  load_head();
}

// A WRITE or SEND that an ACK already covers is not sent again, although a READ before it is.
void Requester::skip_acknowledged() noexcept {
  while (next_ < acked_end_ && next_ != posted_end_ && cursor_plain_) {
    next_ = std::min(acked_end_, cursor_end_);
    if (next_ == cursor_end_) ++cursor_;
    load_cursor();
  }
}

// Precondition: una_ <= at <= posted_end_.
void Requester::rewind(Sequence at) noexcept {
  next_ = at;
  since_ack_request_ = 0;
  cursor_ = work_.head();
  while (cursor_ != work_.tail() && work_.at(cursor_).end <= at) ++cursor_;
  load_cursor();
  skip_acknowledged();
  if (next_ == una_) deadline_ = Time::never();
}

void Requester::retry_from(Sequence at) noexcept {
  if (retry_left_ == 0) return fail(Status::retry_exceeded, at);
  --retry_left_;
  lose(at);
}

// Everything from `at` on is to be sent again.
void Requester::lose(Sequence at) noexcept {
  if (selective_ && requests_out_ == 0) {
    selective_->lose_all(at, next_);
  } else {
    rewind(at);
  }
}

void Requester::negative(Time now, const wire::RoceHeader& header, Sequence at, QueuePairCounters& counters) noexcept {
  ++counters.naks_received;
  if (at < una_ || at >= high_ || !acknowledge_before(now, at)) {
    ++counters.dropped_bad_response;
    return;
  }
  switch (static_cast<Nak>(syndrome_value(header.syndrome))) {
    case Nak::sequence_error: return retry_from(at);
    case Nak::remote_access: return fail(Status::remote_access_error, at);
    case Nak::remote_operational: return fail(Status::remote_operational_error, at);
    case Nak::invalid_request:
    case Nak::invalid_read: return fail(Status::remote_invalid_request, at);
  }
  ++counters.dropped_bad_response;
}

void Requester::not_ready(Time now, std::uint8_t code, Sequence at, QueuePairCounters& counters) noexcept {
  constexpr std::uint8_t for_ever = 7;
  ++counters.rnr_naks_received;
  if (at < una_ || at >= high_ || !acknowledge_before(now, at)) {
    ++counters.dropped_bad_response;
    return;
  }
  if (rnr_retry_ != for_ever) {
    if (rnr_left_ == 0) return fail(Status::rnr_retry_exceeded, at);
    --rnr_left_;
  }
  lose(at);
  blocked_until_ = now + rnr_delay(code);
  deadline_ = Time::never();
}

void Requester::response(Time now, RoceSegment& segment, const OpcodeTraits& kind, QueuePairCounters& counters) noexcept {
  segment.placement = {};
  const Sequence at = unwrap(segment.header.psn, una_);
  std::uint32_t index = work_.head();
  while (index != work_.tail() && !(work_.at(index).awaits_response() && work_.at(index).next_response() != work_.at(index).end)) ++index;
  if (index == work_.tail() || !work_.at(index).issued || at >= high_) {
    if (at < una_) {
      ++counters.dropped_duplicate;
    } else {
      ++counters.dropped_bad_response;
    }
    return;
  }
  WorkEntry& entry = work_.at(index);
  if (at < entry.next_response()) {
    ++counters.dropped_duplicate;
    return;
  }
  if (at > entry.next_response()) {
    ++counters.dropped_response_out_of_order;
    if (response_gap_) return;
    response_gap_ = true;
    ++counters.read_rerequests;
    return rewind(entry.next_response());
  }
  const bool read = entry.kind == WorkKind::read;
  const bool last = at + 1 == entry.end;
  const std::uint64_t offset = std::uint64_t{entry.received} * mtu_;
  const std::uint64_t size = last ? entry.length - offset : mtu_;
  const bool fits = read ? kind.operation == Operation::read_response && kind.last == last && segment.payload.length == size
                         : kind.operation == Operation::atomic_acknowledge;
  if (!fits) {
    ++counters.dropped_bad_response;
    return;
  }
  take_response(now, segment, entry, counters);
}

void Requester::take_response(Time now, RoceSegment& segment, WorkEntry& entry, QueuePairCounters& counters) noexcept {
  response_gap_ = false;
  if (entry.kind == WorkKind::read) {
    ++counters.data_received;
    segment.placement = {entry.address + std::uint64_t{entry.received} * mtu_, entry.region, segment.payload.length > 0};
  } else {
    ++counters.acks_received;
    entry.swap_add = segment.header.swap_add;
  }
  ++entry.received;
  acked_end_ = std::max(acked_end_, entry.next_response());
  update_unacknowledged(now);
}

void Requester::advance(Time now, QueuePairCounters& counters) noexcept {
  if (selective_ && selective_->probe_at() <= now) advance_selective(now, counters);
  if (deadline_ > now) return;
  ++counters.timeouts;
  response_gap_ = false;
  deadline_ = Time::never();
  retry_from(una_);
}

}  // namespace weft::roce
