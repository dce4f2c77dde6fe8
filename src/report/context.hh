// ReportContext: what a report says about the scenario, beside the results. The caller fills it from the scenario it ran,
// so that report/ needs to know nothing of how scenarios are written.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace weft {

struct ReportContext {
  std::string name = "unnamed";  // Scenario::name
  std::string scenario_file{};   // where it was read from; empty: not from a file
  std::string scenario_text{};   // the effective YAML, --set applied
  std::uint64_t seed = 1;
  std::string version{};                 // weft's own
  std::vector<std::string> workloads{};  // the kind of each entry of `workloads`, in order; may be empty
};

}  // namespace weft
