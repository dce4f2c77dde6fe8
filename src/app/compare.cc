// `weft compare DIR DIR`: two runs side by side.
#include <CLI/CLI.hpp>
#include <iostream>
#include <string>

#include "app/command.hh"
#include "report/compare.hh"

namespace weft {
namespace {

class CompareCommand : public Command {
 public:
  CLI::App* add_to(CLI::App& program) override {
    CLI::App* command = program.add_subcommand("compare", "the results of two runs side by side");
    command->add_option("FIRST", first_, "folder of the first run")->required();
    command->add_option("SECOND", second_, "folder of the second run; ratios are second / first")->required();
    command->add_option("--html", page_, "write a page with both distributions in one chart")->type_name("FILE");
    return command;
  }

  ExitCode run() override {
    const Comparison comparison = read_comparison(first_, second_);
    for (const std::string& line : comparison_lines(comparison)) std::cout << line << '\n';
    if (!page_.empty()) write_comparison_page(comparison, page_);
    return ExitCode::done;
  }

 private:
  std::string first_, second_, page_;
};

}  // namespace

std::unique_ptr<Command> make_compare_command() { return std::make_unique<CompareCommand>(); }

}  // namespace weft
