// SLEEK: how an Ultra Ethernet sender finds lost packets where switches do not trim. Pure logic; the transport keeps the
// packets and asks which PSNs to send again.
//
//   enter     the receiver holds as many packets out of order as max(min(1.5 window, largest window), 5 packets) holds, and no
//             retransmission is waiting; the recovery point is then the next PSN to be sent
//   while in  the unacknowledged PSNs in [cumulative, min(recovery point, cumulative + window)) go again, each once in a
//             recovery; the window does not hold retransmissions back
//   leave     cumulative >= recovery point
//   probe     each ACK sets the timer anew while something is outstanding: 3 base RTTs while there is more to send, base RTT
//             + Tq once all has been sent. Each probe sets it to 5 base RTTs. A probe's ACK with a delay below Tq says that
//             what is missing is lost rather than queued: it enters too, and everything since `cumulative` may go again
// Packets are counted in average packets: payloads of a full packet. Sequences are PSNs that never wrap.
// Source: UE 1.0, as uet-htsim, the UEC group's public simulator, has it.
#pragma once

#include <algorithm>
#include <cstdint>

#include "base/units.hh"
#include "engine/digest.hh"

namespace weft::congestion {

struct SleekParameters {
  Bytes payload{4096};
  Duration target{12'000'000};  // Tq
};

class Sleek {
 public:
  using Sequence = std::uint64_t;
  // What an ACK tells and what the sender knows.
  struct View {
    Sequence cumulative = 0;         // the next PSN that the receiver waits for
    Sequence next = 0;               // the next new PSN that we shall send
    std::uint32_t out_of_order = 0;  // packets beyond `cumulative` at the receiver
    Bytes window{};
    Bytes largest_window{};
    Duration base_rtt{};
    bool more_to_send = false;
    bool retransmitting = false;  // a retransmission is waiting to leave
  };
  // [from, to): PSNs that go again unless they are acknowledged or already waiting. Empty: from >= to.
  struct Range {
    Sequence from = 0;
    Sequence to = 0;
    [[nodiscard]] bool empty() const noexcept { return from >= to; }
  };

  explicit Sleek(const SleekParameters& parameters) noexcept : parameters_(&parameters) {}

  // For every ACK; the probe's too (with on_probe_ack before it).
  Range on_ack(Time now, const View& view) noexcept {
    set_probe(now, view);
    if (recovering_ && view.cumulative >= recovery_point_) recovering_ = false;
    if (!recovering_ && !enter(view)) return {};
    const Sequence reach = view.cumulative + static_cast<Sequence>(view.window.v / parameters_->payload.v);
    const Range range{std::max(view.cumulative, resent_), std::min(recovery_point_, reach)};
    resent_ = std::max(resent_, range.to);
    return range;
  }
  void on_probe_ack(const View& view, Duration delay) noexcept {
    if (delay >= parameters_->target) return;
    recovering_ = true;
    recovery_point_ = view.next;
    resent_ = view.cumulative;
  }
  // All that was in flight is forgotten.
  void forget() noexcept {
    recovering_ = false;
    recovery_point_ = resent_ = 0;
    probe_at_ = Time::never();
  }
  void on_probe_sent(Time now, Duration base_rtt) noexcept { probe_at_ = now + base_rtt * 5; }

  [[nodiscard]] bool recovering() const noexcept { return recovering_; }
  [[nodiscard]] Sequence recovery_point() const noexcept { return recovery_point_; }
  [[nodiscard]] Time probe_deadline() const noexcept { return probe_at_; }
  void digest(Digest& d) const noexcept { d.add(recovering_).add(recovery_point_).add(resent_).add(probe_at_); }

 private:
  void set_probe(Time now, const View& view) noexcept {
    if (view.more_to_send) {
      probe_at_ = now + view.base_rtt * 3;
    } else {
      probe_at_ = view.cumulative < view.next ? now + view.base_rtt + parameters_->target : Time::never();
    }
  }
  bool enter(const View& view) noexcept {
    const Bytes reordered = std::min(Bytes{view.window.v * 3 / 2}, view.largest_window);
    const std::int64_t packets = std::max<std::int64_t>(5, reordered / parameters_->payload);
    if (view.out_of_order < packets || view.retransmitting) return false;
    recovering_ = true;
    recovery_point_ = view.next;
    resent_ = std::max(resent_, view.cumulative);
    return true;
  }

  const SleekParameters* parameters_;
  Sequence recovery_point_ = 0;
  Sequence resent_ = 0;  // below it everything missing has been sent again
  Time probe_at_ = Time::never();
  bool recovering_ = false;
};

}  // namespace weft::congestion
