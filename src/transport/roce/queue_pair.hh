// QueuePair: a RoCEv2 reliable connection as a sans-I/O engine (engine/engine.hh). One object is both requester and responder;
// the simulator and the live loop drive the same code.
//
// Lanes: notify = CNP; respond = ACK, NAK, selective and atomic ACK; data = requests and READ responses, paced by the
// congestion law when its rate is below the line's. All data is ECN-capable. A CE mark on data yields at most one CNP for
// each cnp_interval. An idle queue pair has no deadline: the law's timers are caught up when it next sends.
// Memory: rings are sized in the constructor and in reset(); nothing else allocates.
//
// Sources: IBTA 1.4 chapter 9 (reliable connection), annex A17 (RoCEv2: ECN, CNP).
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>

#include "engine/engine.hh"
#include "engine/memory.hh"
#include "engine/pacer.hh"
#include "transport/congestion/any_congestion.hh"
#include "transport/roce/counters.hh"
#include "transport/roce/queue_pair_config.hh"
#include "transport/roce/requester.hh"
#include "transport/roce/responder.hh"
#include "transport/roce/work.hh"

namespace weft::roce {

class QueuePair {
 public:
  using Segment = RoceSegment;

  QueuePair(const QueuePairConfig& config, Memory& memory);
  // A fresh connection in the same object; allocates only if a ring must grow.
  void reset(const QueuePairConfig& config);

  // False when the queue is full, the length is over 2^31, or the connection has failed.
  bool post_write(const WorkRequest& request) noexcept { return requester_.post(request, WorkKind::write); }
  bool post_write_immediate(const WorkRequest& request) noexcept { return requester_.post(request, WorkKind::write_immediate); }
  bool post_read(const WorkRequest& request) noexcept { return requester_.post(request, WorkKind::read); }
  bool post_send(const WorkRequest& request) noexcept { return requester_.post(request, WorkKind::send); }
  bool post_send_immediate(const WorkRequest& request) noexcept { return requester_.post(request, WorkKind::send_immediate); }
  bool post_compare_swap(const AtomicRequest& request) noexcept { return requester_.post_atomic(request, WorkKind::compare_swap); }
  bool post_fetch_add(const AtomicRequest& request) noexcept { return requester_.post_atomic(request, WorkKind::fetch_add); }
  bool post_receive(const ReceiveRequest& request) noexcept { return responder_.post_receive(request); }
  bool poll(Completion& out) noexcept { return requester_.poll(out) || responder_.poll(out); }

  void receive(Time now, std::span<Segment> in) noexcept;
  void advance(Time now) noexcept;
  [[nodiscard]] std::size_t transmit(Time now, Lane lane, std::span<Segment> out) noexcept;
  [[nodiscard]] bool ready(Time now, Lane lane) const noexcept {
    if (lane == Lane::data) return pace_.open(now) && (requester_.sendable(now) || responder_.response_ready());
    return lane == Lane::respond ? responder_.answer_ready() : cnp_due_;
  }
  [[nodiscard]] Time next_deadline() const noexcept { return outlook(last_seen_).deadline; }
  [[nodiscard]] Outlook outlook(Time now) const noexcept;

  // The sending rate that the congestion law allows now.
  [[nodiscard]] Rate rate(Time now) noexcept { return congestion_.rate(now); }
  [[nodiscard]] std::uint64_t packets_in_flight() const noexcept { return requester_.in_flight(); }
  [[nodiscard]] std::uint32_t oldest_unacknowledged_psn() const noexcept { return to_psn(requester_.oldest_unacknowledged()); }
  [[nodiscard]] std::uint32_t expected_psn() const noexcept { return to_psn(responder_.expected()); }
  // Nothing posted is left without its completion.
  [[nodiscard]] bool idle() const noexcept { return requester_.idle(); }
  [[nodiscard]] bool failed() const noexcept { return requester_.failed(); }
  // Receive side, WRITE and SEND: bytes placed in order so far, and messages whose last byte has come.
  [[nodiscard]] std::uint64_t delivered_bytes() const noexcept { return responder_.delivered_bytes(); }
  [[nodiscard]] std::uint64_t delivered_messages() const noexcept { return responder_.delivered_messages(); }
  [[nodiscard]] const QueuePairCounters& counters() const noexcept { return counters_; }
  [[nodiscard]] const congestion::AnyCongestion& congestion() const noexcept { return congestion_; }
  // Over the whole logical state: two runs alike give the same number.
  [[nodiscard]] std::uint64_t digest() const noexcept;

 private:
  static constexpr std::uint8_t bit(Lane lane) { return static_cast<std::uint8_t>(1U << static_cast<unsigned>(lane)); }
  void receive_one(Time now, Segment& segment) noexcept;
  void receive_other(Time now, Segment& segment) noexcept;
  void congestion_seen(Time now) noexcept;
  std::size_t transmit_data(Time now, std::span<Segment> out) noexcept;
  void pace(Time now, std::uint32_t payload) noexcept;
  void share_failure() noexcept;

  Responder responder_;
  Requester requester_;
  Time cnp_allowed_{};
  Duration cnp_interval_{};
  alignas(64) Pacer pace_;  // with what else every packet touches
  Time last_seen_{};
  std::uint32_t own_qp_ = 0;
  std::uint32_t dest_qp_ = 0;
  std::int32_t packet_overhead_ = 0;
  bool paced_ = false;
  bool cnp_due_ = false;
  bool response_turn_ = false;  // requests and READ responses take turns
  Rate line_rate_{};
  QueuePairCounters counters_;
  congestion::AnyCongestion congestion_;
};

// What is due already is not a deadline: `ready` tells of it.
inline Outlook QueuePair::outlook(Time now) const noexcept {
  Outlook outlook{0, requester_.timeout_deadline()};
  if (cnp_due_) outlook.ready |= bit(Lane::notify);
  if (responder_.answer_ready()) outlook.ready |= bit(Lane::respond);
  const bool waiting = requester_.waiting();
  const bool response = responder_.response_ready();
  if (!waiting && !response) return outlook;
  Time open = pace_.next();
  if (waiting && !response) open = std::max(open, requester_.blocked_until());
  if (open > now)
    outlook.deadline = std::min(outlook.deadline, open);
  else
    outlook.ready |= bit(Lane::data);
  return outlook;
}

static_assert(Engine<QueuePair>);
static_assert(sizeof(QueuePair) <= 768, "thousands of them share a cache");

}  // namespace weft::roce
