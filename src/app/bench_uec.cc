// `weft bench uec DIR`: the UEC group's published rows, run here, ours beside theirs.
//
// Rules: the tail is the slowest flow's completion time at its sender. Rows of many paths and of one flow: the median of seeds
// 1 to 5. Rows of one path: the published tail must lie between our least and our largest over 20 seeds. Rows of many paths
// count towards `N of M rows within 5 %`. Exit code 0 whatever the outcome: it is a measurement.
#include "app/bench_uec.hh"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <iostream>

#include "app/deviation.hh"
#include "app/examples.hh"
#include "app/interrupt.hh"
#include "app/outcome.hh"
#include "app/table.hh"
#include "app/uec_table.hh"
#include "report/figures.hh"
#include "scenario/load.hh"
#include "sim/run.hh"

namespace weft {

namespace {

constexpr std::uint64_t many_path_seeds = 5, single_path_seeds = 20;
constexpr const char* example_name = "uec-table";

}  // namespace

void BenchUec::add_to(CLI::App& bench) {
  command_ = bench.add_subcommand("uec", "the UEC group's published table, ours beside theirs");
  command_->add_option("DIR", folder_, "folder with published.csv and its matrices")->required();
  command_->add_option("--threads", threads_, "threads of each run")->type_name("N")->check(CLI::Range(1, 256));
  command_->add_flag("--commands", commands_, "only print the command that runs each row");
}

bool BenchUec::asked() const { return command_->parsed(); }

std::int64_t BenchUec::tail(const UecRow& row, std::uint64_t seed) {
  std::vector<std::string> overrides = uec_overrides(row, folder_);
  overrides.push_back("seed=" + std::to_string(seed));
  const Scenario scenario = parse_scenario(std::string(find_example(example_name)), std::string(example_name) + ".yaml", overrides);
  RunOptions options;
  options.threads = threads_;
  options.interrupt = interrupt_->flag();
  const Results results = weft::run(scenario, options);
  const FlowFigures figures = flow_figures(results);
  if (exit_code_of(results) == ExitCode::stuck) stuck_ = true;
  return figures.fct_ps ? figures.fct_ps->max : 0;
}

std::vector<std::int64_t> BenchUec::tails(const UecRow& row) {
  std::vector<std::int64_t> all;
  const std::uint64_t seeds = row.single_path() ? single_path_seeds : many_path_seeds;
  for (std::uint64_t seed = 1; seed <= seeds && !interrupt_->asked(); ++seed) all.push_back(tail(row, seed));
  std::sort(all.begin(), all.end());
  return all;
}

void BenchUec::judge(const UecRow& row, const Table& table) {
  const std::vector<std::int64_t> ours = tails(row);
  if (interrupt_->asked()) return;
  const std::int64_t median = ours[ours.size() / 2], off = deviation(median, row.tail_ps);
  const bool inside = ours.front() <= row.tail_ps && row.tail_ps <= ours.back();
  const bool good = row.single_path() ? inside : std::abs(off) <= 500;
  ++(row.single_path() ? single_ : many_);
  if (good) ++(row.single_path() ? single_good_ : many_good_);
  std::cout << table.row({row.congestion, std::to_string(row.paths), in_microseconds(row.tail_ps), in_microseconds(median),
                          in_microseconds(ours.front()), in_microseconds(ours.back()), percent_text(off), good ? "yes" : "NO"})
            << "  " << row.experiment << std::endl;
}

ExitCode BenchUec::run() {
  const std::vector<UecRow> rows = read_uec_table(folder_);
  if (commands_) {
    for (const UecRow& row : rows) {
      std::cout << "weft run examples/uec/uec-table.yaml";
      for (const std::string& option : uec_overrides(row, folder_)) std::cout << " --set '" << option << '\'';
      std::cout << '\n';
    }
    return ExitCode::done;
  }
  const Interrupt interrupt;
  interrupt_ = &interrupt;
  const Table table({"congestion", "paths", "published", "  our tail", "     least", "   largest", "deviation", "good"});
  std::cout << "tail completion times in us; many paths: median of seeds 1 to " << many_path_seeds
            << ", good within 5 %; one path: " << single_path_seeds << " seeds, good when the published one lies among ours\n"
            << table.header() << "  experiment\n";
  for (const UecRow& row : rows) judge(row, table);
  if (interrupt.asked()) return ExitCode::interrupted;
  std::cout << single_good_ << " of " << single_ << " single-path rows have the published tail among ours\n"
            << many_good_ << " of " << many_ << " rows within 5 %\n";
  return stuck_ ? ExitCode::stuck : ExitCode::done;
}

}  // namespace weft
