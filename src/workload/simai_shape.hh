// How many ranks run a SimAI trace, and in which groups: what its first line says, or what the scenario puts in its place.
//
// Ranks = tensor * data * pipeline, in Megatron's order (training/groups.hh): tensor neighbours, then data, then pipeline stages.
// An expert group is `ep` neighbouring replicas, a data-expert group every `ep`-th of them. Replicas: `data_parallel` of the
// scenario; else all_gpus / (tensor * pipeline); else `ranks`, or the hosts there are, / (tensor * pipeline).
// vpp counts the chunks of a stage (the reference divides the bubble by it); with one stage it means nothing.
// What was changed is said in `scaled`; sizes and times of a rank stay those of the file.
// Errors: InputError at the file's first line, or at the entry where a key is at fault, for what does not divide.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "workload/draft.hh"
#include "workload/simai_file.hh"
#include "workload/training/plan.hh"

namespace weft {

struct SimaiShape {
  training::Plan plan;  // degrees and `expert` alone
  std::uint32_t chunks = 1;
  std::vector<std::string> scaled;
};

// `hosts`: how many the entry may use.
[[nodiscard]] SimaiShape simai_shape(const SimaiFile& file, const WorkloadParameters& parameters, std::uint32_t hosts);

}  // namespace weft
