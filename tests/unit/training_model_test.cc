// Parameters, FLOPs, times and loads of models against closed forms and published sizes.
#include <gtest/gtest.h>

#include <cmath>
#include <numeric>

#include "scenario/library.hh"
#include "scenario/named.hh"
#include "scenario/training_keys.hh"
#include "support/input_error.hh"
#include "support/training_samples.hh"
#include "workload/training/costs.hh"
#include "workload/training/expert_load.hh"
#include "workload/training/flops.hh"

namespace weft {

using namespace training;
using namespace test;

namespace {

ModelParameters library_model(const std::string& name) {
  for (const LibraryFile& file : library_models()) {
    if (file.name != name) continue;
    ModelParameters model;
    read_named_text(std::string(file.text), name, model_section(), model);
    return model;
  }
  ADD_FAILURE() << "no model " << name;
  return {};
}

double billions(Count parameters) { return static_cast<double>(parameters) / 1e9; }

TEST(TrainingModel, LibraryHasThePublishedSizes) {
  EXPECT_NEAR(billions(model_parameters(library_model("gpt-3-175b"))), 174.6, 0.1);  // Narayanan et al., table 1
  EXPECT_NEAR(billions(model_parameters(library_model("llama-3-8b"))), 8.03, 0.01);
  EXPECT_NEAR(billions(model_parameters(library_model("llama-3-70b"))), 70.55, 0.05);
  EXPECT_NEAR(billions(model_parameters(library_model("llama-3-405b"))), 405.85, 0.1);
  EXPECT_NEAR(billions(model_parameters(library_model("mixtral-8x7b"))), 46.7, 0.05);
  EXPECT_NEAR(billions(model_parameters(library_model("deepseek-v3"))), 671, 0.5);  // without the prediction module
}

TEST(TrainingModel, ActiveParametersOfDeepSeek) {
  const ModelParameters model = library_model("deepseek-v3");
  const Count idle = (model.layers - model.dense_layers) * (model.experts - model.top_k) * expert_parameters(model);
  EXPECT_NEAR(billions(model_parameters(model) - idle), 37, 1);
}

TEST(TrainingModel, EveryLibraryFileNamesItsSources) {
  const auto check = [](std::span<const LibraryFile> files) {
    EXPECT_GE(files.size(), 5U);
    for (const LibraryFile& file : files) {
      EXPECT_NE(file.text.find("# [1] "), std::string_view::npos) << file.name;
      EXPECT_NE(file.text.find("name: " + std::string(file.name) + "\n"), std::string_view::npos) << file.name;
    }
  };
  check(library_models());
  check(library_machines());
  for (const LibraryFile& file : library_machines()) {
    MachineParameters machine;
    read_named_text(std::string(file.text), std::string(file.name), machine_section(), machine);
    EXPECT_GT(machine.peak[1] + machine.peak[2], 0) << file.name;
  }
}

// Narayanan et al. 2021, equation (3): 96 B s l h^2 (1 + s/6h + V/16lh), with the activations recomputed.
TEST(TrainingModel, FlopsAreThoseOfTheEquation) {
  const ModelParameters model = library_model("gpt-3-175b");
  const double batch = 4, s = model.sequence, l = model.layers, h = model.hidden, v = model.vocabulary;
  const double wanted = 96 * batch * s * l * h * h * (1 + s / (6 * h) + v / (16 * l * h));
  const auto tokens = static_cast<Count>(batch * s);
  // The equation recomputes no head, but counts its backward as three quarters of four: 6 B s h V in all.
  EXPECT_NEAR(static_cast<double>(iteration_flops(model, tokens, Recompute::full)) / wanted, 1, 1e-9);
}

// 6 N tokens, N without embedding, is what is left when scores do not count.
TEST(TrainingModel, FlopsAreSixTimesParametersTimesTokensAndScores) {
  const ModelParameters model = library_model("llama-3-8b");
  const Count tokens = 8192;
  const Count parameters = model_parameters(model) - embedding_parameters(model);
  EXPECT_EQ(iteration_flops(model, tokens, Recompute::none),
            6 * static_cast<Flops>(parameters) * tokens + 3 * model.layers * score_flops(model, tokens));
}

TEST(TrainingModel, TimeIsFlopsOverPeakAndEfficiency) {
  TrainingParameters training = small_training();
  training.plan.tensor = 4;
  training.plan.context = 2;
  const Plan plan = make_plan(training, "t", 8);
  const Costs costs = make_costs(training, plan, "t");
  // 2 * 2*64*256 * 128 FLOPs on 8 ranks of 0.5e12 FLOP/s.
  EXPECT_EQ(costs.ffn.forward.v, 2 * 2 * 64 * 256 * 128 / 4);
  EXPECT_EQ(costs.ffn.backward.v, 2 * costs.ffn.forward.v);
  EXPECT_EQ(costs.scores.forward.v, 4 * 128 * 64 * 128 / 4);
  EXPECT_EQ(costs.projections.forward.v, 2 * 4 * 64 * 64 * 128 / 4);
  EXPECT_EQ(costs.head.forward.v, 2 * 64 * 1024 * 128 / 4);
}

TEST(TrainingModel, ProfilesReplaceFormulas) {
  const training::Profile profile =
      parse_profile("# measured\npart,forward_us,backward_us\nattention, 10.5, 21\nffn,3,6 # dense\r\noptimizer,7,0\n", "p");
  EXPECT_EQ(profile.at("attention").forward.v, 10'500'000);
  EXPECT_EQ(profile.at("attention").backward.v, 21'000'000);
  EXPECT_EQ(profile.at("optimizer").forward.v, 7'000'000);
  expect_input_error([] { static_cast<void>(parse_profile("attention,1,2\nmlp,1,2\n", "p.csv")); }, "p.csv:2", "attention, ffn");
  expect_input_error([] { static_cast<void>(parse_profile("ffn,1\n", "p.csv")); }, "p.csv:1", "three columns");
  expect_input_error([] { static_cast<void>(parse_profile("ffn,1,-2\n", "p.csv")); }, "p.csv:1", "'-2' is no time");
  expect_input_error([] { static_cast<void>(parse_profile("ffn,1,2\nffn,1,2\n", "p.csv")); }, "p.csv:2", "twice");
}

TEST(TrainingModel, MissingFiguresAreAskedFor) {
  TrainingParameters training = small_training();
  const Plan plan = make_plan(training, "t:1", 1);
  training.efficiency = 0;
  expect_input_error([&] { static_cast<void>(make_costs(training, plan, "t:1")); }, "t:1", "`efficiency` is missing");
  training.model.efficiency["test"] = 0.5;
  EXPECT_NO_THROW(static_cast<void>(make_costs(training, plan, "t:1")));
  training.model.compute = Precision::fp8;
  expect_input_error([&] { static_cast<void>(make_costs(training, plan, "t:1")); }, "t:1", "has no fp8 peak");
}

TEST(TrainingModel, OptimizerMovesItsState) {
  TrainingParameters training = small_training();
  training.machine.memory_rate = {8'000'000'000'000};  // 1 ps a byte
  training.plan.data = 4;
  const Share share{1000, 0};
  Plan plan = make_plan(training, "t", 4);
  const Costs costs = make_costs(training, plan, "t");
  EXPECT_EQ(optimizer_time(costs, training.model, plan, share).v, 1000 * 30);
  plan.zero = 1;
  EXPECT_EQ(optimizer_time(costs, training.model, plan, share).v, 250 * 30);
}

TEST(TrainingExperts, ZipfWeightsArePowers) {
  for (const std::uint64_t i : {1U, 2U, 3U, 7U, 64U, 255U}) {
    for (const std::uint32_t z : {0U, 500U, 1000U, 1234U, 3000U}) {
      const double wanted = std::pow(static_cast<double>(i), -z / 1000.0) * std::pow(2.0, 40);
      EXPECT_NEAR(static_cast<double>(zipf_weight(i, z)), wanted, wanted * 1e-8 + 1) << i << "^-" << z;
    }
  }
}

TEST(TrainingExperts, NoExpertIsNamedTwiceByAToken) {
  TrainingParameters training = small_training();
  training.model.experts = 16;
  training.model.top_k = 4;
  training.skew = 2.5;
  const auto shares = expert_shares(training, 3, 99);
  std::uint64_t sum = 0, most = 0;
  for (const std::uint64_t share : shares) {
    sum += share;
    most = std::max(most, share);
  }
  EXPECT_LE(sum, all_shares);
  EXPECT_NEAR(static_cast<double>(sum), static_cast<double>(all_shares), 64);
  EXPECT_EQ(most, all_shares / 4);
  EXPECT_EQ(shares, expert_shares(training, 3, 99));
  EXPECT_NE(shares, expert_shares(training, 4, 99));
}

TEST(TrainingExperts, CopiesAddUp) {
  for (const std::int64_t copies : {0, 1, 7, 1000, 4096 * 8}) {
    for (const auto& shares : {std::vector<std::uint64_t>{}, {5, 1, 0, 2, 9, 9, 1, 1}}) {
      const auto dealt = rank_copies(shares, 4, copies);
      EXPECT_EQ(std::accumulate(dealt.begin(), dealt.end(), std::int64_t{0}), copies);
    }
  }
  EXPECT_EQ(rank_copies({6, 0, 2, 0, 0, 0, 0, 0}, 4, 8), (std::vector<std::int64_t>{6, 2, 0, 0}));
  EXPECT_EQ(rank_copies({}, 4, 8), (std::vector<std::int64_t>{2, 2, 2, 2}));
}

}  // namespace
}  // namespace weft
