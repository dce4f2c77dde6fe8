// `weft show FILE`: the network of a scenario in words. `weft show --keys`: every key a scenario may have. `weft show --library`:
// published models and machines.
#include <CLI/CLI.hpp>
#include <iostream>
#include <string>
#include <vector>

#include "app/command.hh"
#include "app/library_lines.hh"
#include "app/network_lines.hh"
#include "app/scenario_options.hh"
#include "base/error.hh"
#include "scenario/documentation.hh"
#include "scenario/library.hh"
#include "scenario/nearest.hh"
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
    command->add_flag("--library", library_, "the models and machines that training jobs may name; with FILE, that one's file");
    return command;
  }

  ExitCode run() override {
    if (keys_) std::cout << scenario_manual();
    if (schema_) std::cout << scenario_json_schema();
    if (library_) show_library();
    if (keys_ || schema_ || library_) return ExitCode::done;
    if (scenario_.file().empty())
      throw InputError("weft show", "which scenario?", "weft show FILE, weft show --keys, or weft show --schema");
    const TopologyParameters topology = scenario_.load().topology;
    const TopologySpec spec = build_topology(topology);
    for (const std::string& line : network_lines(spec, topology.copper)) std::cout << line << '\n';
    if (!links_) return ExitCode::done;
    for (const std::string& line : link_lines(spec)) std::cout << line << '\n';
    return ExitCode::done;
  }

 private:
  void show_library() const {
    const std::string& name = scenario_.file();
    if (name.empty()) {
      for (const std::string& line : library_lines()) std::cout << line << '\n';
      return;
    }
    std::vector<std::string> names = library_names(library_models());
    for (const auto shelf : {library_models(), library_machines()}) {
      for (const LibraryFile& file : shelf) {
        if (file.name == name) {
          std::cout << file.text;
          return;
        }
      }
    }
    for (const std::string& machine : library_names(library_machines())) names.push_back(machine);
    throw InputError("weft show --library", "the library has no '" + name + "'", suggest(name, names));
  }

  ScenarioOptions scenario_;
  bool links_ = false;
  bool keys_ = false;
  bool schema_ = false;
  bool library_ = false;
};

}  // namespace

std::unique_ptr<Command> make_show_command() { return std::make_unique<ShowCommand>(); }

}  // namespace weft
