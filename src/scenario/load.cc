#include "scenario/load.hh"

#include "base/text_file.hh"
#include "scenario/override.hh"
#include "scenario/tables.hh"
#include "scenario/yaml.hh"

namespace weft {

Scenario parse_scenario(const std::string& text, const std::string& name, const std::vector<std::string>& overrides) {
  Value root = read_yaml(text, name);
  for (std::size_t i = 0; i < overrides.size(); ++i) apply_override(root, overrides[i], static_cast<int>(i));
  const Source source{name, std::filesystem::path(name).parent_path(), overrides};
  const Reader reader(source);
  if (root.kind != Value::Kind::map) {
    reader.fail(root.place, "a scenario is a mapping, not " + describe(root), "`weft example permutation-1024` prints one");
  }
  Scenario scenario;
  scenario_section().read(reader, root, scenario);
  scenario.file = name;
  scenario.text = overrides.empty() ? text : write_yaml(root);
  return scenario;
}

Scenario load_scenario(const std::filesystem::path& file, const std::vector<std::string>& overrides) {
  return parse_scenario(read_text_file(file.string(), max_scenario_bytes), file.string(), overrides);
}

}  // namespace weft
