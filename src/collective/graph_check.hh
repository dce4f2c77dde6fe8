// check_graph(): can this graph run to its end on `ranks` ranks?
//
// Rules: ranks and switches exist; sizes and durations are not negative; a message has two different ends, and a switch sends
// to and hears from its members alone; a dependency exists and is local: it is done at the place where the task that waits for
// it starts; no circle of dependencies.
// Errors: InputError whose message names the task at fault, or the circle; `where` is passed on.
#pragma once

#include <cstdint>
#include <string>

#include "collective/task_graph.hh"

namespace weft::collective {

void check_graph(const TaskGraph& graph, std::uint32_t ranks, const std::string& where);

}  // namespace weft::collective
