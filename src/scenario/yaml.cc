#include "scenario/yaml.hh"

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/yaml.h>

#include <map>
#include <optional>
#include <sstream>
#include <utility>

#include "base/error.hh"

namespace weft {
namespace {

class TreeBuilder : public YAML::EventHandler {
 public:
  TreeBuilder(std::string name, int option) : name_(std::move(name)), option_(option) {}

  void OnDocumentStart(const YAML::Mark&) override {}
  void OnDocumentEnd() override {}

  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override { finish(make(mark, Value::Kind::null), anchor); }

  void OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    const auto found = anchors_.find(anchor);
    if (found == anchors_.end()) fail(mark, "an alias stands inside its own anchor");
    count(mark, size_of(found->second));
    if (stack_.size() + depth_of(found->second) > max_yaml_depth) fail(mark, "mappings and lists are nested too deeply");
    finish(found->second, YAML::NullAnchor);
  }

  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor, const std::string& text) override {
    Value value = make(mark, Value::Kind::scalar);
    value.text = text;
    value.quoted = tag == "!";
    finish(std::move(value), anchor);
  }

  void OnSequenceStart(const YAML::Mark& mark, const std::string&, YAML::anchor_t anchor, YAML::EmitterStyle::value) override {
    open(mark, Value::Kind::list, anchor);
  }
  void OnSequenceEnd() override { close(); }

  void OnMapStart(const YAML::Mark& mark, const std::string&, YAML::anchor_t anchor, YAML::EmitterStyle::value) override {
    open(mark, Value::Kind::map, anchor);
  }
  void OnMapEnd() override { close(); }

  [[nodiscard]] Value take() { return root_ ? std::move(*root_) : Value{}; }

 private:
  struct Open {
    Value value;
    YAML::anchor_t anchor;
    std::optional<std::pair<std::string, Place>> key;  // of a map: the key that waits for its value
  };

  [[noreturn]] void fail(const YAML::Mark& mark, const std::string& message, const std::string& hint = {}) const {
    throw InputError(name_ + ":" + std::to_string(mark.line + 1), message, hint);
  }

  void count(const YAML::Mark& mark, std::size_t more) {
    values_ += more;
    if (values_ > max_yaml_values)
      fail(mark, "more than " + std::to_string(max_yaml_values) + " values", "use a .cm file for long lists of flows");
  }

  Value make(const YAML::Mark& mark, Value::Kind kind) {
    count(mark, 1);
    Value value;
    value.kind = kind;
    value.place = {mark.line + 1, option_};
    return value;
  }

  void open(const YAML::Mark& mark, Value::Kind kind, YAML::anchor_t anchor) {
    if (stack_.size() >= max_yaml_depth) fail(mark, "mappings and lists are nested too deeply");
    stack_.push_back({make(mark, kind), anchor, std::nullopt});
  }

  void close() {
    Open top = std::move(stack_.back());
    stack_.pop_back();
    finish(std::move(top.value), top.anchor);
  }

  void finish(Value value, YAML::anchor_t anchor) {
    if (anchor != YAML::NullAnchor) anchors_[anchor] = value;
    if (stack_.empty()) {
      root_ = std::move(value);
    } else if (stack_.back().value.kind == Value::Kind::list) {
      stack_.back().value.items.push_back(std::move(value));
    } else {
      place_in_map(stack_.back(), std::move(value));
    }
  }

  void place_in_map(Open& map, Value value) const {
    if (map.key) {
      if (value.kind == Value::Kind::null) value.place = map.key->second;
      map.value.members.push_back({std::move(map.key->first), map.key->second, std::move(value)});
      map.key.reset();
      return;
    }
    const std::string where = name_ + ":" + std::to_string(value.place.line);
    if (value.kind != Value::Kind::scalar) throw InputError(where, "a key must be a word, not " + describe(value));
    for (const Member& other : map.value.members) {
      if (other.name != value.text) continue;
      throw InputError(where, "the key '" + value.text + "' occurs twice in this mapping",
                       "it stands in line " + std::to_string(other.place.line) + " already; keep one of them");
    }
    map.key.emplace(std::move(value.text), value.place);
  }

  static std::size_t size_of(const Value& value) {
    std::size_t total = 1;
    for (const Value& item : value.items) total += size_of(item);
    for (const Member& member : value.members) total += size_of(member.value);
    return total;
  }

  static std::size_t depth_of(const Value& value) {
    std::size_t deepest = 0;
    for (const Value& item : value.items) deepest = std::max(deepest, depth_of(item));
    for (const Member& member : value.members) deepest = std::max(deepest, depth_of(member.value));
    return deepest + 1;
  }

  std::string name_;
  int option_;
  std::size_t values_ = 0;
  std::vector<Open> stack_;
  std::map<YAML::anchor_t, Value> anchors_;
  std::optional<Value> root_;
};

void emit(YAML::Emitter& out, const Value& value, std::size_t depth) {
  constexpr std::size_t block_levels = 2;
  switch (value.kind) {
    case Value::Kind::null: out << YAML::Null; return;
    case Value::Kind::scalar:
      if (value.quoted) out << YAML::DoubleQuoted;
      out << value.text;
      return;
    case Value::Kind::list:
      if (depth >= block_levels) out << YAML::Flow;
      out << YAML::BeginSeq;
      for (const Value& item : value.items) emit(out, item, depth + 1);
      out << YAML::EndSeq;
      return;
    case Value::Kind::map:
      if (depth >= block_levels) out << YAML::Flow;
      out << YAML::BeginMap;
      for (const Member& member : value.members) {
        out << YAML::Key << member.name << YAML::Value;
        emit(out, member.value, depth + 1);
      }
      out << YAML::EndMap;
      return;
  }
}

}  // namespace

Value read_yaml(const std::string& text, const std::string& name, int option) {
  try {
    std::istringstream stream(text);
    YAML::Parser parser(stream);
    TreeBuilder builder(name, option);
    if (!parser.HandleNextDocument(builder)) throw InputError(name, "holds no YAML", "try `weft example permutation-1024`");
    TreeBuilder rest(name, option);
    if (parser.HandleNextDocument(rest)) {
      throw InputError(name + ":" + std::to_string(rest.take().place.line), "a second YAML document", "one file holds one scenario");
    }
    return builder.take();
  } catch (const YAML::Exception& error) {
    const int line = error.mark.is_null() ? 0 : error.mark.line + 1;
    throw InputError(line > 0 ? name + ":" + std::to_string(line) : name, "not valid YAML: " + error.msg);
  }
}

std::string write_yaml(const Value& value) {
  YAML::Emitter out;
  emit(out, value, 0);
  return std::string(out.c_str()) + "\n";
}

}  // namespace weft
