// Time on the wire is exact over any number of frames: the sum never differs from bits * 1e12 / rate by a picosecond.
#include "base/wire_clock.hh"

#include <gtest/gtest.h>

#include "base/random.hh"
#include "support/seeds.hh"

namespace weft {
namespace {

using namespace literals;

// The whole picoseconds of `bytes` at `rate`, computed in one piece.
std::int64_t exact_ps(std::int64_t bytes, Rate rate) {
  return static_cast<std::int64_t>(static_cast<__int128>(bytes) * 8 * ps_per_second / rate.v);
}

TEST(WireClock, AByteAtThreePointTwoTerabitsLastsTwoAndAHalfPicoseconds) {
  WireClock clock(3'200_Gbps);
  EXPECT_EQ(clock.next(1_B), 2_ps);
  EXPECT_EQ(clock.next(1_B), 3_ps);
  EXPECT_EQ(clock.next(1_B), 2_ps);
  EXPECT_EQ(clock.next(1_B), 3_ps);
  EXPECT_EQ(clock.next(4178_B), 10'445_ps);
}

TEST(WireClock, DoesNotDriftOverMillionsOfFrames) {
  WireClock clock(3'200_Gbps);
  std::int64_t sum = 0;
  for (int i = 0; i < 3'000'001; ++i) sum += clock.next(85_B).v;
  EXPECT_EQ(sum, exact_ps(85LL * 3'000'001, 3'200_Gbps));
}

TEST(WireClock, SumsAreExactAtAnyRateAndAnySizes) {
  test::for_each_seed(200, [](Random& random, std::uint64_t) {
    const Rate rate{static_cast<std::int64_t>(1 + random.below(6'400'000'000'000ULL))};
    WireClock clock(rate);
    std::int64_t bytes = 0;
    std::int64_t sum = 0;
    for (int i = 0; i < 1000; ++i) {
      const auto size = static_cast<std::int64_t>(random.below(9217));
      const Duration estimate = clock.estimate({size});
      const Duration taken = clock.next({size});
      ASSERT_EQ(estimate.v, exact_ps(size, rate));
      ASSERT_TRUE(taken == estimate || taken == estimate + 1_ps) << "rate " << rate.v << " size " << size;
      bytes += size;
      sum += taken.v;
      ASSERT_EQ(sum, exact_ps(bytes, rate)) << "rate " << rate.v << " frame " << i;
    }
  });
}

TEST(WireClock, WholePicosecondsPerByteNeedNoCarry) {
  WireClock clock(400_Gbps);
  EXPECT_EQ(clock.next(4178_B), 83'560_ps);
  EXPECT_EQ(clock.next(0_B), 0_ps);
  EXPECT_EQ(clock.rate(), 400_Gbps);
}

TEST(WireClock, HoldsTheLargestFrameOfItsBound) {
  WireClock odd(Rate{3'000'000'000'000});
  const Duration first = odd.next(1'000'000_B);
  EXPECT_EQ(first.v, exact_ps(1'000'000, odd.rate()));
  EXPECT_EQ(first.v + odd.next(1'000'000_B).v, exact_ps(2'000'000, odd.rate()));
}

// Estimating has no effect on what follows.
TEST(WireClock, EstimatesLeaveTheCarryAlone) {
  WireClock clock(3'200_Gbps);
  clock.next(1_B);
  for (int i = 0; i < 5; ++i) EXPECT_EQ(clock.estimate(1_B), 2_ps);
  EXPECT_EQ(clock.next(1_B), 3_ps);
}

}  // namespace
}  // namespace weft
