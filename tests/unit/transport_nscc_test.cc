// NSCC: each rule against numbers worked out by hand. 100 Gb/s and 12 us are the law's reference, so a = 1 and the gains are
// its plain constants; packets of 4086 + 64 bytes.
#include "transport/congestion/nscc.hh"

#include <gtest/gtest.h>

namespace weft::congestion {
namespace {

using namespace literals;

constexpr Bytes packet{4150};

NsccSettings settings() {
  NsccSettings s;
  s.line = 100_Gbps;
  s.base_rtt = 12_us;
  s.packet = packet;
  s.payload = 4086_B;
  return s;
}

NsccParameters with_window(Bytes first, bool receiver_credit = false) {
  NsccSettings s = settings();
  s.first_window = first;
  s.receiver_credit = receiver_credit;
  return make_nscc_parameters(s);
}

Time at(std::int64_t nanoseconds) { return Time{nanoseconds * 1000}; }

TEST(Nscc, ParametersAtTheReferencePointAreTheConstants) {
  const NsccParameters p = make_nscc_parameters(settings());
  EXPECT_EQ(p.target, 9_us);  // 3/4 of the RTT
  EXPECT_EQ(p.quick_adapt_delay, 36_us);
  EXPECT_EQ(p.fair, std::int64_t{5 * 4086} << 32);
  EXPECT_EQ(p.fast, std::int64_t{1} << 30);                                    // 1/4
  EXPECT_EQ(p.proportional, 4 * 4086 * (std::int64_t{1} << 32) / 12'000'000);  // 4 MSS / 12 us
  EXPECT_EQ(p.eta, 612_B);                                                     // 612.9
  EXPECT_EQ(p.adjust_bytes, 33'200_B);
  EXPECT_EQ(Nscc(p).window(), 225'000_B);  // 1.5 BDP
}

TEST(Nscc, ParametersScaleWithTheBandwidthDelayProduct) {
  NsccSettings s = settings();
  s.line = 400_Gbps;
  s.base_rtt = 6_us;
  s.trimming = false;
  const NsccParameters p = make_nscc_parameters(s);  // a = 2
  EXPECT_EQ(p.target, 6_us);                         // without trimming the whole RTT
  EXPECT_EQ(p.fair, std::int64_t{10 * 4086} << 32);
  EXPECT_EQ(p.fast, std::int64_t{1} << 31);
  EXPECT_EQ(p.proportional, 8 * 4086 * (std::int64_t{1} << 32) / 12'000'000);
  EXPECT_EQ(p.eta, 1225_B);
  EXPECT_EQ(Nscc(p).window(), 450'000_B);
  s.target = 2_us;
  EXPECT_EQ(make_nscc_parameters(s).target, 2_us);
}

// Increment 20,430 * 37,350 bytes, over a window of 100,000: 7,630.6.
TEST(Nscc, FairIncreaseWithoutMarkAboveTarget) {
  const NsccParameters p = with_window(100'000_B);
  Nscc law(p);
  law.on_ack(at(1000), 21_us, false, 33'200_B, 100'000_B);  // 8 packets: not more than 8
  EXPECT_EQ(law.window(), 100'000_B);
  law.on_ack(at(2000), 21_us, false, packet, 100'000_B);
  EXPECT_EQ(law.window(), 107'630_B);
}

// 4 * 4086 / 12 us * 6 us = 8,172 for each byte; 8,172 * 37,350 / 100,000 = 3,052.2.
TEST(Nscc, ProportionalIncreaseWithoutMarkBelowTarget) {
  const NsccParameters p = with_window(100'000_B);
  Nscc law(p);
  law.on_ack(at(1000), 15_us, false, 33'200_B, 100'000_B);
  law.on_ack(at(2000), 15_us, false, packet, 100'000_B);
  EXPECT_EQ(law.window(), 103'052_B);
}

// Three ACKs of 16,384 bytes at no delay: 4 * 4086 / 12 us * 9 us = 12,258 a byte; 49,152 * 12,258 / 100,000 = 6,025.05; then
// 49,152 * 12,258 / 106,025 = 5,682.7. The seventh makes 114,688 > 111,707 undelayed bytes: a quarter of each ACK from there on.
TEST(Nscc, FastIncreaseAfterAWindowWithoutDelay) {
  const NsccParameters p = with_window(100'000_B);
  Nscc law(p);
  for (int i = 0; i < 3; ++i) law.on_ack(at(100), 12_us, false, 16'384_B, packet);
  EXPECT_EQ(law.window(), 106'025_B);
  for (int i = 0; i < 3; ++i) law.on_ack(at(200), 12_us, false, 16'384_B, packet);
  EXPECT_EQ(law.window(), 111'707_B);
  law.on_ack(at(300), 12_us, false, 16'384_B, packet);
  EXPECT_EQ(law.window(), 115'803_B);
  law.on_ack(at(400), 13_us - 1_ps, false, 16'384_B, packet);
  EXPECT_EQ(law.window(), 119'899_B);
  law.on_ack(at(500), 13_us, false, packet, packet);  // 1 us of delay: no longer; but more than 8 packets are due an adjustment
  const Bytes adjusted = law.window();
  law.on_ack(at(600), 12_us, false, 16'384_B, packet);  // counts from zero again
  EXPECT_EQ(law.window(), adjusted);
}

TEST(Nscc, EtaOncePerBaseRtt) {
  const NsccParameters p = with_window(100'000_B);
  Nscc law(p);
  const auto marked = [&law](std::int64_t nanoseconds) {
    law.on_ack(at(nanoseconds), 13_us, true, packet, 100'000_B);
    return law.window();
  };
  EXPECT_EQ(marked(12'000), 100'000_B);
  EXPECT_EQ(marked(12'001), 100'612_B);
  EXPECT_EQ(marked(24'001), 100'612_B);
  EXPECT_EQ(marked(24'002), 101'224_B);
}

TEST(Nscc, MeanDelayHasGainOneEightieth) {
  const NsccParameters p = with_window(100'000_B);
  Nscc law(p);
  law.on_ack(at(100), 32_us, true, packet, packet);
  EXPECT_EQ(law.mean_delay(), 250_ns);
  law.on_ack(at(200), 32_us, true, packet, packet);
  EXPECT_EQ(law.mean_delay(), 496'875_ps);          // 250,000 + (20,000,000 - 250,000) / 80
  law.on_ack(at(300), 0_ps, true, packet, packet);  // no valid sample
  EXPECT_EQ(law.mean_delay(), 496'875_ps);
}

TEST(Nscc, UnmarkedDelayAboveTargetCountsAsAQuarterOfTheBaseRtt) {
  const NsccParameters p = with_window(100'000_B);
  Nscc law(p);
  law.on_ack(at(100), 32_us, false, packet, packet);
  EXPECT_EQ(law.mean_delay(), Duration{3'000'000 / 80});
}

// One sample of 80 * 18 us makes the mean 18 us: 1 - 0.8 * (18 - 9) / 18 = 0.6. Then 612 of eta.
TEST(Nscc, MultiplicativeDecreaseByMeanDelay) {
  const NsccParameters p = with_window(100'000_B);
  Nscc law(p);
  law.on_ack(at(20'000), 12_us + 80_us * 18, true, packet, packet);
  EXPECT_EQ(law.mean_delay(), 18_us);
  EXPECT_EQ(law.window(), 60'612_B);
}

TEST(Nscc, DecreaseNeverBelowHalfAndOncePerBaseRtt) {
  const NsccParameters p = with_window(100'000_B);
  Nscc law(p);
  const Duration rtt = 12_us + 80_us * 90;  // mean 90 us: 1 - 0.8 * 0.9 = 0.28
  law.on_ack(at(20'000), rtt, true, packet, packet);
  EXPECT_EQ(law.window(), 50'612_B);
  law.on_ack(at(32'000), 21_us, true, packet, packet);
  EXPECT_EQ(law.window(), 50'612_B);
  law.on_ack(at(32'001), 21_us, true, packet, packet);
  EXPECT_EQ(law.window(), Bytes{50'612 / 2 + 612});
}

TEST(Nscc, NoDecreaseWhileTheMeanIsBelowTarget) {
  const NsccParameters p = with_window(100'000_B);
  Nscc law(p);
  law.on_ack(at(100), 40_us, true, packet, packet);
  law.on_ack(at(13'000), 40_us, true, packet, packet);
  EXPECT_EQ(law.window(), 100'612_B);  // eta alone
}

TEST(Nscc, MarkBelowTargetLeavesTheWindow) {
  const NsccParameters p = with_window(100'000_B);
  Nscc law(p);
  for (int i = 0; i < 20; ++i) law.on_ack(at(100), 13_us, true, packet, packet);
  EXPECT_EQ(law.window(), 100'000_B);
}

// The period of 12 + 9 us starts with the first feedback, at 1 us. 28,125 bytes is an eighth of the largest window.
TEST(Nscc, QuickAdaptTakesWhatWasAchieved) {
  const NsccParameters p = with_window(100'000_B);
  Nscc law(p);
  law.on_ack(at(1000), 13_us, true, packet, 90'000_B);
  law.on_nack(at(5000), 13_us, packet, false, 90'000_B);
  EXPECT_EQ(law.window(), 95'850_B);
  law.on_ack(at(22'000), 13_us, true, packet, 80'000_B);  // the period's last instant; eta
  EXPECT_EQ(law.window(), 96'462_B);
  law.on_ack(at(22'001), 13_us, true, Bytes{2 * 4150}, 70'000_B);
  EXPECT_EQ(law.window(), Bytes{3 * 4150});  // the first ACK's bytes fell in no period
  EXPECT_EQ(law.ignoring(), 70'000_B);
}

TEST(Nscc, QuickAdaptIgnoresMarkedFeedbackOfWhatWasInFlight) {
  const NsccParameters p = with_window(100'000_B);
  Nscc law(p);
  law.on_ack(at(1000), 13_us, true, packet, 90'000_B);
  law.on_nack(at(22'001), 13_us, packet, false, Bytes{3 * 4150});
  const Bytes adapted = law.window();
  EXPECT_EQ(adapted, packet);  // nothing achieved: one packet
  const Duration high = 12_us + 80_us * 90;
  law.on_ack(at(40'000), high, true, packet, packet);
  law.on_nack(at(40'000), high, packet, false, packet);
  EXPECT_EQ(law.window(), adapted);
  EXPECT_EQ(law.ignoring(), packet);
  law.on_ack(at(40'000), 13_us, false, Bytes{4149}, packet);  // unmarked: counts; eta, and an increment over a small window
  EXPECT_GT(law.window(), adapted);
  EXPECT_EQ(law.ignoring(), 1_B);
}

TEST(Nscc, QuickAdaptNotWhenEnoughWasAchieved) {
  const NsccParameters p = with_window(100'000_B);
  Nscc law(p);
  law.on_ack(at(1000), 13_us, true, packet, packet);
  law.on_nack(at(5000), 13_us, packet, false, packet);
  law.on_ack(at(22'001), 13_us, true, 28'125_B, packet);
  EXPECT_EQ(law.ignoring(), 0_B);
  EXPECT_EQ(law.window(), 96'462_B);                      // eta
  law.on_ack(at(43'002), 13_us, true, 28'124_B, packet);  // the trim still counts in the next period
  EXPECT_EQ(law.window(), 28'124_B);
}

TEST(Nscc, QuickAdaptByDelayAlone) {
  const NsccParameters p = with_window(100'000_B);
  for (const Duration excess : {0_ps, 1_ps}) {
    Nscc law(p);
    law.on_ack(at(1000), 13_us, true, packet, packet);
    law.on_ack(at(22'001), 48_us + excess, true, Bytes{5000}, packet);  // more than 4 Tq above 12 us?
    EXPECT_EQ(law.window(), excess == 0_ps ? 100'612_B : 5000_B);
  }
}

TEST(Nscc, TrimTakesThePacketOffTheWindow) {
  const NsccParameters p = with_window(100'000_B);
  Nscc law(p);
  law.on_nack(at(100), 12_us, packet, false, packet);
  EXPECT_EQ(law.window(), 95'850_B);
  EXPECT_EQ(law.mean_delay(), 150_ns);  // a sample of the base RTT
  law.on_nack(at(200), 12_us, packet, true, packet);
  EXPECT_EQ(law.window(), 91'700_B);
}

TEST(Nscc, TrimAtTheLastHopIsTheReceiversWhenItGivesCredit) {
  const NsccParameters p = with_window(100'000_B, true);
  Nscc law(p);
  law.on_nack(at(100), 12_us, packet, true, packet);
  EXPECT_EQ(law.window(), 100'000_B);
  law.on_nack(at(100), 12_us, packet, false, packet);
  EXPECT_EQ(law.window(), 95'850_B);
}

TEST(Nscc, WindowStaysAtOnePacketAtLeast) {
  const NsccParameters p = with_window(10'000_B);
  Nscc law(p);
  law.on_loss(packet);
  EXPECT_EQ(law.window(), 5850_B);
  law.on_loss(packet);
  EXPECT_EQ(law.window(), packet);
}

TEST(Nscc, LeastRttSeenSetsTheDelayAndTheLargestWindow) {
  const NsccParameters p = make_nscc_parameters(settings());
  Nscc law(p);
  law.on_ack(at(100), 8_us, true, packet, packet);
  EXPECT_EQ(law.base_rtt(), 8_us);
  EXPECT_EQ(law.largest_window(), 150'000_B);
  EXPECT_EQ(law.window(), 150'000_B);
  EXPECT_TRUE(law.below_target(17_us - 1_ps));
  EXPECT_FALSE(law.below_target(17_us));
  law.on_nack(at(200), 6_us, packet, false, packet);
  EXPECT_EQ(law.base_rtt(), 6_us);
  EXPECT_EQ(law.window(), Bytes{112'500 - 4150});
  law.on_nack(at(300), 0_ps, packet, false, packet);  // no valid sample
  EXPECT_EQ(law.base_rtt(), 6_us);
}

TEST(Nscc, DigestTellsStatesApart) {
  const NsccParameters p = make_nscc_parameters(settings());
  const auto digest = [](const Nscc& law) {
    Digest d;
    law.digest(d);
    return d.value();
  };
  Nscc one(p);
  Nscc two(p);
  EXPECT_EQ(digest(one), digest(two));
  one.on_ack(at(100), 12_us, false, packet, packet);
  EXPECT_NE(digest(one), digest(two));
  two.on_ack(at(100), 12_us, false, packet, packet);
  EXPECT_EQ(digest(one), digest(two));
}

}  // namespace
}  // namespace weft::congestion
