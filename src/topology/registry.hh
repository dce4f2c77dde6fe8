// build_topology(): the `topology:` mapping of a scenario in, a valid network out.
//
// Errors: InputError naming file and line for an unknown kind (with the nearest known one), counts that do not fit, and
// networks that validate() refuses.
#pragma once

#include <string>
#include <vector>

#include "topology/parameters.hh"
#include "topology/spec.hh"

namespace weft {

[[nodiscard]] TopologySpec build_topology(const TopologyParameters& parameters);

// The kinds a scenario may name, in the order of the registry.
[[nodiscard]] std::vector<std::string> topology_kinds();

}  // namespace weft
