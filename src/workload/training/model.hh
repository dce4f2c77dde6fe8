// Parameters of a model by part: what is computed with, reduced and gathered.
//
//   attention   h*a*d + 2*h*k*d + a*d*h            h hidden, a heads, k kv heads, d head size
//   latent      h*q + q*a*(d+r) + h*(z+r) + z*a*(d+v) + a*v*h   q query rank (0: h*a*(d+r) in place of the first two), z kv rank,
//                                                  r rope head, v value head; d the part of a head without rotation
//   ffn         2*h*f, gated 3*h*f                 f ffn hidden
//   experts     router h*E, shared S*ffn(g), routed E*ffn(g); g expert ffn hidden
//   embedding   (V + positions)*h; head V*h, none of its own where it is tied
// Norms and biases are left out: below a thousandth of a layer.
// Source: Narayanan et al., Efficient Large-Scale Language Model Training on GPU Clusters (arXiv:2104.04473), appendix; Llama 2
// (arXiv:2307.09288) for grouped and gated parts; DeepSeek-V2 (arXiv:2405.04434), section 2.1, for latent attention.
#pragma once

#include <cstdint>

#include "workload/training/parameters.hh"

namespace weft::training {

using Count = std::int64_t;

enum class LayerKind : std::uint8_t { dense, experts };

[[nodiscard]] std::uint32_t kv_heads(const ModelParameters& model);
[[nodiscard]] std::uint32_t head_size(const ModelParameters& model);
[[nodiscard]] LayerKind layer_kind(const ModelParameters& model, std::uint32_t layer);

[[nodiscard]] Count attention_parameters(const ModelParameters& model);
[[nodiscard]] Count ffn_parameters(const ModelParameters& model);
[[nodiscard]] Count expert_parameters(const ModelParameters& model);         // of one expert
[[nodiscard]] Count shared_expert_parameters(const ModelParameters& model);  // router and shared experts
[[nodiscard]] Count embedding_parameters(const ModelParameters& model);
[[nodiscard]] Count head_parameters(const ModelParameters& model);  // of its matrix, tied or not
[[nodiscard]] Count model_parameters(const ModelParameters& model);

// Bytes of keys and values of one token in one layer, before tensor parallelism: 2*k*d, or z+r of latent attention.
[[nodiscard]] Bytes kv_bytes(const ModelParameters& model);

}  // namespace weft::training
