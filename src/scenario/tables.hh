// The tables that describe a scenario, one function a mapping. A new key is one line in one of them, and a field.
//
// Units and errors: see quantity.hh and reader.hh. Defaults are those of the parameter structs, never repeated here.
#pragma once

#include "scenario/scenario.hh"
#include "scenario/section.hh"

namespace weft {

[[nodiscard]] Section<LinkParameters> link_section(const std::string& path, const std::string& inherits);
[[nodiscard]] Section<TopologyParameters> topology_section();
[[nodiscard]] Section<FabricParameters> fabric_section();
void add_fabric_rules(Section<FabricParameters>& section);  // what of `fabric` goes together
[[nodiscard]] Section<LinkCondition> condition_section();
[[nodiscard]] Section<WorkloadParameters> workload_section();
[[nodiscard]] Section<Scenario> scenario_section();

}  // namespace weft
