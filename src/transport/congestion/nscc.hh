// NSCC, network-signalled congestion control: the sender's window of an Ultra Ethernet connection, moved by the ECN mark and
// the queueing delay (RTT above the least RTT seen) of each acknowledgement.
//
//   no mark, delay >= Tq   increment += fair * acked
//   no mark, delay <  Tq   increment += proportional * acked * (Tq - delay); once more than a window was acked at less than
//                          1 us of delay: window += fast * acked, at once
//   mark,    delay >= Tq   at most once in a base RTT, if the mean delay exceeds Tq:
//                          window *= max(1 - 0.8 (mean - Tq) / mean, 1/2)
//   mark,    delay <  Tq   nothing: the path policy steers away
//   after 8 packets or a base RTT: window += increment / window; and eta, if a base RTT has passed since the last eta
// The mean is exponential with gain 1/80; a sample without mark but above Tq counts as a quarter of the base RTT.
// Quick adapt looks once in each (base RTT + Tq): after a trimmed packet or a delay above 4 Tq, and if less than 1/8 of the
// largest window was achieved, the window becomes what was achieved, and marked feedback is ignored for as many bytes as were
// in flight.
//
// How to drive it (bytes as the window counts them, headers and all):
//   on_ack    newly_acked leaves in_flight before the call; rtt 0 = no valid sample (the packet was sent more than once, or was
//             acknowledged before), and the mean stands in for it
//   on_nack   a packet was trimmed; in_flight still has it; rtt 0 = no valid sample. An NACK for another reason is on_loss
//   on_loss   a packet timed out (RTO). SLEEK's retransmissions change no window
// A packet may leave while in_flight + packet <= window(). One mark more than the reference asks of a transport: it wants an
// ACK at once (ar) for the packet with which in_flight + packet reaches the window.
//
// Integers only; 88 bytes a connection. Source: UE 1.0, as uet-htsim, the UEC group's public simulator, has it:
// where the text is silent, its order of steps. The receiver's window penalty (rcv_cwnd_pend) is not modelled.
#pragma once

#include <algorithm>
#include <cstdint>
#include <limits>

#include "base/units.hh"
#include "engine/digest.hh"
#include "transport/congestion/nscc_parameters.hh"

namespace weft::congestion {

class Nscc {
 public:
  explicit Nscc(const NsccParameters& parameters) noexcept;

  void on_ack(Time now, Duration rtt, bool ecn, Bytes newly_acked, Bytes in_flight) noexcept {
    count(achieved_, newly_acked);
    count(received_, newly_acked);
    pass_by(newly_acked);
    const Duration delay = measure(rtt, ecn);
    if (quick_adapt(now, ecn, delay, in_flight)) return;
    if (!ecn) {
      if (delay >= parameters_->target) {
        increment_ += scaled(newly_acked.v, parameters_->fair);
      } else {
        increase(newly_acked, delay);
      }
    } else if (delay >= parameters_->target) {
      decrease(now);
    }
    if (received_ > parameters_->adjust_bytes.v || now - last_eta_ > parameters_->base_rtt) adjust(now);
  }
  void on_nack(Time now, Duration rtt, Bytes packet, bool last_hop, Bytes in_flight) noexcept;
  void on_loss(Bytes lost) noexcept { set_window(window_ - lost.v); }

  [[nodiscard]] Bytes window() const noexcept { return Bytes{window_}; }
  [[nodiscard]] Bytes largest_window() const noexcept { return Bytes{largest_}; }
  [[nodiscard]] Duration base_rtt() const noexcept { return base_rtt_; }
  [[nodiscard]] Duration mean_delay() const noexcept { return mean_delay_; }
  [[nodiscard]] Duration target() const noexcept { return parameters_->target; }
  [[nodiscard]] bool below_target(Duration rtt) const noexcept { return rtt - base_rtt_ < parameters_->target; }
  // Quick adapt has just cut the window: this many bytes of feedback are still to be ignored when they are marked.
  [[nodiscard]] Bytes ignoring() const noexcept { return Bytes{ignore_}; }
  void digest(Digest& d) const noexcept;

 private:
  static std::int64_t scaled(__int128 amount, std::int64_t gain) noexcept { return static_cast<std::int64_t>((amount * gain) >> 32); }
  static void count(std::uint32_t& counter, Bytes bytes) noexcept {
    constexpr std::int64_t most = std::numeric_limits<std::uint32_t>::max();
    counter = static_cast<std::uint32_t>(std::min(most, std::int64_t{counter} + bytes.v));
  }
  void pass_by(Bytes bytes) noexcept { ignore_ -= static_cast<std::uint32_t>(std::min<std::int64_t>(ignore_, bytes.v)); }
  void set_window(std::int64_t bytes) noexcept {
    const std::int64_t least = parameters_->packet.v;
    window_ = static_cast<std::uint32_t>(std::max(least, std::min<std::int64_t>(bytes, largest_)));
  }
  // The queueing delay, after the least RTT and the mean have learned from it.
  Duration measure(Duration rtt, bool ecn) noexcept {
    if (rtt.v <= 0) return mean_delay_;
    if (rtt < base_rtt_) [[unlikely]]
      set_base_rtt(rtt);
    const Duration delay = rtt - base_rtt_;
    smooth(!ecn && delay > parameters_->target ? base_rtt_ / 4 : delay);
    return delay;
  }
  void smooth(Duration sample) noexcept { mean_delay_ = (mean_delay_ * 79 + sample) / 80; }
  // True when the window was just adapted, or the feedback is to be ignored.
  bool quick_adapt(Time now, bool marked, Duration delay, Bytes in_flight) noexcept {
    if (ignore_ > 0 && marked) [[unlikely]] {
      increment_ = 0;
      received_ = 0;
      return true;
    }
    return now > period_end_ && end_period(now, delay, in_flight);
  }
  void increase(Bytes acked, Duration delay) noexcept {
    if (delay < parameters_->fast_below) {
      count(undelayed_, acked);
      fast_ = fast_ || undelayed_ > window_;
      if (fast_) {
        set_window(window_ + scaled(acked.v, parameters_->fast));
        return;
      }
    } else {
      undelayed_ = 0;
      fast_ = false;
    }
    increment_ += scaled(static_cast<__int128>(acked.v) * (parameters_->target - delay).v, parameters_->proportional);
  }
  void set_base_rtt(Duration rtt) noexcept;
  bool end_period(Time now, Duration delay, Bytes in_flight) noexcept;
  void decrease(Time now) noexcept;
  void adjust(Time now) noexcept;

  const NsccParameters* parameters_;
  Duration base_rtt_;
  Duration mean_delay_{};
  std::int64_t increment_ = 0;  // bytes * bytes
  Time period_end_{};           // quick adapt; 0 = the first period has not begun
  Time last_eta_{};
  Time last_decrease_{};
  std::uint32_t window_;
  std::uint32_t largest_;
  std::uint32_t achieved_ = 0;   // acked in this quick-adapt period
  std::uint32_t received_ = 0;   // acked since the last adjustment
  std::uint32_t undelayed_ = 0;  // acked in a row with next to no delay
  std::uint32_t ignore_ = 0;
  bool trimmed_ = false;  // since the last quick adaptation
  bool fast_ = false;
};
static_assert(sizeof(Nscc) <= 96);

}  // namespace weft::congestion
