// What links that changed did to a run, for people (one line each) and for summary.json. Times are counted from the change.
#pragma once

#include <string>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "report/results.hh"

namespace weft {

[[nodiscard]] std::vector<std::string> fault_lines(const Results& results);
[[nodiscard]] nlohmann::ordered_json faults_array(const Results& results);

}  // namespace weft
