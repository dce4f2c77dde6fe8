// ReadyRing: the engines of one NIC port and lane that have something to send, served in turn, one packet each.
//
// A few entries stand in the object itself, for most NICs have no more engines than that. Bound: one entry for each live engine of
// the port; it grows only when there are more of them than ever before.
#pragma once

#include <array>
#include <cstdint>
#include <memory>

namespace weft {

template <class Item>
class ReadyRing {
 public:
  [[nodiscard]] bool empty() const { return count_ == 0; }
  [[nodiscard]] Item* front() const { return items()[head_]; }
  void push(Item* item) {
    if (count_ > mask_) [[unlikely]]
      grow();
    items()[(head_ + count_++) & mask_] = item;
  }
  // The first one goes behind the others.
  void rotate() {
    if (count_ > 1) push(pop());
  }
  Item* pop() {
    Item* const item = items()[head_];
    head_ = (head_ + 1) & mask_;
    --count_;
    return item;
  }

 private:
  [[nodiscard]] Item** items() { return many_ ? many_.get() : few_.data(); }
  [[nodiscard]] Item* const* items() const { return many_ ? many_.get() : few_.data(); }
  [[gnu::noinline, gnu::cold]] void grow() {
    auto larger = std::make_unique<Item*[]>((std::size_t{mask_} + 1) * 2);
    for (std::uint32_t i = 0; i < count_; ++i) larger[i] = items()[(head_ + i) & mask_];
    many_ = std::move(larger);
    mask_ = mask_ * 2 + 1;
    head_ = 0;
  }
  std::array<Item*, 2> few_{};     // not owned
  std::unique_ptr<Item*[]> many_;  // none: few_ holds them
  std::uint32_t mask_ = 1;         // places less one, a power of two less one
  std::uint32_t head_ = 0, count_ = 0;
};

}  // namespace weft
