// The words by which a scenario names choices of its fabric, in the order of their enumerations.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "fabric/parameters.hh"

namespace weft {

[[nodiscard]] std::vector<std::pair<std::string, LoadBalancing>> load_balancing_names();
[[nodiscard]] std::vector<std::pair<std::string, Recovery>> recovery_names();

[[nodiscard]] std::string name_of(LoadBalancing kind);
[[nodiscard]] std::string name_of(Recovery kind);

}  // namespace weft
