// Reader: turns one Value into one typed field, as its Key describes, or refuses with place, reason and hint.
//
// Errors: InputError whose `where` is "file:line" or "--set key=value".
#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "base/units.hh"
#include "scenario/key.hh"
#include "scenario/value.hh"

namespace weft {

// What the Values were read from.
struct Source {
  std::string name;                  // of the scenario file, as the user gave it
  std::filesystem::path folder;      // relative file names in the scenario start here
  std::vector<std::string> options;  // the --set options
  [[nodiscard]] std::string where(const Place& place) const;
};

class Reader {
 public:
  explicit Reader(const Source& source) : source_(&source) {}
  [[nodiscard]] const Source& source() const { return *source_; }

  [[noreturn]] void fail(const Place& place, const std::string& message, const std::string& hint = {}) const;

  void read(const Key& key, const Value& value, Bytes& out) const;
  void read(const Key& key, const Value& value, Rate& out) const;
  void read(const Key& key, const Value& value, Duration& out) const;
  void read(const Key& key, const Value& value, Time& out) const;
  void read(const Key& key, const Value& value, std::uint64_t& out) const;
  void read(const Key& key, const Value& value, std::uint32_t& out) const;
  void read(const Key& key, const Value& value, std::uint16_t& out) const;
  void read(const Key& key, const Value& value, std::uint8_t& out) const;
  void read(const Key& key, const Value& value, double& out) const;
  void read(const Key& key, const Value& value, bool& out) const;
  void read(const Key& key, const Value& value, std::string& out) const;
  void read(const Key& key, const Value& value, std::vector<std::uint32_t>& out) const;
  void read(const Key& key, const Value& value, std::vector<std::string>& out) const;
  void read(const Key& key, const Value& value, std::array<std::uint32_t, 8>& out) const;

  template <class T>
  void read(const Key& key, const Value& value, std::optional<T>& out) const {
    out.emplace();
    read(key, value, *out);
  }

  // The position of the word among key.choices.
  [[nodiscard]] std::size_t choice(const Key& key, const Value& value) const;
  [[nodiscard]] const std::string& scalar(const Key& key, const Value& value) const;
  void expect(const Key& key, const Value& value, Value::Kind kind) const;

 private:
  [[nodiscard]] std::int64_t whole(const Key& key, const Value& value) const;
  [[nodiscard]] std::string file(const Value& value) const;
  void check_range(const Key& key, const Value& value, std::int64_t number) const;
  void add_range(const Key& key, const Value& item, std::vector<std::uint32_t>& out) const;

  const Source* source_;
};

// A limit in the unit of its key: "64MB", "10", ...
[[nodiscard]] std::string written_limit(const Key& key, std::int64_t limit);

}  // namespace weft
