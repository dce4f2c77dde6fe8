// Physical quantities as types: bytes, rates, durations, instants. Integers only.
//
// Units: Bytes in bytes, Rate in bits per second, Duration and Time in picoseconds (64 bits hold 106 days).
// Rule: a bare integer never crosses a border between rooms where one of these fits; nothing converts implicitly.
#pragma once

#include <compare>
#include <cstdint>
#include <limits>

namespace weft {

template <class Tag>
struct Quantity {
  std::int64_t v{};
  friend constexpr auto operator<=>(Quantity, Quantity) = default;
  friend constexpr Quantity operator+(Quantity a, Quantity b) { return {a.v + b.v}; }
  friend constexpr Quantity operator-(Quantity a, Quantity b) { return {a.v - b.v}; }
  friend constexpr Quantity operator*(Quantity a, std::int64_t k) { return {a.v * k}; }
  friend constexpr Quantity operator/(Quantity a, std::int64_t k) { return {a.v / k}; }
  friend constexpr std::int64_t operator/(Quantity a, Quantity b) { return a.v / b.v; }
  constexpr Quantity& operator+=(Quantity b) {
    v += b.v;
    return *this;
  }
  constexpr Quantity& operator-=(Quantity b) {
    v -= b.v;
    return *this;
  }
};

using Bytes = Quantity<struct BytesTag>;
using Duration = Quantity<struct DurationTag>;
using Rate = Quantity<struct RateTag>;

inline constexpr std::int64_t ps_per_second = 1'000'000'000'000;

// An instant: picoseconds since its owner's birth. Instants differ by Durations and cannot be added.
struct Time {
  std::int64_t ps{};
  static constexpr Time never() { return {std::numeric_limits<std::int64_t>::max() / 4}; }
  friend constexpr auto operator<=>(Time, Time) = default;
  friend constexpr Time operator+(Time t, Duration d) { return {t.ps + d.v}; }
  friend constexpr Time operator-(Time t, Duration d) { return {t.ps - d.v}; }
  friend constexpr Duration operator-(Time a, Time b) { return {a.ps - b.ps}; }
};

namespace literals {
constexpr Bytes operator""_B(unsigned long long n) { return {static_cast<std::int64_t>(n)}; }
constexpr Rate operator""_Gbps(unsigned long long n) { return {static_cast<std::int64_t>(n) * 1'000'000'000}; }
constexpr Rate operator""_Mbps(unsigned long long n) { return {static_cast<std::int64_t>(n) * 1'000'000}; }
constexpr Duration operator""_ps(unsigned long long n) { return {static_cast<std::int64_t>(n)}; }
constexpr Duration operator""_ns(unsigned long long n) { return {static_cast<std::int64_t>(n) * 1'000}; }
constexpr Duration operator""_us(unsigned long long n) { return {static_cast<std::int64_t>(n) * 1'000'000}; }
constexpr Duration operator""_ms(unsigned long long n) { return {static_cast<std::int64_t>(n) * 1'000'000'000}; }
}  // namespace literals

}  // namespace weft
