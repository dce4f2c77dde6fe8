// Poisson arrivals against their closed forms, with the tolerance of at least four standard errors.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "support/input_error.hh"
#include "workload/exponential.hh"
#include "workload/registry.hh"
#include "workload/size_distribution.hh"

namespace weft {
namespace {

TEST(Exponential, LogarithmAgainstTheMathLibrary) {
  Random random(3);
  for (int i = 0; i < 100'000; ++i) {
    const std::uint64_t draw = random.next() >> random.below(64);
    const double wanted = -std::log((static_cast<double>(draw) + 1) / 18446744073709551616.0);
    ASSERT_NEAR(std::ldexp(static_cast<double>(exponential_fixed(draw)), -exponential_bits), wanted, 1e-10) << draw;
  }
  EXPECT_EQ(exponential_fixed(~std::uint64_t{0}), 0U);
}

// Fixed for ever: other values would change every result drawn from them.
TEST(Exponential, SameBitsEverywhere) {
  EXPECT_EQ(log2_fixed(1), 0U);
  EXPECT_EQ(log2_fixed(std::uint64_t{1} << 63), std::uint64_t{63} << exponential_bits);
  EXPECT_EQ(log2_fixed(3), 1742684699131U);
  EXPECT_EQ(exponential_fixed(0), 48775896626291U);
  EXPECT_EQ(exponential_fixed(0x7fffffffffffffffULL), 762123384785U);
}

TEST(Exponential, MomentsOfADraw) {
  Random random(11);
  constexpr int count = 400'000;
  double sum = 0, squares = 0;
  for (int i = 0; i < count; ++i) {
    const double x = std::ldexp(static_cast<double>(exponential_fixed(random.next())), -exponential_bits);
    sum += x;
    squares += x * x;
  }
  EXPECT_NEAR(sum / count, 1.0, 4 / std::sqrt(count));
  EXPECT_NEAR(squares / count, 2.0, 4 * std::sqrt(20.0 / count));
}

WorkloadParameters poisson(double load, const std::string& sizes) {
  WorkloadParameters p;
  p.kind = "poisson";
  p.load = load;
  p.sizes = sizes;
  p.size = {100'000};
  p.length = {20'000'000'000};
  p.start = {5'000'000};
  return p;
}

TEST(Poisson, LoadAndGaps) {
  const Rate rate{400'000'000'000};
  for (const double load : {0.1, 0.5, 0.95}) {
    const Traffic traffic = generate({poisson(load, "fixed")}, 64, rate, 1);
    const double wanted = load * 400e9 / 8 / 100'000 * 0.02 * 64;
    EXPECT_NEAR(static_cast<double>(traffic.flows.size()), wanted, 4 * std::sqrt(wanted)) << load;
    EXPECT_TRUE(std::is_sorted(traffic.flows.begin(), traffic.flows.end(), [](const auto& a, const auto& b) { return a.start < b.start; }));
    EXPECT_GE(traffic.flows.front().start, Time{5'000'000});
    EXPECT_LT(traffic.flows.back().start, Time{5'000'000 + 20'000'000'000});
  }
}

// At one host: gaps of mean 1/rate, and exponential (the largest distance to the distribution, Kolmogorov-Smirnov at 1e-4).
TEST(Poisson, GapsOfOneHostAreExponential) {
  WorkloadParameters p = poisson(0.8, "fixed");
  p.length = {500'000'000'000};
  const Traffic traffic = generate({p}, 2, Rate{100'000'000'000}, 9);
  const double mean_ps = 100'000 * 8 / (0.8 * 100e9) * 1e12;
  std::vector<double> gaps;
  double last = 5'000'000;
  for (const FlowSpec& flow : traffic.flows) {
    if (flow.src != NodeId{1}) continue;
    gaps.push_back((static_cast<double>(flow.start.ps) - last) / mean_ps);
    last = static_cast<double>(flow.start.ps);
  }
  std::sort(gaps.begin(), gaps.end());
  const auto count = static_cast<double>(gaps.size());
  ASSERT_GT(count, 20'000);
  double distance = 0, sum = 0;
  for (std::size_t i = 0; i < gaps.size(); ++i) {
    distance = std::max(distance, std::abs((static_cast<double>(i) + 0.5) / count - (1 - std::exp(-gaps[i]))));
    sum += gaps[i];
  }
  EXPECT_NEAR(sum / count, 1.0, 4 / std::sqrt(count));
  EXPECT_LT(distance, 2.23 / std::sqrt(count));
}

TEST(Poisson, DestinationsAreUniformAndNeverSelf) {
  const Traffic traffic = generate({poisson(0.9, "fixed")}, 8, Rate{400'000'000'000}, 2);
  std::vector<std::vector<double>> count(8, std::vector<double>(8, 0));
  std::vector<double> total(8, 0);
  for (const FlowSpec& flow : traffic.flows) {
    ++count[flow.src.index()][flow.dst.index()];
    ++total[flow.src.index()];
  }
  for (std::size_t src = 0; src < 8; ++src) {
    EXPECT_EQ(count[src][src], 0);
    for (std::size_t dst = 0; dst < 8; ++dst) {
      if (src != dst) { EXPECT_NEAR(count[src][dst], total[src] / 7, 4.5 * std::sqrt(total[src] / 7)); }
    }
  }
}

TEST(Poisson, FixedForEver) {
  const Traffic traffic = generate({poisson(0.5, "web-search")}, 16, Rate{400'000'000'000}, 1);
  std::uint64_t digest = 0;
  for (const FlowSpec& flow : traffic.flows) {
    digest = mix64(digest ^ flow.src.v ^ (std::uint64_t{flow.dst.v} << 32));
    digest = mix64(digest ^ static_cast<std::uint64_t>(flow.start.ps));
    digest = mix64(digest ^ static_cast<std::uint64_t>(flow.size.v));
  }
  EXPECT_EQ(digest, 11268508314368450721U);
}

TEST(SizeDistribution, DrawsFollowThePoints) {
  for (const char* name : {"web-search", "hadoop"}) {
    const SizeDistribution sizes = SizeDistribution::named(poisson(0.5, name));
    Random random(7);
    constexpr int draws = 200'000;
    std::vector<std::int64_t> drawn;
    double sum = 0;
    for (int i = 0; i < draws; ++i) {
      drawn.push_back(sizes.draw(random).v);
      sum += static_cast<double>(drawn.back());
    }
    std::sort(drawn.begin(), drawn.end());
    for (const auto& point : sizes.points()) {
      const auto below = std::upper_bound(drawn.begin(), drawn.end(), point.bytes) - drawn.begin();
      const double wanted = static_cast<double>(point.below) / 1e9;
      EXPECT_NEAR(static_cast<double>(below) / draws, wanted, 0.5 / std::sqrt(draws) * 4) << name << ' ' << point.bytes;
    }
    EXPECT_NEAR(sum / draws / sizes.mean(), 1.0, 0.05) << name;
    EXPECT_GE(drawn.front(), 1);
  }
  EXPECT_NEAR(SizeDistribution::named(poisson(0.5, "web-search")).mean(), 1'711'250, 1);
}

TEST(SizeDistribution, FilesInPartsOrPercent) {
  const auto parts = SizeDistribution::parse("# sizes\n100 0.25\n\n300 1\n", "d.txt");
  const auto percent = SizeDistribution::parse("100 25\n300 100.0\n", "d.txt");
  EXPECT_EQ(parts.mean(), 0.25 * 100 + 0.75 * 200);
  EXPECT_EQ(percent.mean(), parts.mean());
}

TEST(SizeDistribution, FilesThatAreWrong) {
  const auto refused = [](const std::string& text, const std::string& where, const std::string& part) {
    test::expect_input_error([&] { (void)SizeDistribution::parse(text, "d.txt"); }, where, part);
  };
  refused("", "d.txt", "no line of");
  refused("100 0.5\nhello\n", "d.txt:2", "not a line of");
  refused("100 0.5 7\n", "d.txt:1", "not a line of");
  refused("-1 0.5\n", "d.txt:1", "not a line of");
  refused("100 0.5\n50 1\n", "d.txt:2", "must not fall");
  refused("100 0.5\n200 0.4\n", "d.txt:2", "must not fall");
  refused("100 0.5\n200 0.9\n", "d.txt:2", "ends at neither 1 nor 100");
  refused("100 101\n", "d.txt:1", "above 100");
  refused("0 1\n", "d.txt:1", "every size would be 0");
  refused("9999999999999999 1\n", "d.txt:1", "above 1 PiB");
}

}  // namespace
}  // namespace weft
