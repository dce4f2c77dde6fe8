// Requester: the half of a reliable connection that sends requests and hears about them.
//
// Sequences: una (oldest unacknowledged) <= next (to be sent) <= posted end; high = one past the highest ever sent, so
// next < high is a retransmission. Go-back-N: a NAK or the timeout moves next back. Rules, by IBTA 1.4 section 9.7.5 to 9.7.7:
//  - ACK(p) acknowledges all up to p; a READ response or atomic ACK acknowledges every request before its own.
//  - A READ counts as acknowledged only as far as its responses have come, whatever ACKs say; behind an incomplete READ the
//    acknowledgement waits in acked_end.
//  - AckReq is set on message ends, on every ack_every-th packet, and on the packet that fills the window.
//  - The timer runs while something is in flight and starts anew when an acknowledgement advances; so do the retry counters.
// With `recovery: selective` (requester_selective.cc) lost packets alone are sent again and next never moves back, except among
// READs and atomics: these recover by go-back-N, so they are never in flight together with WRITEs or SENDs.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>

#include "engine/digest.hh"
#include "engine/engine.hh"
#include "transport/roce/counters.hh"
#include "transport/roce/opcode_traits.hh"
#include "transport/roce/queue_pair_config.hh"
#include "transport/roce/selective_sender.hh"
#include "transport/roce/syndrome.hh"
#include "transport/roce/work_queue.hh"

namespace weft::roce {

using RoceSegment = Segment<wire::RoceHeader>;

// Segments start as a copy of this: a few vector moves, where assigning a temporary costs a stall in the store buffer.
inline constexpr RoceSegment blank_segment{};

class Requester {
 public:
  void reset(const QueuePairConfig& config);

  bool post(const WorkRequest& request, WorkKind kind) noexcept;
  bool post_atomic(const AtomicRequest& request, WorkKind kind) noexcept;
  bool poll(Completion& out) noexcept { return work_.poll(out); }

  [[nodiscard]] bool waiting() const noexcept {  // but for the RNR delay and the pace, a packet could be sent
    if (selective_) [[unlikely]]
      return selective_waiting();
    return next_ != posted_end_ && next_ - una_ < window_ && (cursor_plain_ || may_request());
  }
  [[nodiscard]] bool sendable(Time now) const noexcept { return waiting() && now >= blocked_until_; }
  // Precondition: sendable(now). Returns the payload's size.
  std::uint32_t emit(Time now, RoceSegment& out, QueuePairCounters& counters) noexcept;

  void acknowledge(Time now, const wire::RoceHeader& header, QueuePairCounters& counters) noexcept;
  void selective_acknowledge(Time now, const wire::RoceHeader& header, QueuePairCounters& counters) noexcept;
  void response(Time now, RoceSegment& segment, const OpcodeTraits& kind, QueuePairCounters& counters) noexcept;
  void advance(Time now, QueuePairCounters& counters) noexcept;
  // The work that holds `at` ends with `status`, the rest flushed.
  void fail(Status status, Sequence at) noexcept;

  [[nodiscard]] Time timeout_deadline() const noexcept { return selective_ ? std::min(deadline_, selective_->probe_at()) : deadline_; }
  [[nodiscard]] Time blocked_until() const noexcept { return blocked_until_; }
  [[nodiscard]] bool failed() const noexcept { return failed_; }
  [[nodiscard]] bool selective() const noexcept { return selective_ != nullptr; }
  [[nodiscard]] bool idle() const noexcept { return work_.all_completed(); }
  [[nodiscard]] std::uint64_t in_flight() const noexcept { return next_ - una_; }
  [[nodiscard]] Sequence oldest_unacknowledged() const noexcept { return una_; }
  void digest(Digest& d) const noexcept;

 private:
  [[nodiscard]] bool may_request() const noexcept;
  std::uint32_t emit_message_packet(RoceSegment& out, QueuePairCounters& counters) noexcept;
  std::uint32_t emit_selective(Time now, RoceSegment& out, QueuePairCounters& counters) noexcept;
  std::uint32_t compose_selective(const WorkEntry& entry, Sequence at, RoceSegment& out) const noexcept;
  [[nodiscard]] bool selective_waiting() const noexcept;
  void selective_progress(Time now, Sequence before) noexcept;
  void advance_selective(Time now, QueuePairCounters& counters) noexcept;
  std::uint32_t emit_read(RoceSegment& out, QueuePairCounters& counters) noexcept;
  std::uint32_t emit_atomic(RoceSegment& out, QueuePairCounters& counters) noexcept;
  void arm(Time now) noexcept { deadline_ = timeout_.v == 0 ? Time::never() : now + timeout_; }
  void count_sent(QueuePairCounters& counters) noexcept;

  bool acknowledge_before(Time now, Sequence end) noexcept;
  void negative(Time now, const wire::RoceHeader& header, Sequence at, QueuePairCounters& counters) noexcept;
  void not_ready(Time now, std::uint8_t code, Sequence at, QueuePairCounters& counters) noexcept;
  void take_response(Time now, RoceSegment& segment, WorkEntry& entry, QueuePairCounters& counters) noexcept;
  void update_unacknowledged(Time now) noexcept;
  void complete_acknowledged() noexcept;
  void retry_from(Sequence at) noexcept;
  void lose(Sequence at) noexcept;
  void rewind(Sequence at) noexcept;
  void skip_acknowledged() noexcept;
  void load_cursor() noexcept;
  void load_head() noexcept;
  void enqueue(WorkEntry entry) noexcept;

  // What every outlook asks, then what every packet touches.
  Sequence next_ = 0, posted_end_ = 0;
  Time deadline_ = Time::never();
  std::unique_ptr<SelectiveSender> selective_;  // none with go-back-N
  Sequence una_ = 0, high_ = 0, acked_end_ = 0;
  Time blocked_until_{};
  std::uint32_t window_ = 0, mtu_ = 0, ack_every_ = 0, since_ack_request_ = 0;
  // The next packet's place in the message at the cursor.
  Sequence cursor_first_ = 0, cursor_end_ = 0;
  std::uint64_t cursor_address_ = 0;
  std::uint32_t cursor_left_ = 0;
  BufferId cursor_region_{};
  std::uint32_t cursor_ = 0;
  WorkKind cursor_kind_ = WorkKind::write;
  bool cursor_plain_ = true;  // a WRITE or SEND
  bool head_plain_ = false;
  bool failed_ = false;
  bool response_gap_ = false;  // re-requested from the gap; nothing more until it closes
  std::uint32_t dest_qp_ = 0;
  Sequence head_end_ = 0;
  Duration timeout_{};
  std::uint32_t requests_out_ = 0, initiator_depth_ = 0;
  std::uint8_t retry_left_ = 0, rnr_left_ = 0, retry_count_ = 0, rnr_retry_ = 0;
  WorkQueue work_;
};

}  // namespace weft::roce
