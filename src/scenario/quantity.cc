#include "scenario/quantity.hh"

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <cmath>
#include <numeric>
#include <span>

#include "scenario/nearest.hh"

namespace weft {
namespace {

struct Unit {
  const char* name;
  std::int64_t factor;
};

constexpr std::array size_units{
    Unit{"B", 1},           Unit{"KB", 1'000},      Unit{"MB", 1'000'000},  Unit{"GB", 1'000'000'000}, Unit{"TB", 1'000'000'000'000},
    Unit{"KiB", 1LL << 10}, Unit{"MiB", 1LL << 20}, Unit{"GiB", 1LL << 30}, Unit{"TiB", 1LL << 40},    Unit{"kB", 1'000}};
constexpr std::array rate_units{Unit{"bps", 1},
                                Unit{"Kbps", 1'000},
                                Unit{"Mbps", 1'000'000},
                                Unit{"Gbps", 1'000'000'000},
                                Unit{"Tbps", 1'000'000'000'000},
                                Unit{"kbps", 1'000},
                                Unit{"Mb/s", 1'000'000},
                                Unit{"Gb/s", 1'000'000'000},
                                Unit{"Tb/s", 1'000'000'000'000}};
constexpr std::array duration_units{Unit{"ps", 1},
                                    Unit{"ns", 1'000},
                                    Unit{"us", 1'000'000},
                                    Unit{"ms", 1'000'000'000},
                                    Unit{"s", 1'000'000'000'000},
                                    Unit{"\xc2\xb5s", 1'000'000}};
constexpr std::array length_units{Unit{"m", 5'000}, Unit{"km", 5'000'000}};  // light in fibre: 5 us/km, that is 5 ns/m

std::span<const Unit> units(Dimension dimension) {
  switch (dimension) {
    case Dimension::size: return size_units;
    case Dimension::rate: return rate_units;
    case Dimension::duration: return duration_units;
    case Dimension::length: return length_units;
  }
  return {};
}

// How many units of each dimension messages and the documentation name; the rest are accepted spellings.
std::size_t named_units(Dimension dimension) {
  if (dimension == Dimension::size) return 9;
  return dimension == Dimension::length ? 2 : 5;
}

const Unit* find_unit(Dimension dimension, std::string_view name) {
  const auto all = units(dimension);
  const auto found = std::find_if(all.begin(), all.end(), [&](const Unit& unit) { return name == unit.name; });
  return found == all.end() ? nullptr : &*found;
}

// mantissa * 10^exponent, and what follows it.
struct Decimal {
  bool negative = false;
  unsigned __int128 mantissa = 0;
  int exponent = 0;
  std::string_view rest;
};

constexpr int max_digits = 24;
constexpr int max_exponent = 40;

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// The digits and the point; how many digits were read, or -1 when there are too many.
int take_digits(std::string_view& text, Decimal& decimal) {
  int digits = 0, significant = 0;
  bool point = false;
  while (!text.empty() && (is_digit(text.front()) || (text.front() == '.' && !point))) {
    if (text.front() == '.') {
      point = true;
    } else {
      ++digits;
      if (decimal.mantissa != 0 || text.front() != '0') ++significant;
      if (significant > max_digits || digits > 2 * max_exponent) return -1;
      decimal.mantissa = decimal.mantissa * 10 + static_cast<unsigned>(text.front() - '0');
      if (point) --decimal.exponent;
    }
    text.remove_prefix(1);
  }
  return digits;
}

// An exponent, only when digits follow the letter: `5e3` has one, `5eggs` does not.
void take_exponent(std::string_view& text, Decimal& decimal) {
  if (text.empty() || (text.front() != 'e' && text.front() != 'E')) return;
  std::string_view tail = text.substr(1);
  const bool minus = !tail.empty() && tail.front() == '-';
  if (!tail.empty() && (tail.front() == '-' || tail.front() == '+')) tail.remove_prefix(1);
  if (tail.empty() || !is_digit(tail.front())) return;
  int exponent = 0;
  while (!tail.empty() && is_digit(tail.front())) {
    exponent = std::min(exponent * 10 + (tail.front() - '0'), 10 * max_exponent);
    tail.remove_prefix(1);
  }
  decimal.exponent += minus ? -exponent : exponent;
  text = tail;
}

std::optional<Decimal> read_decimal(std::string_view text) {
  Decimal decimal;
  if (!text.empty() && (text.front() == '-' || text.front() == '+')) {
    decimal.negative = text.front() == '-';
    text.remove_prefix(1);
  }
  if (take_digits(text, decimal) <= 0) return std::nullopt;
  take_exponent(text, decimal);
  while (decimal.mantissa != 0 && decimal.mantissa % 10 == 0) {
    decimal.mantissa /= 10;
    ++decimal.exponent;
  }
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  decimal.rest = text;
  return decimal;
}

enum class Scaled : std::uint8_t { exact, fraction, overflow };

Scaled scale(const Decimal& decimal, std::int64_t factor, std::int64_t& out) {
  unsigned __int128 value = decimal.mantissa * static_cast<unsigned __int128>(factor);
  constexpr auto limit = static_cast<unsigned __int128>(std::numeric_limits<std::int64_t>::max());
  if (value == 0) {
    out = 0;
    return Scaled::exact;
  }
  if (decimal.exponent > max_exponent) return Scaled::overflow;
  for (int i = 0; i < decimal.exponent; ++i) {
    value *= 10;
    if (value > limit) return Scaled::overflow;
  }
  for (int i = 0; i > decimal.exponent; --i) {
    if (value % 10 != 0) return Scaled::fraction;
    value /= 10;
  }
  if (value > limit) return Scaled::overflow;
  out = static_cast<std::int64_t>(value);
  if (decimal.negative) out = -out;
  return Scaled::exact;
}

std::string example(Dimension dimension) {
  switch (dimension) {
    case Dimension::size: return "2MB (2000000 bytes) or 2MiB (2097152 bytes)";
    case Dimension::rate: return "400Gbps";
    case Dimension::duration: return "5us";
    case Dimension::length: return "200m or 1000km";
  }
  return {};
}

QuantityReading refuse(std::string problem, std::string hint) { return {std::nullopt, std::move(problem), std::move(hint)}; }

QuantityReading refuse_unit(std::string_view text, std::string_view unit, Dimension dimension) {
  const std::string shown = "'" + std::string(text) + "'";
  for (const Dimension other : {Dimension::size, Dimension::rate, Dimension::duration, Dimension::length}) {
    if (other == dimension || find_unit(other, unit) == nullptr) continue;
    return refuse(shown + " is a " + std::string(noun(other)) + ", not a " + std::string(noun(dimension)),
                  "write a " + std::string(noun(dimension)) + " such as " + example(dimension));
  }
  return refuse(shown + " has the unknown unit '" + std::string(unit) + "'",
                suggest(unit, unit_names(dimension)) + " A " + std::string(noun(dimension)) + " is written like " + example(dimension));
}

}  // namespace

std::string_view noun(Dimension dimension) {
  switch (dimension) {
    case Dimension::size: return "size";
    case Dimension::rate: return "rate";
    case Dimension::duration: return "time";
    case Dimension::length: return "length";
  }
  return {};
}

std::vector<std::string> unit_names(Dimension dimension) {
  std::vector<std::string> names;
  for (const Unit& unit : units(dimension).first(named_units(dimension))) names.emplace_back(unit.name);
  return names;
}

QuantityReading read_quantity(std::string_view text, Dimension dimension) {
  const std::string shown = "'" + std::string(text) + "'";
  const std::string like = "a " + std::string(noun(dimension)) + " is written like " + example(dimension);
  const auto decimal = read_decimal(text);
  if (!decimal) return refuse(shown + " is not a " + std::string(noun(dimension)), like);
  if (decimal->rest.empty()) {
    if (decimal->mantissa == 0) return {0, {}, {}};
    return refuse(shown + " has no unit", "add one of " + joined(unit_names(dimension)) + "; " + like);
  }
  const Unit* unit = find_unit(dimension, decimal->rest);
  if (unit == nullptr) return refuse_unit(text, decimal->rest, dimension);
  std::int64_t value = 0;
  switch (scale(*decimal, unit->factor, value)) {
    case Scaled::exact: return {value, {}, {}};
    case Scaled::overflow: return refuse(shown + " is too large", like);
    case Scaled::fraction: break;
  }
  const std::string base = dimension == Dimension::size ? "bytes" : dimension == Dimension::rate ? "bits per second" : "picoseconds";
  return refuse(shown + " is not a whole number of " + base, like);
}

std::optional<std::int64_t> read_integer(std::string_view text) {
  const auto decimal = read_decimal(text);
  std::int64_t value = 0;
  if (!decimal || !decimal->rest.empty() || scale(*decimal, 1, value) != Scaled::exact) return std::nullopt;
  return value;
}

std::optional<double> read_number(std::string_view text) {
  if (!text.empty() && text.front() == '+') text.remove_prefix(1);
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size() || !std::isfinite(value)) return std::nullopt;
  return value;
}

std::optional<Fraction> read_fraction(std::string_view text) {
  constexpr std::int64_t limit = 1'000'000'000;
  std::int64_t numerator = 0, denominator = 1;
  if (const auto slash = text.find('/'); slash != std::string_view::npos) {
    const auto above = read_integer(text.substr(0, slash)), below = read_integer(text.substr(slash + 1));
    if (!above || !below || *below <= 0) return std::nullopt;
    numerator = *above;
    denominator = *below;
  } else {
    const auto decimal = read_decimal(text);
    if (!decimal || !decimal->rest.empty() || decimal->exponent < -9 || decimal->exponent > 9) return std::nullopt;
    Decimal whole = *decimal;
    for (; whole.exponent < 0; ++whole.exponent) denominator *= 10;
    if (scale(whole, 1, numerator) != Scaled::exact) return std::nullopt;
  }
  if (numerator < 0) return std::nullopt;
  const std::int64_t common = std::gcd(numerator, denominator);
  if (numerator / common > limit || denominator / common > limit) return std::nullopt;
  return Fraction{static_cast<std::uint32_t>(numerator / common), static_cast<std::uint32_t>(denominator / common)};
}

namespace {

std::string in_largest(std::int64_t value, std::span<const Unit> choices) {
  const Unit* best = &choices.front();
  for (const Unit& unit : choices) {
    if (value != 0 && value % unit.factor == 0 && unit.factor > best->factor) best = &unit;
  }
  return std::to_string(value / best->factor) + best->name;
}

}  // namespace

std::string written(Bytes size) { return in_largest(size.v, std::span<const Unit>(size_units).first(9)); }
std::string written(Rate rate) { return in_largest(rate.v, std::span<const Unit>(rate_units).first(5)); }
std::string written(Duration duration) { return in_largest(duration.v, std::span<const Unit>(duration_units).first(5)); }
std::string written(Time time) { return written(Duration{time.ps}); }

std::string written(double number) {
  std::array<char, 32> buffer{};
  const auto [end, error] = std::to_chars(buffer.data(), buffer.data() + buffer.size(), number);
  return error == std::errc{} ? std::string(buffer.data(), end) : std::string{};
}

}  // namespace weft
