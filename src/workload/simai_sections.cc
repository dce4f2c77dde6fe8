#include "workload/simai_sections.hh"

#include <algorithm>

#include "base/error.hh"
#include "base/parse.hh"
#include "workload/number.hh"

namespace weft {
namespace {

constexpr std::size_t longest_period = 16;

bool starts_with(const std::string& name, const char* prefix) { return name.rfind(prefix, 0) == 0; }
bool begins_micro_batch(const SimaiLayer& layer) { return starts_with(layer.name, "embedding_layer"); }
bool follows_micro_batches(const SimaiLayer& layer) {
  return starts_with(layer.name, "cross_entropy") || starts_with(layer.name, "optimizer");
}
class Sectioner {
 public:
  Sectioner(const SimaiFile& file, std::uint32_t chunks, const std::string& name)
      : layers_(file.layers), micro_batches_(file.micro_batches), chunks_(chunks), name_(name) {}

  SimaiSections whole() const { return {{}, {layers_.size(), layers_.size()}, {{LayerRange{0, layers_.size()}}}}; }

  SimaiSections sections() const {
    const LayerRange all = micro_batches_ == 1 ? only() : repeated();
    SimaiSections result{{0, all.begin}, {all.end, layers_.size()}, {}};
    const std::size_t each = (all.end - all.begin) / micro_batches_;
    for (std::size_t i = 0; i < micro_batches_; ++i) {
      result.micro_batches.push_back(chunks_of({all.begin + i * each, all.begin + (i + 1) * each}));
    }
    return result;
  }

 private:
  [[noreturn]] void fail(std::size_t layer, const std::string& message, std::string hint) const {
    throw InputError(place(name_, layers_[std::min(layer, layers_.size() - 1)].line), message, std::move(hint));
  }

  // Of a single micro-batch.
  [[nodiscard]] LayerRange only() const {
    const auto first = std::find_if(layers_.begin(), layers_.end(), begins_micro_batch);
    if (first == layers_.end()) return {0, layers_.size()};
    const auto last = std::find_if(first, layers_.end(), follows_micro_batches);
    return {static_cast<std::size_t>(first - layers_.begin()), static_cast<std::size_t>(last - layers_.begin())};
  }

  [[nodiscard]] LayerRange repeated() const {
    std::vector<std::size_t> begins;
    for (std::size_t i = 0; i < layers_.size(); ++i) {
      if (begins_micro_batch(layers_[i])) begins.push_back(i);
    }
    if (begins.size() != micro_batches_) {
      fail(begins.empty() ? 0 : begins.back(),
           number(micro_batches_) + " micro-batches (ga), but " + number(begins.size()) + " layers named embedding_layer begin one",
           "correct ga in the first line");
    }
    const std::size_t each = begins[1] - begins[0];
    const LayerRange all{begins[0], begins[0] + each * micro_batches_};
    for (std::size_t i = all.begin + each; i < all.end; ++i) {
      if (i >= layers_.size() || layers_[i].name != layers_[i - each].name) {
        fail(i, "the layers from here on are not the same micro-batch again: expected '" + layers_[i - each].name + "'",
             "all " + number(micro_batches_) + " micro-batches (ga) must have the same layers");
      }
    }
    return all;
  }

  [[nodiscard]] std::vector<LayerRange> chunks_of(LayerRange range) const {
    if (chunks_ == 1) return {range};
    const std::vector<LayerBlock> blocks = repeated_blocks(layers_, range);
    const auto longest = std::max_element(blocks.begin(), blocks.end(),
                                          [](const LayerBlock& a, const LayerBlock& b) { return a.end() - a.begin < b.end() - b.begin; });
    if (longest == blocks.end() || longest->repetitions % chunks_ != 0) {
      fail(range.begin, "the layers of a micro-batch do not divide into " + number(chunks_) + " chunks (vpp)",
           "`virtual_stages: 1` in the scenario runs each stage in one piece");
    }
    const std::size_t each = longest->period * (longest->repetitions / chunks_);
    std::vector<LayerRange> chunks;
    for (std::size_t i = 0; i < chunks_; ++i) chunks.push_back({longest->begin + i * each, longest->begin + (i + 1) * each});
    chunks.front().begin = range.begin;
    chunks.back().end = range.end;
    return chunks;
  }

  const std::vector<SimaiLayer>& layers_;
  std::size_t micro_batches_;
  std::uint32_t chunks_;
  const std::string& name_;
};

// How often the `period` layers at `begin` come in a row.
std::size_t repetitions(std::span<const SimaiLayer> layers, LayerRange range, std::size_t begin, std::size_t period) {
  std::size_t end = begin + period;
  while (end < range.end && layers[end].same_work(layers[end - period])) ++end;
  return end <= range.end ? (end - begin) / period : 0;
}

}  // namespace

SimaiSections simai_sections(const SimaiFile& file, bool pipelined, std::uint32_t chunks, const std::string& name) {
  const Sectioner sectioner(file, chunks, name);
  return file.micro_batches == 1 && !pipelined ? sectioner.whole() : sectioner.sections();
}

std::vector<LayerBlock> repeated_blocks(std::span<const SimaiLayer> layers, LayerRange range) {
  std::vector<LayerBlock> blocks;
  for (std::size_t at = range.begin; at < range.end; at = blocks.back().end()) {
    LayerBlock best{at, 1, 1};
    for (std::size_t period = 1; period <= longest_period; ++period) {
      const LayerBlock block{at, period, repetitions(layers, range, at, period)};
      if (block.repetitions > 1 && block.end() > best.end()) best = block;
    }
    blocks.push_back(best);
  }
  return blocks;
}

}  // namespace weft
