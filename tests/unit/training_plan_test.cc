// Plans: what does not divide is refused; groups are Megatron's; chunks cover the layers.
#include <gtest/gtest.h>

#include <set>

#include "support/input_error.hh"
#include "support/seeds.hh"
#include "support/training_samples.hh"
#include "workload/training/chunk.hh"
#include "workload/training/groups.hh"

namespace weft {

using namespace training;
using namespace test;

namespace {

void refused(TrainingParameters training, std::uint32_t gpus, const std::string& part) {
  expect_input_error([&] { static_cast<void>(make_plan(training, "s.yaml:9", gpus)); }, "s.yaml:9", part);
}

TEST(TrainingPlan, RefusesWhatDoesNotDivide) {
  const TrainingParameters good = small_training();
  EXPECT_EQ(make_plan(good, "t", 8).data(), 8U);
  const auto with = [&](const auto& change) {
    TrainingParameters training = good;
    change(training);
    return training;
  };
  refused(with([](auto& t) { t.plan.tensor = 3; }), 3, "8 heads do not divide by tensor (3)");
  refused(with([](auto& t) { t.plan.pipeline = 3; }), 3, "8 layers do not divide by pipeline x virtual_stages (3)");
  refused(with([](auto& t) { t.plan.data = 3; }), 3, "16 sequences of global_batch do not divide by data x micro_batch (3)");
  refused(with([](auto& t) { t.plan.tensor = 4; }), 10, "10 GPUs do not divide by tensor x context x pipeline (4)");
  refused(with([](auto& t) { t.plan.context = 3; }), 3, "128 tokens of a sequence do not divide by context (3)");
  refused(with([](auto& t) { t.plan.expert = 2; }), 2, "the model has no experts");
  refused(with([](auto& t) {
            t.model.experts = 6;
            t.model.top_k = 2;
            t.plan.expert = 4;
          }),
          4, "6 experts do not divide by expert (4)");
  refused(with([](auto& t) {
            t.model.experts = 6;
            t.model.top_k = 2;
            t.plan.expert = 3;
          }),
          4, "4 ranks of context x data do not divide by expert (3)");
  refused(with([](auto& t) {
            t.model.experts = 4;
            t.model.top_k = 2;
            t.plan.tensor = 2;
          }),
          2, "need sequence: true");
  refused(with([](auto& t) {
            t.plan.pipeline = 4;
            t.plan.virtual_stages = 2;
            t.global_batch = 6;
          }),
          4, "6 micro-batches do not divide by pipeline");
  refused(with([](auto& t) { t.plan.virtual_stages = 2; }), 1, "need a pipeline");
  refused(with([](auto& t) {
            t.plan.pipeline = 2;
            t.plan.layers_per_stage = {5, 4};
          }),
          2, "lists 2 stages with 9 layers; there are 2 with 8");
  refused(with([](auto& t) { t.plan.order = {"tensor", "data", "pipeline"}; }), 1, "`order` must name");
}

TEST(TrainingPlan, SaysHowManyGpusItNeedsAndHas) {
  TrainingParameters training = small_training();
  training.plan.tensor = 8;
  training.plan.pipeline = 4;
  training.plan.data = 2;
  refused(training, 32, "needs 64 GPUs (tensor 8 x context 1 x data 2 x pipeline 4), but there are 32");
  training.plan.data = 0;
  refused(training, 31, "needs 32 GPUs");
}

TEST(TrainingGroups, OrderIsMegatrons) {
  TrainingParameters training = small_training();
  training.plan.tensor = 2;
  training.plan.context = 2;
  training.plan.pipeline = 2;
  training.plan.data = 2;
  const Groups groups(make_plan(training, "t", 16));
  EXPECT_EQ(groups.along(5, Dimension::tensor), (std::vector<Rank>{4, 5}));
  EXPECT_EQ(groups.along(5, Dimension::context), (std::vector<Rank>{5, 7}));
  EXPECT_EQ(groups.along(5, Dimension::data), (std::vector<Rank>{1, 5}));
  EXPECT_EQ(groups.along(5, Dimension::pipeline), (std::vector<Rank>{5, 13}));
  EXPECT_EQ(groups.replicas(5), (std::vector<Rank>{1, 3, 5, 7}));
  EXPECT_EQ(groups.at_stage(5, 1), 13U);
}

TrainingParameters random_plan(Random& random) {
  TrainingParameters training = small_training();
  const auto power = [&] { return 1U << random.below(3); };
  training.plan.tensor = power();
  training.plan.context = power();
  training.plan.data = power();
  training.plan.pipeline = power();
  training.model.experts = 16;
  training.model.top_k = 2;
  training.plan.sequence = true;
  training.plan.expert = std::min(power(), training.plan.context * training.plan.data);
  for (std::size_t i = training.plan.order.size(); i > 1; --i) std::swap(training.plan.order[i - 1], training.plan.order[random.below(i)]);
  return training;
}

template <class Of>
void expect_partition(std::uint32_t ranks, std::size_t size, const Of& of) {
  std::map<Rank, std::vector<Rank>> seen;
  for (Rank rank = 0; rank < ranks; ++rank) {
    const std::vector<Rank> group = of(rank);
    ASSERT_EQ(group.size(), size);
    EXPECT_EQ(std::set<Rank>(group.begin(), group.end()).size(), size);
    EXPECT_NE(std::find(group.begin(), group.end(), rank), group.end());
    for (const Rank member : group) EXPECT_TRUE(seen.emplace(member, group).second || seen.at(member) == group);
  }
}

TEST(TrainingGroups, EveryKindOfGroupPartitionsTheRanks) {
  for_each_seed(200, [](Random& random, std::uint64_t) {
    const Plan plan = make_plan(random_plan(random), "t", 1000);
    const Groups groups(plan);
    for (const Dimension d : {Dimension::tensor, Dimension::context, Dimension::data, Dimension::pipeline}) {
      expect_partition(plan.ranks(), plan.of(d), [&](Rank r) { return groups.along(r, d); });
    }
    expect_partition(plan.ranks(), plan.replicas(), [&](Rank r) { return groups.replicas(r); });
    expect_partition(plan.ranks(), plan.expert, [&](Rank r) { return groups.expert(r); });
    expect_partition(plan.ranks(), plan.replicas() / plan.expert, [&](Rank r) { return groups.expert_replicas(r); });
    for (Rank rank = 0; rank < plan.ranks(); ++rank) EXPECT_EQ(groups.rank(groups.coordinates(rank)), rank);
    std::size_t in_stages = 0;
    for (std::uint32_t stage = 0; stage < plan.pipeline(); ++stage) {
      in_stages += groups.stage(stage).size();
      for (std::size_t i = 0; i < groups.stage(stage).size(); ++i) {
        EXPECT_EQ(groups.at_stage(groups.stage(0)[i], stage), groups.stage(stage)[i]);
      }
    }
    EXPECT_EQ(in_stages, plan.ranks());
  });
}

TEST(TrainingChunks, CoverTheLayersAndSamplesStandForThem) {
  TrainingParameters training = small_training();
  training.model.layers = 20;
  training.model.experts = 4;
  training.model.top_k = 1;
  training.model.dense_layers = 3;
  training.plan.pipeline = 2;
  training.plan.layers_per_stage = {11, 9};
  const Plan plan = make_plan(training, "t", 2);
  for (const std::uint32_t sampled : {0U, 1U, 2U, 3U, 5U, 100U}) {
    std::uint32_t layers = 0;
    for (std::uint32_t stage = 0; stage < 2; ++stage) {
      const auto items = chunk_items(training.model, plan, stage, sampled);
      EXPECT_EQ(items.front().kind == Item::Kind::embedding, stage == 0);
      EXPECT_EQ(items.back().kind == Item::Kind::head, stage == 1);
      for (const Item& item : items) {
        if (item.kind == Item::Kind::embedding || item.kind == Item::Kind::head) continue;
        EXPECT_EQ(item.layer, layers);
        for (std::uint32_t i = 0; i < item.count; ++i) {
          EXPECT_EQ(layer_kind(training.model, layers + i) == LayerKind::dense, item.kind == Item::Kind::dense);
        }
        layers += item.count;
      }
    }
    EXPECT_EQ(layers, 20U) << sampled;
  }
  EXPECT_EQ(chunk_items(training.model, plan, 0, 2).size(), 1U + 2 + 2);  // embedding, two of three dense, two of eight others
}

}  // namespace
}  // namespace weft
