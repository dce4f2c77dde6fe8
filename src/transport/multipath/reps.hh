// REPS, recycled entropy packet spraying: an EV whose packet came back without a mark is used once more; a random EV goes out
// when none is at hand.
//
//   cache     the last 8 EVs reported good, overwritten in turn; the oldest that was not yet used again goes first
//   freezing  a timeout (never while exploring) freezes: for 10 ms only cached EVs are used, in turn, used again or not; good
//             reports still enter the cache. With an empty cache random EVs go out
//   thaw      the cache is emptied, and the next 16 packets explore random EVs
// Source: Bonato et al., REPS (2024), with the constants of uet-htsim, the UEC group's public simulator. Project
// profile: a timeout freezes with trimming off too, and a freeze ends at its time, not at the first report after it.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>

#include "transport/multipath/entropy_space.hh"
#include "transport/multipath/path_policy.hh"

namespace weft::multipath {

class Reps {
 public:
  static constexpr std::uint32_t cache_size = 8;
  static constexpr std::uint32_t exploration = 16;

  void reset(const PathPolicyConfig& config) {
    *this = Reps{};
    space_ = EntropySpace(config);
    freeze_ = config.freeze;
  }
  [[nodiscard]] PathId next(Time now) noexcept {
    if (frozen_until_ <= now) [[unlikely]]
      thaw();
    if (exploring_ > 0) {
      --exploring_;
    } else if (frozen()) {
      if (cached_ > 0) return reuse();
    } else if (fresh_ > 0) {
      return space_.path(cache_[(head_ + cache_size - fresh_--) % cache_size]);
    }
    return space_.path(space_.draw());
  }
  void report(PathId path, PathEvent event, Time now) noexcept {
    if (frozen_until_ <= now) [[unlikely]]
      thaw();
    if (event == PathEvent::good) {
      keep(path);
    } else if (event == PathEvent::timeout && !frozen() && exploring_ == 0) {
      frozen_until_ = now + freeze_;
      turn_ = 0;
    }
  }

  [[nodiscard]] bool frozen() const noexcept { return frozen_until_ != Time::never(); }
  [[nodiscard]] std::uint32_t fresh() const noexcept { return fresh_; }
  void digest(Digest& d) const noexcept {
    space_.digest(d);
    for (const std::uint16_t ev : cache_) d.add(ev);
    d.add(frozen_until_).add(head_).add(cached_).add(fresh_).add(turn_).add(exploring_);
  }

 private:
  void keep(PathId path) noexcept {
    cache_[head_ % cache_size] = static_cast<std::uint16_t>(space_.index(path));
    head_ = static_cast<std::uint8_t>((head_ + 1) % cache_size);
    cached_ = static_cast<std::uint8_t>(std::min<std::uint32_t>(cached_ + 1U, cache_size));
    fresh_ = static_cast<std::uint8_t>(std::min<std::uint32_t>(fresh_ + 1U, cache_size));
  }
  PathId reuse() noexcept {
    const std::uint16_t ev = cache_[turn_];
    turn_ = static_cast<std::uint8_t>((turn_ + 1) % cached_);
    return space_.path(ev);
  }
  void thaw() noexcept {
    frozen_until_ = Time::never();
    head_ = cached_ = fresh_ = 0;
    exploring_ = exploration;
  }

  EntropySpace space_;
  Time frozen_until_ = Time::never();
  Duration freeze_{};
  std::array<std::uint16_t, cache_size> cache_{};
  std::uint8_t head_ = 0;    // where the next good EV goes
  std::uint8_t cached_ = 0;  // slots ever filled
  std::uint8_t fresh_ = 0;   // of the latest, not yet used again
  std::uint8_t turn_ = 0;    // while frozen
  std::uint8_t exploring_ = 0;
};
static_assert(PathPolicy<Reps>);

}  // namespace weft::multipath
