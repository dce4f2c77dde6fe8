#include "transport/roce/requester.hh"

#include <algorithm>

#include "base/check.hh"

namespace weft::roce {

namespace {

constexpr std::int64_t longest_message = std::int64_t{1} << 31;

std::uint64_t packets_of(std::uint64_t length, std::uint32_t mtu) { return length == 0 ? 1 : (length + mtu - 1) / mtu; }

}  // namespace

void Requester::reset(const QueuePairConfig& config) {
  CHECK(config.mtu >= 256 && config.mtu <= 4096, "mtu", config.mtu);
  CHECK(config.ack_every > 0, "ack_every", config.ack_every);
  next_ = una_ = posted_end_ = high_ = acked_end_ = first_sequence(config.send_psn);
  cursor_first_ = cursor_end_ = head_end_ = next_;
  window_ = config.packets_in_flight();
  mtu_ = config.mtu;
  ack_every_ = config.ack_every;
  since_ack_request_ = 0;
  deadline_ = Time::never();
  blocked_until_ = Time{};
  cursor_ = 0;
  cursor_plain_ = true;
  head_plain_ = failed_ = response_gap_ = false;
  dest_qp_ = config.dest_qp;
  requests_out_ = 0;
  initiator_depth_ = config.initiator_depth;
  timeout_ = config.timeout_exponent == 0 ? Duration{} : acknowledge_timeout(config.timeout_exponent);
  retry_left_ = retry_count_ = config.retry_count;
  rnr_left_ = rnr_retry_ = config.rnr_retry;
  work_.reset(config.send_depth);
  if (config.recovery == Recovery::go_back_n) {
    selective_.reset();
  } else {
    if (!selective_) selective_ = std::make_unique<SelectiveSender>();
    selective_->reset(window_, config.reordering);
  }
}

bool Requester::post(const WorkRequest& request, WorkKind kind) noexcept {
  if (failed_ || work_.full() || request.length.v < 0 || request.length.v > longest_message) return false;
  WorkEntry entry;
  entry.kind = kind;
  entry.id = request.id;
  entry.length = static_cast<std::uint32_t>(request.length.v);
  entry.region = request.region;
  entry.address = request.address;
  entry.remote_address = request.remote_address;
  entry.rkey = request.rkey;
  entry.immediate = request.immediate;
  enqueue(entry);
  return true;
}

bool Requester::post_atomic(const AtomicRequest& request, WorkKind kind) noexcept {
  if (failed_ || work_.full()) return false;
  WorkEntry entry;
  entry.kind = kind;
  entry.id = request.id;
  entry.length = 8;
  entry.remote_address = request.remote_address;
  entry.rkey = request.rkey;
  entry.compare = request.compare;
  entry.swap_add = request.swap_add;
  enqueue(entry);
  return true;
}

void Requester::enqueue(WorkEntry entry) noexcept {
  entry.first = posted_end_;
  entry.end = posted_end_ + packets_of(entry.length, mtu_);
  const bool at_end = next_ == posted_end_;
  const bool none = work_.all_completed();
  posted_end_ = entry.end;
  work_.push(entry);
  if (at_end) {
    cursor_ = work_.tail() - 1;
    load_cursor();
  }
  if (none) load_head();
}

bool Requester::may_request() const noexcept {
  const bool first_time = !work_.at(cursor_).issued;
  return (!first_time || requests_out_ < initiator_depth_) && (next_ == una_ || cursor_end_ - una_ <= psn_window);
}

std::uint32_t Requester::emit(Time now, RoceSegment& out, QueuePairCounters& counters) noexcept {
  out = blank_segment;
  out.header.dest_qp = dest_qp_;
  out.header.psn = to_psn(next_);
  out.ecn_capable = true;
  if (deadline_ == Time::never()) arm(now);
  if (selective_) [[unlikely]]
    return emit_selective(now, out, counters);
  if (cursor_plain_) [[likely]]
    return emit_message_packet(out, counters);
  return cursor_kind_ == WorkKind::read ? emit_read(out, counters) : emit_atomic(out, counters);
}

void Requester::count_sent(QueuePairCounters& counters) noexcept {
  if (next_ < high_) {
    ++counters.data_retransmitted;
  } else {
    ++counters.data_sent;
    high_ = next_ + 1;
  }
}

namespace {

using Opcode = wire::RoceOpcode;

// [kind][first][last]
constexpr Opcode message_opcodes[4][2][2] = {
    {{Opcode::write_middle, Opcode::write_last}, {Opcode::write_first, Opcode::write_only}},
    {{Opcode::write_middle, Opcode::write_last_immediate}, {Opcode::write_first, Opcode::write_only_immediate}},
    {{Opcode::send_middle, Opcode::send_last}, {Opcode::send_first, Opcode::send_only}},
    {{Opcode::send_middle, Opcode::send_last_immediate}, {Opcode::send_first, Opcode::send_only_immediate}},
};

constexpr std::size_t message_row(WorkKind kind) {
  switch (kind) {
    case WorkKind::write_immediate: return 1;
    case WorkKind::send: return 2;
    case WorkKind::send_immediate: return 3;
    default: return 0;
  }
}

}  // namespace

std::uint32_t Requester::emit_message_packet(RoceSegment& out, QueuePairCounters& counters) noexcept {
  const bool first = next_ == cursor_first_;
  const bool last = next_ + 1 == cursor_end_;
  const std::uint32_t size = last ? cursor_left_ : mtu_;
  out.header.opcode = message_opcodes[message_row(cursor_kind_)][first][last];
  out.payload = {cursor_address_, cursor_region_, size};
  if (first || last) [[unlikely]] {
    const WorkEntry& entry = work_.at(cursor_);
    if (first && cursor_kind_ <= WorkKind::write_immediate) {
      out.header.address = entry.remote_address;
      out.header.rkey = entry.rkey;
      out.header.dma_length = entry.length;
    }
    if (last && (cursor_kind_ == WorkKind::write_immediate || cursor_kind_ == WorkKind::send_immediate))
      out.header.immediate = entry.immediate;
  }
  count_sent(counters);
  ++next_;
  if (last || ++since_ack_request_ >= ack_every_ || next_ - una_ >= window_) {
    out.header.ack_request = true;
    since_ack_request_ = 0;
  }
  cursor_address_ += size;
  cursor_left_ -= size;
  if (last) {
    ++cursor_;
    load_cursor();
  }
  return size;
}

std::uint32_t Requester::emit_read(RoceSegment& out, QueuePairCounters& counters) noexcept {
  WorkEntry& entry = work_.at(cursor_);
  const std::uint64_t offset = (next_ - entry.first) * mtu_;
  out.header.opcode = wire::RoceOpcode::read_request;
  out.header.ack_request = true;
  out.header.address = entry.remote_address + offset;
  out.header.rkey = entry.rkey;
  out.header.dma_length = static_cast<std::uint32_t>(entry.length - offset);
  if (!entry.issued) ++requests_out_;
  entry.issued = true;
  count_sent(counters);
  next_ = entry.end;
  high_ = std::max(high_, next_);
  ++cursor_;
  load_cursor();
  skip_acknowledged();
  return 0;
}

std::uint32_t Requester::emit_atomic(RoceSegment& out, QueuePairCounters& counters) noexcept {
  WorkEntry& entry = work_.at(cursor_);
  out.header.opcode = entry.kind == WorkKind::compare_swap ? wire::RoceOpcode::compare_swap : wire::RoceOpcode::fetch_add;
  out.header.ack_request = true;
  out.header.address = entry.remote_address;
  out.header.rkey = entry.rkey;
  out.header.swap_add = entry.swap_add;
  out.header.compare = entry.compare;
  if (!entry.issued) ++requests_out_;
  entry.issued = true;
  count_sent(counters);
  ++next_;
  ++cursor_;
  load_cursor();
  skip_acknowledged();
  return 0;
}

// The cursor's cached view of the message that holds next_; nothing to cache behind the last one.
void Requester::load_cursor() noexcept {
  if (next_ == posted_end_) {
    cursor_plain_ = true;
    return;
  }
  const WorkEntry& entry = work_.at(cursor_);
  const std::uint64_t offset = (next_ - entry.first) * mtu_;
  cursor_first_ = entry.first;
  cursor_end_ = entry.end;
  cursor_address_ = entry.address + offset;
  cursor_left_ = static_cast<std::uint32_t>(entry.length - offset);
  cursor_region_ = entry.region;
  cursor_kind_ = entry.kind;
  cursor_plain_ = !entry.awaits_response();
}

void Requester::load_head() noexcept {
  head_plain_ = !work_.all_completed() && !work_.at(work_.head()).awaits_response();
  head_end_ = work_.all_completed() ? posted_end_ : work_.at(work_.head()).end;
}

void Requester::fail(Status status, Sequence at) noexcept {
  failed_ = true;
  while (!work_.all_completed()) {
    const WorkEntry& entry = work_.at(work_.head());
    work_.complete(entry.first <= at && at < entry.end ? status : Status::flushed);
  }
  next_ = una_ = posted_end_;
  deadline_ = Time::never();
  blocked_until_ = Time{};
  if (selective_) selective_->reset(window_, 0);
  load_cursor();
}

void Requester::digest(Digest& d) const noexcept {
  d.add(next_).add(una_).add(posted_end_).add(high_).add(acked_end_).add(since_ack_request_).add(deadline_).add(blocked_until_);
  d.add(requests_out_).add(retry_left_).add(rnr_left_).add(failed_).add(response_gap_).add(cursor_);
  if (selective_) selective_->digest(d);
  for (std::uint32_t i = work_.head(); i != work_.tail(); ++i) d.add(work_.at(i).first).add(work_.at(i).received).add(work_.at(i).issued);
}

}  // namespace weft::roce
