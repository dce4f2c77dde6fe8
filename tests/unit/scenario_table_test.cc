// The table of keys, the manual, the schema and the examples tell the same story.
#include <gtest/gtest.h>

#include <filesystem>
#include <set>

#include "base/text_file.hh"
#include "scenario/documentation.hh"
#include "scenario/load.hh"
#include "scenario/tables.hh"
#include "scenario/yaml.hh"
#include "scenario_everything.hh"

namespace weft {
namespace {

const std::filesystem::path root = WEFT_SOURCE_DIR;

void add_rows(std::set<std::string>& rows, const std::string& path, const std::vector<Key>& keys) {
  for (const Key& key : keys) {
    rows.insert(path + key.name);
    add_rows(rows, path + key.name + ".", key.inner);
  }
}

void add_used(std::set<std::string>& used, const std::string& path, const Value& value) {
  for (const Value& item : value.items) add_used(used, path, item);
  for (const Member& member : value.members) {
    used.insert(path + member.name);
    add_used(used, path + member.name + ".", member.value);
  }
}

TEST(ScenarioTable, EveryKeyCanBeWritten) {
  std::set<std::string> rows, used;
  add_rows(rows, "", scenario_section().table());
  for (const char* text : everything) {
    static_cast<void>(parse_scenario(text, "everything.yaml"));
    add_used(used, "", read_yaml(text, "everything.yaml"));
  }
  for (const std::string& row : rows) EXPECT_TRUE(used.contains(row)) << row << " is in no scenario of scenario_everything.hh";
  EXPECT_GT(rows.size(), 100U);
}

TEST(ScenarioTable, EveryRowIsDocumented) {
  const std::function<void(const std::vector<Key>&)> check = [&](const std::vector<Key>& keys) {
    for (const Key& key : keys) {
      EXPECT_GT(key.doc.size(), 10U) << key.name;
      EXPECT_EQ(key.doc.back(), '.') << key.name;
      const bool explained = !key.needed.empty() || !key.fallback.empty() || key.kind == KeyKind::mapping;
      EXPECT_TRUE(explained) << key.name << " has no default";
      check(key.inner);
    }
  };
  check(scenario_section().table());
}

TEST(ScenarioTable, DefaultsReadBack) {
  const std::string base = "topology: { kind: switch, hosts: 2, link: { delay: 1us } }\nworkloads: [ { kind: permutation, size: 1KB } ]\n";
  const std::set<std::string> in_words{"trigger_latency", "stall", "least_rto", "base_rtt", "psn_range", "trim_queue", "queue"};
  for (const Key& key : fabric_section().table()) {
    if (key.fallback.empty() || in_words.contains(key.name)) continue;
    const std::string transport = key.doc.rfind("uet: ", 0) == 0 ? "uet" : "roce";
    const std::vector<std::string> sets{"fabric.transport=" + transport, "fabric." + key.name + "=" + key.fallback};
    EXPECT_NO_THROW(static_cast<void>(parse_scenario(base, "s.yaml", sets))) << key.name;
  }
}

TEST(ScenarioTable, ManualIsWhatTheTableSays) {
  EXPECT_EQ(read_text_file(root / "docs/scenario.md"), scenario_manual()) << "run: weft show --keys > docs/scenario.md";
}

TEST(ScenarioTable, SchemaIsWhatTheTableSays) {
  EXPECT_EQ(read_text_file(root / "docs/scenario.schema.json"), scenario_json_schema())
      << "run: weft show --schema > docs/scenario.schema.json";
}

TEST(ScenarioTable, ExamplesParse) {
  int count = 0;
  for (const auto& entry : std::filesystem::directory_iterator(root / "examples")) {
    if (entry.path().extension() != ".yaml") continue;
    const Scenario scenario = load_scenario(entry.path());
    EXPECT_NE(scenario.name, "unnamed") << entry.path();
    EXPECT_EQ(scenario.text.front(), '#') << entry.path() << " says what it shows in a comment at its head";
    ++count;
  }
  EXPECT_GE(count, 10);
}

}  // namespace
}  // namespace weft
