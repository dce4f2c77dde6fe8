// Numbers as text, the same on every machine: no locale, no rounding that depends on a library.
//
// fixed() and ratio() print integers scaled by a power of ten; the tables of a run are made of them, so equal results are
// equal bytes. The *_text functions are for people: three or four significant figures with a unit.
#pragma once

#include <cstdint>
#include <string>

#include "base/units.hh"

namespace weft {

// value / 10^decimals with exactly that many decimals: fixed(1234567, 6) is "1.234567". decimals: 0 to 18.
[[nodiscard]] std::string fixed(std::int64_t value, int decimals);

// An instant or a duration in microseconds with six decimals: exact, since the unit is the picosecond. never() gives "".
[[nodiscard]] std::string microseconds(Time time);
[[nodiscard]] std::string microseconds(Duration duration);

// numerator / denominator in millionths, rounded to nearest, halves up; both >= 0, denominator > 0; saturates.
[[nodiscard]] std::int64_t millionths(std::int64_t numerator, std::int64_t denominator);

// bytes in a time as Gb/s, in millionths; 0 when no time passed.
[[nodiscard]] std::int64_t gbps_millionths(Bytes bytes, Duration time);

// 1234567 as "1,234,567".
[[nodiscard]] std::string grouped(std::uint64_t value);
// "1 flow", "2,000 flows"; `many` where it is not `one` with an s.
[[nodiscard]] std::string plural(std::uint64_t count, const std::string& one, const std::string& many = {});

// Four significant figures, no trailing zeros: "41.8 us", "4.08 ms", "1.2 MB", "293 Gb/s", "12.6 million".
[[nodiscard]] std::string duration_text(std::int64_t picoseconds);
[[nodiscard]] std::string bytes_text(std::uint64_t bytes);
[[nodiscard]] std::string rate_text(double gbps);
[[nodiscard]] std::string count_text(double count);
[[nodiscard]] std::string figure_text(double value);  // no unit

}  // namespace weft
