// What a run's results mean for the exit code.
#pragma once

#include <algorithm>

#include "app/exit_code.hh"
#include "report/results.hh"

namespace weft {

// A flow that failed counts as stuck: it will never complete.
[[nodiscard]] inline ExitCode exit_code_of(const Results& results) {
  if (results.status == RunStatus::interrupted) return ExitCode::interrupted;
  const bool failed =
      std::any_of(results.flows.begin(), results.flows.end(), [](const FlowResult& flow) { return flow.status == FlowStatus::failed; });
  return results.status == RunStatus::stuck || failed ? ExitCode::stuck : ExitCode::done;
}

}  // namespace weft
