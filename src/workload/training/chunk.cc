#include "workload/training/chunk.hh"

#include <numeric>

namespace weft::training {
namespace {

void add_run(std::vector<Item>& items, Item::Kind kind, std::uint32_t first, std::uint32_t layers, std::uint32_t sampled) {
  const std::uint64_t kept = sampled == 0 || sampled > layers ? layers : sampled;
  for (std::uint64_t i = 0; i < kept; ++i) {
    const auto from = static_cast<std::uint32_t>(i * layers / kept);
    const auto to = static_cast<std::uint32_t>((i + 1) * layers / kept);
    items.push_back({kind, first + from, to - from});
  }
}

}  // namespace

std::vector<Item> chunk_items(const ModelParameters& model, const Plan& plan, std::uint32_t virtual_stage, std::uint32_t sampled_layers) {
  const auto begin = plan.layers.begin();
  const std::uint32_t first = std::accumulate(begin, begin + virtual_stage, 0U);
  const std::uint32_t end = first + plan.layers[virtual_stage];
  std::vector<Item> items;
  if (virtual_stage == 0) items.push_back({Item::Kind::embedding, 0, 1});
  std::uint32_t run = first;
  for (std::uint32_t layer = first + 1; layer <= end; ++layer) {
    const LayerKind kind = layer_kind(model, run);
    if (layer < end && layer_kind(model, layer) == kind) continue;
    add_run(items, kind == LayerKind::dense ? Item::Kind::dense : Item::Kind::experts, run, layer - run, sampled_layers);
    run = layer;
  }
  if (virtual_stage + 1 == plan.layers.size()) items.push_back({Item::Kind::head, model.layers, 1});
  return items;
}

}  // namespace weft::training
