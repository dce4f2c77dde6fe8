// generate(): the `workloads:` list of a scenario in, all its flows and triggers out, checked and merged in the list's order.
//
// Rules: a trigger belongs to its entry, ids are moved on when merging; FlowSpec::workload is the entry's position; labels
// stay as the entry gave them. The same scenario and seed give the same traffic on every machine.
// Errors: InputError naming file and line: see generators.hh, draft.hh, cm_file.hh, trigger_check.hh.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/units.hh"
#include "workload/flow.hh"
#include "workload/network_shape.hh"
#include "workload/parameters.hh"

namespace weft {

[[nodiscard]] Traffic generate(const std::vector<WorkloadParameters>& workloads, const NetworkShape& network, std::uint64_t seed);
// For a network of plain hosts.
[[nodiscard]] Traffic generate(const std::vector<WorkloadParameters>& workloads, std::uint32_t hosts, Rate host_rate, std::uint64_t seed);

// The kinds a scenario may name, in the order of the registry.
[[nodiscard]] std::vector<std::string> workload_kinds();

}  // namespace weft
