#include "app/scenario_options.hh"

#include <CLI/CLI.hpp>
#include <filesystem>
#include <utility>

#include "app/examples.hh"
#include "base/error.hh"
#include "scenario/load.hh"

namespace weft {

void ScenarioOptions::add_to(CLI::App& command, const std::string& standard_example) {
  standard_example_ = standard_example;
  auto* file = command.add_option("FILE", file_, "scenario (YAML; docs/scenario.md describes every key)");
  if (standard_example.empty()) file->required();
  command.add_option("--set", overrides_, "change a key of the scenario: --set fabric.mtu=1024 (repeatable)")
      ->type_name("KEY=VALUE")
      ->take_all()
      ->expected(1)
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
  command.add_option("--seed", seed_, "seed of every random choice (short for --set seed=N)")->type_name("N");
}

Scenario ScenarioOptions::load(std::vector<std::string> overrides) const {
  if (file_.empty()) return parse_scenario(std::string(find_example(standard_example_)), standard_example_ + ".yaml", overrides);
  if (!std::filesystem::exists(file_) && !find_example(file_).empty()) {
    throw InputError(file_, "there is no such file, but an example of that name", "weft example " + file_ + " > " + file_ + ".yaml");
  }
  return load_scenario(file_, overrides);
}

Scenario ScenarioOptions::load() const {
  std::vector<std::string> overrides = overrides_;
  if (seed_) overrides.push_back("seed=" + std::to_string(*seed_));
  return load(std::move(overrides));
}

Scenario ScenarioOptions::load_with(std::vector<std::string> more, std::uint64_t seed) const {
  std::vector<std::string> overrides = overrides_;
  overrides.insert(overrides.end(), more.begin(), more.end());
  overrides.push_back("seed=" + std::to_string(seed));
  return load(std::move(overrides));
}

ReportContext report_context(const Scenario& scenario) {
  ReportContext context;
  context.name = scenario.name;
  context.scenario_file = scenario.file;
  context.scenario_text = scenario.text;
  context.seed = scenario.seed;
  context.version = version();
  for (const WorkloadParameters& workload : scenario.workloads) context.workloads.push_back(workload.kind);
  return context;
}

const char* version() { return WEFT_VERSION; }

}  // namespace weft
