// The receive queue: posted buffers that SENDs and WRITEs with immediate use up, in order.
//
// A ring with three marks: polled <= completed <= tail. Bound: receive_depth; a slot is free again once polled.
#pragma once

#include <bit>
#include <cstdint>
#include <memory>

#include "transport/roce/work.hh"

namespace weft::roce {

class ReceiveQueue {
 public:
  void reset(std::uint32_t depth) {
    depth_ = depth;
    const std::uint32_t slots = std::bit_ceil(depth == 0 ? 1 : depth);
    if (!entries_ || slots > mask_ + 1) {
      entries_ = std::make_unique<Entry[]>(slots);
      mask_ = slots - 1;
    }
    polled_ = completed_ = tail_ = 0;
  }
  bool post(const ReceiveRequest& request) {
    if (tail_ - polled_ >= depth_) return false;
    entries_[tail_++ & mask_] = {request, {}};
    return true;
  }
  [[nodiscard]] bool empty() const { return completed_ == tail_; }
  // The buffer in use. Precondition: !empty().
  [[nodiscard]] const ReceiveRequest& front() const { return entries_[completed_ & mask_].request; }
  void complete(Completion completion) {
    Entry& entry = entries_[completed_++ & mask_];
    completion.id = entry.request.id;
    completion.is_receive = true;
    entry.completion = completion;
  }
  void flush() {
    while (!empty()) {
      Completion completion;
      completion.kind = WorkKind::receive;
      completion.status = Status::flushed;
      complete(completion);
    }
  }
  bool poll(Completion& out) {
    if (polled_ == completed_) return false;
    out = entries_[polled_++ & mask_].completion;
    return true;
  }
  [[nodiscard]] std::uint32_t completed() const { return completed_; }

 private:
  struct Entry {
    ReceiveRequest request;
    Completion completion;
  };
  std::unique_ptr<Entry[]> entries_;
  std::uint32_t mask_ = 0, depth_ = 0;
  std::uint32_t polled_ = 0, completed_ = 0, tail_ = 0;
};

}  // namespace weft::roce
