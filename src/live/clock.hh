// Clock: the time that live engines are driven with: CLOCK_MONOTONIC since the clock's birth.
//
// Units: Time in picoseconds; the kernel's clock counts nanoseconds. 64 bits hold 106 days, so an engine and its clock are
// renewed within 30; a CHECK guards it. Source: project design (engine contract); POSIX clock_gettime.
#pragma once

#include <ctime>

#include "base/check.hh"
#include "base/units.hh"

namespace weft::live {

class Clock {
 public:
  static constexpr std::int64_t longest_life_ns = std::int64_t{30} * 24 * 3600 * 1'000'000'000;

  Clock() : birth_ns_(monotonic_ns()) {}
  [[nodiscard]] Time now() const { return since_birth(monotonic_ns()); }
  // The Time of a reading of CLOCK_MONOTONIC.
  [[nodiscard]] Time since_birth(std::int64_t ns) const {
    const std::int64_t age = ns - birth_ns_;
    CHECK(age >= 0 && age < longest_life_ns, "age_ns", age);
    return Time{age * 1000};
  }
  [[nodiscard]] std::int64_t birth_ns() const { return birth_ns_; }

 private:
  static std::int64_t monotonic_ns() {
    timespec t{};
    ::clock_gettime(CLOCK_MONOTONIC, &t);
    return std::int64_t{t.tv_sec} * 1'000'000'000 + t.tv_nsec;
  }

  std::int64_t birth_ns_;
};

}  // namespace weft::live
