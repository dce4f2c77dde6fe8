// Mixed: EVs that were reported good are used once more, in their order; when none waits, the bitmap chooses.
//
// The queue holds 256 EVs; beyond that the oldest is forgotten (project profile: the public simulator's list has no bound).
// Source: uet-htsim, the UEC group's simulator.
#pragma once

#include <array>
#include <cstdint>

#include "transport/multipath/bitmap.hh"
#include "transport/multipath/path_policy.hh"

namespace weft::multipath {

class Mixed {
 public:
  static constexpr std::uint32_t queue_size = 256;

  void reset(const PathPolicyConfig& config) {
    bitmap_.reset(config);
    queue_.assign(queue_size, 0);
    head_ = tail_ = 0;
  }
  [[nodiscard]] PathId next(Time now) noexcept {
    if (head_ != tail_) return {queue_[head_++ % queue_size]};
    return bitmap_.next(now);
  }
  void report(PathId path, PathEvent event, Time now) noexcept {
    if (event != PathEvent::good) {
      bitmap_.report(path, event, now);
      return;
    }
    if (tail_ - head_ == queue_size) ++head_;
    queue_[tail_++ % queue_size] = static_cast<std::uint16_t>(path.v);
  }

  [[nodiscard]] const void* address() const noexcept { return queue_.data() + head_ % queue_size; }  // of the oldest EV
  [[nodiscard]] std::uint32_t waiting() const noexcept { return tail_ - head_; }
  void digest(Digest& d) const noexcept {
    bitmap_.digest(d);
    for (std::uint32_t i = head_; i != tail_; ++i) d.add(queue_[i % queue_size]);
    d.add(waiting());
  }

 private:
  Bitmap bitmap_;
  std::vector<std::uint16_t> queue_;
  std::uint32_t head_ = 0;
  std::uint32_t tail_ = 0;
};
static_assert(PathPolicy<Mixed>);

}  // namespace weft::multipath
