#include "scenario/reader.hh"

#include <limits>

#include "base/check.hh"
#include "base/error.hh"
#include "scenario/nearest.hh"
#include "scenario/quantity.hh"

namespace weft {
namespace {

constexpr std::size_t max_listed = 4'000'000;  // numbers in one list

std::string quoted(const Key& key) { return "'" + key.name + "'"; }

std::optional<Dimension> dimension_of(KeyKind kind) {
  switch (kind) {
    case KeyKind::size: return Dimension::size;
    case KeyKind::rate: return Dimension::rate;
    case KeyKind::duration: return Dimension::duration;
    case KeyKind::length: return Dimension::length;
    default: return std::nullopt;
  }
}

}  // namespace

std::string Source::where(const Place& place) const {
  if (place.option >= 0) return "--set " + options.at(static_cast<std::size_t>(place.option));
  return place.line > 0 ? name + ":" + std::to_string(place.line) : name;
}

std::string written_limit(const Key& key, std::int64_t limit) {
  switch (key.kind) {
    case KeyKind::size: return written(Bytes{limit});
    case KeyKind::rate: return written(Rate{limit});
    case KeyKind::duration:
    case KeyKind::length: return written(Duration{limit});
    default: return std::to_string(limit);
  }
}

void Reader::fail(const Place& place, const std::string& message, const std::string& hint) const {
  throw InputError(source_->where(place), message, hint);
}

void Reader::expect(const Key& key, const Value& value, Value::Kind kind) const {
  if (value.kind == kind) return;
  const std::string wanted = kind == Value::Kind::map ? "a mapping" : kind == Value::Kind::list ? "a list" : "a single value";
  const std::string like = kind == Value::Kind::map
                               ? "write " + key.name + ": { " + (key.inner.empty() ? "key" : key.inner.front().name) + ": ... }"
                           : kind == Value::Kind::list ? "write " + key.name + ": [ ... ]"
                                                       : "write " + key.name + ": value";
  fail(value.place, quoted(key) + " must be " + wanted + ", not " + describe(value), like);
}

const std::string& Reader::scalar(const Key& key, const Value& value) const {
  expect(key, value, Value::Kind::scalar);
  return value.text;
}

void Reader::check_range(const Key& key, const Value& value, std::int64_t number) const {
  if (number >= key.least && number <= key.most) return;
  const std::string shown = quoted(key) + " is " + describe(value);
  const bool open = key.most == std::numeric_limits<std::int64_t>::max();
  const std::string range =
      open ? "at least " + written_limit(key, key.least) : "from " + written_limit(key, key.least) + " to " + written_limit(key, key.most);
  if (number < 0) fail(value.place, shown + ", which is negative", "valid: " + range);
  fail(value.place, shown + (number < key.least ? ", which is too small" : ", which is too large"), "valid: " + range);
}

std::int64_t Reader::whole(const Key& key, const Value& value) const {
  const std::string& text = scalar(key, value);
  if (const auto dimension = dimension_of(key.kind)) {
    const QuantityReading reading = read_quantity(text, *dimension);
    if (!reading.value) fail(value.place, quoted(key) + ": " + reading.problem, reading.hint);
    check_range(key, value, *reading.value);
    return *reading.value;
  }
  const auto number = read_integer(text);
  if (!number) fail(value.place, quoted(key) + " must be a whole number without unit, not " + describe(value));
  check_range(key, value, *number);
  if (!key.choices.empty()) static_cast<void>(choice(key, value));
  return *number;
}

void Reader::read(const Key& key, const Value& value, Bytes& out) const { out.v = whole(key, value); }
void Reader::read(const Key& key, const Value& value, Rate& out) const { out.v = whole(key, value); }
void Reader::read(const Key& key, const Value& value, Duration& out) const { out.v = whole(key, value); }
void Reader::read(const Key& key, const Value& value, Time& out) const { out.ps = whole(key, value); }

void Reader::read(const Key& key, const Value& value, std::uint64_t& out) const { out = static_cast<std::uint64_t>(whole(key, value)); }

void Reader::read(const Key& key, const Value& value, std::uint32_t& out) const {
  CHECK(key.most <= std::numeric_limits<std::uint32_t>::max(), "key", key.name);
  out = static_cast<std::uint32_t>(whole(key, value));
}

void Reader::read(const Key& key, const Value& value, std::uint16_t& out) const {
  CHECK(key.most <= std::numeric_limits<std::uint16_t>::max(), "key", key.name);
  out = static_cast<std::uint16_t>(whole(key, value));
}

void Reader::read(const Key& key, const Value& value, std::uint8_t& out) const {
  CHECK(key.most <= std::numeric_limits<std::uint8_t>::max(), "key", key.name);
  out = static_cast<std::uint8_t>(whole(key, value));
}

void Reader::read(const Key& key, const Value& value, double& out) const {
  std::string text = scalar(key, value);
  const std::string to_one = ":1";
  const bool is_ratio = key.kind == KeyKind::ratio && text.size() > 2 && text.compare(text.size() - 2, 2, to_one) == 0;
  if (is_ratio) text.resize(text.size() - 2);
  const auto number = read_number(text);
  if (!number) fail(value.place, quoted(key) + " must be a number without unit, not " + describe(value));
  if (!key.real_range || (*number >= key.real_range->first && *number <= key.real_range->second)) {
    out = *number;
    return;
  }
  fail(value.place, quoted(key) + " is " + describe(value) + (*number < 0 ? ", which is negative" : ", which is out of range"),
       "valid: from " + written(key.real_range->first) + " to " + written(key.real_range->second));
}

void Reader::read(const Key& key, const Value& value, bool& out) const {
  const std::string& text = scalar(key, value);
  if (text != "true" && text != "false") fail(value.place, quoted(key) + " must be true or false, not " + describe(value));
  out = text == "true";
}

std::string Reader::file(const Value& value) const {
  const std::filesystem::path given(value.text);
  if (given.is_absolute() || value.place.option >= 0) return given.string();
  return (source_->folder / given).lexically_normal().string();
}

void Reader::read(const Key& key, const Value& value, std::string& out) const {
  const std::string& text = scalar(key, value);
  if (text.empty()) fail(value.place, quoted(key) + " is empty");
  if (text.find('\0') != std::string::npos) fail(value.place, quoted(key) + " holds a zero byte");
  if (key.kind == KeyKind::choice) {
    out = key.choices[choice(key, value)];
    return;
  }
  bool word = key.kind == KeyKind::text;
  for (const std::string& known : key.choices) word = word || known == text;
  out = word ? text : file(value);
}

std::size_t Reader::choice(const Key& key, const Value& value) const {
  const std::string& text = scalar(key, value);
  for (std::size_t i = 0; i < key.choices.size(); ++i) {
    if (key.choices[i] == text) return i;
  }
  const std::string near = nearest(text, key.choices);
  fail(value.place, quoted(key) + " cannot be " + describe(value),
       (near.empty() ? "" : "did you mean '" + near + "'? ") + "valid: " + joined(key.choices));
}

void Reader::add_range(const Key& key, const Value& item, std::vector<std::uint32_t>& out) const {
  const std::string& text = scalar(key, item);
  const auto dash = text.find('-', 1);
  const auto first = read_integer(text.substr(0, dash));
  const auto last = dash == std::string::npos ? first : read_integer(text.substr(dash + 1));
  if (!first || !last)
    fail(item.place, quoted(key) + " lists whole numbers, not " + describe(item), "write 5, or 0-99 for all from 0 to 99");
  check_range(key, item, *first);
  check_range(key, item, *last);
  if (*last < *first) fail(item.place, quoted(key) + ": the range " + describe(item) + " runs backwards");
  if (out.size() + static_cast<std::size_t>(*last - *first) >= max_listed) fail(item.place, quoted(key) + " lists too many numbers");
  for (std::int64_t number = *first; number <= *last; ++number) out.push_back(static_cast<std::uint32_t>(number));
}

void Reader::read(const Key& key, const Value& value, std::vector<std::uint32_t>& out) const {
  out.clear();
  if (value.kind == Value::Kind::scalar) return add_range(key, value, out);
  expect(key, value, Value::Kind::list);
  for (const Value& item : value.items) add_range(key, item, out);
}

void Reader::read(const Key& key, const Value& value, std::vector<std::string>& out) const {
  expect(key, value, Value::Kind::list);
  out.clear();
  for (const Value& item : value.items) {
    const std::string& text = scalar(key, item);
    if (text.empty()) fail(item.place, quoted(key) + " lists an empty word");
    out.push_back(text);
  }
}

void Reader::read(const Key& key, const Value& value, std::array<std::uint32_t, 8>& out) const {
  std::vector<std::uint32_t> listed;
  read(key, value, listed);
  if (listed.size() != out.size()) {
    fail(value.place, quoted(key) + " lists " + std::to_string(listed.size()) + " numbers", "one for each of the 8 classes, class 0 first");
  }
  std::copy(listed.begin(), listed.end(), out.begin());
}

}  // namespace weft
