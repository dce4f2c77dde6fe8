#include "report/decimal.hh"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <limits>

#include "base/check.hh"

namespace weft {
namespace {

struct Unit {
  double scale;
  const char* name;
};

// The largest unit that leaves at least 1 before the point; the list runs from large to small.
template <std::size_t N>
std::string with_unit(double value, const std::array<Unit, N>& units) {
  for (const Unit& unit : units) {
    // 0.99995 of a unit would print as 1 of it: let it use that unit.
    if (std::abs(value) >= 0.99995 * unit.scale || &unit == &units.back()) return figure_text(value / unit.scale) + unit.name;
  }
  return figure_text(value);
}

}  // namespace

std::string fixed(std::int64_t value, int decimals) {
  CHECK(decimals >= 0 && decimals <= 18, "decimals", decimals);
  const bool negative = value < 0;
  const auto magnitude = negative ? 0 - static_cast<std::uint64_t>(value) : static_cast<std::uint64_t>(value);
  std::string digits = std::to_string(magnitude);
  const auto places = static_cast<std::size_t>(decimals);
  if (digits.size() <= places) digits.insert(0, places + 1 - digits.size(), '0');
  if (places > 0) digits.insert(digits.size() - places, 1, '.');
  return negative ? '-' + digits : digits;
}

std::string microseconds(Time time) { return time >= Time::never() ? std::string{} : fixed(time.ps, 6); }
std::string microseconds(Duration duration) { return fixed(duration.v, 6); }

std::int64_t millionths(std::int64_t numerator, std::int64_t denominator) {
  CHECK(numerator >= 0 && denominator > 0, "numerator", numerator, "denominator", denominator);
  const __int128 value = (static_cast<__int128>(numerator) * 2'000'000 + denominator) / (static_cast<__int128>(denominator) * 2);
  return static_cast<std::int64_t>(std::min<__int128>(value, std::numeric_limits<std::int64_t>::max()));
}

std::int64_t gbps_millionths(Bytes bytes, Duration time) {
  if (time.v <= 0 || bytes.v <= 0) return 0;
  // bits / ps is Tb/s, so 8 * 1000 gives Gb/s.
  const __int128 value = (static_cast<__int128>(bytes.v) * 8'000 * 2'000'000 + time.v) / (static_cast<__int128>(time.v) * 2);
  return static_cast<std::int64_t>(std::min<__int128>(value, std::numeric_limits<std::int64_t>::max()));
}

std::string grouped(std::uint64_t value) {
  std::string digits = std::to_string(value);
  for (std::size_t at = digits.size(); at > 3; at -= 3) digits.insert(at - 3, 1, ',');
  return digits;
}

std::string plural(std::uint64_t count, const std::string& one, const std::string& many) {
  return grouped(count) + ' ' + (count == 1 ? one : many.empty() ? one + 's' : many);
}

std::string figure_text(double value) {
  if (!std::isfinite(value)) return "-";
  int decimals = 3;
  for (double rest = std::abs(value); rest >= 9.9995 && decimals > 0; rest /= 10) --decimals;
  for (double rest = std::abs(value); rest > 0 && rest < 0.99995 && decimals < 12; rest *= 10) ++decimals;
  std::array<char, 400> text{};
  const auto end = std::to_chars(text.data(), text.data() + text.size(), value, std::chars_format::fixed, decimals);
  std::string digits(text.data(), end.ptr);
  if (digits.find('.') != std::string::npos) {
    digits.erase(digits.find_last_not_of('0') + 1);
    if (digits.back() == '.') digits.pop_back();
  }
  return digits == "-0" ? "0" : digits;
}

std::string duration_text(std::int64_t picoseconds) {
  if (picoseconds == 0) return "0 s";
  static constexpr std::array<Unit, 5> units{{{1e12, " s"}, {1e9, " ms"}, {1e6, " us"}, {1e3, " ns"}, {1, " ps"}}};
  return with_unit(static_cast<double>(picoseconds), units);
}

std::string bytes_text(std::uint64_t bytes) {
  static constexpr std::array<Unit, 5> units{{{1e12, " TB"}, {1e9, " GB"}, {1e6, " MB"}, {1e3, " KB"}, {1, " B"}}};
  return with_unit(static_cast<double>(bytes), units);
}

std::string rate_text(double gbps) {
  static constexpr std::array<Unit, 4> units{{{1e3, " Tb/s"}, {1, " Gb/s"}, {1e-3, " Mb/s"}, {1e-6, " Kb/s"}}};
  return gbps == 0 ? "0 Gb/s" : with_unit(gbps, units);
}

std::string count_text(double count) {
  static constexpr std::array<Unit, 3> units{{{1e9, " billion"}, {1e6, " million"}, {1, ""}}};
  if (count < 999'950) return grouped(static_cast<std::uint64_t>(std::llround(std::max(0.0, count))));
  return with_unit(count, units);
}

}  // namespace weft
