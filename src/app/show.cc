// `weft show FILE`: the network of a scenario in words. `weft show --keys`: every key a scenario may have.
#include <CLI/CLI.hpp>
#include <iostream>
#include <string>
#include <vector>

#include "app/command.hh"
#include "app/network_lines.hh"
#include "app/scenario_options.hh"
#include "base/error.hh"
#include "scenario/documentation.hh"
#include "topology/registry.hh"

namespace weft {
namespace {

class ShowCommand : public Command {
 public:
  CLI::App* add_to(CLI::App& program) override {
    CLI::App* command = program.add_subcommand("show", "describe a scenario's network, or the keys of scenarios");
    scenario_.add_to(*command, "permutation-1024");
    command->add_flag("--links", links_, "list every link by the name that `links:` uses");
    command->add_flag("--keys", keys_, "every key of a scenario with unit, default and range, as Markdown");
    command->add_flag("--schema", schema_, "the JSON Schema of scenarios, for editors");
    return command;
  }

  ExitCode run() override {
    if (keys_) std::cout << scenario_manual();
    if (schema_) std::cout << scenario_json_schema();
    if (keys_ || schema_) return ExitCode::done;
    if (scenario_.file().empty())
      throw InputError("weft show", "which scenario?", "weft show FILE, weft show --keys, or weft show --schema");
    const TopologySpec spec = build_topology(scenario_.load().topology);
    for (const std::string& line : network_lines(spec)) std::cout << line << '\n';
    if (!links_) return ExitCode::done;
    for (const std::string& line : link_lines(spec)) std::cout << line << '\n';
    return ExitCode::done;
  }

 private:
  ScenarioOptions scenario_;
  bool links_ = false;
  bool keys_ = false;
  bool schema_ = false;
};

}  // namespace

std::unique_ptr<Command> make_show_command() { return std::make_unique<ShowCommand>(); }

}  // namespace weft
