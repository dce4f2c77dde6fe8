// TaskWork: one entry of `workloads:` that is a task graph, not a list of flows: the graph, where its ranks are, and which flows
// carry its messages.
//
// Ranks of the graph: rank r is host r; which rank of the job that is, JobRecord::hosts says. Messages: in the order of their
// tasks they are the flows first_flow, first_flow + 1, ... of the traffic; each names its task in FlowSpec::label. A message of no
// bytes travels as one of a single byte, since no transport carries an empty one. Local work (reduce, copy) takes its bytes at
// local_rate, or no time where that is 0.
// Units: bytes, bits a second, picoseconds. Bound: max_flows tasks (draft.hh).
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/units.hh"
#include "collective/task_graph.hh"
#include "workload/job.hh"

namespace weft {

struct TaskWork {
  collective::TaskGraph graph;
  JobRecord job;
  Time start{};
  Rate local_rate{};
  std::uint32_t first_flow = 0;
  std::uint32_t messages = 0;
  std::uint16_t workload = 0;
};

}  // namespace weft
