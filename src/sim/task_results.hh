// What task graphs leave behind: the time and bandwidth of each collective, and which tasks never ran, and why.
#pragma once

#include <vector>

#include "report/results.hh"
#include "sim/network.hh"

namespace weft {

// Starts at each rank when the rank does. Ends: when its last result was there; acknowledgements that are still to come do not count.
[[nodiscard]] std::vector<CollectiveResult> collective_results(const Network& network);
// Of entries that have iterations.
[[nodiscard]] std::vector<JobResult> job_results(const Network& network);
// Local tasks, by graph and task; messages are flows.
[[nodiscard]] std::vector<Time> local_ends(const Network& network);
// Adds tasks that have not started, each with the first one that it waits for, until there are `most` edges.
void add_waiting_tasks(const Network& network, std::size_t most, std::vector<WaitEdge>& edges);

}  // namespace weft
