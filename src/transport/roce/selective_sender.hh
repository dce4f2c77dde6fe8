// SelectiveSender: which packets in flight have been kept by the other side, and which are lost (project profile).
//
// Profile: with `recovery: selective` every WRITE packet is a WRITE_ONLY with its own RETH, so it can be placed in any order;
// the solicited bit ends the message. A packet that does not arrive in order is answered by a selective ACK (opcode 0x1d):
// BTH PSN = highest in order; trigger = the PSN of that packet; bitmap bit i = packet trigger - i is kept. Bit 0 clear: the
// packet could not be kept out of order (SEND, immediate) and must be sent again.
//
// Loss by order of transmission, as RACK: of two packets the trigger was sent later, so whatever was sent before it (by more
// than `reordering` packets) and is not kept is lost. A retransmission remembers what `next` was when it left, which places
// it among first transmissions; retransmissions among each other are in the order of the queue. Hence a lost retransmission
// is seen one round trip later, without the timeout. At the tail, where nothing is sent later, silence for `patience` makes
// the oldest packet a probe: sent again, it becomes the latest of all.
// Bound: window bits, and 256 retransmissions in flight. Source: RFC 8985 (RACK-TLP); the frame is ours.
#pragma once

#include <array>
#include <cstdint>

#include "engine/rtt.hh"
#include "transport/roce/bit_ring.hh"
#include "transport/roce/psn.hh"

namespace weft::roce {

class SelectiveSender {
 public:
  void reset(std::uint32_t window, std::uint32_t reordering);

  [[nodiscard]] bool must_resend() const noexcept { return lost_.count() != 0 && resent_end_ - resent_begin_ < resent_.size(); }
  // The oldest lost packet, taken to be sent again now. Precondition: must_resend().
  Sequence take_lost(Sequence una, Sequence next) noexcept;

  // A selective ACK, una already moved on. True when it told of a packet not known to be kept.
  bool take(Sequence trigger, std::uint64_t bitmap, Sequence una, Sequence next) noexcept;
  void lose(Sequence s) noexcept;
  void lose_all(Sequence una, Sequence next) noexcept;
  // Silence: the oldest packet goes out again.
  void probe(Sequence una) noexcept;
  // Packets before `una` are acknowledged.
  void advance(Sequence before, Sequence una) noexcept;

  // Round-trip time by packets that asked for an ACK, one at a time, never across a retransmission.
  void time_sent(Time now, Sequence s) noexcept;
  void time_acknowledged(Time now, Sequence una) noexcept;
  void arm_probe(Time now) noexcept { probe_at_ = rtt_.known() ? now + rtt_.patience() * (std::int64_t{1} << probes_) : Time::never(); }
  void progress() noexcept { probes_ = 0; }
  void disarm_probe() noexcept { probe_at_ = Time::never(); }
  [[nodiscard]] Time probe_at() const noexcept { return probe_at_; }
  void digest(Digest& d) const noexcept;

 private:
  struct Resent {
    Sequence packet = 0;
    Sequence next = 0;  // `next` when it was sent again
  };
  Resent& resent(std::uint64_t i) noexcept { return resent_[i % resent_.size()]; }
  void lose_first_sent_before(Sequence limit, Sequence una) noexcept;
  void lose_resent_before(std::uint64_t position, Sequence sent_later, Sequence una, Sequence next) noexcept;

  BitRing kept_, lost_;
  std::array<Resent, 256> resent_{};
  std::uint64_t resent_begin_ = 0, resent_end_ = 0;
  Sequence lost_from_ = 0;  // no lost packet lies before it
  Sequence judged_ = 0;     // every packet before it is kept, lost or sent again
  std::uint32_t reordering_ = 0;
  std::uint32_t probes_ = 0;
  RttEstimator rtt_;
  Sequence timed_ = 0;  // 0: none
  Time timed_at_{};
  Time probe_at_ = Time::never();
};

}  // namespace weft::roce
