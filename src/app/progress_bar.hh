// One line that shows how far a run is: share, simulated time, packet-hops a second, time left.
//
// Rule: the share is the largest of flows completed, packet-hops of what is expected, and simulated time of `duration`; it
// never falls and stays below 100 % until the end. Only a terminal sees it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "base/units.hh"
#include "scenario/scenario.hh"
#include "sim/run.hh"

namespace weft {

// What a whole run is thought to take.
struct Expected {
  double packet_hops = 0;  // 0: not known
  std::optional<Time> duration;
};

// First deliveries of data packets times the links of their paths, estimated from at most 1,024 of the flows.
[[nodiscard]] Expected expected_work(const Scenario& scenario);

class ProgressBar {
 public:
  explicit ProgressBar(const Expected& expected) : expected_(expected) {}

  // The line for this state, at most 79 columns.
  [[nodiscard]] std::string line(const Progress& progress);

 private:
  Expected expected_;
  double share_ = 0;
};

[[nodiscard]] bool standard_error_is_terminal();

}  // namespace weft
