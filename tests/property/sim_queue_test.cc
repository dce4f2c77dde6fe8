// One egress queue against theory: the mean wait of M/D/1, and the marking probability of every depth.
#include <gtest/gtest.h>

#include <cmath>
#include <deque>

#include "support/lone_switch.hh"
#include "workload/exponential.hh"

namespace weft {

using namespace test;

namespace {

// Poisson arrivals, fixed service time s, one server: the mean wait is s * rho / (2 (1 - rho)) (Pollaczek, Khinchine).
double mean_wait_in_services(double load, std::uint64_t packets, std::uint64_t seed) {
  constexpr std::uint16_t size = 4178;
  constexpr std::int64_t service = size * 80;  // ps at 100 Gb/s
  LoneSwitch lone("100Gbps", "{ lossless: none, buffer: 100GB, alpha: 1, ecn: { enabled: false } }");
  Random random(random_key(seed, RandomRoom::test, 5));
  const auto mean_gap = static_cast<unsigned __int128>(static_cast<double>(service) / load);
  std::deque<Time> waiting;
  Time next{};
  __int128 total_wait = 0;
  std::uint64_t out = 0;
  for (std::uint64_t in = 0; in < packets;) {
    for (int batch = 0; batch < 256 && in < packets; ++batch, ++in) {
      next = next + Duration{static_cast<std::int64_t>(mean_gap * exponential_fixed(random.next()) >> exponential_bits)};
      lone.arrive(next, size);
      waiting.push_back(next);
    }
    lone.run(in < packets ? next : Time{next.ps + 1'000'000'000'000});
    lone.take([&](Time departed, const Record&) {
      total_wait += departed.ps - service - waiting.front().ps;
      waiting.pop_front();
      ++out;
    });
  }
  EXPECT_EQ(out, packets);
  return static_cast<double>(total_wait) / static_cast<double>(packets) / static_cast<double>(service);
}

void expect_wait(double load, std::uint64_t packets) {
  const double expected = load / (2 * (1 - load));
  const double measured = mean_wait_in_services(load, packets, 1);
  ::testing::Test::RecordProperty("measured_over_expected", std::to_string(measured / expected));
  EXPECT_NEAR(measured / expected, 1, 0.02) << "load " << load;
}

TEST(SimQueue, MeanWaitOfMD1AtHalfLoad) { expect_wait(0.5, 1'000'000); }
TEST(SimQueue, MeanWaitOfMD1AtFourFifths) { expect_wait(0.8, 3'000'000); }
TEST(SimQueue, MeanWaitOfMD1AtNineteenTwentieths) {
  if (!full()) GTEST_SKIP() << only_full;
  expect_wait(0.95, 20'000'000);
}

// The queue is held at one depth: n packets at once, then one more at every departure. Each of these sees n - 1 waiting.
double marked_share(std::int64_t depth, const std::string& at, std::uint64_t packets) {
  constexpr std::int64_t size = 1000, service = size * 80;
  LoneSwitch lone("100Gbps", "{ lossless: none, buffer: 1GB, alpha: 1, ecn: { kmin: 100KB, kmax: 400KB, pmax: 0.2, at: " + at + " } }");
  const std::int64_t before = depth / size + 1;
  for (std::int64_t i = 0; i <= before; ++i) lone.arrive(Time{0}, size);
  for (std::uint64_t i = 1; i <= packets; ++i) lone.arrive(Time{static_cast<std::int64_t>(i) * service}, size);
  lone.run(Time{(static_cast<std::int64_t>(packets) + before + 2) * service});
  std::uint64_t seen = 0, marked = 0;
  lone.take([&](Time, const Record& record) {
    // At enqueue the packets of the first burst saw less; at dequeue those of the end leave less behind.
    const bool counts = at == "enqueue" ? seen > static_cast<std::uint64_t>(before) : seen >= 1 && seen <= packets;
    ++seen;
    if (counts && record.has(Record::ce)) ++marked;
  });
  EXPECT_EQ(seen, packets + static_cast<std::uint64_t>(before) + 1);
  return static_cast<double>(marked) / static_cast<double>(packets);
}

// fabric.md 1.7: q <= Kmin never, q > Kmax always, else Pmax (q - Kmin) / (Kmax - Kmin); within 4 sigma of the binomial.
TEST(SimQueue, MarkingFollowsItsCurve) {
  constexpr std::uint64_t packets = 40'000;
  for (const std::string at : {"enqueue", "dequeue"}) {
    for (const std::int64_t depth :
         {0, 50'000, 99'000, 100'000, 101'000, 130'000, 175'000, 250'000, 325'000, 399'000, 400'000, 401'000, 600'000}) {
      const double q = static_cast<double>(depth);
      const double expected = q <= 100e3 ? 0 : q > 400e3 ? 1 : 0.2 * (q - 100e3) / 300e3;
      const double sigma = std::sqrt(expected * (1 - expected) / static_cast<double>(packets));
      EXPECT_NEAR(marked_share(depth, at, packets), expected, 4 * sigma + 1e-12) << depth << " bytes, at " << at;
    }
  }
}

}  // namespace
}  // namespace weft
