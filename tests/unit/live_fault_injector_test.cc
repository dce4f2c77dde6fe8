// The imperfect wire: what its plans may and may not do, and that its rates are those asked for.
#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

#include "live/fault_injector.hh"
#include "support/seeds.hh"

namespace weft::live {
namespace {

constexpr std::uint64_t one = std::uint64_t{1} << 32;

std::vector<std::uint16_t> planned(FaultInjector& faults, std::size_t batch) {
  FaultInjector::Plan plan;
  const std::size_t n = faults.plan(batch, plan);
  return {plan.begin(), plan.begin() + static_cast<std::ptrdiff_t>(n)};
}

TEST(LiveFaults, OffMeansUntouched) {
  FaultInjector faults(0, 0, 0, 1);
  EXPECT_TRUE(planned(faults, 0).empty());
  EXPECT_EQ(planned(faults, 4), (std::vector<std::uint16_t>{0, 1, 2, 3}));
  EXPECT_EQ(faults.counters().dropped + faults.counters().duplicated + faults.counters().delayed, 0U);
}

TEST(LiveFaults, CertainLossLeavesNothing) {
  FaultInjector faults(one, 0, 0, 1);
  EXPECT_TRUE(planned(faults, FaultInjector::largest_batch).empty());
  EXPECT_EQ(faults.counters().dropped, FaultInjector::largest_batch);
}

TEST(LiveFaults, CertainDuplicationFillsThePlan) {
  FaultInjector faults(0, one, 0, 1);
  EXPECT_EQ(planned(faults, FaultInjector::largest_batch).size(), 2 * FaultInjector::largest_batch);
}

TEST(LiveFaults, EveryPlanHoldsEachDatagramAsOftenAsCounted) {
  test::for_each_seed(300, [](Random& random, std::uint64_t seed) {
    FaultInjector faults(random.below(one), random.below(one), random.below(one), seed);
    const std::size_t batch = random.below(FaultInjector::largest_batch + 1);
    const auto plan = planned(faults, batch);
    EXPECT_EQ(plan.size(), batch - faults.counters().dropped + faults.counters().duplicated);
    for (std::uint16_t i = 0; i < batch; ++i) EXPECT_LE(std::count(plan.begin(), plan.end(), i), 2);
    EXPECT_TRUE(std::all_of(plan.begin(), plan.end(), [&](std::uint16_t i) { return i < batch; }));
    EXPECT_TRUE(faults.counters().delayed > 0 || std::is_sorted(plan.begin(), plan.end()));
  });
}

TEST(LiveFaults, RatesAreThoseAskedFor) {
  FaultInjector faults(one / 100, one / 50, one / 20, 3);
  constexpr std::size_t batches = 5000;
  for (std::size_t i = 0; i < batches; ++i) planned(faults, 64);
  constexpr double sent = 64.0 * batches;
  EXPECT_NEAR(static_cast<double>(faults.counters().dropped) / sent, 0.01, 0.001);
  EXPECT_NEAR(static_cast<double>(faults.counters().duplicated) / sent, 0.02 * 0.99, 0.0015);
  // The last of a batch has none behind it to overtake it.
  EXPECT_NEAR(static_cast<double>(faults.counters().delayed) / sent, 0.05, 0.003);
}

TEST(LiveFaults, OneSeedOneFate) {
  FaultInjector a(one / 4, one / 4, one / 4, 5), b(one / 4, one / 4, one / 4, 5);
  for (int i = 0; i < 10; ++i) EXPECT_EQ(planned(a, 64), planned(b, 64));
}

}  // namespace
}  // namespace weft::live
