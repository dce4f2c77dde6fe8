// One line that shows how far a run is: share, simulated time, packet-hops a second, time left.
//
// Rule: the share is the largest of flows completed, packet-hops of what is expected, and simulated time of `duration`; it
// never falls and stays below 100 % until the end. Only a terminal sees it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "base/units.hh"
#include "sim/run.hh"

namespace weft {

class ProgressBar {
 public:
  explicit ProgressBar(std::optional<Time> duration) : duration_(duration) {}

  // The line for this state, at most 79 columns.
  [[nodiscard]] std::string line(const Progress& progress);

 private:
  std::optional<Time> duration_;
  double share_ = 0;
};

[[nodiscard]] bool standard_error_is_terminal();

}  // namespace weft
