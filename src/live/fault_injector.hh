// FaultInjector: an imperfect wire on purpose, for tests: drops, duplicates and delays datagrams of a batch.
//
// Rule: plan() maps a batch of n datagrams to the sequence of indices to pass on. Each is dropped with probability `drop`;
// else passed on twice with probability `duplicate`, and moved behind up to 8 later ones with probability `reorder`.
// Probabilities are counted in 2^-32. Reordering stays within a batch. Off by default: the plan is then 0, 1, 2 ...
// Source: project design. Draws come from base/random.hh, so a seed repeats them, though not the batches.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

#include "base/check.hh"
#include "base/random.hh"

namespace weft::live {

struct FaultOptions {
  std::uint64_t drop_transmit = 0, drop_receive = 0;  // in 2^-32
  std::uint64_t duplicate = 0, reorder = 0;           // each way, in 2^-32
  std::uint64_t seed = 1;
};

struct FaultCounters {
  std::uint64_t dropped = 0;
  std::uint64_t duplicated = 0;
  std::uint64_t delayed = 0;
};

class FaultInjector {
 public:
  static constexpr std::size_t largest_batch = 64;
  using Plan = std::array<std::uint16_t, 2 * largest_batch>;

  FaultInjector(std::uint64_t drop, std::uint64_t duplicate, std::uint64_t reorder, std::uint64_t key)
      : drop_(drop), duplicate_(duplicate), reorder_(reorder), random_(key) {}

  // How many entries of `plan` were filled: at most twice `batch`.
  std::size_t plan(std::size_t batch, Plan& plan) {
    CHECK(batch <= largest_batch, "batch", batch);
    std::size_t n = 0;
    for (std::size_t i = 0; i < batch; ++i) {
      if (drop_ != 0 && random_.chance(drop_)) {
        ++counters_.dropped;
        continue;
      }
      plan[n++] = static_cast<std::uint16_t>(i);
      if (duplicate_ == 0 || !random_.chance(duplicate_)) continue;
      ++counters_.duplicated;
      plan[n++] = static_cast<std::uint16_t>(i);
    }
    if (reorder_ != 0) delay(std::span(plan).first(n));
    return n;
  }
  [[nodiscard]] const FaultCounters& counters() const { return counters_; }

 private:
  // From the back, so that each entry is considered once.
  void delay(std::span<std::uint16_t> entries) {
    for (std::size_t i = entries.size(); i-- > 0;) {
      const std::size_t later = std::min<std::size_t>(entries.size() - 1 - i, 8);
      if (later == 0 || !random_.chance(reorder_)) continue;
      const auto begin = entries.begin() + static_cast<std::ptrdiff_t>(i);
      std::rotate(begin, begin + 1, begin + 2 + static_cast<std::ptrdiff_t>(random_.below(later)));
      ++counters_.delayed;
    }
  }

  std::uint64_t drop_, duplicate_, reorder_;
  Random random_;
  FaultCounters counters_{};
};

}  // namespace weft::live
