// The keys that jobs share, and which kinds of workload have them.
#pragma once

#include "scenario/tables.hh"

namespace weft {

[[nodiscard]] std::vector<std::string> job_kinds();      // run task graphs
[[nodiscard]] std::vector<std::string> compute_kinds();  // those of them that compute, too
void add_job_keys(Section<WorkloadParameters>& section);

}  // namespace weft
