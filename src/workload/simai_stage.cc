#include "workload/simai_stage.hh"

#include <algorithm>
#include <utility>

#include "base/check.hh"
#include "workload/whole_elements.hh"

namespace weft {

using collective::Front;
using collective::TaskId;

namespace {

constexpr Duration placeholder{10'000};

// "attention, mlp"
std::string names(const std::vector<SimaiLayer>& layers, const LayerBlock& block) {
  constexpr std::size_t most = 6;
  std::string text;
  for (std::size_t i = 0; i < std::min(block.period, most); ++i) text += (i == 0 ? "" : ", ") + layers[block.begin + i].name;
  return block.period > most ? text + ", ..." : text;
}

}  // namespace

template <class Run>
void SimaiStage::run_block(const LayerBlock& block, const Run& run) {
  const bool all = sampled_ == 0 || block.repetitions <= sampled_;
  const std::size_t simulated = all ? block.repetitions : sampled_;
  const LayerRange range{block.begin, block.begin + block.period};
  Since from;
  for (std::size_t i = 0; i < simulated; ++i) {
    if (!all && i == (simulated > 1 ? 1U : 0U)) from = since(range);
    run(range);
  }
  if (all) return;
  extend(from, block.repetitions - simulated, std::max<std::size_t>(simulated - 1, 1));
  scaled_.insert(std::to_string(simulated) + " of " + std::to_string(block.repetitions) + " equal layers (" + names(file_->layers, block) +
                 ") were simulated, forward and backward; the others take as long as " +
                 (simulated > 1 ? "those after the first" : "that one"));
}

void SimaiStage::forward(LayerRange range) {
  for (const LayerBlock& block : repeated_blocks(file_->layers, range)) {
    run_block(block, [this](LayerRange group) {
      for (std::size_t i = group.begin; i < group.end; ++i) forward(file_->layers[i]);
    });
  }
}

void SimaiStage::backward(LayerRange range) {
  const std::vector<LayerBlock> blocks = repeated_blocks(file_->layers, range);
  for (auto block = blocks.rbegin(); block != blocks.rend(); ++block) {
    run_block(*block, [this](LayerRange group) {
      for (std::size_t i = group.end; i > group.begin; --i) backward(file_->layers[i - 1]);
    });
  }
}

void SimaiStage::forward(const SimaiLayer& layer) {
  compute(layer.forward.compute, layer.name + " forward");
  collective(layer, layer.forward, members_.tensor, " forward ", JobBuilder::compute_stream);
}

void SimaiStage::backward(const SimaiLayer& layer) {
  const bool beside = file_->policy == SimaiPolicy::transformer;
  compute(layer.input_gradient.compute, layer.name + " input gradient");
  const std::vector<TaskId> ends =
      collective(layer, layer.input_gradient, members_.tensor, " input gradient ", beside ? input_stream : JobBuilder::compute_stream);
  compute(layer.weight_gradient.compute, layer.name + " weight gradient");
  reduce_weights(layer);
  if (!beside || ends.empty()) return;
  flush();
  for (std::size_t i = 0; i < ranks().size(); ++i) builder_->wait(ranks()[i], ends[i]);
}

void SimaiStage::micro() {
  for (const SimaiLayer& layer : file_->layers) {
    for (const SimaiPass* pass : {&layer.forward, &layer.input_gradient, &layer.weight_gradient}) {
      compute(pass->compute, layer.name);
      collective(layer, *pass, members_.replicas, " ", JobBuilder::compute_stream);
    }
    compute(layer.update, layer.name + " update");
  }
}

void SimaiStage::reduce_weights(const SimaiLayer& layer) {
  const std::vector<TaskId> ends = collective(layer, layer.weight_gradient, members_.replicas, " weight gradient ", gradient_stream);
  if (ends.empty() || layer.update.v == 0) return;
  const LabelId label = builder_->label(layer.name + " update");
  for (std::size_t i = 0; i < ranks().size(); ++i) {
    const TaskId update = builder_->compute(ranks()[i], layer.update, label, std::span(&ends[i], 1));
    builder_->wait(ranks()[i], update, gradient_stream);
  }
}

void SimaiStage::compute(Duration time, const std::string& name) {
  carried_ += time;
  if (carried_ < placeholder) return;
  const LabelId label = builder_->label(name);
  for (const std::uint32_t rank : ranks()) builder_->compute(rank, carried_, label);
  carried_ = {};
}

void SimaiStage::flush() {
  if (carried_.v == 0) return;
  const LabelId label = builder_->label("compute below 10 ns");
  for (const std::uint32_t rank : ranks()) builder_->compute(rank, carried_, label);
  carried_ = {};
}

const std::vector<SimaiStage::Ranks>& SimaiStage::groups(const SimaiPass& pass, const std::vector<Ranks>& of_column) const {
  switch (pass.group) {
    case SimaiGroup::expert: return members_.expert;
    case SimaiGroup::data_expert: return members_.expert_replicas;
    case SimaiGroup::of_column: break;
  }
  return of_column;
}

std::vector<TaskId> SimaiStage::collective(const SimaiLayer& layer, const SimaiPass& pass, const std::vector<Ranks>& of_column,
                                           const char* what, std::uint8_t stream) {
  const std::vector<Ranks>& all = groups(pass, of_column);
  if (!pass.communicates() || all.empty() || all.front().size() < 2) return {};
  const LabelId label = builder_->label(layer.name + what + std::string(collective::operation_name(*pass.operation)));
  std::vector<TaskId> ends(ranks().size());
  for (const Ranks& group : all) {
    Front after;
    for (const std::uint32_t rank : group) after.push_back(builder_->last(rank, JobBuilder::compute_stream));
    const Front done = builder_->collective({.operation = *pass.operation,
                                             .bytes = whole_elements(pass.bytes),
                                             .ranks = group,
                                             .stream = stream,
                                             .label = label,
                                             .after = after,
                                             .root = 0,
                                             .matrix = {},
                                             .algorithm = {}});
    for (std::size_t member = 0; member < group.size(); ++member) {
      const auto at = std::lower_bound(ranks().begin(), ranks().end(), group[member]);
      CHECK(at != ranks().end() && *at == group[member], "rank", group[member]);
      ends[static_cast<std::size_t>(at - ranks().begin())] = done[member];
    }
  }
  return ends;
}

SimaiStage::Since SimaiStage::since(LayerRange range) {
  flush();
  const auto first = file_->layers.begin();
  const bool reduces = std::any_of(first + static_cast<std::ptrdiff_t>(range.begin), first + static_cast<std::ptrdiff_t>(range.end),
                                   [](const SimaiLayer& layer) { return layer.weight_gradient.communicates(); });
  Since from;
  for (const std::uint32_t rank : ranks()) {
    from.compute.push_back(builder_->mark(rank));
    from.counted.push_back(builder_->counted_compute(rank));
    if (!reduces) continue;
    const std::array both{from.compute.back(), builder_->last(rank, gradient_stream)};
    from.gradients.push_back(builder_->join(rank, both));
  }
  return from;
}

void SimaiStage::extend(const Since& from, std::uint64_t more, std::uint64_t done) {
  flush();
  for (std::size_t i = 0; i < ranks().size(); ++i) {
    const std::uint32_t rank = ranks()[i];
    const std::int64_t counted = (builder_->counted_compute(rank) - from.counted[i]).v;
    builder_->extend(rank, from.compute[i], more, done);
    if (!from.gradients.empty()) builder_->extend(rank, from.gradients[i], more, done, gradient_stream);
    builder_->count_compute(rank, {static_cast<std::int64_t>(static_cast<__int128>(counted) * static_cast<std::int64_t>(more) /
                                                             static_cast<std::int64_t>(done))});
  }
}

}  // namespace weft
