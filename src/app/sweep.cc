// `weft sweep FILE`: the same scenario with many seeds, and with every combination of the choices of --vary and --axes.
//
// Without axes: one line a seed. With axes: one line a combination, each figure the mean over the seeds and, with more than
// one seed, half the width of its 95 % confidence interval (Student's t). Runs go side by side, one thread each; what they
// print does not depend on how many.
#include <CLI/CLI.hpp>
#include <iostream>
#include <string>
#include <thread>
#include <vector>

#include "app/command.hh"
#include "app/interrupt.hh"
#include "app/outcome.hh"
#include "app/scenario_options.hh"
#include "app/sweep_plan.hh"
#include "app/sweep_runs.hh"
#include "app/sweep_tables.hh"

namespace weft {
namespace {

class SweepCommand : public Command {
 public:
  CLI::App* add_to(CLI::App& program) override {
    CLI::App* command = program.add_subcommand("sweep", "simulate a scenario with many seeds or settings and compare their figures");
    scenario_.add_to(*command);
    command->add_option("--seeds", seeds_, "how many: 1 to N (default: 10, with axes 1)")->type_name("N")->check(CLI::Range(1, 100'000));
    command->add_option("--vary", vary_, "an axis: --vary fabric.paths=1,16,128 (repeatable)")
        ->type_name("KEY=A,B,...")
        ->take_all()
        ->expected(1)
        ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
    command->add_option("--axes", axes_, "axes whose choices set several keys: axes: { NAME: { CHOICE: { key: value, ... }, ... } }")
        ->type_name("FILE");
    command->add_option("--jobs", jobs_, "runs at the same time (default: one a processor)")->type_name("N")->check(CLI::Range(1, 256));
    command->add_option("--csv", csv_, "write one line a run")->type_name("FILE");
    command->add_option("--svg", svg_, "draw an iteration, a collective or the slowest flow: groups are the first axis, bars all others")
        ->type_name("FILE");
    return command;
  }

  ExitCode run() override {
    const SweepPlan plan = make_sweep_plan(axes_, vary_);
    const std::uint64_t seeds = seeds_ != 0 ? seeds_ : plan.axes.empty() ? 10 : 1;
    const SweepTables tables(plan, seeds, subject_of(scenario_.load()));
    const Interrupt interrupt;
    std::cout << tables.header() << '\n';
    SweepRuns runs(scenario_, plan, seeds, interrupt.flag());
    const unsigned jobs = jobs_ != 0 ? jobs_ : std::max(1U, std::thread::hardware_concurrency());
    runs.execute(jobs, [&](std::size_t combination, std::uint64_t seed) {
      if (plan.axes.empty())
        std::cout << tables.line(runs, seed) << std::endl;
      else if (seed == seeds)
        std::cout << tables.line_of_means(runs, combination) << std::endl;
    });
    std::cout << tables.closing(runs);
    if (!csv_.empty()) tables.write_csv(runs, csv_);
    if (!svg_.empty()) tables.write_svg(runs, scenario_.load().name, svg_);
    return interrupt.asked() ? ExitCode::interrupted : runs.worst();
  }

 private:
  ScenarioOptions scenario_;
  std::vector<std::string> vary_;
  std::string axes_, csv_, svg_;
  std::uint64_t seeds_ = 0;
  unsigned jobs_ = 0;
};

}  // namespace

std::unique_ptr<Command> make_sweep_command() { return std::make_unique<SweepCommand>(); }

}  // namespace weft
