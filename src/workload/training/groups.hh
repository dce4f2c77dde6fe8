// Groups: which rank stands where in the plan, and who communicates with whom.
//
// A rank is a number with one digit a dimension, the fastest first in `order`; the default is Megatron's: tensor, context, data,
// pipeline. So a tensor group is a run of neighbours, and a pipeline's stages are far apart.
//   tensor(r)     all that differ in the tensor digit alone; context and data likewise
//   replicas(r)   all that differ in context and data: they share the dense parameters
//   expert(r)     `expert` consecutive ones of replicas(r): each has other experts
//   expert_replicas(r)  every `expert`-th of replicas(r): they share experts
// Members come in the order of their digits. A stage's ranks come in the order of their numbers.
// Source: Megatron-LM, megatron/core/parallel_state.py (the order "tp-cp-ep-dp-pp").
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "workload/training/plan.hh"

namespace weft::training {

using Rank = std::uint32_t;
using Coordinates = std::array<std::uint32_t, dimension_names.size()>;  // by Dimension

class Groups {
 public:
  explicit Groups(const Plan& plan);

  [[nodiscard]] Coordinates coordinates(Rank rank) const;
  [[nodiscard]] Rank rank(const Coordinates& at) const;
  [[nodiscard]] std::vector<Rank> along(Rank rank, Dimension dimension) const;
  [[nodiscard]] std::vector<Rank> replicas(Rank rank) const;
  [[nodiscard]] std::vector<Rank> expert(Rank rank) const;
  [[nodiscard]] std::vector<Rank> expert_replicas(Rank rank) const;
  // Its position among replicas(rank).
  [[nodiscard]] std::uint32_t replica(Rank rank) const;
  // The same place at another stage.
  [[nodiscard]] Rank at_stage(Rank rank, std::uint32_t stage) const;
  [[nodiscard]] const std::vector<Rank>& stage(std::uint32_t stage) const { return stages_[stage]; }

 private:
  std::array<std::uint32_t, dimension_names.size()> degree_;
  std::array<std::uint32_t, dimension_names.size()> stride_{};
  std::uint32_t expert_;
  std::vector<std::vector<Rank>> stages_;
};

// All groups of a kind among the ranks of a stage: `of` maps a rank to its group; each group comes once, where its first is met.
template <class Of>
[[nodiscard]] std::vector<std::vector<Rank>> each_group(const std::vector<Rank>& ranks, const Of& of) {
  std::vector<std::vector<Rank>> groups;
  for (const Rank rank : ranks) {
    std::vector<Rank> group = of(rank);
    if (group.front() == rank) groups.push_back(std::move(group));
  }
  return groups;
}

}  // namespace weft::training
