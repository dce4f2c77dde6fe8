// FLOPs of the forward pass of one micro-batch, by part, of the whole model (tensor and context parallelism divide them).
//
// n tokens, s of them a sequence; a multiply-add counts two:
//   projections   2 * parameters * n            scores  4*s*a*d*n: every token with every one, masked or not, as the source counts
//   latent        scores 2*s*a*(d+r)*n + 2*s*a*v*n
//   ffn           2 * parameters * n            experts: top_k of them a token; head 2*h*V*n; embedding none
// The backward pass takes twice that. Without experts and gates, with f = 4h, a layer takes 24*n*h^2 + 4*n*s*h forward, and an
// iteration with full recomputation 96*n*l*h^2*(1 + s/6h + V/16lh), the last term for the head.
// Units: exact integers. Source: Narayanan et al. 2021 (arXiv:2104.04473), section 5.1 and appendix, equation (3).
#pragma once

#include "workload/training/model.hh"

namespace weft::training {

using Flops = __int128;

[[nodiscard]] Flops projection_flops(const ModelParameters& model, Count tokens);
[[nodiscard]] Flops score_flops(const ModelParameters& model, Count tokens);
[[nodiscard]] Flops ffn_flops(const ModelParameters& model, Count tokens);
[[nodiscard]] Flops shared_expert_flops(const ModelParameters& model, Count tokens);  // router and shared experts
[[nodiscard]] Flops routed_flops(const ModelParameters& model, Count tokens);
[[nodiscard]] Flops head_flops(const ModelParameters& model, Count tokens);

// Forward and backward of all layers and the head; `recompute` full runs the layers forward once more, selective the scores.
[[nodiscard]] Flops iteration_flops(const ModelParameters& model, Count tokens, Recompute recompute);

}  // namespace weft::training
