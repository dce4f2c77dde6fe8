// Costs: how long a GPU computes on each part of one micro-batch, and how much each part makes it send.
//
// Time = FLOPs / (tensor * context) / (peak * efficiency), rounded to the picosecond; backward twice the forward; or what a
// profile file says. Recomputation is not in here: it runs forward parts again. Attention has two times, projections and scores,
// because context parallelism sends beside the scores; a profile's figure is split as the FLOPs are.
// Optimizer (Adam in mixed precision): a parameter moves gradient + 24 + weight bytes: its gradient and weight once, fp32 master
// weight and both moments read and written; over the memory's rate, over the ranks that share its state from ZeRO 1 on. No time
// where the machine's memory rate is not known. Left out: norms, activations, dropout, the sum of squares for gradient clipping.
// Units: picoseconds, bytes. Errors: InputError at `where` when a peak or an efficiency is missing.
#pragma once

#include <string>

#include "workload/training/flops.hh"
#include "workload/training/plan.hh"
#include "workload/training/profile.hh"

namespace weft::training {

struct Costs {
  PartTime projections, scores, ffn, shared, routed, embedding, head;  // routed: with equal loads
  bool optimizer_measured = false;
  Duration optimizer{};  // when measured
  Rate memory_rate{};    // else
};

[[nodiscard]] Costs make_costs(const TrainingParameters& training, const Plan& plan, const std::string& where);

// What a rank of the plan holds of one layer, embedding or head.
struct Share {
  Count dense = 0;   // parameters that all replicas share
  Count expert = 0;  // parameters of its experts
};
[[nodiscard]] Share layer_share(const ModelParameters& model, const Plan& plan, LayerKind kind);
[[nodiscard]] Share embedding_share(const ModelParameters& model, const Plan& plan);
// Nothing where it is tied to the embedding of the same stage.
[[nodiscard]] Share head_share(const ModelParameters& model, const Plan& plan);

// Activations of a micro-batch between layers: micro_batch * sequence / context * hidden elements, whole or as one tensor rank
// has them under sequence parallelism.
[[nodiscard]] Bytes activation_bytes(const ModelParameters& model, const Plan& plan);
// Tokens that one rank routes: a micro-batch's over context and, with sequence parallelism, tensor.
[[nodiscard]] Count routed_tokens(const ModelParameters& model, const Plan& plan);

[[nodiscard]] Duration optimizer_time(const Costs& costs, const ModelParameters& model, const Plan& plan, const Share& share);

}  // namespace weft::training
