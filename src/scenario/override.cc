#include "scenario/override.hh"

#include <algorithm>
#include <utility>
#include <vector>

#include "base/error.hh"
#include "scenario/nearest.hh"
#include "scenario/quantity.hh"
#include "scenario/yaml.hh"

namespace weft {
namespace {

class Override {
 public:
  Override(std::string option, int position) : option_(std::move(option)), position_(position) {}

  void apply(Value& root) const {
    const auto equals = option_.find('=');
    if (equals == std::string::npos || equals == 0) fail("needs a key and a value", "write --set fabric.mtu=1024");
    Value* at = &root;
    std::string done;
    for (const std::string& step : steps(option_.substr(0, equals))) {
      at = into(*at, step, done);
      done += (done.empty() ? "" : ".") + step;
    }
    const int line = at->place.line;
    *at = value(option_.substr(equals + 1));
    mark(*at, line);
  }

 private:
  [[noreturn]] void fail(const std::string& message, const std::string& hint) const { throw InputError("--set " + option_, message, hint); }

  [[nodiscard]] std::vector<std::string> steps(const std::string& path) const {
    std::vector<std::string> all;
    std::size_t begin = 0;
    while (begin <= path.size()) {
      const std::size_t end = std::min(path.find('.', begin), path.size());
      all.push_back(path.substr(begin, end - begin));
      if (all.back().empty()) fail("an empty name in the key '" + path + "'", "write --set fabric.mtu=1024");
      begin = end + 1;
    }
    if (all.size() > max_yaml_depth) fail("the key is too deep", {});
    return all;
  }

  [[nodiscard]] Value* into(Value& at, const std::string& step, const std::string& done) const {
    const std::string here = done.empty() ? "the scenario" : "'" + done + "'";
    if (at.kind == Value::Kind::list) return item(at, step, here);
    if (at.kind == Value::Kind::scalar) fail(here + " is a single value and has no key '" + step + "'", "set " + here + " itself");
    at.kind = Value::Kind::map;
    if (Value* found = at.find(step)) return found;
    Member member;
    member.name = step;
    member.place = {at.place.line, position_};
    member.value.place = member.place;
    at.members.push_back(std::move(member));
    return &at.members.back().value;
  }

  [[nodiscard]] Value* item(Value& list, const std::string& step, const std::string& here) const {
    const auto index = read_integer(step);
    const std::string count = here + " is a list of " + std::to_string(list.items.size());
    if (!index) fail(count + "; '" + step + "' is no position in it", "positions count from 0");
    if (*index < 0 || static_cast<std::size_t>(*index) >= list.items.size())
      fail(count + "; it has no position " + step, "positions count from 0");
    return &list.items[static_cast<std::size_t>(*index)];
  }

  [[nodiscard]] Value value(const std::string& text) const {
    if (text.empty()) fail("the value is empty", "write --set fabric.mtu=1024");
    try {
      return read_yaml(text, "--set", position_);
    } catch (const InputError& error) { fail(error.what(), "quote what YAML would read as something else"); }
  }

  // What came from here keeps the line of what it replaced, so that errors of later stages still name a line.
  static void mark(Value& value, int line) {
    value.place.line = line;
    for (Value& item : value.items) mark(item, line);
    for (Member& member : value.members) {
      member.place.line = line;
      mark(member.value, line);
    }
  }

  std::string option_;
  int position_;
};

}  // namespace

void apply_override(Value& root, const std::string& option, int position) { Override(option, position).apply(root); }

}  // namespace weft
