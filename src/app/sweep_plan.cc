#include "app/sweep_plan.hh"

#include <algorithm>

#include "base/error.hh"
#include "base/parse.hh"
#include "base/text_file.hh"
#include "scenario/yaml.hh"

namespace weft {

namespace {

constexpr std::size_t most_combinations = 10'000;

// At commas that stand in no bracket, brace or quote.
std::vector<std::string> split_values(const std::string& text) {
  std::vector<std::string> values{""};
  int depth = 0;
  char quote = 0;
  for (const char c : text) {
    if (quote != 0) {
      if (c == quote) quote = 0;
    } else if (c == '"' || c == '\'') {
      quote = c;
    } else if (c == '[' || c == '{') {
      ++depth;
    } else if (c == ']' || c == '}') {
      --depth;
    } else if (c == ',' && depth == 0) {
      values.emplace_back();
      continue;
    }
    values.back() += c;
  }
  return values;
}

std::string flow_text(const Value& value) {
  if (value.kind == Value::Kind::scalar) return value.quoted ? "\"" + value.text + "\"" : value.text;
  std::string text;
  if (value.kind == Value::Kind::list) {
    for (const Value& item : value.items) text += (text.empty() ? "" : ", ") + flow_text(item);
    return "[" + text + "]";
  }
  for (const Member& member : value.members) text += (text.empty() ? "" : ", ") + member.name + ": " + flow_text(member.value);
  return "{" + text + "}";
}

const Value& mapping(const Value& value, const std::string& file, const std::string& what) {
  if (value.kind == Value::Kind::map) return value;
  throw InputError(place(file, value.place.line), what + " is " + describe(value), "a mapping is needed: see weft sweep --help");
}

SweepAxis read_axis(const Member& member, const std::string& file) {
  SweepAxis axis{.name = member.name, .choices = {}};
  for (const Member& choice : mapping(member.value, file, "the axis '" + member.name + "'").members) {
    SweepChoice& made = axis.choices.emplace_back();
    made.name = choice.name;
    for (const Member& key : mapping(choice.value, file, "the choice '" + choice.name + "'").members)
      made.overrides.push_back(key.name + "=" + flow_text(key.value));
  }
  if (axis.choices.empty()) throw InputError(place(file, member.place.line), "the axis '" + member.name + "' has no choices");
  return axis;
}

}  // namespace

std::size_t SweepPlan::combinations() const {
  std::size_t count = 1;
  for (const SweepAxis& axis : axes) count = std::min(count * axis.choices.size(), most_combinations + 1);
  return count;
}

std::vector<const SweepChoice*> SweepPlan::combination(std::size_t number) const {
  std::vector<const SweepChoice*> chosen(axes.size());
  for (std::size_t i = axes.size(); i-- > 0;) {
    chosen[i] = &axes[i].choices[number % axes[i].choices.size()];
    number /= axes[i].choices.size();
  }
  return chosen;
}

SweepAxis parse_vary(const std::string& option) {
  const auto equals = option.find('=');
  if (equals == std::string::npos || equals == 0 || equals + 1 == option.size())
    throw InputError("--vary " + option, "needs a key and its values", "write --vary fabric.paths=1,16,128");
  SweepAxis axis{.name = option.substr(0, equals), .choices = {}};
  for (const std::string& value : split_values(option.substr(equals + 1))) axis.choices.push_back({value, {axis.name + "=" + value}});
  return axis;
}

std::vector<SweepAxis> read_axes(const std::string& file) {
  const Value root = read_yaml(read_text_file(file), file);
  const Value* axes = mapping(root, file, "the file").find("axes");
  if (axes == nullptr || root.members.size() != 1) throw InputError(file, "the file should have one key, `axes`", "see weft sweep --help");
  std::vector<SweepAxis> all;
  for (const Member& member : mapping(*axes, file, "`axes`").members) all.push_back(read_axis(member, file));
  return all;
}

SweepPlan make_sweep_plan(const std::string& axes_file, const std::vector<std::string>& vary) {
  SweepPlan plan;
  if (!axes_file.empty()) plan.axes = read_axes(axes_file);
  for (const std::string& option : vary) {
    SweepAxis axis = parse_vary(option);
    const bool repeated = std::any_of(plan.axes.begin(), plan.axes.end(), [&](const SweepAxis& other) { return other.name == axis.name; });
    if (repeated) throw InputError("--vary " + option, "this key is varied twice", "give all its values in one --vary");
    plan.axes.push_back(std::move(axis));
  }
  if (plan.combinations() > most_combinations)
    throw InputError("weft sweep", "there are more than " + std::to_string(most_combinations) + " combinations", "vary fewer keys at once");
  return plan;
}

}  // namespace weft
