// Jobs as task graphs: streams, waiting, what is scaled down, skew, and where ranks are placed. Times come from a small executor
// in which a message of n bytes takes n ns and everything else what it says.
#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>

#include "base/error.hh"
#include "collective/extension.hh"
#include "collective/graph_check.hh"
#include "workload/job_builder.hh"
#include "workload/placement.hh"

namespace weft {
namespace {

using collective::Task;
using collective::TaskId;
using collective::TaskKind;

constexpr std::int64_t ns = 1000;

JobSettings settings(std::uint32_t ranks) {
  JobSettings s;
  s.where = "test:1";
  s.hosts.resize(ranks);
  std::iota(s.hosts.begin(), s.hosts.end(), 10U);
  for (const auto operation : {collective::Operation::all_reduce, collective::Operation::all_gather}) s.algorithms[operation] = "ring";
  return s;
}

// Ends of tasks that are built in an order that works: no message waits for another.
std::vector<std::int64_t> ends(const collective::TaskGraph& graph, std::int64_t latency = 0) {
  std::vector<std::int64_t> end;
  for (std::uint32_t i = 0; i < graph.size(); ++i) {
    const Task& task = graph.task({i});
    std::int64_t start = 0;
    for (const TaskId before : graph.dependencies({i})) start = std::max(start, end[before.index()]);
    std::int64_t took = task.is_message() ? latency + task.bytes().v * ns : task.duration().v;
    const auto mark = [&](std::size_t number) { return Time{end[graph.dependencies({i})[number].index()]}; };
    if (task.kind == TaskKind::extend) took = collective::extension(task, mark(0), {start}).v;
    if (task.kind == TaskKind::extrapolate) took = collective::extrapolation(task, mark(0), mark(1), {start}).v;
    end.push_back(start + took);
  }
  return end;
}

TEST(JobBuilder, StreamsRunSideBySideAndWaitWhereTold) {
  JobBuilder job(settings(2));
  const LabelId label = job.label("work");
  const std::vector<std::uint32_t> ranks{0, 1};
  static_cast<void>(job.compute(0, {100 * ns}, label));
  const auto done = job.collective({.bytes = {8000}, .ranks = ranks, .label = label, .after = {}, .matrix = {}, .algorithm = {}});
  const TaskId beside = job.compute(0, {200 * ns}, label);
  job.wait(0, done[0]);
  const TaskId behind = job.compute(0, {1 * ns}, label);
  const TaskWork work = job.finish();
  collective::check_graph(work.graph, 20, "test");
  const auto end = ends(work.graph);
  EXPECT_EQ(end[beside.index()], 300 * ns);
  EXPECT_EQ(end[done[0].index()], 8000 * ns);  // two steps of half
  EXPECT_EQ(end[behind.index()], 8001 * ns);
  EXPECT_EQ(work.job.compute[0], (Duration{301 * ns}));
}

TEST(JobBuilder, ACollectiveBeginsAtEachRankWhenItsStreamIsFree) {
  JobBuilder job(settings(2));
  const LabelId label = job.label("work");
  const std::vector<std::uint32_t> ranks{1, 0};
  const TaskId late = job.compute(1, {500 * ns}, label);
  const std::vector<TaskId> after{late, TaskId{}};
  static_cast<void>(job.collective({.bytes = {16}, .ranks = ranks, .label = label, .after = after, .matrix = {}, .algorithm = {}}));
  const TaskWork work = job.finish();
  const auto end = ends(work.graph);
  const CollectiveSpan& span = work.job.collectives.at(0);
  EXPECT_EQ(end[span.begin], 500 * ns);
  EXPECT_EQ(end[span.begin + 1], 0);
}

// When a ring of four ranks, one of them late, is over at each.
std::vector<std::int64_t> ring_ends(std::int64_t bytes, std::int64_t limit, std::int64_t late) {
  JobSettings s = settings(4);
  s.message_limit = {limit};
  JobBuilder job(s);
  const std::vector<std::uint32_t> ranks{0, 1, 2, 3};
  const std::vector<TaskId> after{TaskId{}, job.compute(1, {late}, job.label("late")), TaskId{}, TaskId{}};
  const auto done =
      job.collective({.bytes = {bytes}, .ranks = ranks, .label = job.label("big"), .after = after, .matrix = {}, .algorithm = {}});
  const TaskWork work = job.finish();
  EXPECT_EQ(work.job.collectives[0].bytes.v, bytes);
  EXPECT_EQ(work.job.collectives[0].simulated.v, limit == 0 ? bytes : limit);
  EXPECT_EQ(work.job.scaled.size(), limit < bytes && limit != 0 ? 1U : 0U);
  const auto all = ends(work.graph, 5'000 * ns);
  std::vector<std::int64_t> times;
  for (const TaskId end : done) times.push_back(all[end.index()]);
  return times;
}

// Latency is paid once, whatever was simulated.
TEST(JobBuilder, AboveTheLimitTheRestGoesOnAtThePaceOfItsFirstParts) {
  for (const std::int64_t bytes : {3 << 20, 40 << 20, 1 << 30}) {
    const auto whole = ring_ends(bytes, 0, 0), limited = ring_ends(bytes, 1 << 20, 0);
    for (std::size_t rank = 0; rank < whole.size(); ++rank) {
      EXPECT_NEAR(static_cast<double>(limited[rank]) / static_cast<double>(whole[rank]), 1, 0.001) << rank;
    }
  }
}

// A late rank is waited for once. What the others do meanwhile is one step of the six, and that step is short where little is
// simulated; so a rank may be that much, and the two steps that ranks lie apart, off.
TEST(JobBuilder, ALateRankIsNotExtrapolated) {
  constexpr std::int64_t late = 50'000'000 * ns;
  for (const std::int64_t bytes : {3 << 20, 40 << 20, 1 << 30}) {
    const auto whole = ring_ends(bytes, 0, late), limited = ring_ends(bytes, 1 << 20, late);
    const std::int64_t step = bytes / 4 * ns;
    for (std::size_t rank = 0; rank < whole.size(); ++rank) EXPECT_LE(std::abs(limited[rank] - whole[rank]), 3 * step) << rank;
  }
}

TEST(JobBuilder, AnExtensionCountsFromItsMark) {
  JobBuilder job(settings(1));
  const LabelId label = job.label("layer");
  static_cast<void>(job.compute(0, {70 * ns}, label));
  const TaskId mark = job.mark(0);
  for (int i = 0; i < 2; ++i) static_cast<void>(job.compute(0, {10 * ns}, label));
  const TaskId end = job.extend(0, mark, 6, 2);
  job.end_iteration();
  const TaskWork work = job.finish();
  EXPECT_EQ(ends(work.graph)[end.index()], (70 + 20 + 60) * ns);
  EXPECT_EQ(ends(work.graph)[work.job.iteration_ends.at(0).index()], 150 * ns);
}

TEST(JobBuilder, RingsGoByHostUnlessTold) {
  for (const bool by_rank : {false, true}) {
    JobSettings s = settings(3);
    s.hosts = {12, 10, 11};
    s.ranks_in_order = by_rank;
    JobBuilder job(s);
    const std::vector<std::uint32_t> ranks{0, 1, 2};
    static_cast<void>(
        job.collective({.bytes = {300 * 4}, .ranks = ranks, .label = job.label(""), .after = {}, .matrix = {}, .algorithm = {}}));
    const TaskWork work = job.finish();
    for (const Task& task : work.graph.tasks()) {
      if (task.is_message() && task.from == 12) { EXPECT_EQ(task.to, 10U); }
      if (task.is_message() && task.from == 10) { EXPECT_EQ(task.to, 11U) << by_rank; }
    }
  }
}

TEST(JobBuilder, SkewIsAFactorAndABoundedDraw) {
  JobSettings s = settings(2);
  s.slowness[1] = 1500;
  s.jitter = 100;
  JobBuilder job(s), again(s);
  bool varies = false;
  for (int i = 0; i < 100; ++i) {
    for (std::uint32_t rank = 0; rank < 2; ++rank) {
      const Duration before = job.counted_compute(rank);
      static_cast<void>(job.compute(rank, {1'000'000}, job.label("x")));
      static_cast<void>(again.compute(rank, {1'000'000}, again.label("x")));
      const std::int64_t took = (job.counted_compute(rank) - before).v;
      const std::int64_t base = rank == 0 ? 1'000'000 : 1'500'000;
      EXPECT_LE(std::abs(took - base), base / 10);
      varies = varies || took != base;
      EXPECT_EQ(job.counted_compute(rank), again.counted_compute(rank));
    }
  }
  EXPECT_TRUE(varies);
}

TEST(JobBuilder, TwoRanksOnOneHostAreRefused) {
  JobSettings s = settings(3);
  s.hosts[2] = s.hosts[0];
  EXPECT_THROW(JobBuilder{s}, InputError);
}

std::vector<std::uint32_t> all(std::uint32_t hosts) {
  std::vector<std::uint32_t> pool(hosts);
  std::iota(pool.begin(), pool.end(), 0U);
  return pool;
}

TEST(RankPlacement, PackedRailAndSpread) {
  using Hosts = std::vector<std::uint32_t>;
  EXPECT_EQ(place_ranks(all(8), 4, RankPlacement::packed, 4, Random(1)), (Hosts{0, 1, 2, 3}));
  EXPECT_EQ(place_ranks(all(8), 4, RankPlacement::rail, 4, Random(1)), (Hosts{0, 4, 1, 5}));
  EXPECT_EQ(place_ranks(all(8), 4, RankPlacement::spread, 4, Random(1)), (Hosts{0, 5, 1, 6}));
  EXPECT_EQ(place_ranks(all(4), 4, RankPlacement::spread, 0, Random(1)), (Hosts{0, 1, 2, 3}));
}

TEST(RankPlacement, EveryPolicyIsAPermutation) {
  for (const auto policy : {RankPlacement::packed, RankPlacement::rail, RankPlacement::spread, RankPlacement::random}) {
    for (const std::uint32_t gpus : {0U, 1U, 3U, 8U}) {
      auto placed = place_ranks(all(24), 24, policy, gpus, Random(7));
      std::sort(placed.begin(), placed.end());
      EXPECT_EQ(placed, all(24));
    }
  }
}

}  // namespace
}  // namespace weft
