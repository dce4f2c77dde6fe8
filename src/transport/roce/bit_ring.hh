// BitRing: one bit for each of the `capacity` sequences in flight, indexed by the sequence modulo the capacity.
//
// Bound: capacity, a power of two of at least 64; who uses it keeps all sequences of interest within one capacity.
#pragma once

#include <algorithm>
#include <bit>
#include <cstdint>
#include <vector>

#include "transport/roce/psn.hh"

namespace weft::roce {

class BitRing {
 public:
  void reset(std::uint32_t capacity) {
    words_.assign(std::bit_ceil(std::max(capacity, 64U)) / 64, 0);
    mask_ = words_.size() * 64 - 1;
    count_ = 0;
  }
  [[nodiscard]] std::uint64_t capacity() const { return mask_ + 1; }
  [[nodiscard]] std::uint64_t count() const { return count_; }
  [[nodiscard]] bool test(Sequence s) const { return (words_[(s & mask_) >> 6] >> (s & 63) & 1) != 0; }
  // True when the bit was not set before.
  bool set(Sequence s) {
    std::uint64_t& word = words_[(s & mask_) >> 6];
    const std::uint64_t bit = std::uint64_t{1} << (s & 63);
    if ((word & bit) != 0) return false;
    word |= bit;
    ++count_;
    return true;
  }
  bool clear(Sequence s) {
    std::uint64_t& word = words_[(s & mask_) >> 6];
    const std::uint64_t bit = std::uint64_t{1} << (s & 63);
    if ((word & bit) == 0) return false;
    word &= ~bit;
    --count_;
    return true;
  }
  // Precondition: to - from <= capacity.
  void clear_range(Sequence from, Sequence to) {
    for (Sequence s = next_set(from, to); s != to; s = next_set(s + 1, to)) clear(s);
  }
  // The first set bit of [from, to), or `to`.
  [[nodiscard]] Sequence next_set(Sequence from, Sequence to) const {
    if (count_ == 0) return to;
    while (from < to) {
      const std::uint64_t rest = words_[(from & mask_) >> 6] >> (from & 63);
      if (rest != 0) return std::min(to, from + static_cast<Sequence>(std::countr_zero(rest)));
      from = (from | 63) + 1;
    }
    return to;
  }

 private:
  std::vector<std::uint64_t> words_;
  std::uint64_t mask_ = 63;
  std::uint64_t count_ = 0;
};

}  // namespace weft::roce
