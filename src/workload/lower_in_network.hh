// lower_in_network(): a task graph whose switches compute becomes one among end points alone.
//
// A computing switch of the graph is the reducer of a real one: at level server that of the scale-up switch of the members'
// server, at level network that of the access switch which all members hang on. An upload or download is a transfer to or from
// the reducer, a network reduce takes no time there (the way to the reducer and back is the switch's pipeline), a multicast is
// a transfer to each member, in the order of members; what waited for it at a member waits for that member's copy.
// The record of the job (job.hh) follows the tasks to their new numbers.
// Errors: InputError at `where` that names the members at fault and what computes in this network.
#pragma once

#include <string>

#include "workload/network_shape.hh"
#include "workload/task_work.hh"

namespace weft {

// `limit`: tasks at most.
[[nodiscard]] TaskWork lower_in_network(TaskWork work, const NetworkShape& network, const std::string& where, std::size_t limit);

}  // namespace weft
