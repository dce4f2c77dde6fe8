// LlrReceiver: one direction of a link with link-level retry, at its receiver: which frames to pass on, and what to answer.
//
// OFF -> SEND_ACKS -> SEND_NACK -> NACK_SENT -> SEND_ACKS. The next number is passed on and acknowledged. A damaged frame, or a
// number ahead of the next, asks for a NACK with the last good number; from then on everything is dropped silently until the next
// number comes. What has come before is dropped and acknowledged again: its ACK was lost.
// Source: fabric.md 2.9.
#pragma once

#include <cstdint>

#include "link/cyclic20.hh"

namespace weft {

enum class LlrRxState : std::uint8_t { off, send_acks, send_nack, nack_sent };
enum class LlrAnswer : std::uint8_t { none, ack, nack };

class LlrReceiver {
 public:
  [[nodiscard]] LlrRxState state() const { return state_; }
  void stop() {
    state_ = LlrRxState::off;
    ack_due_ = false;
  }
  // INIT has come, or the link has just been trained.
  void begin() {
    state_ = LlrRxState::send_acks;
    expected_ = 0;
    ack_due_ = false;
  }
  // A frame with this number; true: pass it on. A damaged one has no number to trust.
  bool receive(std::uint32_t number, bool damaged) {
    if (state_ == LlrRxState::off) return false;
    const std::uint32_t ahead = cyclic20_distance(expected_, number);
    if (!damaged && ahead == 0) {
      expected_ = cyclic20(expected_ + 1);
      ack_due_ = true;
      state_ = LlrRxState::send_acks;
      return true;
    }
    if (!damaged && ahead >= cyclic20_half)
      ack_due_ = true;
    else if (state_ == LlrRxState::send_acks)
      state_ = LlrRxState::send_nack;
    return false;
  }
  // What to tell the sender as soon as an ordered set may go; last_good() goes with it, then told().
  [[nodiscard]] LlrAnswer answer() const {
    if (state_ == LlrRxState::send_nack) return LlrAnswer::nack;
    return ack_due_ && state_ != LlrRxState::off ? LlrAnswer::ack : LlrAnswer::none;
  }
  [[nodiscard]] std::uint32_t last_good() const { return cyclic20(expected_ - 1); }
  void told() {
    ack_due_ = false;  // a NACK acknowledges, too
    if (state_ == LlrRxState::send_nack) state_ = LlrRxState::nack_sent;
  }

 private:
  std::uint32_t expected_ = 0;
  LlrRxState state_ = LlrRxState::off;
  bool ack_due_ = false;
};

}  // namespace weft
