// Which tasks never ran, and what they wait for: what is said of a job that cannot end.
//
// Rule: every task that has not begun stands with the first task before it that is not done. Those come first whose wait begins
// here: what they wait for has begun, and is under way or has failed. Ranks are the job's; tasks say of which collective they are.
#pragma once

#include <vector>

#include "report/results.hh"
#include "sim/network.hh"

namespace weft {

// Until there are `most` edges.
void add_waiting_tasks(const Network& network, std::size_t most, std::vector<WaitEdge>& edges);

}  // namespace weft
