// `weft bench collectives [--most 1GB]`: collectives on networks where nothing is in their way, beside their closed forms.
//
// Rules: rows and formulas are those of collective_rows.hh; a row is good when the simulated time lies within 2 % of the formula.
// Exit code 1 if any does not: the simulator would be wrong.
#include "app/bench_collectives.hh"

#include <CLI/CLI.hpp>
#include <iostream>

#include "app/collective_rows.hh"
#include "app/deviation.hh"
#include "app/interrupt.hh"
#include "app/table.hh"
#include "base/error.hh"
#include "report/decimal.hh"
#include "scenario/load.hh"
#include "scenario/quantity.hh"
#include "sim/run.hh"

namespace weft {

namespace {

constexpr std::int64_t within = 200;  // hundredths of a per cent

Bytes size_of(const std::string& words) {
  const QuantityReading reading = read_quantity(words, Dimension::size);
  if (!reading.value) throw InputError("--most " + words, reading.problem, reading.hint);
  if (*reading.value < 1'000 || *reading.value > 1'073'741'824) {
    throw InputError("--most " + words, "the rows go from 1KB to 1GB", "--most 16MiB");
  }
  return {*reading.value};
}

}  // namespace

void BenchCollectives::add_to(CLI::App& bench) {
  command_ = bench.add_subcommand("collectives", "collectives beside their closed forms");
  command_->add_option("--most", most_, "the largest size to run, up to 1GB")->type_name("SIZE")->capture_default_str();
  command_->add_option("--only", only_, "only the rows of this algorithm")->type_name("NAME");
  command_->add_option("--threads", threads_, "threads of each run")->type_name("N")->check(CLI::Range(1, 256));
}

bool BenchCollectives::asked() const { return command_->parsed(); }

Duration BenchCollectives::time_of(const std::string& scenario) const {
  RunOptions options;
  options.threads = threads_;
  options.interrupt = interrupt_->flag();
  const Results results = weft::run(parse_scenario(scenario, "bench.yaml", {}), options);
  if (results.status != RunStatus::done || results.collectives.size() != 1) return {};
  return results.collectives.front().end - results.collectives.front().start;
}

void BenchCollectives::judge(const CollectiveRow& row, const Table& table) {
  const Duration ours = time_of(row.scenario);
  if (interrupt_->asked()) return;
  const std::int64_t off = deviation(ours.v, row.expected.v);
  const bool good = std::abs(off) <= within;
  ++rows_;
  good_ += good ? 1 : 0;
  std::cout << table.row({row.operation, row.algorithm, std::to_string(row.ranks), std::to_string(row.size.v), in_microseconds(ours.v),
                          in_microseconds(row.expected.v), percent_text(off), good ? "yes" : "NO"})
            << std::endl;
}

ExitCode BenchCollectives::run() {
  const Interrupt interrupt;
  interrupt_ = &interrupt;
  const CollectiveTime time = [this](const std::string& scenario) { return time_of(scenario); };
  const Table table({"    operation", "       algorithm", "ranks", "     bytes", "simulated us", "  formula us", "difference", "good"});
  std::cout << table.header() << '\n';
  for (const CollectiveRow& row : collective_rows(size_of(most_), time)) {
    if (!interrupt.asked() && (only_.empty() || row.algorithm == only_)) judge(row, table);
  }
  if (interrupt.asked()) return ExitCode::interrupted;
  if (rows_ == 0) throw InputError("--only " + only_, "no row has this algorithm", "--only ring");
  std::cout << good_ << " of " << rows_ << " rows within 2 %\n";
  return good_ == rows_ ? ExitCode::done : ExitCode::internal;
}

}  // namespace weft
