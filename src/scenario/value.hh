// Value: a YAML tree that remembers where each of its parts was written, so that every message can name the line.
//
// Rules: keys are scalars, in the order of the file; a key occurs once in a mapping (the reader refuses a second one);
// a part that came from `--set` keeps the number of that option, for messages and for relative file names.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace weft {

struct Place {
  int line = 0;     // of the scenario file, from 1; 0: the file as a whole
  int option = -1;  // position in the list of --set options, or -1 for the file itself
};

struct Member;

struct Value {
  enum class Kind : std::uint8_t { null, scalar, list, map };
  Kind kind = Kind::null;
  std::string text;  // scalar: as written, without quotes
  bool quoted = false;
  Place place;
  std::vector<Member> members;  // map
  std::vector<Value> items;     // list

  [[nodiscard]] const Value* find(std::string_view name) const;
  [[nodiscard]] Value* find(std::string_view name);
};

struct Member {
  std::string name;
  Place place;
  Value value;
};

// "a mapping", "a list", "nothing" or the scalar in quotes: for messages.
[[nodiscard]] std::string describe(const Value& value);

}  // namespace weft
