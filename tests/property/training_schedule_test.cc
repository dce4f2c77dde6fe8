// Pipeline schedules: order, memory, bubble, steady state.
#include <gtest/gtest.h>

#include <map>
#include <set>

#include "support/seeds.hh"
#include "workload/training/pipeline_schedule.hh"

namespace weft {

using namespace training;
using namespace test;

namespace {

PipelineShape random_shape(Random& random) {
  PipelineShape shape;
  shape.stages = static_cast<std::uint32_t>(1 + random.below(9));
  shape.chunks = shape.stages == 1 ? 1 : static_cast<std::uint32_t>(1 + random.below(4));
  shape.micro_batches = static_cast<std::uint32_t>(1 + random.below(20));
  if (shape.chunks > 1) shape.micro_batches *= shape.stages;
  return shape;
}

// When the last pass ends if forwards take `forward`, backwards `backward` and messages nothing.
std::int64_t makespan(const PipelineShape& shape, std::int64_t forward, std::int64_t backward) {
  std::map<std::tuple<bool, std::uint32_t, std::uint32_t>, std::int64_t> ends;  // direction, virtual stage, micro-batch
  std::vector<std::int64_t> free(shape.stages, 0);
  std::vector<std::vector<Pass>> passes;
  for (std::uint32_t stage = 0; stage < shape.stages; ++stage) passes.push_back(stage_passes(shape, stage));
  const std::uint32_t last = shape.stages * shape.chunks - 1;
  for (const StagePass& next : issue_order(shape)) {
    const Pass& pass = passes[next.stage][next.position];
    const std::uint32_t here = pass.chunk * shape.stages + next.stage;
    std::int64_t ready = 0;
    if (pass.forward && here > 0) ready = ends.at({true, here - 1, pass.micro_batch});
    if (!pass.forward) ready = here == last ? ends.at({true, here, pass.micro_batch}) : ends.at({false, here + 1, pass.micro_batch});
    free[next.stage] = std::max(free[next.stage], ready) + (pass.forward ? forward : backward);
    ends[{pass.forward, here, pass.micro_batch}] = free[next.stage];
  }
  return *std::max_element(free.begin(), free.end());
}

TEST(PipelineSchedule, EveryPassComesOnceAndForwardFirst) {
  for_each_seed(300, [](Random& random, std::uint64_t) {
    const PipelineShape shape = random_shape(random);
    for (std::uint32_t stage = 0; stage < shape.stages; ++stage) {
      std::set<std::pair<std::uint32_t, std::uint32_t>> forward, backward;
      for (const Pass& pass : stage_passes(shape, stage)) {
        EXPECT_LT(pass.micro_batch, shape.micro_batches);
        EXPECT_LT(pass.chunk, shape.chunks);
        const std::pair which{pass.micro_batch, pass.chunk};
        EXPECT_TRUE((pass.forward ? forward : backward).insert(which).second);
        if (!pass.forward) { EXPECT_TRUE(forward.contains(which)); }
      }
      EXPECT_EQ(forward.size(), std::size_t{shape.micro_batches} * shape.chunks);
      EXPECT_EQ(backward.size(), forward.size());
    }
  });
}

TEST(PipelineSchedule, AtMostStagesLeftAreInFlight) {
  for_each_seed(200, [](Random& random, std::uint64_t) {
    PipelineShape shape = random_shape(random);
    shape.chunks = 1;
    for (std::uint32_t stage = 0; stage < shape.stages; ++stage) {
      std::uint32_t in_flight = 0, most = 0;
      for (const Pass& pass : stage_passes(shape, stage)) {
        in_flight = pass.forward ? in_flight + 1 : in_flight - 1;
        most = std::max(most, in_flight);
      }
      EXPECT_EQ(most, std::min(shape.stages - stage, shape.micro_batches));
    }
  });
}

TEST(PipelineSchedule, BubbleIsThatOfThePaper) {
  for (const std::uint32_t p : {1U, 2U, 4U, 8U}) {
    for (const std::uint32_t v : {1U, 2U, 4U}) {
      if (p == 1 && v > 1) continue;
      for (const std::uint32_t m : {p, 2 * p, 5 * p}) {
        // All chunks of a micro-batch take 12 forward and 24 backward at a stage; ideal m * 36; bubble (p-1)/v * 36.
        const std::int64_t forward = 12 / v, backward = 24 / v;
        EXPECT_EQ(makespan({p, v, m}, forward, backward), 36 * std::int64_t{m} + 36 / v * (std::int64_t{p} - 1))
            << p << ' ' << v << ' ' << m;
      }
    }
  }
}

TEST(PipelineSchedule, IssueOrderNamesEveryPassAfterWhatItNeeds) {
  for_each_seed(100, [](Random& random, std::uint64_t) {
    const PipelineShape shape = random_shape(random);
    EXPECT_EQ(issue_order(shape).size(), std::size_t{2} * shape.stages * shape.chunks * shape.micro_batches);
    EXPECT_GT(makespan(shape, 1, 2), 0);  // at() throws where something comes too early
  });
}

// A steady state runs as many passes of both kinds at every stage, at the pace of the whole schedule.
TEST(PipelineSchedule, SteadyStateRunsAtThePaceOfAll) {
  for (const std::uint32_t p : {1U, 2U, 3U, 4U, 8U, 16U}) {
    for (const std::uint32_t v : {1U, 2U, 3U}) {
      if (p == 1 && v > 1) continue;
      const std::uint32_t k = v == 1 ? p + 3 : 4 * p;
      const SteadyState steady = steady_state({p, v, k});
      ASSERT_GT(steady.micro_batches, 0U) << p << ' ' << v;
      for (std::uint32_t stage = 0; stage < p; ++stage) {
        EXPECT_EQ(steady.end[stage] - steady.begin[stage], 2 * v * steady.micro_batches);
      }
      const std::int64_t period = makespan({p, v, k + 8 * p}, 1, 2) - makespan({p, v, k}, 1, 2);
      EXPECT_EQ(period, std::int64_t{8} * p * v * 3);
    }
  }
  EXPECT_EQ(steady_state({4, 1, 4}).micro_batches, 0U);
}

}  // namespace
}  // namespace weft
