// `weft bench [FILE]`: how fast this machine simulates a scenario.
//
// Rule: the same scenario N times, one after the other, in this process; the figure is the median of packet_hops / run_s.
#include <sys/utsname.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <fstream>
#include <iostream>
#include <string>
#include <thread>
#include <vector>

#include "app/bench_collectives.hh"
#include "app/bench_uec.hh"
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

std::string processor() {
  std::ifstream file("/proc/cpuinfo");
  for (std::string line; std::getline(file, line);) {
    const auto colon = line.find(": ");
    if (line.rfind("model name", 0) == 0 && colon != std::string::npos) return line.substr(colon + 2);
  }
  return "unknown processor";
}

std::string milliseconds(double seconds) { return fixed(static_cast<std::int64_t>(seconds * 1000 + 0.5), 3) + " s"; }

class BenchCommand : public Command {
 public:
  CLI::App* add_to(CLI::App& program) override {
    CLI::App* command = program.add_subcommand("bench", "how fast this machine simulates (default: the example permutation-1024)");
    scenario_.add_to(*command, "permutation-1024");
    command->add_option("--runs", runs_, "how often; the median counts")->type_name("N")->check(CLI::Range(1, 10'000));
    command->add_option("--threads", options_.threads, "threads of each run")->type_name("N")->check(CLI::Range(1, 256));
    uec_.add_to(*command);
    collectives_.add_to(*command);
    return command;
  }

  ExitCode run() override {
    if (uec_.asked()) return uec_.run();
    if (collectives_.asked()) return collectives_.run();
    const Interrupt interrupt;
    options_.interrupt = interrupt.flag();
    const Scenario scenario = scenario_.load();
    std::cout << scenario.name << ", weft " << version() << ", " << processor() << ", " << std::thread::hardware_concurrency()
              << " cores\n";
    const Table table({"run", "threads", "set-up", "run time", "packet-hops", "hops/s", "peak memory", "state hash"});
    std::cout << table.header() << '\n';
    std::vector<double> rates;
    for (unsigned i = 1; i <= runs_; ++i) {
      const Results results = weft::run(scenario, options_);
      if (interrupt.asked()) return ExitCode::interrupted;
      std::cout << table.row({std::to_string(i), std::to_string(results.threads), milliseconds(results.setup_s),
                              milliseconds(results.run_s), count_text(static_cast<double>(results.counters.packet_hops)),
                              count_text(packet_hops_per_s(results)), bytes_text(results.peak_rss_bytes), hex64(results.state_hash)})
                << std::endl;
      rates.push_back(packet_hops_per_s(results));
      if (exit_code_of(results) != ExitCode::done) return exit_code_of(results);
    }
    std::sort(rates.begin(), rates.end());
    std::cout << "median: " << count_text(rates[rates.size() / 2]) << " packet-hops/s (" << count_text(rates.front()) << " to "
              << count_text(rates.back()) << ", " << rates.size() << " runs)\n";
    return ExitCode::done;
  }

 private:
  BenchUec uec_;
  BenchCollectives collectives_;
  ScenarioOptions scenario_;
  RunOptions options_;
  unsigned runs_ = 9;
};

}  // namespace

std::unique_ptr<Command> make_bench_command() { return std::make_unique<BenchCommand>(); }

}  // namespace weft
