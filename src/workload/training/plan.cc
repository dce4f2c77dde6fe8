#include "workload/training/plan.hh"

#include <algorithm>
#include <numeric>

#include "base/error.hh"
#include "base/parse.hh"
#include "workload/number.hh"
#include "workload/training/model.hh"

namespace weft::training {
namespace {

class PlanCheck {
 public:
  PlanCheck(const TrainingParameters& training, std::string where, std::uint32_t available)
      : training_(training), model_(training.model), given_(training.plan), where_(std::move(where)), available_(available) {}

  Plan run() {
    copy();
    set_order();
    set_data();
    check_tensor();
    check_experts();
    set_layers();
    set_batch();
    return plan_;
  }

 private:
  [[noreturn]] void fail(const std::string& message, const std::string& hint = {}) const { throw InputError(where_, message, hint); }

  void divides(std::uint64_t whole, const std::string& what, std::uint64_t by, const std::string& parts) const {
    if (by == 0) fail(parts + " is 0");
    if (whole % by != 0) fail(number(whole) + " " + what + " do not divide by " + parts + " (" + number(by) + ")");
  }

  void copy() {
    plan_.degree = {given_.tensor, given_.context, given_.data, given_.pipeline};
    plan_.expert = given_.expert;
    plan_.sequence = given_.sequence;
    plan_.virtual_stages = given_.virtual_stages;
    plan_.zero = given_.zero;
    plan_.recompute = given_.recompute;
    plan_.context_exchange = given_.context_exchange;
    plan_.bucket = given_.bucket;
    plan_.overlap = given_.overlap;
    plan_.prefetch = given_.prefetch;
    plan_.micro_batch = training_.micro_batch;
  }

  void set_order() {
    std::vector<std::string> sorted = given_.order;
    std::sort(sorted.begin(), sorted.end());
    if (sorted != std::vector<std::string>{"context", "data", "pipeline", "tensor"}) {
      fail("`order` must name tensor, context, data and pipeline once each, the fastest first");
    }
    for (std::size_t i = 0; i < plan_.order.size(); ++i) {
      const auto found = std::find(dimension_names.begin(), dimension_names.end(), given_.order[i]);
      plan_.order[i] = static_cast<Dimension>(found - dimension_names.begin());
    }
  }

  void set_data() {
    const std::uint64_t others = std::uint64_t{given_.tensor} * given_.context * given_.pipeline;
    auto& data = plan_.degree[static_cast<std::size_t>(Dimension::data)];
    const std::uint64_t needed = others * std::max(given_.data, 1U);
    if (needed > available_) {
      fail("the plan needs " + number(needed) + " GPUs (tensor " + number(given_.tensor) + " x context " + number(given_.context) +
               " x data " + number(std::max(given_.data, 1U)) + " x pipeline " + number(given_.pipeline) + "), but there are " +
               number(available_),
           "a larger network, or smaller degrees");
    }
    if (given_.data == 0) {
      divides(available_, "GPUs", others, "tensor x context x pipeline");
      data = static_cast<std::uint32_t>(available_ / others);
    }
  }

  void check_tensor() const {
    const std::uint32_t t = given_.tensor;
    divides(model_.heads, "heads", t, "tensor");
    const std::uint32_t kv = kv_heads(model_);
    if (kv % t != 0 && t % kv != 0) divides(kv, "kv_heads", t, "tensor");
    if (model_.ffn_hidden != 0) divides(model_.ffn_hidden, "elements of ffn_hidden", t, "tensor");
    divides(model_.sequence, "tokens of a sequence", given_.context, "context");
    if (given_.sequence) divides(model_.sequence / given_.context, "tokens of a context rank", t, "tensor, with sequence: true");
  }

  void check_experts() const {
    if (given_.expert > 1 && model_.experts == 0) fail("`expert` is " + number(given_.expert) + ", but the model has no experts");
    if (model_.experts == 0) return;
    divides(model_.experts, "experts", given_.expert, "expert");
    divides(plan_.replicas(), "ranks of context x data", given_.expert, "expert");
    if (given_.tensor > 1 && !given_.sequence) {
      fail("experts with tensor " + number(given_.tensor) + " need sequence: true", "each tensor rank routes its own tokens");
    }
  }

  void set_layers() {
    const std::uint32_t stages = given_.pipeline * given_.virtual_stages;
    if (given_.virtual_stages > 1 && given_.pipeline == 1) fail("`virtual_stages` above 1 need a pipeline", "pipeline: 2 or more");
    plan_.layers = given_.layers_per_stage;
    if (plan_.layers.empty()) {
      if (model_.layers % stages != 0) {
        fail(number(model_.layers) + " layers do not divide by pipeline x virtual_stages (" + number(stages) + ")",
             "layers_per_stage: [...] deals them unequally");
      }
      plan_.layers.assign(stages, model_.layers / stages);
    }
    const auto sum = std::accumulate(plan_.layers.begin(), plan_.layers.end(), std::uint64_t{0});
    if (plan_.layers.size() != stages || sum != model_.layers) {
      fail("`layers_per_stage` lists " + number(plan_.layers.size()) + " stages with " + number(sum) + " layers; there are " +
           number(stages) + " with " + number(model_.layers));
    }
    if (std::find(plan_.layers.begin(), plan_.layers.end(), 0U) != plan_.layers.end()) fail("a stage without layers");
  }

  void set_batch() {
    if (training_.global_batch == 0 || training_.micro_batch == 0) fail("`global_batch` and `micro_batch` must be above 0");
    divides(training_.global_batch, "sequences of global_batch", std::uint64_t{plan_.data()} * training_.micro_batch, "data x micro_batch");
    plan_.micro_batches = training_.global_batch / (plan_.data() * training_.micro_batch);
    if (given_.virtual_stages > 1) divides(plan_.micro_batches, "micro-batches", given_.pipeline, "pipeline, with virtual_stages");
  }

  const TrainingParameters& training_;
  const ModelParameters& model_;
  const PlanParameters& given_;
  std::string where_;
  std::uint32_t available_;
  Plan plan_;
};

}  // namespace

Plan make_plan(const TrainingParameters& training, const std::string& where, std::uint32_t available) {
  return PlanCheck(training, where, available).run();
}

}  // namespace weft::training
