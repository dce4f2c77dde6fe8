// LossProcess: random loss of frames on one direction of a link, drawn by the sender when a frame starts.
//
// uniform: each frame is lost with probability p. Gilbert-Elliott: a two-state chain moves before each frame (good to bad
// with probability g, bad to good with b) and the frame is lost with the state's own probability; mean loss =
// (b*loss_good + g*loss_bad) / (g + b). Probabilities in units of 2^-32.
// Source: Gilbert 1960, Elliott 1963 (Bell System Technical Journal).
#pragma once

#include <cstdint>

#include "base/random.hh"
#include "link/conditions.hh"

namespace weft {

class LossProcess {
 public:
  LossProcess() = default;
  explicit LossProcess(const LossParameters& parameters)
      : gilbert_(parameters.kind == LossKind::gilbert_elliott),
        good_to_bad_(fixed(parameters.good_to_bad)),
        bad_to_good_(fixed(parameters.bad_to_good)),
        loss_good_(gilbert_ ? fixed(parameters.loss_good) : fixed(parameters.p)),
        loss_bad_(fixed(parameters.loss_bad)) {}

  [[nodiscard]] bool active() const { return gilbert_ || loss_good_ > 0; }
  bool loses(Random& random) {
    if (!gilbert_) return random.chance(loss_good_);
    if (random.chance(bad_ ? bad_to_good_ : good_to_bad_)) bad_ = !bad_;
    return random.chance(bad_ ? loss_bad_ : loss_good_);
  }

 private:
  static std::uint64_t fixed(double p) { return static_cast<std::uint64_t>(p * 4294967296.0 + 0.5); }
  bool gilbert_ = false, bad_ = false;
  std::uint64_t good_to_bad_ = 0, bad_to_good_ = 0, loss_good_ = 0, loss_bad_ = 0;
};

}  // namespace weft
