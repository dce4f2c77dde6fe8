// Bitmap: rounds over all EVs as in oblivious spraying, but an EV with a penalty is passed over.
//
//   penalty += 1 for a mark, 4 for an NACK, 15 for a timeout; 15 at most
//   a choice that meets a penalised EV takes 1 off the first that it meets, then goes on to the next EV without penalty
// So no EV is passed over for ever: while packets go out, each two rounds take off one at least. When all are penalised the EV
// whose turn it is is used. A choice looks at less than two rounds of EVs: the next whole round has one without penalty.
// Units: penalties of 4 bits, two a byte; 32 KiB for 65,536 paths. Source: uet-htsim, the UEC group's simulator.
#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

#include "transport/multipath/entropy_space.hh"
#include "transport/multipath/path_policy.hh"

namespace weft::multipath {

class Bitmap {
 public:
  static constexpr std::uint32_t most_penalty = 15;

  void reset(const PathPolicyConfig& config) {
    rounds_ = EntropyRounds(config);
    penalties_.assign((config.paths + 1) / 2, 0);
    penalised_ = 0;
  }
  [[nodiscard]] PathId next(Time) noexcept {
    if (penalised_ != 0) [[unlikely]]
      pass_over_penalised();
    const PathId path = rounds_.space().path(rounds_.current());
    rounds_.advance();
    return path;
  }
  void report(PathId path, PathEvent event, Time) noexcept {
    constexpr std::uint8_t weights[] = {0, 1, 4, most_penalty};
    const std::uint32_t weight = weights[static_cast<std::size_t>(event)];
    if (weight == 0) return;
    const std::uint32_t index = rounds_.space().index(path);
    const std::uint32_t before = penalty(index);
    if (before == 0) ++penalised_;
    set_penalty(index, std::min(before + weight, most_penalty));
  }

  [[nodiscard]] std::uint32_t penalty(PathId path) const noexcept { return penalty(rounds_.space().index(path)); }
  [[nodiscard]] std::uint32_t penalised() const noexcept { return penalised_; }
  void digest(Digest& d) const noexcept {
    rounds_.digest(d);
    d.add(penalised_);
    for (const std::uint8_t pair : penalties_) d.add(pair);
  }

 private:
  [[nodiscard]] std::uint32_t penalty(std::uint32_t index) const noexcept { return penalties_[index >> 1] >> (4 * (index & 1)) & 15U; }
  void set_penalty(std::uint32_t index, std::uint32_t value) noexcept {
    const std::uint32_t shift = 4 * (index & 1);
    penalties_[index >> 1] = static_cast<std::uint8_t>((penalties_[index >> 1] & ~(15U << shift)) | value << shift);
  }
  void pass_over_penalised() noexcept {
    const std::uint32_t first = rounds_.current();
    const std::uint32_t before = penalty(first);
    if (before == 0) return;
    set_penalty(first, before - 1);
    if (before == 1) --penalised_;
    rounds_.advance();
    if (penalised_ == rounds_.space().paths()) return;
    while (penalty(rounds_.current()) != 0) rounds_.advance();
  }

  EntropyRounds rounds_;
  std::vector<std::uint8_t> penalties_;
  std::uint32_t penalised_ = 0;
};
static_assert(PathPolicy<Bitmap>);

}  // namespace weft::multipath
