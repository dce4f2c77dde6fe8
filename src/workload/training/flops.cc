#include "workload/training/flops.hh"

namespace weft::training {

Flops projection_flops(const ModelParameters& model, Count tokens) { return Flops{2} * attention_parameters(model) * tokens; }

Flops score_flops(const ModelParameters& model, Count tokens) {
  const Flops pairs = Flops{model.sequence} * model.heads * tokens;
  if (model.kv_rank == 0) return 4 * pairs * head_size(model);
  return 2 * pairs * (head_size(model) + model.rope_head) + 2 * pairs * model.value_head;
}

Flops ffn_flops(const ModelParameters& model, Count tokens) { return Flops{2} * ffn_parameters(model) * tokens; }

Flops shared_expert_flops(const ModelParameters& model, Count tokens) { return Flops{2} * shared_expert_parameters(model) * tokens; }

Flops routed_flops(const ModelParameters& model, Count tokens) { return Flops{2} * expert_parameters(model) * model.top_k * tokens; }

Flops head_flops(const ModelParameters& model, Count tokens) { return Flops{2} * head_parameters(model) * tokens; }

Flops iteration_flops(const ModelParameters& model, Count tokens, Recompute recompute) {
  Flops sum = 3 * head_flops(model, tokens);
  for (std::uint32_t layer = 0; layer < model.layers; ++layer) {
    const Flops mlp = layer_kind(model, layer) == LayerKind::dense ? ffn_flops(model, tokens)
                                                                   : shared_expert_flops(model, tokens) + routed_flops(model, tokens);
    const Flops scores = score_flops(model, tokens);
    const Flops forward = projection_flops(model, tokens) + scores + mlp;
    const Flops again = recompute == Recompute::full ? forward : recompute == Recompute::selective ? scores : 0;
    sum += 3 * forward + again;
  }
  return sum;
}

}  // namespace weft::training
