// Plan: a parallel plan that was checked: every degree known, everything divides.
//
// GPUs = tensor * context * data * pipeline; experts are dealt to groups inside context * data. Micro-batches = global batch /
// (data * micro batch). Layers are dealt in order: virtual stage v*pipeline + p belongs to pipeline stage p, as its v-th chunk.
// Errors: InputError at the plan's or the entry's line: what does not divide, a plan that needs more GPUs than there are.
// Source: Narayanan et al. 2021 (arXiv:2104.04473); Korthikanti et al. 2022 (arXiv:2205.05198) for sequence parallelism.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "workload/training/parameters.hh"

namespace weft::training {

enum class Dimension : std::uint8_t { tensor, context, data, pipeline };
inline constexpr std::array dimension_names{"tensor", "context", "data", "pipeline"};  // in the order of Dimension

struct Plan {
  std::array<std::uint32_t, dimension_names.size()> degree{1, 1, 1, 1};  // by Dimension
  std::array<Dimension, dimension_names.size()> order{Dimension::tensor, Dimension::context, Dimension::data, Dimension::pipeline};
  std::uint32_t expert = 1;
  bool sequence = false;
  std::uint32_t virtual_stages = 1;
  std::vector<std::uint32_t> layers;  // by virtual stage
  std::uint32_t zero = 0;
  Recompute recompute = Recompute::none;
  ContextExchange context_exchange = ContextExchange::ring;
  Bytes bucket{};
  bool overlap = true;
  std::uint32_t prefetch = 1;
  std::uint32_t micro_batch = 1;    // sequences
  std::uint32_t micro_batches = 1;  // of an iteration, at each data-parallel rank

  [[nodiscard]] std::uint32_t of(Dimension dimension) const { return degree[static_cast<std::size_t>(dimension)]; }
  [[nodiscard]] std::uint32_t tensor() const { return of(Dimension::tensor); }
  [[nodiscard]] std::uint32_t context() const { return of(Dimension::context); }
  [[nodiscard]] std::uint32_t data() const { return of(Dimension::data); }
  [[nodiscard]] std::uint32_t pipeline() const { return of(Dimension::pipeline); }
  [[nodiscard]] std::uint32_t replicas() const { return context() * data(); }  // share one set of dense parameters
  [[nodiscard]] std::uint32_t ranks() const { return tensor() * replicas() * pipeline(); }
};

// `where`: the entry, "file:line"; `available`: GPUs it may use.
[[nodiscard]] Plan make_plan(const TrainingParameters& training, const std::string& where, std::uint32_t available);

}  // namespace weft::training
