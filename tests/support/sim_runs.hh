// Scenarios written as text, run, and looked at: what the tests of the simulator share.
#pragma once

#include <gtest/gtest.h>

#include <cstdlib>
#include <string>
#include <vector>

#include "scenario/load.hh"
#include "sim/run.hh"

namespace weft::test {

// Long tests run only when the environment variable WEFT_FULL is set (`./check --full`).
inline bool full() { return std::getenv("WEFT_FULL") != nullptr; }
inline constexpr const char* only_full = "a long run: set WEFT_FULL=1";

inline Scenario scenario_of(const std::string& text, const std::vector<std::string>& overrides = {}) {
  return parse_scenario(text, "test.yaml", overrides);
}
inline Results run_text(const std::string& text, const std::vector<std::string>& overrides = {}, unsigned threads = 1) {
  RunOptions options;
  options.threads = threads;
  return run(scenario_of(text, overrides), options);
}

// The port from node `from` to node `to`.
inline const PortResult& port_named(const Results& results, const std::string& from, const std::string& to) {
  for (const PortResult& port : results.ports) {
    if (port.from == from && port.to == to) return port;
  }
  ADD_FAILURE() << "no port " << from << '>' << to;
  return results.ports.front();
}

inline std::uint64_t completed(const Results& results) {
  std::uint64_t count = 0;
  for (const FlowResult& flow : results.flows) count += flow.status == FlowStatus::completed ? 1 : 0;
  return count;
}
inline double microseconds(Duration d) { return static_cast<double>(d.v) / 1e6; }
inline double seconds(Duration d) { return static_cast<double>(d.v) / 1e12; }

}  // namespace weft::test
