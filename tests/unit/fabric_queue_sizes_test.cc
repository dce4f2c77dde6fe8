// Queue limits, marking thresholds and the least RTO against the figures that the UEC group publishes its results with.
#include <gtest/gtest.h>

#include "fabric/queue_sizes.hh"
#include "support/sim_runs.hh"

namespace weft {
namespace {

constexpr Duration published_round_trip{14'022'720};  // 12 us, six times 4150 B and six times 64 B at 100 Gb/s
constexpr Rate line{100'000'000'000};
constexpr Bytes packet{4150};

FabricParameters fabric_of(const std::string& keys) {
  return test::scenario_of("profile: uec-table\ntopology: { kind: switch, hosts: 2, link: { delay: 1us } }\nfabric: { transport: uet" +
                           keys + " }\nworkloads: [ { kind: permutation, size: 1KB } ]\n")
      .fabric;
}

TEST(FabricQueueSizes, ThePublishedSetUp) {
  const QueueSizes sizes = queue_sizes(fabric_of(""), line, published_round_trip, packet);
  EXPECT_EQ(sizes.data, 43U * 4150);
  EXPECT_EQ(sizes.trimmed, 2U * 43 * 4150);
  EXPECT_EQ(sizes.kmin, 9U * 4150);
  EXPECT_EQ(sizes.kmax, 35U * 4150);
  EXPECT_EQ(least_rto(fabric_of(""), line, published_round_trip, packet), Duration{100'656'000});
}

TEST(FabricQueueSizes, WithoutTrimmingQueuesAreFiveTimesAsLong) {
  const QueueSizes sizes = queue_sizes(fabric_of(", trimming: false"), line, published_round_trip, packet);
  EXPECT_EQ(sizes.data, 5U * 43 * 4150);
  EXPECT_EQ(sizes.trimmed, QueueSizes::no_limit);
  EXPECT_EQ(sizes.kmax, 35U * 4150);
}

TEST(FabricQueueSizes, KeysWin) {
  const FabricParameters f = fabric_of(", queue: 50KB, trim_queue: 7KB, least_rto: 77us, ecn: { kmin: 1KB, kmax: 2KB }");
  const QueueSizes sizes = queue_sizes(f, line, published_round_trip, packet);
  EXPECT_EQ(sizes.data, 50'000U);
  EXPECT_EQ(sizes.trimmed, 7'000U);
  EXPECT_EQ(sizes.kmin, 1'000U);
  EXPECT_EQ(sizes.kmax, 2'000U);
  EXPECT_EQ(least_rto(f, line, published_round_trip, packet), Duration{77'000'000});
  EXPECT_EQ(queue_sizes(fabric_of(", queue: 50KB"), line, published_round_trip, packet).trimmed, 100'000U);
}

TEST(FabricQueueSizes, TheyGrowWithRateAndRoundTrip) {
  const FabricParameters f = fabric_of("");
  EXPECT_EQ(queue_sizes(f, Rate{400'000'000'000}, published_round_trip, packet).data, 169U * 4150);  // 701,136 B / 4150 = 168.95
  EXPECT_EQ(queue_sizes(f, line, Duration{1}, packet).data, 4150U) << "one packet at least";
  EXPECT_EQ(queue_sizes(f, Rate{800'000'000'000}, Duration{10 * ps_per_second}, packet).data, 2'000'000'000U) << "bounded";
}

TEST(FabricQueueSizes, RoceIsAsItWas) {
  FabricParameters f;
  const QueueSizes sizes = queue_sizes(f, Rate{400'000'000'000}, Duration{}, Bytes{4178});
  EXPECT_EQ(sizes.data, QueueSizes::no_limit);
  EXPECT_EQ(sizes.trimmed, QueueSizes::no_limit);
  EXPECT_EQ(sizes.kmin, 1'600'000U);
  EXPECT_EQ(sizes.kmax, 6'400'000U);
  f.queue = Bytes{99'000};
  EXPECT_EQ(queue_sizes(f, line, Duration{}, Bytes{4178}).data, 99'000U);
}

TEST(FabricQueueSizes, APausedClassHasNoLimitOfItsOwn) {
  const FabricParameters f = fabric_of(", lossless: pfc");
  EXPECT_EQ(queue_sizes(f, line, published_round_trip, packet).data, QueueSizes::no_limit);
  EXPECT_EQ(least_rto(f, line, published_round_trip, packet), Duration{15'000'000 + 6 * 5 * 43 * 332'000LL});
}

}  // namespace
}  // namespace weft
