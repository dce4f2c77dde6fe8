// A job's work against closed forms: how many collectives of which size, what computes how long, the bubble, stragglers, samples.
#include <gtest/gtest.h>

#include "support/ideal_job.hh"
#include "support/input_error.hh"
#include "support/training_samples.hh"
#include "workload/training/attention.hh"
#include "workload/training/costs.hh"
#include "workload/training/flops.hh"

namespace weft {

using namespace training;
using namespace test;

namespace {

constexpr std::int64_t activation = 128 * 64 * 2;  // one sequence of 128 tokens of 64 elements in bf16

std::int64_t total_compute(const TaskWork& work) {
  std::int64_t sum = 0;
  for (const Duration time : work.job.compute) sum += time.v;
  return sum;
}

TEST(TrainingJob, TensorParallelismReducesFourTimesALayerAndTwiceAtTheEnds) {
  TrainingParameters training = small_training();
  training.plan.tensor = 4;
  const TaskWork work = work_of(training, 8);  // data 2, 8 micro-batches
  const LabelTraffic reduced = collectives_of(work, "tensor all-reduce");
  EXPECT_EQ(reduced.collectives, 2U * 8 * (4 * 8 + 2));
  EXPECT_EQ(reduced.bytes, static_cast<std::int64_t>(reduced.collectives) * activation);
}

TEST(TrainingJob, SequenceParallelismGathersAndScattersAsManyBytes) {
  TrainingParameters training = small_training();
  training.plan.tensor = 4;
  training.plan.sequence = true;
  const TaskWork work = work_of(training, 8);
  EXPECT_EQ(collectives_of(work, "tensor all-reduce").collectives, 0U);
  const LabelTraffic gathered = collectives_of(work, "tensor all-gather"), scattered = collectives_of(work, "tensor reduce-scatter");
  EXPECT_EQ(gathered.collectives, 2U * 8 * (4 * 8 + 2));
  EXPECT_EQ(scattered.collectives, gathered.collectives);
  EXPECT_EQ(gathered.bytes, static_cast<std::int64_t>(gathered.collectives) * activation);
  EXPECT_EQ(scattered.bytes, gathered.bytes);
}

TEST(TrainingJob, FullRecomputationRunsForwardsAgainWithTheirExchanges) {
  TrainingParameters training = small_training();
  training.plan.tensor = 4;
  training.plan.recompute = Recompute::full;
  EXPECT_EQ(collectives_of(work_of(training, 4), "tensor all-reduce").collectives, 16U * (6 * 8 + 2));
}

// Every replica reduces each of its parameters once an iteration, whatever the buckets and the plan.
TEST(TrainingJob, GradientsOfAllParametersAreReducedOnce) {
  for (const std::uint32_t tensor : {1U, 2U}) {
    for (const std::uint32_t pipeline : {1U, 2U, 4U}) {
      for (const std::int64_t bucket : {1, 100'000, 1'000'000'000}) {
        TrainingParameters training = small_training();
        training.plan.tensor = tensor;
        training.plan.pipeline = pipeline;
        training.plan.data = 2;
        training.plan.bucket = {bucket};
        const LabelTraffic reduced = collectives_of(work_of(training, 100), "gradients all-reduce");
        EXPECT_EQ(reduced.bytes, 4 * model_parameters(training.model));
        if (bucket == 1) { EXPECT_EQ(reduced.collectives, tensor * (8 + 2)); }
        if (bucket > 1'000'000) { EXPECT_EQ(reduced.collectives, std::uint64_t{tensor} * pipeline); }
      }
    }
  }
}

TEST(TrainingJob, ZeroStagesMoveWhatThePaperSays) {
  TrainingParameters training = small_training();
  training.plan.data = 4;
  const std::int64_t parameters = model_parameters(training.model);
  for (const std::uint32_t zero : {0U, 1U, 2U, 3U}) {
    training.plan.zero = zero;
    const TaskWork work = work_of(training, 4);  // 4 micro-batches
    EXPECT_EQ(collectives_of(work, "gradients all-reduce").bytes, zero == 0 ? 4 * parameters : 0);
    EXPECT_EQ(collectives_of(work, "gradients reduce-scatter").bytes, zero == 0 ? 0 : (zero == 1 ? 1 : 4) * 4 * parameters);
    EXPECT_EQ(collectives_of(work, "parameters all-gather").bytes, 2 * parameters * (zero == 0 ? 0 : zero < 3 ? 1 : 8));
  }
}

TEST(TrainingJob, StagesSendActivationsBothWays) {
  TrainingParameters training = small_training();
  training.plan.tensor = 2;
  training.plan.pipeline = 4;
  for (const bool sequence : {false, true}) {
    training.plan.sequence = sequence;
    const TaskWork work = work_of(training, 8);
    std::int64_t bytes = 0, sends = 0;
    for (const JobSpan& span : work.job.spans) {
      if (work.job.labels[span.label.index()].find("to stage") == std::string::npos) continue;
      ++sends;
      EXPECT_EQ(span.kind, SpanKind::communication);
    }
    for (const collective::Task& task : work.graph.tasks()) {
      if (task.is_message() && task.from / 2 != task.to / 2) bytes += task.amount;
    }
    EXPECT_EQ(sends, 16 * 2 * 3 * 2);  // micro-batches, directions, borders, tensor ranks
    EXPECT_EQ(bytes, sends * activation / (sequence ? 2 : 1));
  }
}

TEST(TrainingJob, TiedEmbeddingsAreReducedBetweenTheEnds) {
  TrainingParameters training = small_training();
  training.model.tied_embeddings = true;
  training.plan.pipeline = 2;
  training.plan.data = 2;
  const TaskWork work = work_of(training, 4);
  const LabelTraffic tied = collectives_of(work, "tied embeddings all-reduce");
  EXPECT_EQ(tied.collectives, 2U);
  EXPECT_EQ(tied.bytes, 2 * 4 * 1024 * 64);
  EXPECT_EQ(collectives_of(work, "gradients all-reduce").bytes, 4 * (model_parameters(training.model) + 1024 * 64));
}

TEST(TrainingJob, ContextRanksPassKeysAndValuesRound) {
  TrainingParameters training = small_training();
  training.plan.context = 4;
  training.plan.tensor = 2;
  training.model.kv_heads = 2;
  training.global_batch = 1;
  TaskWork work = work_of(training, 8);
  std::int64_t bytes = 0;
  for (const collective::Task& task : work.graph.tasks()) {
    if (task.is_message() && task.from % 2 == task.to % 2) bytes += task.amount;
  }
  const std::int64_t kv = 2 * 32 * 1 * 8 * 2;  // keys and values, tokens of a rank, one head each, its size, bf16
  EXPECT_EQ(context_bytes(training.model, make_plan(training, "t", 8)).v, kv);
  const std::int64_t gradients = collectives_of(work, "gradients all-reduce").bytes / 2;  // of one tensor rank's group of four
  EXPECT_EQ(bytes - 2 * 2 * 3 * gradients, 8 * 8 * (4 - 1) * (kv + 2 * kv));              // layers, ranks, steps, forward and backward
  training.plan.context_exchange = ContextExchange::all_gather;
  work = work_of(training, 8);
  EXPECT_EQ(collectives_of(work, "context all-gather").bytes, 8 * 2 * 2 * 4 * kv);
  EXPECT_EQ(collectives_of(work, "context reduce-scatter").bytes, 8 * 2 * 4 * kv);
}

TrainingParameters with_experts() {
  TrainingParameters training = small_training();
  training.model.experts = 8;
  training.model.top_k = 2;
  training.model.dispatch = Precision::fp8;
  training.plan.data = 4;
  training.plan.expert = 4;
  training.global_batch = 4;
  return training;
}

TEST(TrainingJob, TokensGoToExpertsAndBack) {
  const TaskWork work = work_of(with_experts(), 4);
  const std::int64_t copies = 128 * 2 * 64;  // elements a rank sends
  EXPECT_EQ(collectives_of(work, ": dispatch").bytes, 8 * copies);
  EXPECT_EQ(collectives_of(work, ": combine").bytes, 8 * 2 * copies);
  EXPECT_EQ(collectives_of(work, "dispatch backward").bytes, 8 * 2 * copies);
  EXPECT_EQ(collectives_of(work, "combine backward").bytes, 8 * 2 * copies);
  // Experts are no one's copies but their own: of all parameters only the others are reduced.
  const ModelParameters model = with_experts().model;
  EXPECT_EQ(collectives_of(work, "gradients all-reduce").bytes, 4 * (model_parameters(model) - 8 * 8 * expert_parameters(model)));
}

TEST(TrainingJob, SkewMovesBytesAndWorkButMakesNone) {
  const auto moved = [](const TaskWork& work) {
    std::int64_t bytes = 0;
    for (const collective::Task& task : work.graph.tasks())
      bytes += task.is_message() || task.kind == collective::TaskKind::copy ? task.amount : 0;
    return bytes;
  };
  TrainingParameters training = with_experts();
  const TaskWork equal = work_of(training, 4);
  training.expert_loads = {8, 1, 1, 1, 1, 1, 1, 1};
  const TaskWork skewed = work_of(training, 4);
  EXPECT_NEAR(static_cast<double>(total_compute(skewed)), static_cast<double>(total_compute(equal)), 1000);
  EXPECT_GT(skewed.job.compute[0].v, equal.job.compute[0].v);
  EXPECT_LT(skewed.job.compute[1].v, equal.job.compute[1].v);
  EXPECT_NEAR(static_cast<double>(moved(skewed)), static_cast<double>(moved(equal)), 0.001 * static_cast<double>(moved(equal)));
  EXPECT_GT(ideal_time(skewed), ideal_time(equal));
}

TEST(TrainingJob, TensorRanksShareExperts) {
  TrainingParameters training = with_experts();
  training.plan.tensor = 2;
  training.plan.sequence = true;
  const TaskWork work = work_of(training, 8);
  const std::int64_t copies = 64 * 2 * 64;  // elements a rank sends: half the tokens
  EXPECT_EQ(collectives_of(work, ": dispatch").bytes, 2 * 8 * copies);
  EXPECT_EQ(collectives_of(work, "experts all-gather").bytes, 4 * 8 * 2 * (copies + 2 * copies));
  EXPECT_EQ(collectives_of(work, "experts reduce-scatter").bytes, 4 * 8 * 2 * 2 * 2 * copies);
}

// All ranks together compute the model's FLOPs, whatever the plan.
TEST(TrainingJob, ComputesTheFlopsOfTheModel) {
  for (const Recompute recompute : {Recompute::none, Recompute::selective, Recompute::full}) {
    for (const std::uint32_t context : {1U, 2U}) {
      TrainingParameters training = small_training();
      training.plan.tensor = 2;
      training.plan.context = context;
      training.plan.pipeline = 2;
      training.plan.virtual_stages = 2;
      training.plan.recompute = recompute;
      const Flops flops = iteration_flops(training.model, 16 * 128, recompute);
      const double seconds = static_cast<double>(total_compute(work_of(training, 16))) / 1e12;
      EXPECT_NEAR(seconds * 0.5e12 / static_cast<double>(flops), 1, 1e-4);
    }
  }
}

// With a network that takes no time, and no head: (m + (p-1)/v) micro-batches' time.
TEST(TrainingJob, BubbleIsTheClosedForm) {
  TrainingParameters training = small_training();
  training.model.vocabulary = 1;
  training.model.layers = 16;
  training.profile = {};
  for (const std::uint32_t p : {1U, 2U, 4U}) {
    for (const std::uint32_t v : {1U, 2U}) {
      if (p == 1 && v == 2) continue;
      training.plan.pipeline = p;
      training.plan.virtual_stages = v;
      training.plan.data = 1;
      const Costs costs = make_costs(training, make_plan(training, "t", p), "t");
      const auto all = [](const PartTime& part) { return part.forward.v + part.backward.v; };
      const std::int64_t layer = all(costs.projections) + all(costs.scores) + all(costs.ffn);
      const std::int64_t stage = layer * 16 / p;
      const std::int64_t head = all(costs.head);
      const std::int64_t wanted = 16 * stage + (p - 1) * stage / v;
      EXPECT_GE(ideal_time(work_of(training, p)), wanted);
      EXPECT_LE(ideal_time(work_of(training, p)), wanted + 16 * head) << p << ' ' << v;
    }
  }
}

TEST(TrainingJob, OneStragglerSlowsEverybody) {
  TrainingParameters training = small_training();
  training.plan.tensor = 2;
  const Plan plan = make_plan(training, "t", 8);
  JobSettings settings = settings_for(8);
  const std::int64_t normal = ideal_time(training_work(training, plan, settings, 1));
  settings.slowness[5] = 1500;
  const TaskWork slow = training_work(training, plan, settings, 1);
  EXPECT_NEAR(static_cast<double>(ideal_time(slow)), 1.5 * static_cast<double>(normal), 0.001 * static_cast<double>(normal));
}

TEST(TrainingJob, IterationsFollowEachOther) {
  const TrainingParameters training = small_training();
  const std::int64_t one = ideal_time(work_of(training, 4));
  const TaskWork three = work_of(training, 4, 3);
  EXPECT_EQ(ideal_time(three), 3 * one);
  EXPECT_EQ(three.job.iteration_ends.size(), 3U * 4);
}

// Where nothing but computing takes time, samples of layers and micro-batches change neither the time nor the bytes of gradients.
// The head makes the last stage slower than the others; interleaved schedules then settle later than the timetable says: 1.5 %.
TEST(TrainingSample, ChangesNothingWhereTheNetworkTakesNoTime) {
  for (const std::uint32_t zero : {0U, 1U, 3U}) {
    for (const std::uint32_t virtual_stages : {1U, 2U}) {
      TrainingParameters training = small_training();
      training.model.layers = 24;
      training.global_batch = 64;
      training.plan.pipeline = 2;
      training.plan.virtual_stages = virtual_stages;
      training.plan.data = 2;
      training.plan.zero = zero;
      const TaskWork whole = work_of(training, 4);
      training.sample.layers = 2;
      training.sample.micro_batches = 8;
      const TaskWork part = work_of(training, 4);
      EXPECT_LT(part.graph.size() * 3, whole.graph.size());
      const auto time = static_cast<double>(ideal_time(whole));
      EXPECT_NEAR(static_cast<double>(ideal_time(part)), time, (virtual_stages == 1 ? 0.0005 : 0.015) * time)
          << zero << ' ' << virtual_stages;
      EXPECT_NEAR(static_cast<double>(total_compute(part)), static_cast<double>(total_compute(whole)),
                  1e-4 * static_cast<double>(total_compute(whole)));
      if (zero < 2) { EXPECT_EQ(collectives_of(part, "gradients all-reduce").bytes, collectives_of(whole, "gradients all-reduce").bytes); }
      EXPECT_EQ(part.job.scaled.size(), 2U);
      EXPECT_TRUE(whole.job.scaled.empty());
    }
  }
}

TEST(TrainingSample, RefusesTooFewMicroBatches) {
  TrainingParameters training = small_training();
  training.plan.pipeline = 4;
  training.sample.micro_batches = 4;
  expect_input_error([&] { static_cast<void>(work_of(training, 4)); }, "test.yaml:7", "never fill a pipeline of 4 stages");
  training.plan.virtual_stages = 2;
  training.sample.micro_batches = 6;
  expect_input_error([&] { static_cast<void>(work_of(training, 4)); }, "test.yaml:7", "do not divide by pipeline");
}

}  // namespace
}  // namespace weft
