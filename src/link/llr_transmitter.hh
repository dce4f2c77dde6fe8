// LlrTransmitter: one direction of a link with link-level retry, at its sender: numbers frames, knows how many wait for their
// acknowledgement, and which to send again. The frames themselves stay with the driver, oldest first.
//
// OFF -> INIT -> ADVANCE <-> REPLAY, and FLUSH. An ACK is cumulative. A NACK carries the last good number: what is behind it is
// sent again in order (go-back-N). When nothing has come for the replay timer, all that waits is sent again; after more such
// replays in a row than allowed, the buffer is flushed. INIT is repeated at the replay timer until it is echoed.
// Bound: OUTSTANDING_FRAMES_MAX frames and OUTSTANDING_BYTES_MAX bytes. Acknowledgements of what was not sent are ignored.
// Source: fabric.md 2.9; that the sequence begins with 0 after INIT, and what counts as an answer: project profile.
#pragma once

#include <cstdint>

#include "base/check.hh"
#include "link/cyclic20.hh"
#include "link/llr.hh"

namespace weft {

enum class LlrTxState : std::uint8_t { off, init, advance, replay, flush };
enum class LlrTimeout : std::uint8_t { none, init, replay, flush };

class LlrTransmitter {
 public:
  LlrTransmitter() = default;
  explicit LlrTransmitter(const LlrLimits& limits) : limits_(limits) {}

  [[nodiscard]] LlrTxState state() const { return state_; }
  // Frames are numbered and kept.
  [[nodiscard]] bool protects() const { return state_ == LlrTxState::advance || state_ == LlrTxState::replay; }
  [[nodiscard]] bool replaying() const { return state_ == LlrTxState::replay; }
  // A new frame of at most `size` may be sent now.
  [[nodiscard]] bool has_room(Bytes size) const { return outstanding_ < limits_.frames && bytes_ + size <= limits_.bytes; }
  [[nodiscard]] std::uint32_t outstanding() const { return outstanding_; }
  [[nodiscard]] Bytes bytes() const { return bytes_; }
  [[nodiscard]] const LlrLimits& limits() const { return limits_; }
  [[nodiscard]] Time deadline() const { return deadline_; }

  // The link has just been trained; both ends know of it (true when a run begins).
  void begin() { reset(LlrTxState::advance); }
  // INIT is to be sent.
  void initialise(Time now) {
    reset(LlrTxState::init);
    deadline_ = now + limits_.timer;
  }
  void echoed() {
    if (state_ == LlrTxState::init) reset(LlrTxState::advance);
  }
  // The driver lets go of every frame it keeps; returns how many.
  std::uint32_t flush(LlrTxState next) {
    const std::uint32_t flushed = outstanding_;
    reset(next);
    return flushed;
  }

  // The number of a new frame, which the driver keeps from now on.
  std::uint32_t number(Time now, Bytes size) {
    CHECK(state_ == LlrTxState::advance, "state", static_cast<unsigned>(state_));
    if (outstanding_++ == 0) deadline_ = now + limits_.timer;
    bytes_ += size;
    return cyclic20(first_ + outstanding_ - 1);
  }
  // The number of the frame that is sent again next: the oldest that this replay has not yet sent.
  std::uint32_t number_again() {
    CHECK(state_ == LlrTxState::replay && replayed_ < outstanding_, "replayed", replayed_, "outstanding", outstanding_);
    const std::uint32_t number = cyclic20(first_ + replayed_);
    if (++replayed_ == outstanding_) state_ = LlrTxState::advance;
    return number;
  }

  // Everything up to `last` has come. Returns how many frames the driver lets go, oldest first; it tells their bytes to freed().
  std::uint32_t acknowledge(Time now, std::uint32_t last) {
    const std::uint32_t count = cyclic20_distance(first_, last + 1);
    if (!protects() || count > outstanding_) return 0;
    timeouts_ = 0;
    if (count == 0) return 0;
    first_ = cyclic20(first_ + count);
    outstanding_ -= count;
    replayed_ = replayed_ > count ? replayed_ - count : 0;
    if (replayed_ == outstanding_) state_ = LlrTxState::advance;
    deadline_ = outstanding_ == 0 ? Time::never() : now + limits_.timer;
    return count;
  }
  void freed(Bytes bytes) { bytes_ -= bytes; }
  // Everything after `last_good` is to be sent again, after what acknowledge() returned has been let go. True: a replay begins.
  bool refuse(Time now, std::uint32_t last_good) {
    if (!protects() || cyclic20(last_good + 1) != first_) return false;
    return replay(now);
  }

  // Due at deadline().
  LlrTimeout expire(Time now) {
    if (now < deadline_) return LlrTimeout::none;
    if (state_ == LlrTxState::init) {
      deadline_ = now + limits_.timer;
      return LlrTimeout::init;
    }
    if (!protects() || outstanding_ == 0) {
      deadline_ = Time::never();
      return LlrTimeout::none;
    }
    if (++timeouts_ > limits_.replays) return LlrTimeout::flush;
    replay(now);
    return LlrTimeout::replay;
  }

 private:
  bool replay(Time now) {
    if (outstanding_ == 0) return false;
    replayed_ = 0;
    state_ = LlrTxState::replay;
    deadline_ = now + limits_.timer;
    return true;
  }
  void reset(LlrTxState state) {
    state_ = state;
    first_ = outstanding_ = replayed_ = timeouts_ = 0;
    bytes_ = {};
    deadline_ = Time::never();
  }

  LlrLimits limits_;
  Bytes bytes_{};  // of the frames that wait
  Time deadline_ = Time::never();
  std::uint32_t first_ = 0;        // the oldest that waits
  std::uint32_t outstanding_ = 0;  // how many wait
  std::uint32_t replayed_ = 0;     // of them, what the replay has sent
  std::uint32_t timeouts_ = 0;     // in a row
  LlrTxState state_ = LlrTxState::off;
};

}  // namespace weft
