// No congestion control: always at line rate, whatever is reported.
#pragma once

#include "transport/congestion/law.hh"

namespace weft::congestion {

class None {
 public:
  constexpr None() = default;
  constexpr explicit None(Rate line) : line_(line) {}
  [[nodiscard]] bool paced() const noexcept { return false; }
  void on_cnp(Time) noexcept {}
  void on_sent(Time, Bytes) noexcept {}
  [[nodiscard]] Rate rate(Time) noexcept { return line_; }
  void digest(Digest& d) const noexcept { d.add(static_cast<std::uint64_t>(line_.v)); }

 private:
  Rate line_{};
};
static_assert(CongestionLaw<None>);

}  // namespace weft::congestion
