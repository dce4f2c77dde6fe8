// SLEEK: when a recovery starts, what goes again, when it ends, and the probe's times.
#include "transport/congestion/sleek.hh"

#include <gtest/gtest.h>

namespace weft::congestion {
namespace {

using namespace literals;

constexpr SleekParameters parameters{4096_B, 12_us};

Sleek::View view(Sleek::Sequence cumulative, Sleek::Sequence next, std::uint32_t out_of_order) {
  Sleek::View v;
  v.cumulative = cumulative;
  v.next = next;
  v.out_of_order = out_of_order;
  v.window = Bytes{10 * 4096};
  v.largest_window = Bytes{20 * 4096};
  v.base_rtt = 12_us;
  v.more_to_send = true;
  return v;
}

TEST(Sleek, EntersAtOneAndAHalfWindowsOutOfOrder) {
  Sleek sleek(parameters);
  EXPECT_TRUE(sleek.on_ack(Time{1}, view(100, 130, 14)).empty());
  EXPECT_FALSE(sleek.recovering());
  const auto range = sleek.on_ack(Time{2}, view(100, 131, 15));
  EXPECT_TRUE(sleek.recovering());
  EXPECT_EQ(sleek.recovery_point(), 131u);
  EXPECT_EQ(range.from, 100u);
  EXPECT_EQ(range.to, 110u);  // a window's worth
}

TEST(Sleek, ThresholdIsBoundedOnBothSides) {
  Sleek sleek(parameters);
  auto v = view(100, 200, 0);
  v.window = v.largest_window;  // 30 packets, but no more than the largest window
  v.out_of_order = 19;
  EXPECT_TRUE(sleek.on_ack(Time{1}, v).empty());
  v.out_of_order = 20;
  EXPECT_FALSE(sleek.on_ack(Time{1}, v).empty());
  Sleek small(parameters);
  v.window = 4096_B;
  v.out_of_order = 4;
  EXPECT_TRUE(small.on_ack(Time{1}, v).empty());
  v.out_of_order = 5;
  EXPECT_FALSE(small.on_ack(Time{1}, v).empty());
}

TEST(Sleek, DoesNotEnterWhileARetransmissionWaits) {
  Sleek sleek(parameters);
  auto v = view(100, 131, 30);
  v.retransmitting = true;
  EXPECT_TRUE(sleek.on_ack(Time{1}, v).empty());
  EXPECT_FALSE(sleek.recovering());
}

TEST(Sleek, EachPacketGoesAgainOnceUntilTheRecoveryPoint) {
  Sleek sleek(parameters);
  (void)sleek.on_ack(Time{1}, view(100, 115, 15));
  EXPECT_TRUE(sleek.on_ack(Time{2}, view(100, 120, 15)).empty());
  const auto range = sleek.on_ack(Time{3}, view(108, 120, 7));
  EXPECT_EQ(range.from, 110u);
  EXPECT_EQ(range.to, 115u);  // not beyond what had been sent on entry
  EXPECT_TRUE(sleek.recovering());
  EXPECT_TRUE(sleek.on_ack(Time{4}, view(115, 120, 0)).empty());
  EXPECT_FALSE(sleek.recovering());
}

TEST(Sleek, ForgetsARecoveryWithItsContext) {
  Sleek sleek(parameters);
  (void)sleek.on_ack(Time{1}, view(100, 131, 15));
  sleek.forget();
  EXPECT_FALSE(sleek.recovering());
  EXPECT_EQ(sleek.probe_deadline(), Time::never());
  EXPECT_TRUE(sleek.on_ack(Time{2}, view(60, 70, 0)).empty());
  const auto range = sleek.on_ack(Time{3}, view(60, 91, 15));
  EXPECT_EQ(range.from, 60u);
  EXPECT_EQ(range.to, 70u);
}

TEST(Sleek, ProbeTimes) {
  Sleek sleek(parameters);
  EXPECT_EQ(sleek.probe_deadline(), Time::never());
  (void)sleek.on_ack(Time{1'000'000}, view(100, 110, 0));
  EXPECT_EQ(sleek.probe_deadline(), Time{37'000'000});  // 3 base RTTs
  auto v = view(101, 110, 0);
  v.more_to_send = false;
  (void)sleek.on_ack(Time{2'000'000}, v);
  EXPECT_EQ(sleek.probe_deadline(), Time{26'000'000});  // base RTT + Tq
  sleek.on_probe_sent(Time{26'000'000}, 12_us);
  EXPECT_EQ(sleek.probe_deadline(), Time{86'000'000});  // 5 base RTTs
  v.cumulative = 110;
  (void)sleek.on_ack(Time{30'000'000}, v);
  EXPECT_EQ(sleek.probe_deadline(), Time::never());  // nothing outstanding
}

TEST(Sleek, ProbeBackWithoutDelayMeansLoss) {
  Sleek sleek(parameters);
  sleek.on_probe_ack(view(100, 103, 0), 12_us);
  EXPECT_FALSE(sleek.recovering());
  sleek.on_probe_ack(view(100, 103, 0), 12_us - 1_ps);
  EXPECT_TRUE(sleek.recovering());
  const auto range = sleek.on_ack(Time{1}, view(100, 103, 0));
  EXPECT_EQ(range.from, 100u);
  EXPECT_EQ(range.to, 103u);
}

}  // namespace
}  // namespace weft::congestion
