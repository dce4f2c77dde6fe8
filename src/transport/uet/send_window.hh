// SendWindow: the packets between the oldest unacknowledged one and the next, and what became of each.
//
// A packet is outstanding (sent, no word of it), lost (to be sent again) or acknowledged. Bytes are counted as congestion
// control counts them: payload plus `overhead`. The receiver reports how many bytes it has had altogether, which is more than
// the acknowledged PSNs tell (a SACK bitmap shows 64): in_flight = outstanding - (reported - acknowledged).
// Bound: psn range entries of 16 bytes. There is room for the usual number from the start; more is allocated when first in
// flight, since all that a range allows, which losses alone ever need, would be 256 KB a connection.
// Source: the reported bytes are rcvd_bytes of ack_cc_state (reference/fabric.md 2.2).
#pragma once

#include <algorithm>
#include <bit>
#include <cstdint>
#include <memory>
#include <utility>

#include "base/units.hh"
#include "engine/digest.hh"
#include "transport/uet/sequence_bits.hh"

namespace weft::uet {

struct SentPacket {
  Time at{};
  std::uint16_t path = 0;
  std::uint16_t payload = 0;
  std::uint16_t message = 0;  // its place in the outbound queue, low bits
  std::uint8_t resent = 0;    // times, at most 255
  std::uint8_t unused = 0;
};
static_assert(sizeof(SentPacket) == 16);

class SendWindow {
 public:
  void reset(std::uint32_t range, std::uint32_t usual, std::uint32_t overhead, Sequence start) {
    const std::uint32_t slots = std::bit_ceil(std::max(std::min(range, usual), 1U));
    if (slots > allocated_) {
      ring_ = std::make_unique_for_overwrite<SentPacket[]>(slots);
      allocated_ = slots;
    }
    mask_ = slots - 1;
    range_ = range;
    overhead_ = overhead;
    acknowledged_.reset(slots);
    lost_.reset(slots);
    una_ = next_ = first_lost_ = start;
    outstanding_ = lost_bytes_ = 0;
    acknowledged_bytes_ = reported_ = 0;
  }

  [[nodiscard]] Sequence una() const { return una_; }
  [[nodiscard]] Sequence next() const { return next_; }
  [[nodiscard]] bool empty() const { return una_ == next_; }
  [[nodiscard]] bool full() const { return next_ - una_ >= range_; }
  [[nodiscard]] std::uint32_t range() const { return range_; }
  [[nodiscard]] bool holds(Sequence s) const { return s - una_ < next_ - una_; }
  // Sent so recently that its entry still stands, acknowledged or not.
  [[nodiscard]] bool remembers(Sequence s) const { return s < next_ && next_ - s <= mask_ + 1; }
  SentPacket& at(Sequence s) { return ring_[s & mask_]; }
  [[nodiscard]] const SentPacket& at(Sequence s) const { return ring_[s & mask_]; }
  [[nodiscard]] bool is_acknowledged(Sequence s) const { return s < una_ || acknowledged_.test(s); }
  [[nodiscard]] bool is_lost(Sequence s) const { return lost_.test(s); }
  [[nodiscard]] bool is_outstanding(Sequence s) const { return holds(s) && !acknowledged_.test(s) && !(any_lost() && lost_.test(s)); }
  // Sent, and not acknowledged: outstanding, or lost as far as we know.
  [[nodiscard]] bool awaits(Sequence s) const { return holds(s) && !acknowledged_.test(s); }
  [[nodiscard]] std::uint32_t size(std::uint32_t payload) const { return payload + overhead_; }

  [[nodiscard]] bool any_lost() const { return lost_.count() != 0; }
  [[nodiscard]] std::uint32_t lost() const { return lost_.count(); }
  [[nodiscard]] std::uint32_t acknowledged_ahead() const { return acknowledged_.count(); }
  // The oldest lost packet. Precondition: any_lost().
  [[nodiscard]] Sequence first_lost() const { return first_lost_; }
  [[nodiscard]] std::int64_t outstanding() const { return outstanding_; }
  [[nodiscard]] std::int64_t in_flight() const { return std::max<std::int64_t>(0, outstanding_ - (received() - acknowledged_bytes_)); }
  // Bytes that the receiver is known to have had.
  [[nodiscard]] std::int64_t received() const { return std::max(acknowledged_bytes_, reported_); }
  void report(std::int64_t bytes) { reported_ = std::max(reported_, std::min(bytes, acknowledged_bytes_ + outstanding_ + lost_bytes_)); }
  [[nodiscard]] std::int64_t lost_bytes() const { return lost_bytes_; }

  // Precondition: !full().
  void sent(Time now, std::uint16_t path, std::uint32_t payload, std::uint16_t message) {
    if (next_ - una_ > mask_) [[unlikely]]
      grow();
    at(next_) = {now, path, static_cast<std::uint16_t>(payload), message, 0, 0};
    ++next_;
    outstanding_ += size(payload);
  }
  // Precondition: is_lost(s).
  void sent_again(Time now, std::uint16_t path, Sequence s) {
    SentPacket& packet = at(s);
    packet.at = now;
    packet.path = path;
    packet.resent = static_cast<std::uint8_t>(std::min(packet.resent + 1, 255));
    outstanding_ += size(packet.payload);
    forget_lost(s);
  }
  // Precondition: is_outstanding(s).
  void lose(Sequence s) {
    first_lost_ = any_lost() ? std::min(first_lost_, s) : s;
    lost_.set(s);
    outstanding_ -= size(at(s).payload);
    lost_bytes_ += size(at(s).payload);
  }
  // Acknowledges a packet of the window, out of order. Precondition: holds(s) and not acknowledged.
  void acknowledge(Sequence s) {
    account(s);
    acknowledged_.set(s);
  }
  // Bits of `bitmap` (bit i: base + i) that tell something new. Precondition: base >= una.
  [[nodiscard]] std::uint64_t news(Sequence base, std::uint64_t bitmap) const {
    if (base >= next_) return 0;
    const std::uint64_t ahead = next_ - base;
    if (ahead < 64) bitmap &= (std::uint64_t{1} << ahead) - 1;
    return bitmap & ~acknowledged_.word_at(base);
  }
  // Moves the window's start to `cumulative`, calling visit(packet) for each that was not acknowledged before.
  template <class Visit>
  void advance(Sequence cumulative, Visit&& visit) {
    while (una_ != cumulative) {
      const Sequence s = una_++;
      if (acknowledged_.count() != 0 && acknowledged_.test(s)) {
        acknowledged_.clear(s);
        continue;
      }
      account(s);
      visit(at(s));
    }
  }
  // Past all that are acknowledged (no cumulative acknowledgement tells).
  void advance_over_acknowledged() {
    while (acknowledged_.count() != 0 && una_ != next_ && acknowledged_.test(una_)) acknowledged_.clear(una_++);
  }
  // Calls visit(s) for each outstanding packet in order of PSN; it may lose it.
  template <class Visit>
  void each_outstanding(Visit&& visit) {
    for (Sequence base = una_; base < next_; base += 64) {
      std::uint64_t bits = ~(acknowledged_.word_at(base) | lost_.word_at(base));
      if (next_ - base < 64) bits &= (std::uint64_t{1} << (next_ - base)) - 1;
      for (; bits != 0; bits &= bits - 1) visit(base + static_cast<Sequence>(std::countr_zero(bits)));
    }
  }
  // Asks the memory for what the next packets and the next acknowledgement touch.
  [[gnu::always_inline]] inline void fetch() const {
    constexpr Sequence a_line = 64 / sizeof(SentPacket);
    for (Sequence s = next_; s < next_ + 3 * a_line; s += a_line) __builtin_prefetch(&at(s), 1);
    for (Sequence s = una_; s < una_ + 8 * a_line; s += a_line) __builtin_prefetch(&at(s), 1);
    __builtin_prefetch(acknowledged_.address(una_), 1);
    __builtin_prefetch(acknowledged_.address(una_ + 64), 1);
  }
  // All that was sent is forgotten; the next packet is `start`.
  void restart(Sequence start) { reset(range_, static_cast<std::uint32_t>(mask_ + 1), overhead_, start); }
  void digest(Digest& d) const {
    d.add(una_).add(next_).add(any_lost() ? first_lost_ : 0).add(static_cast<std::uint64_t>(outstanding_)).add(lost_.count());
    d.add(acknowledged_.count()).add(static_cast<std::uint64_t>(acknowledged_bytes_)).add(static_cast<std::uint64_t>(reported_));
  }

 private:
  void grow() {
    const std::uint64_t slots = 2 * (mask_ + 1);
    auto wider = std::make_unique_for_overwrite<SentPacket[]>(slots);
    for (Sequence s = next_ - (mask_ + 1); s != next_; ++s) wider[s & (slots - 1)] = at(s);
    ring_ = std::move(wider);
    mask_ = slots - 1;
    allocated_ = static_cast<std::uint32_t>(slots);
    acknowledged_.grow(una_, allocated_);
    lost_.grow(una_, allocated_);
  }
  void account(Sequence s) {
    const std::int64_t bytes = size(at(s).payload);
    acknowledged_bytes_ += bytes;
    if (any_lost() && lost_.test(s)) {
      forget_lost(s);
    } else {
      outstanding_ -= bytes;
    }
  }
  void forget_lost(Sequence s) {
    lost_.clear(s);
    lost_bytes_ -= size(at(s).payload);
    if (s == first_lost_ && any_lost()) first_lost_ = lost_.next_set(s + 1, next_);
  }

  std::unique_ptr<SentPacket[]> ring_;
  Sequence una_ = 0, next_ = 0, first_lost_ = 0;
  std::uint64_t mask_ = 0;
  std::int64_t outstanding_ = 0, lost_bytes_ = 0;
  std::int64_t acknowledged_bytes_ = 0, reported_ = 0;
  std::uint32_t range_ = 0, overhead_ = 0;
  std::uint32_t allocated_ = 0;
  SequenceBits acknowledged_;
  SequenceBits lost_;  // last: its owner asks for it together with what follows
};

}  // namespace weft::uet
