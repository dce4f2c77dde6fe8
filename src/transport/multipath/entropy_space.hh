// EntropySpace: the EVs of one connection, and its random numbers. `paths` values (a power of two) differ in their low bits;
// the bits above are drawn once, so that connections between the same two hosts do not share their paths' values.
//
// EntropyRounds walks all of them once a round, in the order of their index XOR a number drawn for each round: two connections
// that start together do not stay in step.
// Source: uet-htsim, the UEC group's simulator.
#pragma once

#include <bit>
#include <cstdint>

#include "base/check.hh"
#include "base/id.hh"
#include "base/random.hh"
#include "engine/digest.hh"
#include "transport/multipath/path_policy.hh"

namespace weft::multipath {

class EntropySpace {
 public:
  EntropySpace() = default;
  explicit EntropySpace(const PathPolicyConfig& config) : random_(config.key), mask_(config.paths - 1) {
    CHECK(std::has_single_bit(config.paths) && config.paths <= 65536, "paths", config.paths);
    upper_ = static_cast<std::uint32_t>(random_.below(65536)) & ~mask_;
  }
  [[nodiscard]] std::uint32_t paths() const noexcept { return mask_ + 1; }
  [[nodiscard]] std::uint32_t mask() const noexcept { return mask_; }
  [[nodiscard]] PathId path(std::uint32_t index) const noexcept { return {upper_ | (index & mask_)}; }
  [[nodiscard]] std::uint32_t index(PathId path) const noexcept { return path.v & mask_; }
  [[nodiscard]] std::uint32_t draw() noexcept { return static_cast<std::uint32_t>(random_.next()) & mask_; }
  void digest(Digest& d) const noexcept { d.add(random_.drawn()).add(upper_ | mask_); }

 private:
  Random random_{};
  std::uint32_t mask_ = 0;
  std::uint32_t upper_ = 0;
};

class EntropyRounds {
 public:
  EntropyRounds() = default;
  explicit EntropyRounds(const PathPolicyConfig& config) : space_(config), flip_(space_.draw()) {}
  // Low bits of the EV whose turn it is.
  [[nodiscard]] std::uint32_t current() const noexcept { return step_ ^ flip_; }
  void advance() noexcept {
    step_ = (step_ + 1) & space_.mask();
    if (step_ == 0) flip_ = space_.draw();
  }
  [[nodiscard]] const EntropySpace& space() const noexcept { return space_; }
  void digest(Digest& d) const noexcept {
    space_.digest(d);
    d.add(step_).add(flip_);
  }

 private:
  EntropySpace space_;
  std::uint32_t step_ = 0;
  std::uint32_t flip_ = 0;
};

}  // namespace weft::multipath
