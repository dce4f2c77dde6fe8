// The keys of an entry of `workloads:` of kind training.
#include "scenario/training_keys.hh"

#include "scenario/named.hh"

namespace weft {
namespace {

using P = WorkloadParameters;
using Plan = PlanParameters;

constexpr std::int64_t max_degree = 1'000'000;

void add_degrees(Section<Plan>& section) {
  section.add("tensor", &Plan::tensor, "GPUs that share each layer.").between(1, max_degree);
  section.add("sequence", &Plan::sequence, "Tensor ranks share the tokens between the layers, too: all-gathers and reduce-scatters.");
  section.add("context", &Plan::context, "GPUs that share each sequence.").between(1, max_degree);
  section.add_choice(
      "context_exchange", &Plan::context_exchange,
      std::vector<std::pair<std::string, ContextExchange>>{{"ring", ContextExchange::ring}, {"all-gather", ContextExchange::all_gather}},
      "How context ranks get each other's keys and values.");
  section.add("pipeline", &Plan::pipeline, "Stages, each with part of the layers.").between(1, max_degree);
  section.add("virtual_stages", &Plan::virtual_stages, "Chunks of layers a stage, interleaved.").between(1, 1'000);
  section.add("layers_per_stage", &Plan::layers_per_stage, "Layers of each virtual stage, in the order of the model.")
      .absent("equal shares")
      .between(1, 10'000);
  section.add("data", &Plan::data, "Replicas, each with part of the batch.").absent("as many as there are GPUs for").between(1, max_degree);
  section.add("expert", &Plan::expert, "GPUs, among those of context and data, that share the experts.").between(1, max_degree);
}

Section<Plan> plan_section() {
  Section<Plan> section("workloads.plan");
  add_degrees(section);
  section.add("order", &Plan::order, "Which ranks are neighbours: the fastest dimension first.")
      .absent("[tensor, context, data, pipeline]");
  section.add("zero", &Plan::zero, "What data-parallel ranks share: 0 nothing, 1 optimizer state, 2 gradients too, 3 parameters too.")
      .between(0, 3);
  section.add("prefetch", &Plan::prefetch, "ZeRO 3: layers whose parameters are gathered ahead.").between(0, 1'000);
  section.add("bucket", &Plan::bucket, "Gradients are reduced when so many bytes have come together.").between(1, 1'000'000'000'000);
  section.add("overlap", &Plan::overlap, "Gradients are reduced beside the backward pass, not after it.");
  section.add_choice("recompute", &Plan::recompute,
                     std::vector<std::pair<std::string, Recompute>>{
                         {"none", Recompute::none}, {"selective", Recompute::selective}, {"full", Recompute::full}},
                     "What the backward pass computes again: nothing, the attention scores, or each layer with its exchanges.");
  return section;
}

void add_model_and_machine(Section<P>& section) {
  Key model;
  model.kind = KeyKind::named;
  model.inner = model_section().table();
  section
      .add_custom(
          "model", std::move(model), "What is trained: `" + joined(library_names(library_models()), "`, `") + "`, a file or a mapping.",
          [](const Reader& reader, const Key& key, const Value& value, P& into) { read_model(reader, key, value, into.training.model); })
      .only_for({"training"})
      .needed_for({"training"});
  Key machine;
  machine.kind = KeyKind::named;
  machine.inner = machine_section().table();
  section
      .add_custom("machine", std::move(machine),
                  "What it is trained on: `" + joined(library_names(library_machines()), "`, `") + "`, a file or a mapping.",
                  [](const Reader& reader, const Key& key, const Value& value, P& into) {
                    read_machine(reader, key, value, into.training.machine);
                  })
      .only_for({"training"})
      .absent("none: a `profile` must have every part");
}

// Zipf's exponent, or a weight for each expert.
void add_skew(Section<P>& section) {
  Key key;
  key.kind = KeyKind::number_or_counts;
  key.fallback = "0: all experts get as many tokens";
  key.within(0, 10);
  key.most = 1'000'000'000;
  section
      .add_custom("skew", std::move(key),
                  "How unequal the experts' loads are: the exponent of Zipf's law, drawn anew for each layer, or a list of weights.",
                  [](const Reader& reader, const Key& row, const Value& value, P& into) {
                    if (value.kind == Value::Kind::list) return reader.read(row, value, into.training.expert_loads);
                    reader.read(row, value, into.training.skew);
                  })
      .only_for({"training"});
}

void check_training(const Reader& reader, const Value& mapping, P& workload) {
  if (workload.kind != "training") return;
  const TrainingParameters& training = workload.training;
  const Value* skew = mapping.find("skew");
  if (skew == nullptr) return;
  if (training.model.experts == 0) reader.fail(skew->place, "'skew' does not go with a model without experts");
  if (training.expert_loads.empty()) return;
  std::uint32_t wanted = 0;
  for (const std::uint32_t load : training.expert_loads) wanted += load > 0 ? 1 : 0;
  if (training.expert_loads.size() != training.model.experts || wanted < training.model.top_k) {
    reader.fail(skew->place,
                "'skew' lists " + std::to_string(training.expert_loads.size()) + " weights, " + std::to_string(wanted) + " of them above 0",
                "one for each of " + std::to_string(training.model.experts) + " experts, at least top_k (" +
                    std::to_string(training.model.top_k) + ") above 0");
  }
}

}  // namespace

void add_training_keys(Section<P>& section) {
  add_model_and_machine(section);
  section
      .add_section(
          "plan", [](P& w) -> Plan& { return w.training.plan; }, plan_section(), "How the GPUs share the work.")
      .only_for({"training"});
  section
      .add(
          "micro_batch", [](P& w) -> std::uint32_t& { return w.training.micro_batch; }, "Sequences of a micro-batch.")
      .only_for({"training"})
      .between(1, max_degree);
  section
      .add(
          "global_batch", [](P& w) -> std::uint32_t& { return w.training.global_batch; }, "Sequences of an iteration, over all replicas.")
      .only_for({"training"})
      .needed_for({"training"})
      .between(1, 1'000'000'000);
  section
      .add(
          "efficiency", [](P& w) -> double& { return w.training.efficiency; }, "Share of the machine's peak that compute reaches.")
      .only_for({"training"})
      .absent("what was published for the model on the machine")
      .within(0.001, 1);
  section
      .add(
          "profile", [](P& w) -> std::string& { return w.training.profile; },
          "A file of measured times, `part,forward_us,backward_us`, instead of FLOPs; parts: attention, ffn, experts, shared, embedding, "
          "head, optimizer.")
      .as(KeyKind::file)
      .only_for({"training"})
      .absent("none");
  add_skew(section);
  section.add_rule(check_training);
}

}  // namespace weft
