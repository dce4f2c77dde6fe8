// Section<T>: the keys of one mapping, each bound to a field of T. Reading a mapping through it checks that every key is
// known, belongs to the mapping's `kind`, and has the right type, unit and range; keys are read in the order of the table.
//
// A key that `replaces` drops every other key of its mapping. Errors: InputError, see Reader.
#pragma once

#include <functional>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "scenario/key.hh"
#include "scenario/quantity.hh"
#include "scenario/reader.hh"

namespace weft {

namespace keys {

[[nodiscard]] inline KeyKind kind_of(const Bytes*) { return KeyKind::size; }
[[nodiscard]] inline KeyKind kind_of(const Rate*) { return KeyKind::rate; }
[[nodiscard]] inline KeyKind kind_of(const Duration*) { return KeyKind::duration; }
[[nodiscard]] inline KeyKind kind_of(const Time*) { return KeyKind::duration; }
[[nodiscard]] inline KeyKind kind_of(const std::uint64_t*) { return KeyKind::count; }
[[nodiscard]] inline KeyKind kind_of(const std::uint32_t*) { return KeyKind::count; }
[[nodiscard]] inline KeyKind kind_of(const std::uint16_t*) { return KeyKind::count; }
[[nodiscard]] inline KeyKind kind_of(const std::uint8_t*) { return KeyKind::count; }
[[nodiscard]] inline KeyKind kind_of(const double*) { return KeyKind::number; }
[[nodiscard]] inline KeyKind kind_of(const bool*) { return KeyKind::flag; }
[[nodiscard]] inline KeyKind kind_of(const std::string*) { return KeyKind::text; }
[[nodiscard]] inline KeyKind kind_of(const std::vector<std::uint32_t>*) { return KeyKind::counts; }
[[nodiscard]] inline KeyKind kind_of(const std::array<std::uint32_t, 8>*) { return KeyKind::counts; }
[[nodiscard]] inline KeyKind kind_of(const std::vector<std::string>*) { return KeyKind::texts; }
template <class M>
[[nodiscard]] KeyKind kind_of(const std::optional<M>*) {
  return kind_of(static_cast<const M*>(nullptr));
}

// The largest whole number that fits a field, and that makes sense for its unit: 10 days, 1 PB, 100 Tb/s.
[[nodiscard]] std::int64_t most_of(KeyKind kind, std::size_t bytes);

[[nodiscard]] inline std::string fallback_of(const std::string& text) { return text; }
[[nodiscard]] inline std::string fallback_of(bool flag) { return flag ? "true" : "false"; }
[[nodiscard]] inline std::string fallback_of(double number) { return written(number); }
[[nodiscard]] inline std::string fallback_of(std::uint64_t number) { return std::to_string(number); }
[[nodiscard]] inline std::string fallback_of(std::uint32_t number) { return std::to_string(number); }
[[nodiscard]] inline std::string fallback_of(std::uint16_t number) { return std::to_string(number); }
[[nodiscard]] inline std::string fallback_of(std::uint8_t number) { return std::to_string(number); }
[[nodiscard]] inline std::string fallback_of(Bytes size) { return written(size); }
[[nodiscard]] inline std::string fallback_of(Rate rate) { return written(rate); }
[[nodiscard]] inline std::string fallback_of(Duration duration) { return written(duration); }
[[nodiscard]] inline std::string fallback_of(Time time) { return written(time); }
[[nodiscard]] std::string fallback_of(const std::array<std::uint32_t, 8>& numbers);
template <class M>
[[nodiscard]] std::string fallback_of(const std::vector<M>&) {
  return {};
}
template <class M>
[[nodiscard]] std::string fallback_of(const std::optional<M>&) {
  return {};
}

// Parameters that remember where they stood do so in `source` and `line`.
template <class U>
void note_place(U& item, const Reader& reader, const Value& value) {
  if constexpr (requires { item.line; }) item.line = value.place.line;
  if constexpr (requires { item.source; }) item.source = reader.source().name;
}

}  // namespace keys

// What reading a mapping needs to know about its keys, without their fields.
class SectionTable {
 public:
  // Refuses unknown keys, keys of another kind and missing ones. Returns the positions of the keys to read, in table order.
  [[nodiscard]] static std::vector<std::size_t> plan(const Reader& reader, const std::vector<Key>& table, const Value& mapping,
                                                     const std::string& path, const std::string& default_kind);
};

template <class T>
class Section {
 public:
  using Set = std::function<void(const Reader&, const Key&, const Value&, T&)>;
  using Rule = std::function<void(const Reader&, const Value& mapping, T&)>;

  explicit Section(std::string path) : path_(std::move(path)) {}

  // A field, through a member pointer or a function that returns a reference to it.
  template <class Field>
  Key& add(std::string name, Field field, std::string doc) {
    T standard{};
    auto& member = std::invoke(field, standard);
    Key key;
    key.kind = keys::kind_of(&member);
    key.fallback = keys::fallback_of(member);
    key.most = keys::most_of(key.kind, sizeof(member));
    return add_custom(
        std::move(name), std::move(key), std::move(doc),
        [field](const Reader& reader, const Key& row, const Value& value, T& into) { reader.read(row, value, std::invoke(field, into)); });
  }

  // An enumeration: the names in the order of `values`.
  template <class Field, class E>
  Key& add_choice(std::string name, Field field, std::vector<std::pair<std::string, E>> names, std::string doc) {
    T standard{};
    Key key;
    key.kind = KeyKind::choice;
    for (const auto& [word, meaning] : names) {
      key.choices.push_back(word);
      if (meaning == std::invoke(field, standard)) key.fallback = word;
    }
    return add_custom(std::move(name), std::move(key), std::move(doc),
                      [field, names](const Reader& reader, const Key& row, const Value& value, T& into) {
                        std::invoke(field, into) = names[reader.choice(row, value)].second;
                      });
  }

  // A mapping inside this one.
  template <class Field, class U>
  Key& add_section(std::string name, Field field, Section<U> inner, std::string doc) {
    Key key;
    key.kind = KeyKind::mapping;
    key.inner = inner.table();
    return add_custom(std::move(name), std::move(key), std::move(doc),
                      [field, inner](const Reader& reader, const Key& row, const Value& value, T& into) {
                        reader.expect(row, value, Value::Kind::map);
                        auto& member = std::invoke(field, into);
                        // A mapping that fills fields of the outer one keeps the outer one's place.
                        if constexpr (!std::is_same_v<T, U>) keys::note_place(member, reader, value);
                        inner.read(reader, value, member);
                      });
  }

  // A list of mappings; each item starts as `start(into)` makes it.
  template <class Field, class U>
  Key& add_list(std::string name, Field field, Section<U> inner, std::string doc, std::function<U(const T&)> start = {}) {
    Key key;
    key.kind = KeyKind::mappings;
    key.inner = inner.table();
    return add_custom(std::move(name), std::move(key), std::move(doc),
                      [field, inner, start](const Reader& reader, const Key& row, const Value& value, T& into) {
                        reader.expect(row, value, Value::Kind::list);
                        auto& list = std::invoke(field, into);
                        list.clear();
                        for (const Value& entry : value.items) {
                          reader.expect(row, entry, Value::Kind::map);
                          U item = start ? start(into) : U{};
                          keys::note_place(item, reader, entry);
                          inner.read(reader, entry, item);
                          list.push_back(std::move(item));
                        }
                      });
  }

  Key& add_custom(std::string name, Key key, std::string doc, Set set) {
    key.name = std::move(name);
    key.doc = std::move(doc);
    table_.push_back(std::move(key));
    sets_.push_back(std::move(set));
    return table_.back();
  }

  // Checked after all keys of a mapping are read; not when a replacing key was given.
  void add_rule(Rule rule) { rules_.push_back(std::move(rule)); }
  void default_kind(std::string kind) { default_kind_ = std::move(kind); }

  void read(const Reader& reader, const Value& mapping, T& into) const {
    bool replaced = false;
    for (const std::size_t position : SectionTable::plan(reader, table_, mapping, path_, default_kind_)) {
      sets_[position](reader, table_[position], *mapping.find(table_[position].name), into);
      replaced = replaced || table_[position].replaces;
    }
    if (replaced) return;
    for (const Rule& rule : rules_) rule(reader, mapping, into);
  }

  [[nodiscard]] const std::vector<Key>& table() const& { return table_; }
  [[nodiscard]] std::vector<Key> table() && { return std::move(table_); }

 private:
  std::string path_;  // "fabric.pfc": for messages
  std::string default_kind_;
  std::vector<Key> table_;
  std::vector<Set> sets_;
  std::vector<Rule> rules_;
};

}  // namespace weft
