// `weft sweep FILE --seeds N`: the same scenario with the seeds 1 to N, one line each.
#include <CLI/CLI.hpp>
#include <cstdio>
#include <iostream>
#include <string>
#include <vector>

#include "app/command.hh"
#include "app/interrupt.hh"
#include "app/outcome.hh"
#include "app/scenario_options.hh"
#include "app/table.hh"
#include "report/decimal.hh"
#include "report/figures.hh"
#include "report/summary.hh"
#include "sim/run.hh"

namespace weft {
namespace {

class SweepCommand : public Command {
 public:
  CLI::App* add_to(CLI::App& program) override {
    CLI::App* command = program.add_subcommand("sweep", "simulate a scenario with many seeds and compare their figures");
    scenario_.add_to(*command);
    command->add_option("--seeds", seeds_, "how many: 1 to N")->type_name("N")->check(CLI::Range(1, 100'000));
    command->add_option("--threads", options_.threads, "threads of each run")->type_name("N")->check(CLI::Range(1, 256));
    return command;
  }

  ExitCode run() override {
    const Interrupt interrupt;
    options_.interrupt = interrupt.flag();
    Table table(
        {"seed", "status", "fct p50", "fct p99", "fct max", "slowdown p99", "goodput", "drops", "pauses", "retransmissions", "state hash"});
    std::cout << table.header() << '\n';
    ExitCode worst = ExitCode::done;
    for (std::uint64_t seed = 1; seed <= seeds_ && !interrupt.asked(); ++seed) {
      const Results results = weft::run(scenario_.load(seed), options_);
      std::cout << table.row(cells(seed, results)) << std::endl;
      figures_.push_back(flow_figures(results));
      if (number(exit_code_of(results)) > number(worst)) worst = exit_code_of(results);
    }
    std::cout << spread() << '\n';
    return interrupt.asked() ? ExitCode::interrupted : worst;
  }

 private:
  static std::string time_of(const FlowFigures& figures, std::int64_t Statistics::*figure) {
    return figures.fct_ps ? duration_text((*figures.fct_ps).*figure) : "-";
  }

  static std::vector<std::string> cells(std::uint64_t seed, const Results& results) {
    const FlowFigures figures = flow_figures(results);
    const std::string slowdown = figures.slowdown_millionths ? fixed(figures.slowdown_millionths->p99 / 1000, 3) : "-";
    return {std::to_string(seed),
            std::string(name_of(results.status)),
            time_of(figures, &Statistics::p50),
            time_of(figures, &Statistics::p99),
            time_of(figures, &Statistics::max),
            slowdown,
            rate_text(goodput_gbps(results)),
            grouped(results.counters.drops),
            grouped(results.counters.pauses),
            grouped(results.counters.retransmissions),
            hex64(results.state_hash)};
  }

  // How far the slowest flow's completion time lies apart among the seeds.
  [[nodiscard]] std::string spread() const {
    std::vector<std::int64_t> slowest;
    for (const FlowFigures& figures : figures_) {
      if (figures.fct_ps) slowest.push_back(figures.fct_ps->max);
    }
    const auto all = statistics(slowest);
    if (!all) return "no flow completed";
    return "fct max over " + std::to_string(slowest.size()) + " seeds: min " + duration_text(all->min) + ", mean " +
           duration_text(all->mean) + ", max " + duration_text(all->max);
  }

  ScenarioOptions scenario_;
  RunOptions options_;
  std::uint64_t seeds_ = 10;
  std::vector<FlowFigures> figures_;
};

}  // namespace

std::unique_ptr<Command> make_sweep_command() { return std::make_unique<SweepCommand>(); }

}  // namespace weft
