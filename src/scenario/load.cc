#include "scenario/load.hh"

#include <cerrno>
#include <fstream>
#include <sstream>
#include <system_error>

#include "base/error.hh"
#include "scenario/override.hh"
#include "scenario/tables.hh"
#include "scenario/yaml.hh"

namespace weft {
namespace {

std::string read_text(const std::filesystem::path& file) {
  std::error_code ignored;
  if (std::filesystem::is_directory(file, ignored)) throw InputError(file.string(), "is a folder, not a scenario file");
  errno = 0;
  std::ifstream stream(file, std::ios::binary);
  if (!stream) {
    throw InputError(file.string(), "cannot be read: " + std::generic_category().message(errno),
                     "`weft example` lists the scenarios that come with weft");
  }
  std::string text;
  std::vector<char> block(1 << 16);
  while (stream.read(block.data(), static_cast<std::streamsize>(block.size())) || stream.gcount() > 0) {
    text.append(block.data(), static_cast<std::size_t>(stream.gcount()));
    if (text.size() > max_scenario_bytes) throw InputError(file.string(), "is larger than 256 MB", "use a .cm file for long lists of flows");
  }
  if (stream.bad()) throw InputError(file.string(), "cannot be read: " + std::generic_category().message(errno));
  return text;
}

}  // namespace

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
  return parse_scenario(read_text(file), file.string(), overrides);
}

}  // namespace weft
