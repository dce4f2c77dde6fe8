// Path policies: each rule of its own, by the paths that come out.
#include <gtest/gtest.h>

#include <map>
#include <set>
#include <vector>

#include "transport/multipath/any_path_policy.hh"

namespace weft::multipath {
namespace {

using namespace literals;

constexpr Time start{1'000'000};

template <class Policy>
Policy made(std::uint32_t paths, std::uint64_t key = 7) {
  Policy policy;
  policy.reset({.paths = paths, .key = key});
  return policy;
}

template <class Policy>
std::vector<std::uint32_t> next(Policy& policy, std::size_t count, Time now = start) {
  std::vector<std::uint32_t> paths;
  for (std::size_t i = 0; i < count; ++i) paths.push_back(policy.next(now).v);
  return paths;
}

using Paths = std::vector<std::uint32_t>;

TEST(Oblivious, EveryEvOnceARound) {
  for (const std::uint32_t paths : {1u, 2u, 64u, 65536u}) {
    auto policy = made<Oblivious>(paths);
    Paths rounds[2];
    for (Paths& round : rounds) {
      round = next(policy, paths);
      const std::set<std::uint32_t> seen(round.begin(), round.end());
      EXPECT_EQ(seen.size(), paths);
      EXPECT_LT(*seen.rbegin(), 65536u);
      EXPECT_EQ(*seen.begin() & ~(paths - 1), *seen.rbegin() & ~(paths - 1));  // the upper bits are fixed
    }
    if (paths >= 64) { EXPECT_NE(rounds[0], rounds[1]); }
  }
}

TEST(Oblivious, ReportsChangeNothing) {
  auto one = made<Oblivious>(64);
  auto two = made<Oblivious>(64);
  two.report({5}, PathEvent::timeout, start);
  EXPECT_EQ(next(one, 200), next(two, 200));
}

TEST(Bitmap, PenaltiesByEvent) {
  auto policy = made<Bitmap>(16);
  const Paths ev = next(policy, 16);
  policy.report({ev[0]}, PathEvent::good, start);
  policy.report({ev[1]}, PathEvent::ecn, start);
  policy.report({ev[2]}, PathEvent::nack, start);
  policy.report({ev[2]}, PathEvent::ecn, start);
  policy.report({ev[3]}, PathEvent::timeout, start);
  policy.report({ev[3]}, PathEvent::nack, start);
  EXPECT_EQ(policy.penalty(PathId{ev[0]}), 0u);
  EXPECT_EQ(policy.penalty(PathId{ev[1]}), 1u);
  EXPECT_EQ(policy.penalty(PathId{ev[2]}), 5u);
  EXPECT_EQ(policy.penalty(PathId{ev[3]}), 15u);
  EXPECT_EQ(policy.penalised(), 3u);
}

TEST(Bitmap, WithoutPenaltiesItIsOblivious) {
  auto policy = made<Bitmap>(64);
  auto oblivious = made<Oblivious>(64);
  EXPECT_EQ(next(policy, 300), next(oblivious, 300));
}

// A penalty of 4 is passed over in four rounds and back in the fifth; the others come once a round.
TEST(Bitmap, APenaltyIsPassedOverThatManyRounds) {
  auto policy = made<Bitmap>(16);
  const std::uint32_t bad = next(policy, 16)[3];
  policy.report({bad}, PathEvent::nack, start);
  std::map<std::uint32_t, int> used;
  for (int i = 0; i < 4 * 15; ++i) ++used[policy.next(start).v];
  EXPECT_EQ(used.count(bad), 0u);
  EXPECT_EQ(policy.penalised(), 0u);
  for (const auto& [path, times] : used) EXPECT_EQ(times, 4) << path;
  const Paths round = next(policy, 16);
  EXPECT_EQ(std::count(round.begin(), round.end(), bad), 1);
}

TEST(Bitmap, OnlyTheFirstPenalisedEvOfAChoiceIsForgiven) {
  auto policy = made<Bitmap>(4);
  const Paths ev = next(policy, 4);
  for (const std::uint32_t path : {ev[0], ev[1], ev[2]}) policy.report({path}, PathEvent::nack, start);
  std::uint32_t total = 12;
  for (int i = 0; i < 6; ++i) {
    EXPECT_EQ(policy.next(start).v, ev[3]);
    const std::uint32_t left = policy.penalty(PathId{ev[0]}) + policy.penalty(PathId{ev[1]}) + policy.penalty(PathId{ev[2]});
    EXPECT_GE(left + 1, total);
    total = left;
  }
}

TEST(Bitmap, WhenAllArePenalisedSomeEvIsUsed) {
  auto policy = made<Bitmap>(8);
  for (const std::uint32_t path : next(policy, 8)) policy.report({path}, PathEvent::timeout, start);
  std::map<std::uint32_t, int> used;
  for (const std::uint32_t path : next(policy, 80)) ++used[path];
  EXPECT_GT(used.size(), 4u);
  const auto rest = next(policy, 8 * 15);  // every choice took 1 off
  EXPECT_EQ(policy.penalised(), 0u);
  auto one = made<Bitmap>(1);
  one.report({0}, PathEvent::timeout, start);
  EXPECT_EQ(std::set<std::uint32_t>(rest.begin(), rest.end()).size(), 8u);
  EXPECT_EQ(next(one, 3), Paths(3, one.next(start).v));
}

TEST(Reps, RecyclesGoodEvsOldestFirstAndOnce) {
  auto policy = made<Reps>(256);
  for (const std::uint32_t low : {10u, 20u, 30u}) policy.report({low}, PathEvent::good, start);
  policy.report({40}, PathEvent::ecn, start);
  policy.report({50}, PathEvent::nack, start);
  Paths low = next(policy, 3);
  for (std::uint32_t& path : low) path &= 255;
  EXPECT_EQ(low, (Paths{10, 20, 30}));
  EXPECT_EQ(policy.fresh(), 0u);
  const Paths random = next(policy, 1000);
  EXPECT_GT(std::set<std::uint32_t>(random.begin(), random.end()).size(), 200u);
}

TEST(Reps, KeepsTheLatestEight) {
  auto policy = made<Reps>(256);
  for (std::uint32_t low = 1; low <= 11; ++low) policy.report({low}, PathEvent::good, start);
  Paths low = next(policy, 8);
  for (std::uint32_t& path : low) path &= 255;
  EXPECT_EQ(low, (Paths{4, 5, 6, 7, 8, 9, 10, 11}));
  EXPECT_EQ(policy.fresh(), 0u);
}

TEST(Reps, FreezesForTenMillisecondsOnATimeout) {
  auto policy = made<Reps>(256);
  for (const std::uint32_t low : {1u, 2u, 3u}) policy.report({low}, PathEvent::good, start);
  (void)next(policy, 3);  // used again, but still in the cache
  policy.report({99}, PathEvent::timeout, start);
  EXPECT_TRUE(policy.frozen());
  Paths low = next(policy, 6);
  for (std::uint32_t& path : low) path &= 255;
  EXPECT_EQ(low, (Paths{1, 2, 3, 1, 2, 3}));
  policy.report({98}, PathEvent::timeout, start + 5_ms);  // does not freeze anew
  EXPECT_EQ(policy.next(start + 10_ms - 1_ps).v & 255, 1u);
  EXPECT_TRUE(policy.frozen());
  policy.report({4}, PathEvent::good, start + 10_ms - 1_ps);
  EXPECT_EQ(policy.fresh(), 1u);
  (void)policy.next(start + 10_ms);
  EXPECT_FALSE(policy.frozen());
  EXPECT_EQ(policy.fresh(), 0u);  // the cache is emptied
}

TEST(Reps, ExploresSixteenPacketsAfterAThaw) {
  auto policy = made<Reps>(65536);
  policy.report({1}, PathEvent::timeout, start);
  const Time thaw = start + 10_ms;
  policy.report({42}, PathEvent::good, thaw);
  EXPECT_FALSE(policy.frozen());
  policy.report({1}, PathEvent::timeout, thaw);  // exploring: no freeze
  EXPECT_FALSE(policy.frozen());
  const Paths explored = next(policy, 16, thaw);
  EXPECT_EQ(std::count(explored.begin(), explored.end(), 42), 0);
  EXPECT_EQ(policy.next(thaw).v, 42u);
  policy.report({1}, PathEvent::timeout, thaw);
  EXPECT_TRUE(policy.frozen());
}

TEST(Reps, FrozenWithoutCacheItDrawsAtRandom) {
  auto policy = made<Reps>(256);
  policy.report({1}, PathEvent::timeout, start);
  const Paths random = next(policy, 1000);
  EXPECT_GT(std::set<std::uint32_t>(random.begin(), random.end()).size(), 200u);
  EXPECT_TRUE(policy.frozen());
}

TEST(Mixed, RecyclesGoodEvsThenTheBitmapChooses) {
  auto policy = made<Mixed>(64);
  auto bitmap = made<Bitmap>(64);
  policy.report({3}, PathEvent::good, start);
  policy.report({9}, PathEvent::good, start);
  policy.report({3}, PathEvent::good, start);
  EXPECT_EQ(policy.waiting(), 3u);
  EXPECT_EQ(next(policy, 3), (Paths{3, 9, 3}));
  EXPECT_EQ(next(policy, 100), next(bitmap, 100));
}

TEST(Mixed, PenaltiesReachTheBitmap) {
  auto policy = made<Mixed>(16);
  const std::uint32_t bad = next(policy, 16)[0];
  policy.report({bad}, PathEvent::timeout, start);
  const Paths round = next(policy, 15 * 15);
  EXPECT_EQ(std::count(round.begin(), round.end(), bad), 0);
}

TEST(Mixed, ForgetsTheOldestBeyondItsBound) {
  auto policy = made<Mixed>(65536);
  for (std::uint32_t path = 0; path < Mixed::queue_size + 10; ++path) policy.report({path}, PathEvent::good, start);
  EXPECT_EQ(policy.waiting(), Mixed::queue_size);
  EXPECT_EQ(policy.next(start).v, 10u);
}

TEST(AnyPathPolicy, NamesAndRepetition) {
  EXPECT_FALSE(path_policy_kind("ecmp"));
  EXPECT_FALSE(make_path_policy("", {}));
  for (const char* name : {"oblivious", "bitmap", "reps", "mixed"}) {
    auto policy = make_path_policy(name, {.paths = 32, .key = 1});
    ASSERT_TRUE(policy) << name;
    const Paths first = next(*policy, 100);
    policy->report({first[0]}, PathEvent::timeout, start);
    policy->report({first[1]}, PathEvent::good, start);
    Digest used;
    policy->digest(used);
    policy->reset(*path_policy_kind(name), {.paths = 32, .key = 1});
    EXPECT_EQ(next(*policy, 100), first) << name;
    Digest anew;
    policy->digest(anew);
    if (name != std::string_view("oblivious")) { EXPECT_NE(anew.value(), used.value()) << name; }
    policy->reset(*path_policy_kind(name), {.paths = 32, .key = 2});
    EXPECT_NE(next(*policy, 100), first) << name;
  }
}

TEST(AnyPathPolicy, OnePathIsAlwaysTheSame) {
  for (const char* name : {"oblivious", "bitmap", "reps", "mixed"}) {
    auto policy = make_path_policy(name, {.paths = 1, .key = 3});
    const PathId only = policy->next(start);
    for (const PathEvent event : {PathEvent::good, PathEvent::ecn, PathEvent::nack, PathEvent::timeout}) {
      policy->report(only, event, start);
      EXPECT_EQ(policy->next(start), only) << name;
    }
  }
}

TEST(PathPolicyDeathTest, PathsMustBeAPowerOfTwo) {
  EXPECT_DEATH(made<Oblivious>(100), "paths");
  EXPECT_DEATH(made<Bitmap>(131072), "paths");
}

}  // namespace
}  // namespace weft::multipath
