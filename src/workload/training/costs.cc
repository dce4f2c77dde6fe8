#include "workload/training/costs.hh"

#include <cmath>

#include "base/error.hh"

namespace weft::training {
namespace {

constexpr std::int64_t millions = 1'000'000;
constexpr Flops longest = Flops{864'000} * ps_per_second;

// FLOP/s a rank reaches, times 10^-6 of 10^-6.
class Speed {
 public:
  Speed(const TrainingParameters& training, const Plan& plan, std::string where)
      : training_(training), ranks_(std::int64_t{plan.tensor()} * plan.context()), where_(std::move(where)) {}

  [[nodiscard]] PartTime time(Flops flops) const {
    const Flops divisor = Flops{ranks_} * peak() * efficiency();
    const Flops forward = (flops * ps_per_second + divisor / 2) / divisor;
    if (forward > longest) throw InputError(where_, "one micro-batch would compute for more than 10 days", "smaller sizes");
    return {{static_cast<std::int64_t>(forward)}, {static_cast<std::int64_t>(2 * forward)}};
  }

 private:
  [[nodiscard]] std::int64_t peak() const {
    const auto precision = static_cast<std::size_t>(training_.model.compute);
    const double peak = training_.machine.peak[precision];
    if (peak > 0) return std::llround(peak * millions);
    throw InputError(where_, "the machine " + training_.machine.name + " has no " + precision_names[precision] + " peak",
                     "another `machine`, or another `compute` of the model");
  }

  [[nodiscard]] std::int64_t efficiency() const {
    double share = training_.efficiency;
    const auto published = training_.model.efficiency.find(training_.machine.name);
    if (share == 0 && published != training_.model.efficiency.end()) share = published->second;
    if (share > 0) return std::llround(share * millions);
    throw InputError(where_, "`efficiency` is missing: none is published for this model on this machine",
                     "the share of the peak that compute reaches: efficiency: 0.4, or a `profile`");
  }

  const TrainingParameters& training_;
  std::int64_t ranks_;
  std::string where_;
};

Duration portion(Duration whole, Flops part, Flops all) { return {static_cast<std::int64_t>(whole.v * part / all)}; }

class Measured {
 public:
  Measured(Profile profile, const Speed& speed) : profile_(std::move(profile)), speed_(speed) {}

  [[nodiscard]] PartTime of(const std::string& part, Flops flops) const {
    const auto found = profile_.find(part);
    if (found != profile_.end()) return found->second;
    return flops == 0 ? PartTime{} : speed_.time(flops);
  }
  [[nodiscard]] const Profile& profile() const { return profile_; }

 private:
  Profile profile_;
  const Speed& speed_;
};

void split_attention(Costs& costs, const PartTime& attention, Flops scores, Flops all) {
  costs.scores = {portion(attention.forward, scores, all), portion(attention.backward, scores, all)};
  costs.projections = {attention.forward - costs.scores.forward, attention.backward - costs.scores.backward};
}

}  // namespace

Costs make_costs(const TrainingParameters& training, const Plan& plan, const std::string& where) {
  const ModelParameters& model = training.model;
  const Count tokens = Count{plan.micro_batch} * model.sequence;
  const Speed speed(training, plan, where);
  const Measured times(training.profile.empty() ? Profile{} : read_profile(training.profile), speed);
  Costs costs;
  const Flops scores = score_flops(model, tokens);
  const Flops attention = projection_flops(model, tokens) + scores;
  split_attention(costs, times.of("attention", attention), scores, attention);
  const bool dense = model.experts == 0 || model.dense_layers > 0;
  if (dense) costs.ffn = times.of("ffn", ffn_flops(model, tokens));
  if (model.experts > 0) {
    costs.shared = times.of("shared", shared_expert_flops(model, tokens));
    costs.routed = times.of("experts", routed_flops(model, tokens));
  }
  costs.embedding = times.of("embedding", 0);
  costs.head = times.of("head", head_flops(model, tokens));
  costs.memory_rate = training.machine.memory_rate;
  const auto optimizer = times.profile().find("optimizer");
  costs.optimizer_measured = optimizer != times.profile().end();
  if (costs.optimizer_measured) costs.optimizer = optimizer->second.forward;
  return costs;
}

Share layer_share(const ModelParameters& model, const Plan& plan, LayerKind kind) {
  const Count t = plan.tensor();
  if (kind == LayerKind::dense) return {(attention_parameters(model) + ffn_parameters(model)) / t, 0};
  const Count router = Count{model.hidden} * model.experts;
  const Count shared = (attention_parameters(model) + shared_expert_parameters(model) - router) / t;
  return {shared + router, Count{model.experts / plan.expert} * expert_parameters(model) / t};
}

Share embedding_share(const ModelParameters& model, const Plan& plan) { return {embedding_parameters(model) / plan.tensor(), 0}; }

Share head_share(const ModelParameters& model, const Plan& plan) {
  if (model.tied_embeddings && plan.pipeline() == 1) return {};
  return {head_parameters(model) / plan.tensor(), 0};
}

Bytes activation_bytes(const ModelParameters& model, const Plan& plan) {
  return {Count{plan.micro_batch} * (model.sequence / plan.context()) * model.hidden * bytes_of(model.activations)};
}

Count routed_tokens(const ModelParameters& model, const Plan& plan) {
  return Count{plan.micro_batch} * (model.sequence / plan.context()) / (plan.sequence ? plan.tensor() : 1);
}

Duration optimizer_time(const Costs& costs, const ModelParameters& model, const Plan& plan, const Share& share) {
  if (costs.optimizer_measured) return costs.optimizer;
  if (costs.memory_rate.v == 0) return {};
  const bool sharded = plan.zero >= 1;
  const Count parameters =
      sharded ? share.dense / plan.replicas() + share.expert / (plan.replicas() / plan.expert) : share.dense + share.expert;
  const Flops bits = Flops{parameters} * (bytes_of(model.gradients) + 24 + bytes_of(model.weights)) * 8;
  return {static_cast<std::int64_t>(bits * ps_per_second / costs.memory_rate.v)};
}

}  // namespace weft::training
