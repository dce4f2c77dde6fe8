// WindowBarrier: all threads meet here once a window. Spins for at most about 5 us, then blocks, so that more threads than
// cores still make progress.
#pragma once

#include <atomic>
#include <cstdint>

namespace weft {

class WindowBarrier {
 public:
  explicit WindowBarrier(std::uint32_t parties) : parties_(parties) {}
  // `last` runs on the thread that arrives last, before anyone leaves.
  template <class Last>
  void arrive_and_wait(Last&& last) {
    const std::uint32_t phase = phase_.load(std::memory_order_acquire);
    if (waiting_.fetch_add(1, std::memory_order_acq_rel) + 1 == parties_) {
      last();
      waiting_.store(0, std::memory_order_relaxed);
      phase_.store(phase + 1, std::memory_order_release);
      phase_.notify_all();
      return;
    }
    for (int spin = 0; spin < spins; ++spin) {
      if (phase_.load(std::memory_order_acquire) != phase) return;
      __builtin_ia32_pause();
    }
    while (phase_.load(std::memory_order_acquire) == phase) phase_.wait(phase, std::memory_order_acquire);
  }

 private:
  static constexpr int spins = 120;  // about 40 ns each
  const std::uint32_t parties_;
  std::atomic<std::uint32_t> waiting_{0};
  std::atomic<std::uint32_t> phase_{0};
};

}  // namespace weft
