#include "app/failure.hh"

#include <CLI/CLI.hpp>
#include <iostream>
#include <new>
#include <string>
#include <vector>

#include "base/error.hh"
#include "scenario/nearest.hh"

namespace weft {
namespace {

ExitCode print(const std::string& message, const std::string& hint, ExitCode code) {
  std::cerr << "weft: " << message << '\n';
  if (!hint.empty()) std::cerr << "hint: " << hint << '\n';
  return code;
}

// The subcommand that was being read, or the program.
const CLI::App& innermost(const CLI::App& program) {
  const auto parsed = program.get_subcommands();
  return parsed.empty() ? program : *parsed.front();
}

std::vector<std::string> option_names(const CLI::App& command) {
  std::vector<std::string> names;
  for (const CLI::Option* option : command.get_options()) {
    for (const std::string& name : option->get_lnames()) names.push_back("--" + name);
  }
  return names;
}

std::vector<std::string> command_names(const CLI::App& program) {
  std::vector<std::string> names;
  for (const CLI::App* command : program.get_subcommands([](const CLI::App*) { return true; })) names.push_back(command->get_name());
  return names;
}

std::string hint_for(const CLI::App& program) {
  const CLI::App& command = innermost(program);
  const std::string help = &command == &program ? "weft --help" : "weft " + command.get_name() + " --help";
  const std::vector<std::string> unknown = program.remaining(true);
  if (unknown.empty()) return help + " lists the options";
  const bool option = unknown.front().rfind("-", 0) == 0;
  const std::string name = unknown.front().substr(0, unknown.front().find('='));
  if (!option && &command != &program) return help + " lists what it takes";
  const std::string near = nearest(name, option ? option_names(command) : command_names(program));
  return (near.empty() ? "" : "did you mean '" + near + "'? ") + help + " lists the " + (option ? "options" : "commands");
}

}  // namespace

ExitCode report_failure(const std::exception& error) {
  if (const auto* input = dynamic_cast<const InputError*>(&error)) {
    return print(input->where() + ": " + input->what(), input->hint(), ExitCode::input);
  }
  if (dynamic_cast<const std::bad_alloc*>(&error) != nullptr) {
    return print("there is not enough memory for this run", "a smaller network, or fewer flows", ExitCode::input);
  }
  return print(std::string("internal error: ") + error.what(), "please report it with the scenario", ExitCode::internal);
}

ExitCode report_command_line(const CLI::App& program, const CLI::ParseError& error) {
  if (error.get_exit_code() == 0) {
    static_cast<void>(program.exit(error, std::cout, std::cerr));
    return ExitCode::done;
  }
  const std::vector<std::string> unknown = program.remaining(true);
  const bool extra = dynamic_cast<const CLI::ExtrasError*>(&error) != nullptr && !unknown.empty();
  return print(extra ? "'" + unknown.front() + "' was not expected here" : error.what(), hint_for(program), ExitCode::input);
}

}  // namespace weft
