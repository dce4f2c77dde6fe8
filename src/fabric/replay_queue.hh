// ReplayQueue: the frames that a port has sent and keeps until they are acknowledged, oldest first, with a place from which a
// replay goes on. Blocks come from the pool of the port's thread; headers stay in its side pool under each record's handle.
//
// Bound: that of the LlrTransmitter that numbers the frames.
#pragma once

#include <cstdint>

#include "core/ring.hh"

namespace weft {

class ReplayQueue {
 public:
  [[nodiscard]] bool empty() const { return size_ == 0; }
  [[nodiscard]] std::uint32_t size() const { return size_; }
  [[nodiscard]] const Record& front() const { return head_->records[h_]; }

  void push(const Record& record, BlockPool& pool) {
    if (tail_ == nullptr || t_ == records_per_block) extend(pool);
    tail_->records[t_++] = record;
    ++size_;
  }
  void pop(BlockPool& pool) {
    if (next_ > 0) --next_;
    if (next_ == 0) at_ = {};
    --size_;
    if (++h_ == records_per_block && head_ != tail_) {
      Block* done = head_;
      head_ = done->next;
      h_ = 0;
      pool.release(done);
    }
    if (size_ == 0) h_ = t_ = 0;  // what is left is one block
  }
  // The next replay begins with the oldest frame.
  void rewind() {
    next_ = 0;
    at_ = {};
  }
  // The frame that a replay sends next; the place moves on.
  [[nodiscard]] const Record& again() {
    if (next_ == 0) at_ = {head_, h_};
    if (at_.index == records_per_block) at_ = {at_.block->next, 0};
    ++next_;
    return at_.block->records[at_.index++];
  }
  template <class Visit>
  void for_each(Visit&& visit) const {
    Place place{head_, h_};
    for (std::uint32_t i = 0; i < size_; ++i) {
      if (place.index == records_per_block) place = {place.block->next, 0};
      visit(place.block->records[place.index++]);
    }
  }

 private:
  struct Place {
    Block* block = nullptr;  // not owned
    std::uint16_t index = 0;
  };
  void extend(BlockPool& pool) {
    Block* block = pool.take();
    (tail_ == nullptr ? head_ : tail_->next) = block;
    tail_ = block;
    t_ = 0;
  }

  Block* head_ = nullptr;  // not owned
  Block* tail_ = nullptr;  // not owned
  Place at_;               // where `next_` points
  std::uint32_t size_ = 0;
  std::uint32_t next_ = 0;  // frames from the oldest on that the replay has sent
  std::uint16_t h_ = 0, t_ = 0;
};

}  // namespace weft
