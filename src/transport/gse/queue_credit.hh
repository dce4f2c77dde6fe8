// QueueCredit: what the ingress GSP knows of one stream to (egress GSP, port, priority): how much it wants to send, may send, has
// sent, and whether to ask for more.
//
//   wanted     all bytes that ever entered the queue      sent       all that left it
//   allowed    what the egress GSP granted in total, and the initial credit of each life of the queue
// A packet may leave while sent < allowed; the overshoot of less than a packet counts against later grants.
// A request is due when the queue may not send and has nothing to hope for, and with each `step` that wanted grows beyond what was
// asked for: one-time for a short message, periodic for a long one. One without an answer is repeated by the owner's timer. Both
// messages carry totals, so the next one heals what a lost one said.
// Units: bytes; totals on the wire in units of 256 bytes modulo 2^24 (wire/gse_messages.hh). Source: project profile (fabric.md 3.3).
#pragma once

#include <algorithm>
#include <cstdint>

#include "base/units.hh"
#include "wire/gse_messages.hh"

namespace weft::gse {

class QueueCredit {
 public:
  // The queue begins to live: it may send `initial` before it is granted anything.
  void open(Bytes initial) { allowed_ = std::max(allowed_, in_units(sent_ + initial.v)); }
  void enqueue(Bytes packet) { wanted_ += packet.v; }
  void send(Bytes packet) { sent_ += packet.v; }
  [[nodiscard]] bool may_send() const { return sent_ < allowed_ * wire::gse_unit.v; }
  [[nodiscard]] bool lacks() const { return in_units(wanted_) > allowed_; }
  [[nodiscard]] bool request_due(Bytes step) const {
    return lacks() && (in_units(wanted_ - step.v) >= asked_ || (asked_ <= allowed_ && !may_send()));
  }
  [[nodiscard]] Bytes backlog() const { return {wanted_ - sent_}; }

  // What a request says; afterwards it has been asked.
  [[nodiscard]] std::uint32_t ask() {
    asked_ = in_units(wanted_);
    return static_cast<std::uint32_t>(asked_) & 0xffffff;
  }
  [[nodiscard]] std::uint32_t allowed_units() const { return static_cast<std::uint32_t>(allowed_) & 0xffffff; }
  // A grant's total; false: nothing new.
  bool granted(std::uint32_t total) {
    const std::int32_t more = wire::gse_ahead(total, allowed_units());
    if (more <= 0) return false;
    allowed_ += more;
    return true;
  }

 private:
  [[nodiscard]] static std::int64_t in_units(std::int64_t bytes) { return (bytes + wire::gse_unit.v - 1) / wire::gse_unit.v; }
  std::int64_t wanted_ = 0, sent_ = 0;    // bytes
  std::int64_t allowed_ = 0, asked_ = 0;  // units
};

}  // namespace weft::gse
