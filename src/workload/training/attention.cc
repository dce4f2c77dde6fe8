#include "workload/training/attention.hh"

#include <algorithm>

namespace weft::training {
namespace {

using collective::Operation;

void ring_step(Stage& stage, Duration scores, Bytes bytes) {
  JobBuilder& builder = stage.builder();
  const LabelId label = stage.label("context ring");
  std::vector<std::pair<Rank, collective::TaskId>> arrivals;
  for (const std::vector<Rank>& group : stage.context_groups()) {
    for (std::size_t i = 0; i < group.size(); ++i) {
      const collective::TaskId after = builder.last(group[i], JobBuilder::compute_stream);
      const Rank next = group[(i + 1) % group.size()];
      arrivals.emplace_back(next, builder.send(group[i], next, bytes, label, std::span(&after, 1)));
    }
  }
  stage.compute(scores, "attention scores");
  for (const auto& [rank, task] : arrivals) builder.wait(rank, task);
}

void ring(Stage& stage, Duration scores, Bytes bytes) {
  const std::int64_t steps = stage.plan().context();
  for (std::int64_t step = 0; step + 1 < steps; ++step) ring_step(stage, scores / steps, bytes);
  stage.compute(scores - scores / steps * (steps - 1), "attention scores");
}

}  // namespace

Bytes context_bytes(const ModelParameters& model, const Plan& plan) {
  const std::int64_t tokens = std::int64_t{plan.micro_batch} * (model.sequence / plan.context());
  const std::int64_t sharers = model.kv_rank == 0 ? std::min(plan.tensor(), kv_heads(model)) : 1;
  return {tokens * kv_bytes(model).v / sharers};
}

void attention_forward(Stage& stage) {
  const Costs& costs = stage.costs();
  const std::uint32_t context = stage.plan().context();
  if (context == 1) return stage.compute(costs.projections.forward + costs.scores.forward, "attention");
  stage.compute(costs.projections.forward, "attention projections");
  const Bytes bytes = context_bytes(stage.model(), stage.plan());
  if (stage.plan().context_exchange == ContextExchange::ring) return ring(stage, costs.scores.forward, bytes);
  stage.exchange(stage.context_groups(), Operation::all_gather, bytes * context, Streams::context, "context all-gather");
  stage.compute(costs.scores.forward, "attention scores");
}

void attention_backward(Stage& stage) {
  const Costs& costs = stage.costs();
  const std::uint32_t context = stage.plan().context();
  const bool again = stage.plan().recompute == Recompute::selective;
  const Duration scores = costs.scores.backward + (again ? costs.scores.forward : Duration{});
  if (context == 1) return stage.compute(costs.projections.backward + scores, "attention");
  const Bytes bytes = context_bytes(stage.model(), stage.plan());
  if (stage.plan().context_exchange == ContextExchange::ring) {
    ring(stage, scores, bytes * 2);
  } else {
    stage.exchange(stage.context_groups(), Operation::all_gather, bytes * context, Streams::context, "context all-gather");
    stage.compute(scores, "attention scores");
    stage.exchange(stage.context_groups(), Operation::reduce_scatter, bytes * context, Streams::context, "context reduce-scatter");
  }
  stage.compute(costs.projections.backward, "attention projections");
}

}  // namespace weft::training
