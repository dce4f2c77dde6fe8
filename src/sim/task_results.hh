// What task graphs leave behind: the time and bandwidth of each collective, what each rank did, when tasks ended.
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
// When the task was done at a host of its own (what is no message has one; a receiver's span may begin at the sender's);
// never(): it is not.
[[nodiscard]] Time done_at(const Network& network, std::uint32_t work, collective::TaskId task, std::uint32_t host);

}  // namespace weft
