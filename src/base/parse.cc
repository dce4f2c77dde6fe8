#include "base/parse.hh"

#include <limits>

namespace weft {
namespace {

constexpr std::int64_t largest = std::numeric_limits<std::int64_t>::max();

// Appends one decimal digit; false when the value would not fit.
bool append_digit(std::int64_t& value, int digit) {
  if (value > (largest - digit) / 10) return false;
  value = value * 10 + digit;
  return true;
}

bool is_digit(char c) { return c >= '0' && c <= '9'; }

}  // namespace

std::optional<std::int64_t> parse_scaled(std::string_view word, int digits) {
  const std::size_t point = std::min(word.find('.'), word.size());
  const std::string_view whole = word.substr(0, point);
  const std::string_view decimals = point < word.size() ? word.substr(point + 1) : std::string_view{};
  if (whole.empty() || (point < word.size() && decimals.empty())) return std::nullopt;
  if (!std::all_of(whole.begin(), whole.end(), is_digit)) return std::nullopt;
  if (!std::all_of(decimals.begin(), decimals.end(), is_digit)) return std::nullopt;
  std::int64_t value = 0;
  for (const char c : whole) {
    if (!append_digit(value, c - '0')) return std::nullopt;
  }
  const auto kept = static_cast<std::size_t>(digits);
  for (std::size_t i = 0; i < kept; ++i) {
    if (!append_digit(value, i < decimals.size() ? decimals[i] - '0' : 0)) return std::nullopt;
  }
  if (decimals.size() > kept && decimals[kept] >= '5') {
    if (value == largest) return std::nullopt;
    ++value;
  }
  return value;
}

std::string place(const std::string& file, int line) {
  std::string where = file.empty() ? "scenario" : file;
  if (line > 0) where += ':' + std::to_string(line);
  return where;
}

}  // namespace weft
