// make_fault_plan(): what a scenario's link changes mean for the fault notices of its scheduled fabric.
#pragma once

#include <memory>

#include "fabric/fault_plan.hh"
#include "fabric/gse_plan.hh"

namespace weft {

struct Network;

// Null: no link of the fabric changes after the start, or nothing is told.
[[nodiscard]] std::unique_ptr<FaultPlan> make_fault_plan(const Network& network);
// The number of the change that a port of `node` sees, and one; 0: none.
[[nodiscard]] std::uint64_t change_seen(const FaultPlan* plan, std::uint32_t node, std::uint16_t port, std::uint32_t version, bool up);
// Neighbours of a switch within the fabric.
[[nodiscard]] std::vector<FabricNeighbour> fabric_neighbours(const Network& network, std::uint32_t node);

}  // namespace weft
