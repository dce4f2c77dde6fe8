// Receive buffers: posted receives, matched by messages in any order, and their completions in the order of completion.
//
// An untagged SEND takes the oldest untagged receive, a tagged one the oldest tagged receive that agrees with it in every bit
// that is not ignored. A message that finds none is refused for the moment (NACK NO_RESOURCE) and comes again: unexpected
// messages are never stored. Bound: receive_depth, from posting until the completion is polled.
// Source: UE 1.0 SES (matching); that unexpected messages wait at the sender is a project profile.
#pragma once

#include <bit>
#include <cstdint>
#include <memory>

#include "transport/uet/work.hh"

namespace weft::uet {

class ReceiveBuffers {
 public:
  static constexpr std::uint32_t none = ~0U;

  void reset(std::uint32_t depth) {
    const std::uint32_t slots = std::bit_ceil(depth == 0 ? 1 : depth);
    if (slots > allocated_) {
      entries_ = std::make_unique<Entry[]>(slots);
      finished_ = std::make_unique<std::uint32_t[]>(slots);
      allocated_ = slots;
    }
    mask_ = slots - 1;
    depth_ = depth;
    head_ = tail_ = polled_ = finished_end_ = 0;
  }
  bool post(const ReceiveRequest& request) {
    if (tail_ - head_ >= depth_) return false;
    Entry& entry = entries_[tail_++ & mask_];
    entry = {};
    entry.request = request;
    return true;
  }
  // Takes a receive for a message; none when nothing fits.
  std::uint32_t claim(bool tagged, std::uint64_t match_bits) {
    for (std::uint32_t i = head_; i != tail_; ++i) {
      Entry& entry = entries_[i & mask_];
      if (entry.state != State::posted || entry.request.tagged != tagged) continue;
      if (tagged && ((entry.request.match_bits ^ match_bits) & ~entry.request.ignore_bits) != 0) continue;
      entry.state = State::claimed;
      entry.match_bits = match_bits;
      return i & mask_;
    }
    return none;
  }
  [[nodiscard]] const ReceiveRequest& at(std::uint32_t slot) const { return entries_[slot].request; }
  // Not for this message after all: as if it had never been taken.
  void give_back(std::uint32_t slot) { entries_[slot].state = State::posted; }
  void set_header_data(std::uint32_t slot, std::uint64_t header_data) { entries_[slot].header_data = header_data; }
  void complete(std::uint32_t slot, std::uint32_t bytes) {
    Entry& entry = entries_[slot];
    entry.state = State::done;
    entry.bytes = bytes;
    finished_[finished_end_++ & mask_] = slot;
  }
  void flush() {
    for (std::uint32_t i = head_; i != tail_; ++i) {
      Entry& entry = entries_[i & mask_];
      if (entry.state != State::posted && entry.state != State::claimed) continue;
      entry.status = Status::flushed;
      complete(i & mask_, 0);
    }
  }
  bool poll(Completion& out) {
    if (polled_ == finished_end_) return false;
    Entry& entry = entries_[finished_[polled_++ & mask_]];
    out = Completion{};
    out.id = entry.request.id;
    out.kind = WorkKind::receive;
    out.status = entry.status;
    out.is_receive = true;
    out.match_bits = entry.match_bits;
    out.header_data = entry.header_data;
    out.bytes = Bytes{entry.bytes};
    entry.state = State::polled;
    while (head_ != tail_ && entries_[head_ & mask_].state == State::polled) ++head_;
    return true;
  }
  [[nodiscard]] std::uint32_t completed() const { return finished_end_; }

 private:
  enum class State : std::uint8_t { posted, claimed, done, polled };
  struct Entry {
    ReceiveRequest request;
    std::uint64_t match_bits = 0, header_data = 0;
    std::uint32_t bytes = 0;
    State state = State::posted;
    Status status = Status::success;
  };
  std::unique_ptr<Entry[]> entries_;
  std::unique_ptr<std::uint32_t[]> finished_;
  std::uint32_t mask_ = 0, depth_ = 0, allocated_ = 0;
  std::uint32_t head_ = 0, tail_ = 0, polled_ = 0, finished_end_ = 0;
};

}  // namespace weft::uet
