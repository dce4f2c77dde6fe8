// What a scenario says of a SimAI trace (kind simai) beside the file: how much smaller than written it is run.
#pragma once

#include <cstdint>

#include "workload/training/parameters.hh"

namespace weft {

// 0: as the file says.
struct SimaiParameters {
  std::uint32_t data_parallel = 0;  // replicas
  std::uint32_t expert_parallel = 0;
  std::uint32_t pipeline_parallel = 0;  // stages
  std::uint32_t virtual_stages = 0;     // chunks of a stage
  SampleParameters sample;
};

}  // namespace weft
