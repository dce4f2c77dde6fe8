// Command: one subcommand of `weft`, and the list of all of them. A new subcommand is one file, one line here and one in main.
#pragma once

#include <memory>

#include "app/exit_code.hh"

namespace CLI {
class App;
}

namespace weft {

class Command {
 public:
  Command() = default;
  Command(const Command&) = delete;
  Command& operator=(const Command&) = delete;
  virtual ~Command() = default;

  // Registers the options; called once, before run().
  virtual CLI::App* add_to(CLI::App& program) = 0;
  // Errors: InputError for what the user gave.
  virtual ExitCode run() = 0;
};

[[nodiscard]] std::unique_ptr<Command> make_run_command();
[[nodiscard]] std::unique_ptr<Command> make_sweep_command();
[[nodiscard]] std::unique_ptr<Command> make_compare_command();
[[nodiscard]] std::unique_ptr<Command> make_check_command();
[[nodiscard]] std::unique_ptr<Command> make_show_command();
[[nodiscard]] std::unique_ptr<Command> make_example_command();
[[nodiscard]] std::unique_ptr<Command> make_bench_command();

// `weft rdma ...`, without the word weft.
[[nodiscard]] int rdma_main(int argc, char** argv);

}  // namespace weft
