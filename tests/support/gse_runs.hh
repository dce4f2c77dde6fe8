// Scheduled fabrics run as a whole: what their tests look at.
#pragma once

#include <algorithm>
#include <string>
#include <vector>

#include "base/error.hh"
#include "support/sim_runs.hh"

namespace weft::test {

inline std::uint64_t gse_count(const Results& results, const std::string& name) {
  for (const NamedCount& count : results.gse) {
    if (count.name == name) return count.count;
  }
  ADD_FAILURE() << "no count " << name;
  return 0;
}

// Nothing ever reaches a host behind what left later.
inline Results run_watched(const Scenario& scenario, unsigned threads = 1) {
  RunOptions options;
  options.threads = threads;
  options.order_check = true;
  return run(scenario, options);
}
inline Results in_order(const Scenario& scenario, unsigned threads = 1) {
  Results results = run_watched(scenario, threads);
  EXPECT_EQ(results.out_of_order, 0U);
  return results;
}
inline Results in_order(const std::string& text, const std::vector<std::string>& overrides = {}, unsigned threads = 1) {
  return in_order(scenario_of(text, overrides), threads);
}

// A RoCE responder that sees a gap answers with a NAK.
inline void expect_order_kept(const Results& results) {
  EXPECT_EQ(results.status, RunStatus::done) << results.status_reason;
  for (const FlowResult& flow : results.flows) {
    EXPECT_EQ(flow.naks, 0U) << flow.spec.label;
    EXPECT_EQ(flow.retransmissions, 0U) << flow.spec.label;
  }
  EXPECT_EQ(results.counters.drops, 0U);
  EXPECT_EQ(gse_count(results, "queues_made"), gse_count(results, "queues_released"));
}

// Every frame is built, parsed and compared on its way.
inline Results run_wire_checked(const std::string& text, const std::vector<std::string>& overrides = {}) {
  RunOptions options;
  options.wire_check = options.order_check = true;
  Results results = run(scenario_of(text, overrides), options);
  EXPECT_EQ(results.out_of_order, 0U);
  return results;
}

// With so little initial credit there are requests and grants among the frames.
inline void expect_frames_hold(const std::string& network) {
  const Results r = run_wire_checked(network + "workloads: [ { kind: permutation, size: 100KB } ]\n",
                                     {"fabric.gse.initial_credit=10KB", "fabric.congestion=dcqcn"});
  expect_order_kept(r);
  EXPECT_GT(gse_count(r, "requests"), 0U);
}

struct Refusal {
  const char *overrides, *part;  // and what must be said of them
};

inline void expect_refused(const std::string& network, const Refusal& refusal) {
  try {
    run_text(network + "workloads: [ { kind: flows, flows: [ { src: 0, dst: 1, size: 1KB } ] } ]\n", {refusal.overrides});
    ADD_FAILURE() << "accepted: " << refusal.overrides;
  } catch (const InputError& error) {
    const std::string said = std::string(error.what()) + " | " + error.hint();
    EXPECT_NE(said.find(refusal.part), std::string::npos) << refusal.overrides << "\nsaid: " << said;
  }
}

// Bits a second of the slowest flow: what a larger size of it takes longer.
inline double least_steady_rate(const Results& small, const Results& large) {
  const auto taken = [](const FlowResult& flow) { return seconds(flow.receiver_done - flow.start); };
  double least = 1e300;
  for (std::size_t i = 0; i < large.flows.size(); ++i) {
    const auto more = static_cast<double>((large.flows[i].spec.size - small.flows[i].spec.size).v) * 8;
    least = std::min(least, more / (taken(large.flows[i]) - taken(small.flows[i])));
  }
  return least;
}

}  // namespace weft::test
