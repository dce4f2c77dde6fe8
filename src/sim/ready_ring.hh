// ReadyRing: the engines of one NIC port and lane that have something to send, served in turn, one packet each.
//
// Bound: one entry for each live engine of the port; it grows only when there are more of them than ever before.
#pragma once

#include <cstdint>
#include <vector>

namespace weft {

class ReadyRing {
 public:
  [[nodiscard]] bool empty() const { return count_ == 0; }
  [[nodiscard]] std::uint32_t front() const { return items_[head_]; }
  void push(std::uint32_t item) {
    if (count_ == items_.size()) [[unlikely]]
      grow();
    items_[(head_ + count_++) & (items_.size() - 1)] = item;
  }
  // The first one goes behind the others.
  void rotate() {
    if (count_ > 1) push(pop());
  }
  std::uint32_t pop() {
    const std::uint32_t item = items_[head_];
    head_ = (head_ + 1) & static_cast<std::uint32_t>(items_.size() - 1);
    --count_;
    return item;
  }

 private:
  [[gnu::noinline, gnu::cold]] void grow() {
    std::vector<std::uint32_t> larger(items_.empty() ? 4 : items_.size() * 2);
    for (std::uint32_t i = 0; i < count_; ++i) larger[i] = items_[(head_ + i) & (items_.size() - 1)];
    items_ = std::move(larger);
    head_ = 0;
  }
  std::vector<std::uint32_t> items_;
  std::uint32_t head_ = 0, count_ = 0;
};

}  // namespace weft
