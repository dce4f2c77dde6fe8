#include "scenario/section.hh"

#include <algorithm>
#include <limits>

#include "scenario/nearest.hh"

namespace weft {
namespace keys {

std::int64_t most_of(KeyKind kind, std::size_t bytes) {
  constexpr std::int64_t ten_days = 864'000 * ps_per_second;
  switch (kind) {
    case KeyKind::size: return 1'000'000'000'000'000;
    case KeyKind::rate: return 100'000'000'000'000;
    case KeyKind::duration:
    case KeyKind::length: return ten_days;
    case KeyKind::counts: return std::numeric_limits<std::uint32_t>::max();
    default: break;
  }
  if (bytes == sizeof(std::uint8_t)) return std::numeric_limits<std::uint8_t>::max();
  if (bytes == sizeof(std::uint16_t)) return std::numeric_limits<std::uint16_t>::max();
  // An optional of 4 bytes has 8: what does not fit 32 bits is no count of anything here but a seed.
  return std::numeric_limits<std::uint32_t>::max();
}

std::string fallback_of(const std::array<std::uint32_t, 8>& numbers) {
  std::string all = "[";
  for (const std::uint32_t number : numbers) all += (all.size() > 1 ? ", " : "") + std::to_string(number);
  return all + "]";
}

}  // namespace keys

namespace {

std::string here(const std::string& path) { return path.empty() ? "at the top of a scenario" : "in " + path; }

bool among(const std::vector<std::string>& words, const std::string& word) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

const Key* find_key(const std::vector<Key>& table, const std::string& name) {
  const auto found = std::find_if(table.begin(), table.end(), [&](const Key& key) { return key.name == name; });
  return found == table.end() ? nullptr : &*found;
}

void refuse_unknown(const Reader& reader, const std::vector<Key>& table, const Value& mapping, const std::string& path) {
  std::vector<std::string> names;
  for (const Key& key : table) names.push_back(key.name);
  for (const Member& member : mapping.members) {
    if (find_key(table, member.name) != nullptr) continue;
    reader.fail(member.place, "unknown key '" + member.name + "' " + here(path), suggest(member.name, names));
  }
}

std::string kind_of_mapping(const Reader& reader, const std::vector<Key>& table, const Value& mapping, const std::string& default_kind) {
  const Key* key = find_key(table, "kind");
  const Value* value = mapping.find("kind");
  if (key == nullptr || value == nullptr) return default_kind;
  return key->choices[reader.choice(*key, *value)];
}

void check_kind(const Reader& reader, const Key& key, const Value& mapping, const std::string& path, const std::string& kind) {
  const auto member = std::find_if(mapping.members.begin(), mapping.members.end(), [&](const Member& m) { return m.name == key.name; });
  if (member != mapping.members.end()) {
    if (key.only.empty() || among(key.only, kind)) return;
    reader.fail(member->place, "'" + key.name + "' " + here(path) + " does not go with kind '" + kind + "'",
                "it goes with kind " + joined(key.only));
  }
  if (among(key.needed, "*") || among(key.needed, kind)) {
    const std::string of_kind = kind.empty() || key.needed.front() == "*" ? "" : " for kind '" + kind + "'";
    reader.fail(mapping.place, "the key '" + key.name + "' is missing " + here(path) + of_kind, key.name + ": " + key.doc);
  }
}

}  // namespace

std::vector<std::size_t> SectionTable::plan(const Reader& reader, const std::vector<Key>& table, const Value& mapping,
                                            const std::string& path, const std::string& default_kind) {
  refuse_unknown(reader, table, mapping, path);
  std::vector<std::size_t> present, replacing;
  for (std::size_t i = 0; i < table.size(); ++i) {
    if (mapping.find(table[i].name) == nullptr) continue;
    present.push_back(i);
    if (table[i].replaces) replacing.push_back(i);
  }
  if (replacing.size() > 1) {
    reader.fail(mapping.find(table[replacing[1]].name)->place,
                "both '" + table[replacing[0]].name + "' and '" + table[replacing[1]].name + "' " + here(path),
                "they mean the same; keep one");
  }
  if (!replacing.empty()) return replacing;
  const std::string kind = kind_of_mapping(reader, table, mapping, default_kind);
  for (const Key& key : table) check_kind(reader, key, mapping, path, kind);
  return present;
}

}  // namespace weft
