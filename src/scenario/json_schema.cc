#include <nlohmann/json.hpp>

#include "scenario/documentation.hh"
#include "scenario/nearest.hh"
#include "scenario/tables.hh"

namespace weft {
namespace {

using Json = nlohmann::ordered_json;

constexpr const char* decimal = "[0-9]*\\.?[0-9]+([eE][-+]?[0-9]+)?";

Json object_schema(const std::vector<Key>& keys);

// A number with one of the units, or a bare 0.
Json quantity_schema(Dimension dimension) {
  std::string units = joined(unit_names(dimension), "|");
  if (dimension == Dimension::size) units += "|kB";
  if (dimension == Dimension::rate) units += "|kbps|Mb/s|Gb/s|Tb/s";
  if (dimension == Dimension::duration) units += "|\xc2\xb5s";
  return {{"type", {"string", "integer"}},
          {"pattern", "^(0|\\+?" + std::string(decimal) + " ?(" + units + "))$"},
          {"maximum", 0},
          {"minimum", 0}};
}

Json reference(Dimension dimension) { return {{"$ref", "#/$defs/" + std::string(noun(dimension))}}; }

// YAML 1.1 readers take `1e-4` for a string.
Json number_schema(const Key& key, const std::string& suffix = {}) {
  Json schema = {{"type", {"number", "string"}}, {"pattern", "^\\+?" + std::string(decimal) + suffix + "$"}};
  if (key.real_range) {
    schema["minimum"] = key.real_range->first;
    schema["maximum"] = key.real_range->second;
  }
  return schema;
}

Json counts_schema(const Key& key) {
  const Json item = {{"type", {"integer", "string"}}, {"minimum", key.least}, {"maximum", key.most}, {"pattern", "^[0-9]+(-[0-9]+)?$"}};
  return {{"anyOf", {item, {{"type", "array"}, {"items", item}}}}};
}

Json count_schema(const Key& key) {
  if (key.choices.empty()) return {{"type", "integer"}, {"minimum", key.least}, {"maximum", key.most}};
  Json values = Json::array();
  for (const std::string& choice : key.choices) values.push_back(std::stoll(choice));
  return {{"enum", values}};
}

Json value_schema(const Key& key) {
  switch (key.kind) {
    case KeyKind::text: return {{"type", {"string", "number"}}};
    case KeyKind::file: return {{"type", "string"}, {"minLength", 1}};
    case KeyKind::file_or_word: return {{"type", "string"}, {"minLength", 1}, {"examples", key.choices}};
    case KeyKind::count: return count_schema(key);
    case KeyKind::size: return reference(Dimension::size);
    case KeyKind::rate: return reference(Dimension::rate);
    case KeyKind::duration: return reference(Dimension::duration);
    case KeyKind::length: return reference(Dimension::length);
    case KeyKind::number: return number_schema(key);
    case KeyKind::ratio: return number_schema(key, "(:1)?");
    case KeyKind::fraction:
      return {{"type", {"number", "string"}}, {"exclusiveMinimum", 0}, {"pattern", "^([0-9]+/[0-9]+|" + std::string(decimal) + ")$"}};
    case KeyKind::flag: return {{"type", "boolean"}};
    case KeyKind::choice: return {{"enum", key.choices}};
    case KeyKind::counts: return counts_schema(key);
    case KeyKind::texts: return {{"type", "array"}, {"items", {{"type", {"string", "number"}}}}};
    case KeyKind::mapping: return object_schema(key.inner);
    case KeyKind::mappings: return {{"type", "array"}, {"items", object_schema(key.inner)}};
    case KeyKind::chance: return {{"anyOf", {number_schema(key), object_schema(key.inner)}}};
    case KeyKind::named:
      if (key.inner.empty()) return {{"type", {"string", "object"}}};
      return {{"anyOf", {{{"type", "string"}, {"minLength", 1}}, object_schema(key.inner)}}};
    case KeyKind::numbers_by_name: return {{"type", "object"}, {"additionalProperties", number_schema(key)}};
    case KeyKind::number_or_counts: return {{"anyOf", {number_schema(key), {{"type", "array"}, {"items", count_schema(key)}}}}};
  }
  return {};
}

Json key_schema(const Key& key) {
  Json schema = value_schema(key);
  std::string description = key.doc;
  if (!key.only.empty()) description += " Goes with kind " + joined(key.only) + ".";
  if (!key.fallback.empty()) description += " Default: " + key.fallback + (key.uet.empty() ? "" : "; uet: " + key.uet) + ".";
  schema["description"] = description;
  return schema;
}

Json object_schema(const std::vector<Key>& keys) {
  Json properties = Json::object();
  Json needed = Json::array(), replacing = Json::array();
  for (const Key& key : keys) {
    properties[key.name] = key_schema(key);
    if (!key.needed.empty() && key.needed.front() == "*") needed.push_back(key.name);
    if (key.replaces) replacing.push_back({{"required", {key.name}}});
  }
  Json schema = {{"type", "object"}, {"additionalProperties", false}, {"properties", properties}};
  if (!needed.empty() && replacing.empty()) schema["required"] = needed;
  if (!needed.empty() && !replacing.empty()) {
    replacing.insert(replacing.begin(), Json{{"required", needed}});
    schema["anyOf"] = replacing;
  }
  return schema;
}

// What fits a line stays on it; of what does not, plain values share lines.
void print(std::string& out, const Json& json, std::size_t indent, std::size_t before) {
  constexpr std::size_t columns = 140;
  const std::string line = json.dump();
  if (before + line.size() < columns || !json.is_structured()) {
    out += line;
    return;
  }
  const bool object = json.is_object();
  out += object ? "{" : "[";
  std::size_t column = 0;  // where a plain value may follow; 0: nowhere
  for (const auto& [key, value] : json.items()) {
    const std::string name = object ? Json(key).dump() + ": " : "";
    const std::size_t width = value.is_structured() ? columns : name.size() + value.dump().size() + 2;
    const bool follows = column != 0 && column + width < columns;
    if (!follows) out += (out.back() == '{' || out.back() == '[' ? "\n" : ",\n") + std::string(indent + 2, ' ');
    out += (follows ? ", " : "") + name;
    print(out, value, indent + 2, indent + 2 + name.size());
    column = value.is_structured() ? 0 : (follows ? column : indent + 2) + width;
  }
  out += "\n" + std::string(indent, ' ') + (object ? "}" : "]");
}

}  // namespace

std::string scenario_json_schema() {
  Json schema = {{"$schema", "https://json-schema.org/draft/2020-12/schema"}, {"title", "weft scenario"}};
  schema.update(object_schema(scenario_section().table()));
  Json defined = Json::object();
  for (const Dimension dimension : {Dimension::size, Dimension::rate, Dimension::duration, Dimension::length}) {
    defined[std::string(noun(dimension))] = quantity_schema(dimension);
  }
  schema["$defs"] = defined;
  std::string out;
  print(out, schema, 0, 0);
  return out + "\n";
}

}  // namespace weft
