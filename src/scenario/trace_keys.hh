// The keys of workloads that are read from traces of real work: kinds simai and chakra.
#pragma once

#include "scenario/tables.hh"

namespace weft {

void add_trace_keys(Section<WorkloadParameters>& section);

}  // namespace weft
