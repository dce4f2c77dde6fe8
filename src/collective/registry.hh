// append(): one collective in, its tasks appended to a graph, and for each member the task that ends its share.
//
// `after` holds, by member, the task that its share waits for (empty: none; an invalid id: none for this member); the result
// likewise (an invalid id: nothing to wait for). A group of one, or no bytes, needs no task, but all-to-all copies its own part.
// Errors: InputError at the request's `where`: what check_request refuses, an algorithm that does not exist for the operation,
// servers that do not divide, a graph that would be too large.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "collective/ends.hh"
#include "collective/request.hh"
#include "collective/task_graph.hh"

namespace weft::collective {

[[nodiscard]] Front append(TaskGraph& graph, const Request& request, std::span<const TaskId> after = {});

// In the order of the registry.
[[nodiscard]] std::vector<std::string> algorithm_names(Operation operation);

}  // namespace weft::collective
