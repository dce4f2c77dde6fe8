// From one entry of `workloads:` and its surroundings to the settings of its JobBuilder, and from the finished work to a Draft.
//
// Errors: InputError at the entry for more ranks than hosts, a rank, algorithm or operation that does not exist.
#pragma once

#include "workload/draft.hh"
#include "workload/job_builder.hh"

namespace weft {

// How many hosts the entry may use: those it lists, or all of the network.
[[nodiscard]] std::uint32_t hosts_for(const WorkloadParameters& parameters, const Surroundings& around);
// `ranks`: how many the job needs; 0: `ranks` of the entry, or all hosts it may use.
[[nodiscard]] JobSettings job_settings(const WorkloadParameters& parameters, const Surroundings& around, std::uint32_t ranks);
// Each message becomes a flow that the runner of task graphs starts. Refuses graphs that cannot run (collective/graph_check.hh).
[[nodiscard]] Draft draft_of(const WorkloadParameters& parameters, const Surroundings& around, TaskWork work);

}  // namespace weft
