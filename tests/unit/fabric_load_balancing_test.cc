// Adaptive and Flowlet: what they choose, from ports whose load the test sets.
#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "fabric/load_balancing/load_balancer.hh"
#include "support/seeds.hh"

namespace weft {
namespace {

// Ports 10, 11, ... with a load each.
struct Ports {
  std::vector<std::uint16_t> numbers;
  std::vector<std::uint64_t> loads;
  std::vector<bool> alive;

  explicit Ports(std::vector<std::uint64_t> depths) : loads(std::move(depths)), alive(loads.size(), true) {
    for (std::size_t i = 0; i < loads.size(); ++i) numbers.push_back(static_cast<std::uint16_t>(10 + i));
  }
  std::uint64_t operator()(std::size_t i) const { return loads[i]; }
  [[nodiscard]] bool up(std::size_t i) const { return alive[i]; }
  [[nodiscard]] Choice choice(std::uint32_t hash = 1, Time now = Time{0}) const { return {numbers, hash, 0, 99, now}; }
};

TEST(FabricAdaptive, GradesAreEightAndDouble) {
  EXPECT_EQ(Adaptive::grade(0), 0U);
  EXPECT_EQ(Adaptive::grade(1), 1U);
  EXPECT_EQ(Adaptive::grade(4095), 1U);
  std::uint64_t bytes = 4096;
  for (unsigned grade = 2; grade <= 7; ++grade, bytes *= 2) {
    EXPECT_EQ(Adaptive::grade(bytes), grade);
    EXPECT_EQ(Adaptive::grade(bytes - 1), grade - 1);
  }
  EXPECT_EQ(Adaptive::grade(~std::uint64_t{0}), 7U);
}

TEST(FabricAdaptive, TakesAPortOfTheLeastGrade) {
  test::for_each_seed(200, [](Random& random, std::uint64_t seed) {
    Adaptive policy{Random(seed)};
    std::vector<std::uint64_t> loads(1 + random.below(16));
    for (std::uint64_t& load : loads) load = random.below(3) == 0 ? 0 : random.below(300'000);
    Ports ports(loads);
    for (std::size_t i = 0; i < loads.size(); ++i) ports.alive[i] = random.below(4) != 0;
    unsigned least = 8;
    for (std::size_t i = 0; i < loads.size(); ++i) {
      if (ports.alive[i]) least = std::min(least, Adaptive::grade(loads[i]));
    }
    const std::size_t chosen = policy.choose(ports.choice(), ports);
    ASSERT_LT(chosen, loads.size());
    if (least < 8) {
      EXPECT_TRUE(ports.up(chosen));
      EXPECT_EQ(Adaptive::grade(loads[chosen]), least);
    }
  });
}

TEST(FabricAdaptive, TiesAreUniform) {
  Adaptive policy{Random(7)};
  const Ports ports({5000, 4500, 9'000, 8191, 4096});  // four of grade 2, one of grade 3
  std::vector<double> counts(5);
  constexpr int draws = 40'000;
  for (int i = 0; i < draws; ++i) ++counts[policy.choose(ports.choice(), ports)];
  EXPECT_EQ(counts[2], 0);
  double chi = 0;
  for (const std::size_t i : {0U, 1U, 3U, 4U}) chi += (counts[i] - draws / 4.0) * (counts[i] - draws / 4.0) / (draws / 4.0);
  EXPECT_LT(chi, 3 + 6 * std::sqrt(6.0));
  EXPECT_GT(chi, 0);
}

TEST(FabricFlowlet, AFlowKeepsItsPortUntilItPauses) {
  constexpr Duration gap{1'000'000};
  Flowlet policy(gap, Random(3));
  Ports ports({100'000, 0, 100'000});
  EXPECT_EQ(policy.choose(ports.choice(5, Time{0}), ports), 1U);
  ports.loads = {0, 100'000, 100'000};
  Time now{0};
  for (int i = 0; i < 100; ++i) {
    now = now + (gap - Duration{1});
    EXPECT_EQ(policy.choose(ports.choice(5, now), ports), 1U) << "packets that follow each other overtake each other";
  }
  EXPECT_EQ(policy.choose(ports.choice(6, now), ports), 0U) << "another flow chooses for itself";
  now = now + gap;
  EXPECT_EQ(policy.choose(ports.choice(5, now), ports), 0U);
}

TEST(FabricFlowlet, APortThatIsDownOrLeadsElsewhereIsLeft) {
  Flowlet policy(Duration{1'000'000}, Random(3));
  Ports ports({0, 100'000});
  EXPECT_EQ(policy.choose(ports.choice(5, Time{0}), ports), 0U);
  ports.alive[0] = false;
  EXPECT_EQ(policy.choose(ports.choice(5, Time{1}), ports), 1U);
  Ports others({100'000, 0});
  others.numbers = {20, 21};
  EXPECT_EQ(policy.choose(others.choice(5, Time{2}), others), 1U) << "routes changed";
}

// Flows with random pauses and loads: a flow changes its port only after a pause.
TEST(FabricFlowlet, ChangesOnlyAfterPauses) {
  std::uint64_t changes = 0;
  test::for_each_seed(50, [&](Random& random, std::uint64_t seed) {
    constexpr Duration gap{2'000'000};
    Flowlet policy(gap, Random(seed));
    Ports ports({0, 0, 0, 0});
    struct Flow {
      Time last{-1'000'000'000};
      std::size_t port = 99;
    };
    std::vector<Flow> flows(8);
    Time now{0};
    for (int i = 0; i < 2000; ++i) {
      now = now + Duration{static_cast<std::int64_t>(random.below(1'000'000))};
      for (std::uint64_t& load : ports.loads) load = random.below(100'000);
      const auto which = static_cast<std::uint32_t>(random.below(flows.size()));
      Flow& flow = flows[which];
      const std::size_t port = policy.choose(ports.choice(which * 77 + 1, now), ports);
      if (port != flow.port) {
        EXPECT_GE(now - flow.last, gap);
        ++changes;
      }
      flow = {now, port};
    }
  });
  EXPECT_TRUE(std::getenv("WEFT_TEST_SEED") != nullptr || changes > 5000U) << changes;
}

TEST(FabricLoadBalancer, WhatEndPointsChooseIsHashedBySwitches) {
  for (const LoadBalancing kind :
       {LoadBalancing::ecmp, LoadBalancing::oblivious, LoadBalancing::bitmap, LoadBalancing::reps, LoadBalancing::mixed}) {
    EXPECT_TRUE(std::holds_alternative<Ecmp>(make_load_balancer(kind, 1, Duration{1})));
  }
  EXPECT_TRUE(looks_at_depth(make_load_balancer(LoadBalancing::adaptive, 1, Duration{1})));
  EXPECT_TRUE(looks_at_depth(make_load_balancer(LoadBalancing::flowlet, 1, Duration{1})));
  EXPECT_FALSE(looks_at_depth(make_load_balancer(LoadBalancing::mixed, 1, Duration{1})));
}

}  // namespace
}  // namespace weft
