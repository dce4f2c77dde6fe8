// RCCC, receiver-credited congestion control: an Ultra Ethernet sender transmits only against credit, and the receiver's NIC
// hands credit out at the rate of its own line (credit_pacer.hh), connection by connection.
//
// Sender. It starts with 1.5 BDP of speculative credit; what is left of that lapses with the first answer (ACK, NACK or
// credit) or timeout. A packet may leave while credit > 0 and costs its full size, so credit may end up to a packet below
// zero. Every data packet (RUD_CC_REQ) carries the target: the counter up to which the sender would like credit,
//   target = granted + (min(backlog, limit, 1.5 BDP) - credit) / connections of this NIC that are sending,   rounded up
// limit = the NSCC window and a packet when both run; while speculating at least a packet is asked for.
// Receiver. Credit comes in quanta of 4 full payloads (rounded down to 256 bytes), never beyond the target; a connection whose
// demand is met may be given spare credit, when the NIC has nothing better to do, until it is `spare` ahead of its target.
//
// Units: bytes as the window counts them (headers and all); on the wire 24-bit counters of 256 bytes. In total at most 2 GiB
// of credit is outstanding (project profile). Integers only.
// Source: UE 1.0, as uet-htsim, the UEC group's public simulator, models it. Project profile: a receiver that is
// asked again without a new target (a trimmed packet, CP CREDIT_REQ) repeats its counter once, for the last may have been lost.
#pragma once

#include <algorithm>
#include <cstdint>

#include "base/units.hh"
#include "engine/digest.hh"
#include "transport/congestion/credit_counter.hh"

namespace weft::congestion {

struct RcccSettings {
  Rate line{100'000'000'000};
  Duration base_rtt{12'000'000};
  Bytes packet{4160};
  Bytes payload{4096};
  bool spare_credit = true;
};

struct RcccParameters {
  Bytes packet;
  Bytes most;     // 1.5 BDP: speculative at first, and outstanding at most
  Bytes quantum;  // of a grant
  Bytes spare;    // ahead of the target at most
};

RcccParameters make_rccc_parameters(const RcccSettings& settings);

class RcccSender {
 public:
  explicit RcccSender(const RcccParameters& parameters) noexcept : parameters_(&parameters), credit_(parameters.most) {}

  // Any ACK or NACK, and a timeout.
  void on_answer() noexcept {
    if (!speculating_) return;
    speculating_ = false;
    credit_ = std::min(credit_, Bytes{});
  }
  void on_credit(CreditCounter counter) noexcept {
    on_answer();
    const std::int32_t more = counter.units_ahead_of(granted_);
    if (more <= 0) return;
    credit_ = std::min(credit_ + credit_bytes(more), parameters_->most);
    granted_ = counter;
  }
  void on_sent(Bytes packet) noexcept { credit_ -= packet; }

  [[nodiscard]] bool may_send() const noexcept { return credit_.v > 0; }
  [[nodiscard]] Bytes available() const noexcept { return credit_; }
  [[nodiscard]] bool speculating() const noexcept { return speculating_; }
  [[nodiscard]] CreditCounter granted() const noexcept { return granted_; }
  // For the packet that was just sent. backlog: bytes that are still to be sent, retransmissions too. limit: NSCC's window and
  // a packet, or Bytes' largest value. senders: connections of this NIC with something to send, at least 1.
  [[nodiscard]] CreditCounter target(Bytes backlog, Bytes limit, std::int64_t senders) const noexcept {
    Bytes wanted = std::min({backlog, limit, parameters_->most}) - credit_;
    if (speculating_ && backlog.v > 0) wanted = std::max(wanted, parameters_->packet);
    CreditCounter target = granted_;
    target.advance_units(credit_units_rounded_up(wanted / std::max<std::int64_t>(senders, 1)));
    return target;
  }
  void digest(Digest& d) const noexcept { d.add(static_cast<std::uint64_t>(credit_.v)).add(granted_.v).add(speculating_); }

 private:
  const RcccParameters* parameters_;
  Bytes credit_;
  CreditCounter granted_;
  bool speculating_ = true;
};

// What a receiving connection would like of its NIC's pacer.
enum class CreditWish : std::uint8_t { none, spare, demand };

class RcccReceiver {
 public:
  struct Grant {
    CreditCounter counter;  // to be sent in a CP CREDIT
    Bytes credit;           // new in it; may be 0
  };

  explicit RcccReceiver(const RcccParameters& parameters) noexcept : parameters_(&parameters) {}

  void on_target(CreditCounter target) noexcept {
    asked_ = true;
    if (target.units_ahead_of(target_) > 0) target_ = target;
  }
  // A trimmed packet, or a request for credit: the sender may have missed the last counter.
  void on_request() noexcept { repeat_ = asked_; }

  [[nodiscard]] CreditWish wish() const noexcept {
    const std::int32_t demand = target_.units_ahead_of(granted_);
    if (demand > 0 || repeat_) return CreditWish::demand;
    return asked_ && credit_bytes(-demand) < parameters_->spare ? CreditWish::spare : CreditWish::none;
  }
  // When it is this connection's turn.
  Grant grant() noexcept {
    const std::int64_t quantum = credit_units_rounded_down(parameters_->quantum);
    const std::int64_t demand = target_.units_ahead_of(granted_);
    std::int64_t units = quantum;
    if (demand > 0 || repeat_) units = std::clamp<std::int64_t>(demand, 0, quantum);
    repeat_ = false;
    granted_.advance_units(units);
    return {granted_, credit_bytes(units)};
  }
  [[nodiscard]] Bytes demand() const noexcept { return credit_bytes(std::max(0, target_.units_ahead_of(granted_))); }
  void digest(Digest& d) const noexcept { d.add(target_.v).add(granted_.v).add(asked_).add(repeat_); }

 private:
  const RcccParameters* parameters_;
  CreditCounter target_;
  CreditCounter granted_;
  bool asked_ = false;
  bool repeat_ = false;
};

}  // namespace weft::congestion
