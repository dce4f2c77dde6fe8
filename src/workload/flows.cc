#include "workload/generators.hh"

namespace weft {

Draft generate_flows(const WorkloadParameters& parameters, const Surroundings&) {
  if (parameters.flows.empty()) workload_error(parameters, "`flows` is missing or empty", "flows: [{ src: 0, dst: 1, size: 2MB }]");
  Draft draft = draft_for(parameters);
  draft.traffic = {.flows = parameters.flows, .triggers = parameters.triggers};
  draft.flow_lines = parameters.flow_lines;
  return draft;
}

}  // namespace weft
