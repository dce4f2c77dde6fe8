#include "workload/simai_job.hh"

#include <algorithm>
#include <utility>

#include "base/check.hh"
#include "base/error.hh"
#include "workload/number.hh"

namespace weft {

using collective::TaskId;
using training::Dimension;
using training::Pass;
using training::Rank;

namespace {}  // namespace

SimaiJob::SimaiJob(const SimaiFile& file, const SimaiShape& shape, SimaiSections sections, SampleParameters sample, JobBuilder& builder)
    : policy_(file.policy),
      message_(file.pipeline_bytes),
      sections_(std::move(sections)),
      builder_(builder),
      scaled_(shape.scaled),
      groups_(shape.plan),
      pipeline_{shape.plan.pipeline(), shape.chunks, static_cast<std::uint32_t>(sections_.micro_batches.size())} {
  if (sample.micro_batches != 0 && sample.micro_batches < pipeline_.micro_batches) make_steady(shape, sample.micro_batches);
  make_stages(file, sample.layers);
}

void SimaiJob::make_steady(const SimaiShape& shape, std::uint32_t sampled) {
  const std::uint32_t all = std::exchange(pipeline_.micro_batches, sampled);
  if (shape.chunks == 1 || sampled % pipeline_.stages == 0) steady_ = training::steady_state(pipeline_);
  if (steady_.micro_batches == 0) {
    throw InputError(
        builder_.settings().where,
        number(sampled) + " micro-batches (`sample`) are too few for " + number(pipeline_.stages) + " pipeline stages to run steadily",
        "at least " + number(training::least_sample(pipeline_)) + (shape.chunks == 1 ? "" : ", in multiples of the stages"));
  }
  scaled_.push_back(number(sampled) + " of " + number(all) + " micro-batches were simulated; the others take as long as " +
                    number(steady_.micro_batches) + " of these do in the steady state");
}

void SimaiJob::make_stages(const SimaiFile& file, std::uint32_t sampled_layers) {
  for (std::uint32_t stage = 0; stage < pipeline_.stages; ++stage) {
    SimaiStage::Members members;
    if (policy_ == SimaiPolicy::micro) {
      for (std::uint32_t rank = 0; rank < builder_.ranks(); ++rank) members.ranks.push_back(rank);
      members.replicas.push_back(members.ranks);
    } else {
      members.ranks = groups_.stage(stage);
      members.tensor = training::each_group(members.ranks, [&](Rank rank) { return groups_.along(rank, Dimension::tensor); });
      members.replicas = training::each_group(members.ranks, [&](Rank rank) { return groups_.replicas(rank); });
      members.expert = training::each_group(members.ranks, [&](Rank rank) { return groups_.expert(rank); });
      members.expert_replicas = training::each_group(members.ranks, [&](Rank rank) { return groups_.expert_replicas(rank); });
    }
    stages_.emplace_back(file, std::move(members), sampled_layers, builder_);
  }
  since_.resize(stages_.size());
}

void SimaiJob::run_iteration() {
  if (policy_ == SimaiPolicy::micro)
    stages_.front().micro();
  else
    run_pipeline();
  for (SimaiStage& stage : stages_) stage.flush();
  builder_.end_iteration();
}

void SimaiJob::say_what_was_scaled() {
  std::vector<std::string> sentences = std::exchange(scaled_, {});
  for (const SimaiStage& stage : stages_) sentences.insert(sentences.end(), stage.scaled().begin(), stage.scaled().end());
  for (auto at = sentences.begin(); at != sentences.end(); ++at) {
    if (std::find(sentences.begin(), at, *at) == at) builder_.scaled(*at);
  }
}

void SimaiJob::run_pipeline() {
  std::vector<std::vector<Pass>> passes;
  for (std::uint32_t stage = 0; stage < pipeline_.stages; ++stage) passes.push_back(training::stage_passes(pipeline_, stage));
  for (SimaiStage& stage : stages_) stage.forward(sections_.before);
  for (const auto& [stage, position] : training::issue_order(pipeline_)) {
    const std::vector<Pass>& own = passes[stage];
    keep_pace(stage, position);
    run_pass(stage, own[position]);
    const auto is_forward = [](const Pass& pass) { return pass.forward; };
    const auto rest = own.begin() + position + 1;
    if (own[position].forward && std::none_of(rest, own.end(), is_forward)) {
      stages_[stage].forward(sections_.after);
      stages_[stage].backward(sections_.after);
    }
    if (rest == own.end()) keep_pace(stage, position + 1);
  }
  for (SimaiStage& stage : stages_) stage.backward(sections_.before);
  CHECK(arrived_.empty(), "messages", arrived_.size());
}

void SimaiJob::keep_pace(std::uint32_t stage, std::uint32_t position) {
  if (steady_.micro_batches == 0) return;
  const std::vector<LayerRange>& chunks = sections_.micro_batches.front();
  if (position == steady_.begin[stage]) since_[stage] = stages_[stage].since({chunks.front().begin, chunks.back().end});
  if (position != steady_.end[stage]) return;
  stages_[stage].extend(since_[stage], sections_.micro_batches.size() - pipeline_.micro_batches, steady_.micro_batches);
}

void SimaiJob::run_pass(std::uint32_t stage, const Pass& pass) {
  receive(stage, pass);
  if (pass.forward)
    stages_[stage].forward(layers(pass));
  else
    stages_[stage].backward(layers(pass));
  send(stage, pass);
}

void SimaiJob::receive(std::uint32_t stage, const Pass& pass) {
  const auto found = arrived_.find({pass.forward, virtual_stage(stage, pass), pass.micro_batch});
  if (found == arrived_.end()) return;
  stages_[stage].flush();
  const auto& ranks = stages_[stage].ranks();
  for (std::size_t i = 0; i < ranks.size(); ++i) builder_.wait(ranks[i], found->second[i]);
  arrived_.erase(found);
}

void SimaiJob::send(std::uint32_t stage, const Pass& pass) {
  const std::uint32_t here = virtual_stage(stage, pass);
  if (here == (pass.forward ? pipeline_.stages * pipeline_.chunks - 1 : 0)) return;
  const std::uint32_t there = pass.forward ? here + 1 : here - 1;
  const std::uint32_t to_stage = there % pipeline_.stages;
  if (to_stage == stage) return;
  stages_[stage].flush();
  const LabelId label = builder_.label(pass.forward ? "activations to the next stage" : "gradients to the stage before");
  std::vector<TaskId> arrivals;
  for (const Rank rank : stages_[stage].ranks()) {
    const TaskId done = builder_.last(rank, JobBuilder::compute_stream);
    arrivals.push_back(builder_.send(rank, groups_.at_stage(rank, to_stage), message_, label, std::span(&done, 1)));
  }
  arrived_.emplace(MessageKey{pass.forward, there, pass.micro_batch}, std::move(arrivals));
}

}  // namespace weft
