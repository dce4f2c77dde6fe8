// Statistics against values worked out by hand, numbers as text, and figures of a small run.
#include "report/figures.hh"

#include <gtest/gtest.h>

#include <limits>
#include <numeric>

#include "report/decimal.hh"
#include "report/statistics.hh"
#include "report_sample.hh"

namespace weft {
namespace {

TEST(Statistics, NearestRankOfOneToHundred) {
  std::vector<std::int64_t> values(100);
  std::iota(values.rbegin(), values.rend(), 1);
  const auto figures = statistics(values);
  ASSERT_TRUE(figures);
  EXPECT_EQ(figures->min, 1);
  EXPECT_EQ(figures->p50, 50);
  EXPECT_EQ(figures->p99, 99);
  EXPECT_EQ(figures->max, 100);
  EXPECT_EQ(figures->mean, 51) << "50.5, halves up";
}

TEST(Statistics, P99IsTheLargestBelowAHundredValues) {
  EXPECT_EQ(statistics({3, 1, 2})->p99, 3);
  EXPECT_EQ(statistics({3, 1, 2})->p50, 2);
  EXPECT_EQ(statistics({1, 2})->p50, 1);
  EXPECT_EQ(statistics({42})->p50, 42);
  std::vector<std::int64_t> values(101, 5);
  values.back() = 9;
  EXPECT_EQ(statistics(values)->p99, 5) << "rank 100 of 101";
}

TEST(Statistics, NothingForNothing) { EXPECT_FALSE(statistics({})); }

TEST(Statistics, SumOfLargeValuesDoesNotOverflow) {
  const std::int64_t huge = std::numeric_limits<std::int64_t>::max() - 1;
  EXPECT_EQ(statistics(std::vector<std::int64_t>(1000, huge))->mean, huge);
}

TEST(StatisticsDeath, NegativeValueIsOurMistake) { EXPECT_DEATH((void)statistics({1, -1}), "least value"); }

TEST(Decimal, FixedIsExact) {
  EXPECT_EQ(fixed(1'234'567, 6), "1.234567");
  EXPECT_EQ(fixed(1, 6), "0.000001");
  EXPECT_EQ(fixed(0, 6), "0.000000");
  EXPECT_EQ(fixed(-1'500'000, 6), "-1.500000");
  EXPECT_EQ(fixed(std::numeric_limits<std::int64_t>::min(), 0), "-9223372036854775808");
  EXPECT_EQ(microseconds(Time::never()), "");
}

TEST(Decimal, MillionthsRoundHalvesUp) {
  EXPECT_EQ(millionths(1, 3), 333'333);
  EXPECT_EQ(millionths(2, 3), 666'667);
  EXPECT_EQ(millionths(1, 2'000'000), 1);
  EXPECT_EQ(millionths(std::numeric_limits<std::int64_t>::max(), 1), std::numeric_limits<std::int64_t>::max());
  EXPECT_EQ(gbps_millionths({50'000}, {1'000'000}), 400'000'000) << "50 KB in 1 us is 400 Gb/s";
  EXPECT_EQ(gbps_millionths({1}, {0}), 0);
}

TEST(Decimal, ForPeople) {
  EXPECT_EQ(grouped(0), "0");
  EXPECT_EQ(grouped(999), "999");
  EXPECT_EQ(grouped(1'234'567), "1,234,567");
  EXPECT_EQ(duration_text(55'812'345), "55.81 us");
  EXPECT_EQ(duration_text(4'080'000'000), "4.08 ms");
  EXPECT_EQ(duration_text(999'999'999), "1 ms");
  EXPECT_EQ(duration_text(0), "0 s");
  EXPECT_EQ(bytes_text(1'200'000), "1.2 MB");
  EXPECT_EQ(rate_text(293.14159), "293.1 Gb/s");
  EXPECT_EQ(rate_text(1234.5), "1.234 Tb/s");
  EXPECT_EQ(figure_text(0.0034567), "0.003457");
  EXPECT_EQ(figure_text(0.99999), "1");
  EXPECT_EQ(figure_text(1234567), "1234567");
  EXPECT_EQ(figure_text(0), "0");
  EXPECT_EQ(count_text(12'345), "12,345");
  EXPECT_EQ(count_text(12'600'000), "12.6 million");
}

TEST(Figures, OfTheSampleRun) {
  const FlowFigures figures = flow_figures(test::sample_results());
  EXPECT_EQ(figures.count, 4U);
  EXPECT_EQ(figures.completed, 3U);
  EXPECT_EQ(figures.failed, 1U);
  EXPECT_EQ(figures.measured, 3U);
  EXPECT_EQ(figures.fct_ps->mean, 70'000'000);
  EXPECT_EQ(figures.slowdown_millionths->p50, 1'500'000);
  EXPECT_EQ(figures.slowdown_millionths->max, 2'500'000);
}

TEST(Figures, FlowsBeforeWarmupAreCountedButNotMeasured) {
  Results results = test::sample_results();
  results.flows[2].warm = false;
  const FlowFigures figures = flow_figures(results);
  EXPECT_EQ(figures.completed, 3U);
  EXPECT_EQ(figures.measured, 2U);
  EXPECT_EQ(figures.fct_ps->max, 60'000'000);
}

TEST(Figures, GoodputCountsWhatArrived) {
  // 3 flows of 2 MB and one failed one of which 1 MB arrived, in 100 us: 7 MB * 8 / 100 us = 560 Gb/s.
  EXPECT_DOUBLE_EQ(goodput_gbps(test::sample_results()), 560);
}

}  // namespace
}  // namespace weft
