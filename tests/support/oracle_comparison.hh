// What the tests of the rules of execution compare: everything a run says of itself, as text, from the oracle and from windows.
#pragma once

#include <algorithm>
#include <sstream>
#include <string>

#include "support/oracle.hh"

namespace weft::test {

inline std::string summary_line(const Results& r) {
  std::ostringstream out;
  out << "hash " << r.state_hash << " time " << r.simulated_time.ps << " hops " << r.counters.packet_hops << '+' << r.counters.other_hops
      << " drops " << r.counters.drops_buffer << '/' << r.counters.drops_loss << '/' << r.counters.drops_down << " marks "
      << r.counters.ecn_marks << " pauses " << r.counters.pauses << " damaged " << r.counters.corrupted << '/' << r.counters.drops_corrupted
      << " replays " << r.counters.link.replays << '/' << r.counters.link.timeouts << '/' << r.counters.link.flushed << " credits "
      << r.counters.link.credits_healed << '/' << r.counters.link.credit_blocked.v << " retransmissions " << r.counters.retransmissions
      << '\n';
  return out.str();
}

inline std::string flow_lines(const Results& r) {
  std::ostringstream out;
  for (const FlowResult& f : r.flows) {
    out << f.spec.label << ' ' << static_cast<int>(f.status) << ' ' << f.start.ps << ' ' << f.sender_done.ps << ' ' << f.receiver_done.ps
        << ' ' << f.packets << ' ' << f.retransmissions << ' ' << f.timeouts << ' ' << f.naks << ' ' << f.cnps << ' ' << f.ecn_marked
        << '\n';
  }
  return out.str();
}

inline std::string outcome(const Results& r) { return summary_line(r) + flow_lines(r); }

struct OracleRun {
  Results results;
  Duration longest_window{};
};

inline OracleRun run_oracle(const Scenario& scenario) {
  const RunOptions options;
  Simulation simulation(scenario, options);
  Oracle(simulation).run();
  return {simulation.results(), simulation.network().lookahead};
}

struct WindowedRun {
  std::string outcome;
  std::uint64_t windows_by_port = 0;
};

inline WindowedRun run_windows(const Scenario& scenario, unsigned threads, const Execution& execution) {
  RunOptions options;
  options.threads = threads;
  Simulation simulation(scenario, options);
  simulation.execute(execution);
  WindowedRun run{outcome(simulation.results())};
  for (const Switch* node : simulation.network().switches) run.windows_by_port += node == nullptr ? 0 : node->windows_by_port();
  return run;
}

inline std::string run_windowed(const Scenario& scenario, unsigned threads, const Execution& execution) {
  return run_windows(scenario, threads, execution).outcome;
}

// The scenario with flows added that start at a host at the very instant at which another flow's last packet arrives there: a
// timer and an arrival of one instant. What came before is unchanged, so the instants of `results` hold.
inline Scenario with_tied_starts(Scenario scenario, const Results& results) {
  WorkloadParameters& w = scenario.workloads.front();
  std::uint32_t added = 0;
  for (const FlowResult& f : results.flows) {
    if (f.status != FlowStatus::completed || f.spec.operation == Operation::read || added == 4) continue;
    FlowSpec back;
    back.src = f.spec.dst;
    back.dst = f.spec.src;
    back.size = {9'000};
    back.start = f.receiver_done;
    back.operation = Operation::write;
    back.label = 1000 + added++;
    w.flows.push_back(back);
    w.flow_lines.push_back(0);
  }
  return scenario;
}

}  // namespace weft::test
