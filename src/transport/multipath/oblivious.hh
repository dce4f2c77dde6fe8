// Oblivious spraying: every EV once a round, whatever is reported. Source: uet-htsim, the UEC group's simulator.
#pragma once

#include "transport/multipath/entropy_space.hh"
#include "transport/multipath/path_policy.hh"

namespace weft::multipath {

class Oblivious {
 public:
  void reset(const PathPolicyConfig& config) { rounds_ = EntropyRounds(config); }
  [[nodiscard]] PathId next(Time) noexcept {
    const PathId path = rounds_.space().path(rounds_.current());
    rounds_.advance();
    return path;
  }
  void report(PathId, PathEvent, Time) noexcept {}
  void digest(Digest& d) const noexcept { rounds_.digest(d); }

 private:
  EntropyRounds rounds_;
};
static_assert(PathPolicy<Oblivious>);

}  // namespace weft::multipath
