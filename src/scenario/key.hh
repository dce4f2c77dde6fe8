// Key: one row of the table that describes a scenario. The parser, its suggestions, docs/scenario.md and the JSON Schema
// all come from these rows, so they cannot tell different stories.
#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace weft {

enum class KeyKind : std::uint8_t {
  text,          // any words
  file,          // a file name, relative to the scenario's folder (in --set: to the working directory)
  file_or_word,  // one of `choices`, or a file name
  count,         // a whole number without unit
  size,
  rate,
  duration,
  length,
  number,           // a plain number
  ratio,            // `4` or `4:1`
  fraction,         // `1/8` or `0.125`
  flag,             // true or false
  choice,           // one of `choices`
  counts,           // a list of whole numbers; `0-99` stands for all from 0 to 99
  texts,            // a list of words
  mapping,          // `inner` are its keys
  mappings,         // a list of mappings with the keys `inner`
  chance,           // a number from 0 to 1, or a mapping with the keys `inner`
  named,            // a name of the library, a file name, or a mapping with the keys `inner`
  numbers_by_name,  // a mapping from any name to a plain number
  number_or_counts  // a plain number, or a list of whole numbers
};

struct Key {
  std::string name;
  KeyKind kind = KeyKind::text;
  std::string doc;       // one line: what it means
  std::string fallback;  // the default as a user would write it, or what happens without the key
  std::string uet;       // the default with `transport: uet`, where it is another one
  std::vector<std::string> choices;
  std::vector<std::string> only;    // kinds of its mapping that have this key; empty: all
  std::vector<std::string> needed;  // kinds of its mapping that cannot do without it; "*": all
  std::int64_t least = 0;           // in base units (byte, bit/s, ps)
  std::int64_t most = std::numeric_limits<std::int64_t>::max();
  std::optional<std::pair<double, double>> real_range;
  std::vector<Key> inner;
  bool replaces = false;  // where it is given, every other key of its mapping is dropped

  Key& between(std::int64_t low, std::int64_t high) {
    least = low;
    most = high;
    return *this;
  }
  Key& within(double low, double high) {
    real_range = {low, high};
    return *this;
  }
  Key& only_for(std::vector<std::string> kinds) {
    only = std::move(kinds);
    return *this;
  }
  Key& needed_for(std::vector<std::string> kinds) {
    needed = std::move(kinds);
    fallback.clear();
    return *this;
  }
  Key& absent(std::string text) {
    fallback = std::move(text);
    return *this;
  }
  Key& with_uet(std::string text) {
    uet = std::move(text);
    return *this;
  }
  Key& replaces_all() {
    replaces = true;
    return *this;
  }
  Key& one_of(std::vector<std::string> words) {
    choices = std::move(words);
    return *this;
  }
  Key& as(KeyKind other) {
    kind = other;
    return *this;
  }
};

}  // namespace weft
