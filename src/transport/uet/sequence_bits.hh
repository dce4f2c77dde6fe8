// SequenceBits: one bit for each sequence of a window that moves forward, read 64 at a time from any place.
//
// Bound: the capacity, a power of two of at least 128; who uses it keeps the sequences whose bits are set within
// capacity - 64, so that word_at() of any of them never meets the window's other end, and lets it grow before it needs more.
#pragma once

#include <algorithm>
#include <bit>
#include <cstdint>
#include <memory>
#include <utility>

#include "transport/uet/psn.hh"

namespace weft::uet {

class SequenceBits {
 public:
  // For windows of `range` sequences. Allocates only when it must grow.
  void reset(std::uint32_t range) {
    const std::uint32_t words = std::bit_ceil(std::max(range + 64, 128U)) / 64;
    if (words > allocated_) {
      words_ = std::make_unique<std::uint64_t[]>(words);
      allocated_ = words;
    }
    std::fill_n(words_.get(), words, 0);
    word_mask_ = words - 1;
    count_ = 0;
  }
  // How many sequences a window may span now.
  [[nodiscard]] std::uint32_t span() const { return static_cast<std::uint32_t>(word_mask_ * 64); }
  // So that a window of `range` sequences from `first` on fits. What is set in it stays.
  void grow(Sequence first, std::uint32_t range) {
    const std::uint32_t words = std::bit_ceil(range + 64) / 64;
    auto wider = std::make_unique<std::uint64_t[]>(words);
    for (Sequence w = first >> 6; w <= (first >> 6) + word_mask_; ++w) wider[w & (words - 1)] = words_[w & word_mask_];
    words_ = std::move(wider);
    word_mask_ = words - 1;
    allocated_ = words;
  }
  [[nodiscard]] std::uint32_t count() const { return count_; }
  [[nodiscard]] bool test(Sequence s) const { return (word(s) >> (s & 63) & 1) != 0; }
  // Precondition: the bit is clear.
  void set(Sequence s) {
    word(s) |= std::uint64_t{1} << (s & 63);
    ++count_;
  }
  // Precondition: the bit is set.
  void clear(Sequence s) {
    word(s) &= ~(std::uint64_t{1} << (s & 63));
    --count_;
  }
  // Bit i: sequence s + i.
  [[nodiscard]] std::uint64_t word_at(Sequence s) const {
    const unsigned shift = s & 63;
    const std::uint64_t low = word(s) >> shift;
    return shift == 0 ? low : low | word(s + 64) << (64 - shift);
  }
  [[nodiscard]] const void* address(Sequence s) const { return &word(s); }  // for prefetching
  // The first set bit of [from, to), or `to`.
  [[nodiscard]] Sequence next_set(Sequence from, Sequence to) const {
    while (from < to) {
      const std::uint64_t rest = word(from) >> (from & 63);
      if (rest != 0) return std::min(to, from + static_cast<Sequence>(std::countr_zero(rest)));
      from = (from | 63) + 1;
    }
    return to;
  }

 private:
  std::uint64_t& word(Sequence s) { return words_[s >> 6 & word_mask_]; }
  [[nodiscard]] const std::uint64_t& word(Sequence s) const { return words_[s >> 6 & word_mask_]; }

  std::unique_ptr<std::uint64_t[]> words_;
  std::uint64_t word_mask_ = 0;
  std::uint32_t count_ = 0;
  std::uint32_t allocated_ = 0;
};

}  // namespace weft::uet
