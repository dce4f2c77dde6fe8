// Tools for line-by-line formats: lines with their numbers, words, exact numbers.
//
// Nothing here throws: a parser asks, gets nullopt for what is not a number, and says itself which line was wrong.
#pragma once

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace weft {

// Walks over the lines of a text; number() counts from 1. A trailing carriage return is no part of a line.
class Lines {
 public:
  explicit Lines(std::string_view text) : rest_(text) {}

  bool next(std::string_view& line) {
    if (rest_.empty()) return false;
    const std::size_t end = rest_.find('\n');
    line = rest_.substr(0, end);
    rest_ = end == std::string_view::npos ? std::string_view{} : rest_.substr(end + 1);
    if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
    ++number_;
    return true;
  }
  [[nodiscard]] int number() const { return number_; }

 private:
  std::string_view rest_;
  int number_ = 0;
};

// Walks over the words of a line, separated by blanks and tabs; an empty word is the end.
class Words {
 public:
  explicit Words(std::string_view line) : rest_(line) {}

  std::string_view next() {
    const std::size_t begin = rest_.find_first_not_of(" \t");
    if (begin == std::string_view::npos) return {};
    rest_.remove_prefix(begin);
    const std::size_t end = std::min(rest_.find_first_of(" \t"), rest_.size());
    const std::string_view word = rest_.substr(0, end);
    rest_.remove_prefix(end);
    return word;
  }

 private:
  std::string_view rest_;
};

// Decimal digits only, the whole word, and it fits.
template <class Integer = std::uint64_t>
std::optional<Integer> parse_unsigned(std::string_view word) {
  Integer value{};
  const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), value);
  if (error != std::errc{} || end != word.data() + word.size() || word.front() == '-') return std::nullopt;
  return value;
}

// A non-negative decimal number times 10^digits, exact, rounded half up where it has more decimals ("1.5", 6 -> 1500000).
[[nodiscard]] std::optional<std::int64_t> parse_scaled(std::string_view word, int digits);

// "file:line"; the line is left out when it is not known (0), the file is "scenario" when it is not known.
[[nodiscard]] std::string place(const std::string& file, int line);

}  // namespace weft
