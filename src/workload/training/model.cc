#include "workload/training/model.hh"

namespace weft::training {
namespace {

Count ffn_of(const ModelParameters& model, Count inner) { return (model.gated_ffn ? 3 : 2) * Count{model.hidden} * inner; }

Count expert_inner(const ModelParameters& model) { return model.expert_ffn_hidden != 0 ? model.expert_ffn_hidden : model.ffn_hidden; }

}  // namespace

std::uint32_t kv_heads(const ModelParameters& model) { return model.kv_heads != 0 ? model.kv_heads : model.heads; }

std::uint32_t head_size(const ModelParameters& model) { return model.head_size != 0 ? model.head_size : model.hidden / model.heads; }

LayerKind layer_kind(const ModelParameters& model, std::uint32_t layer) {
  return model.experts > 0 && layer >= model.dense_layers ? LayerKind::experts : LayerKind::dense;
}

Count attention_parameters(const ModelParameters& model) {
  const Count h = model.hidden, a = model.heads, d = head_size(model);
  if (model.kv_rank == 0) return 2 * h * a * d + 2 * h * kv_heads(model) * d;
  const Count q = model.query_rank, z = model.kv_rank, r = model.rope_head, v = model.value_head;
  const Count query = q == 0 ? h * a * (d + r) : h * q + q * a * (d + r);
  return query + h * (z + r) + z * a * (d + v) + a * v * h;
}

Count ffn_parameters(const ModelParameters& model) { return ffn_of(model, model.ffn_hidden); }

Count expert_parameters(const ModelParameters& model) { return ffn_of(model, expert_inner(model)); }

Count shared_expert_parameters(const ModelParameters& model) {
  return Count{model.hidden} * model.experts + model.shared_experts * expert_parameters(model);
}

Count embedding_parameters(const ModelParameters& model) { return (Count{model.vocabulary} + model.positions) * model.hidden; }

Count head_parameters(const ModelParameters& model) { return Count{model.vocabulary} * model.hidden; }

Count model_parameters(const ModelParameters& model) {
  Count sum = embedding_parameters(model) + (model.tied_embeddings ? 0 : head_parameters(model));
  for (std::uint32_t layer = 0; layer < model.layers; ++layer) {
    sum += attention_parameters(model);
    if (layer_kind(model, layer) == LayerKind::dense)
      sum += ffn_parameters(model);
    else
      sum += shared_expert_parameters(model) + model.experts * expert_parameters(model);
  }
  return sum;
}

Bytes kv_bytes(const ModelParameters& model) {
  const Count elements = model.kv_rank == 0 ? 2 * Count{kv_heads(model)} * head_size(model) : Count{model.kv_rank} + model.rope_head;
  return {elements * bytes_of(model.activations)};
}

}  // namespace weft::training
