#include "scenario/value.hh"

namespace weft {

const Value* Value::find(std::string_view name) const {
  for (const Member& member : members) {
    if (member.name == name) return &member.value;
  }
  return nullptr;
}

Value* Value::find(std::string_view name) {
  for (Member& member : members) {
    if (member.name == name) return &member.value;
  }
  return nullptr;
}

std::string describe(const Value& value) {
  switch (value.kind) {
    case Value::Kind::map: return "a mapping";
    case Value::Kind::list: return "a list";
    case Value::Kind::null: return "nothing";
    case Value::Kind::scalar: break;
  }
  constexpr std::size_t longest = 60;
  return "'" + (value.text.size() > longest ? value.text.substr(0, longest) + "..." : value.text) + "'";
}

}  // namespace weft
