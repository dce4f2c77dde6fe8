// Numbers with units, read and written exactly: `400Gbps`, `5us`, `2MB` (2e6), `2MiB` (2^21), `1000km` (at 5 us/km).
//
// Rule: decimal digits, a fraction and an exponent times the unit must be a whole number of the base unit (byte, bit per
// second, picosecond); nothing is rounded. A bare 0 needs no unit, every other number does.
// Errors: no exception; `problem` says what is wrong and `hint` what would be right.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/units.hh"

namespace weft {

enum class Dimension : std::uint8_t { size, rate, duration, length };

struct QuantityReading {
  std::optional<std::int64_t> value;  // bytes, bits per second, picoseconds; a length as the picoseconds light needs
  std::string problem;
  std::string hint;
};

[[nodiscard]] QuantityReading read_quantity(std::string_view text, Dimension dimension);

[[nodiscard]] std::string_view noun(Dimension dimension);  // "size", "rate", "time", "length"
[[nodiscard]] std::vector<std::string> unit_names(Dimension dimension);

// A whole number without unit; an exponent is allowed (1e6).
[[nodiscard]] std::optional<std::int64_t> read_integer(std::string_view text);
// A plain number; for chances and loads.
[[nodiscard]] std::optional<double> read_number(std::string_view text);

struct Fraction {
  std::uint32_t numerator = 0, denominator = 1;
};
// `1/8` or `0.125`, exactly, in lowest terms.
[[nodiscard]] std::optional<Fraction> read_fraction(std::string_view text);

// As a user would write it, in the largest unit that stays exact.
[[nodiscard]] std::string written(Bytes size);
[[nodiscard]] std::string written(Rate rate);
[[nodiscard]] std::string written(Duration duration);
[[nodiscard]] std::string written(Time time);
[[nodiscard]] std::string written(double number);

}  // namespace weft
