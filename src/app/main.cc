// The program `weft`. Each subcommand is one file beside this one.
#include <CLI/CLI.hpp>
#include <csignal>
#include <exception>
#include <iostream>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "app/command.hh"
#include "app/failure.hh"
#include "app/scenario_options.hh"
#include "base/error.hh"

namespace weft {
namespace {

struct Entry {
  std::unique_ptr<Command> command;
  CLI::App* parsed = nullptr;
};

std::vector<Entry> all_commands() {
  std::vector<Entry> all;
  all.push_back({make_run_command()});
  all.push_back({make_sweep_command()});
  all.push_back({make_compare_command()});
  all.push_back({make_check_command()});
  all.push_back({make_show_command()});
  all.push_back({make_example_command()});
  all.push_back({make_bench_command()});
  return all;
}

ExitCode run_parsed(std::vector<Entry>& commands) {
  for (Entry& entry : commands) {
    if (!entry.parsed->parsed()) continue;
    const ExitCode code = entry.command->run();
    if (!std::cout.flush()) throw InputError("standard output", "cannot be written", "is the disk full, or the pipe closed?");
    return code;
  }
  return ExitCode::internal;
}

ExitCode run_program(int argc, char** argv) {
  CLI::App program("weft plans, proves and runs an AI network: one scenario in, the truth about it out.", "weft");
  program.set_version_flag("--version", std::string("weft ") + version());
  program.require_subcommand(1);
  program.footer("Start with: weft example permutation-1024 > a.yaml && weft run a.yaml");
  std::vector<Entry> commands = all_commands();
  for (Entry& entry : commands) entry.parsed = entry.command->add_to(program);
  program.add_subcommand("rdma", "move real bytes with the same RoCE engine: server, write, read, send");
  try {
    program.parse(argc, argv);
  } catch (const CLI::ParseError& error) { return report_command_line(program, error); }
  return run_parsed(commands);
}

int guarded_main(int argc, char** argv) {
  // A file that may not grow further is an error of its write, as on a full disk.
  std::signal(SIGXFSZ, SIG_IGN);
  try {
    if (argc > 1 && std::string_view(argv[1]) == "rdma") return rdma_main(argc - 1, argv + 1);
    return number(run_program(argc, argv));
  } catch (const std::exception& error) { return number(report_failure(error)); }
}

}  // namespace
}  // namespace weft

int main(int argc, char** argv) { return weft::guarded_main(argc, argv); }
