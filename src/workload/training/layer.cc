#include "workload/training/layer.hh"

#include "workload/training/attention.hh"
#include "workload/training/experts.hh"

namespace weft::training {
namespace {

using collective::Operation;

void tensor_exchange(Stage& stage, Operation operation) {
  const Bytes bytes = activation_bytes(stage.model(), stage.plan());
  stage.exchange(stage.tensor_groups(), operation, bytes, Streams::tensor, "tensor " + std::string(collective::operation_name(operation)));
}

void begin_part(Stage& stage) {
  if (stage.plan().sequence) tensor_exchange(stage, Operation::all_gather);
}

void end_part(Stage& stage) { tensor_exchange(stage, stage.plan().sequence ? Operation::reduce_scatter : Operation::all_reduce); }

void layer_forward(Stage& stage, const Item& item) {
  begin_part(stage);
  attention_forward(stage);
  end_part(stage);
  if (item.kind == Item::Kind::experts) return experts_forward(stage, item.layer);
  begin_part(stage);
  stage.compute(stage.costs().ffn.forward, "ffn");
  end_part(stage);
}

void layer_backward(Stage& stage, const Item& item) {
  if (item.kind == Item::Kind::experts) {
    experts_backward(stage, item.layer);
  } else {
    begin_part(stage);
    stage.compute(stage.costs().ffn.backward, "ffn");
    end_part(stage);
  }
  begin_part(stage);
  attention_backward(stage);
  end_part(stage);
}

}  // namespace

void item_forward(Stage& stage, const Item& item) {
  if (item.kind == Item::Kind::embedding) {
    stage.compute(stage.costs().embedding.forward, "embedding");
    return end_part(stage);
  }
  if (item.kind == Item::Kind::head) {
    begin_part(stage);
    return stage.compute(stage.costs().head.forward, "head");
  }
  layer_forward(stage, item);
}

void item_backward(Stage& stage, const Item& item) {
  if (item.kind == Item::Kind::embedding) {
    begin_part(stage);
    return stage.compute(stage.costs().embedding.backward, "embedding");
  }
  if (item.kind == Item::Kind::head) {
    stage.compute(stage.costs().head.backward, "head");
    return end_part(stage);
  }
  if (stage.plan().recompute == Recompute::full) layer_forward(stage, item);
  layer_backward(stage, item);
}

Share item_share(const Stage& stage, const Item& item) {
  switch (item.kind) {
    case Item::Kind::embedding: return embedding_share(stage.model(), stage.plan());
    case Item::Kind::head: return head_share(stage.model(), stage.plan());
    case Item::Kind::dense: return layer_share(stage.model(), stage.plan(), LayerKind::dense);
    case Item::Kind::experts: break;
  }
  return layer_share(stage.model(), stage.plan(), LayerKind::experts);
}

}  // namespace weft::training
