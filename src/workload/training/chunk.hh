// Chunk: what a virtual stage computes, in forward order: perhaps the embedding, its layers, perhaps the head.
//
// Sampling: with k of n layers, each run of n identical layers is represented by k of them (all, if n <= k); the i-th stands for
// layers i*n/k up to (i+1)*n/k. Errors: none.
#pragma once

#include <cstdint>
#include <vector>

#include "workload/training/model.hh"
#include "workload/training/plan.hh"

namespace weft::training {

struct Item {
  enum class Kind : std::uint8_t { embedding, dense, experts, head };
  Kind kind = Kind::dense;
  std::uint32_t layer = 0;  // of the model
  std::uint32_t count = 1;  // layers it stands for
};

[[nodiscard]] std::vector<Item> chunk_items(const ModelParameters& model, const Plan& plan, std::uint32_t virtual_stage,
                                            std::uint32_t sampled_layers);

}  // namespace weft::training
