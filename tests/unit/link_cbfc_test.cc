// Credit-based flow control without a simulator: costs, limits, and that lost packets and lost updates heal.
#include <gtest/gtest.h>

#include <deque>

#include "base/random.hh"
#include "link/cbfc.hh"
#include "link/cbfc_receiver.hh"
#include "link/cbfc_sender.hh"
#include "support/seeds.hh"

namespace weft {
namespace {

using namespace literals;

TEST(Cbfc, APacketCostsWholeCredits) {
  const CreditCost plain(CbfcParameters{}, 20_B);
  EXPECT_EQ(plain.of(20 + 64), 1U);
  EXPECT_EQ(plain.of(20 + 128), 1U);
  EXPECT_EQ(plain.of(20 + 129), 2U);
  CbfcParameters p;
  p.overhead = Bytes{-16};
  EXPECT_EQ(CreditCost(p, 20_B).of(20 + 144), 1U);
  EXPECT_EQ(CreditCost(p, 20_B).of(20 + 145), 2U);
  p.overhead = 127_B;
  EXPECT_EQ(CreditCost(p, 20_B).of(20 + 64), 2U);
}

TEST(Cbfc, TheReceiverHasRoomForWhateverTheCreditsHold) {
  for (const std::int32_t overhead : {-16, 0, 127}) {
    CbfcParameters p;
    p.overhead = Bytes{overhead};
    const CreditCost cost(p, 20_B);
    for (std::uint32_t wire = 84; wire < 9000; ++wire) EXPECT_GE(cbfc_room(p, cost.of(wire), 20_B).v, wire) << overhead;
  }
}

TEST(Cbfc, TheLimitHolds) {
  CbfcSender sender(10);
  EXPECT_TRUE(sender.may_send(10));
  sender.sent(7);
  EXPECT_TRUE(sender.may_send(3));
  EXPECT_FALSE(sender.may_send(4));
  EXPECT_FALSE(sender.update(8)) << "frees more than is in use";
  EXPECT_TRUE(sender.update(5));
  EXPECT_EQ(sender.used(), 2U);
  EXPECT_TRUE(sender.update(5)) << "a repeated update changes nothing";
  EXPECT_EQ(sender.used(), 2U);
}

// Packets, updates of both kinds: any of them may be lost. What is in use never passes the limit, what is buffered never passes it
// either, and once nothing is on its way an update of each kind brings every credit back. Counters wrap many times.
TEST(Cbfc, WhateverIsLostHeals) {
  test::for_each_seed(20, [](Random& random, std::uint64_t) {
    const auto limit = static_cast<std::uint32_t>(random.below(most_credits / 2 - 100) + 100);
    CbfcSender sender(limit);
    CbfcReceiver receiver;
    const std::uint64_t bad = random.below(1ULL << 31);
    std::uint32_t held = 0;
    std::deque<std::uint32_t> buffer;
    for (int step = 0; step < 20'000; ++step) {
      const auto credits = static_cast<std::uint32_t>(1 + random.below(limit));
      if (sender.may_send(credits)) {
        sender.sent(credits);
        if (!random.chance(bad)) {
          receiver.buffered(credits);
          buffer.push_back(credits);
          held += credits;
        }
      }
      ASSERT_LE(held, limit);
      if (!buffer.empty() && random.below(2) == 0) {
        held -= buffer.front();
        receiver.drained(buffer.front());
        buffer.pop_front();
      }
      if (random.below(10) == 0 && !random.chance(bad)) receiver.update(sender.consumed());
      if (!random.chance(bad)) { ASSERT_TRUE(sender.update(receiver.freed())); }
    }
    for (; !buffer.empty(); buffer.pop_front()) receiver.drained(buffer.front());
    receiver.update(sender.consumed());
    ASSERT_TRUE(sender.update(receiver.freed()));
    EXPECT_EQ(sender.used(), 0U);
  });
}

TEST(Cbfc, DefaultCreditsAreOneBandwidthDelayProduct) {
  const CreditCost cost(CbfcParameters{}, 20_B);
  const std::uint32_t credits = cbfc_credits(CbfcParameters{}, {400_Gbps, 1_us, 1_us, 4178_B}, cost);
  EXPECT_NEAR(credits * 128.0, 100'000 + 6'400 + 5 * 4178, 2 * 4178);
  CbfcParameters huge;
  huge.credits = 1'000'000'000_B;
  EXPECT_EQ(cbfc_credits(huge, {400_Gbps, 1_us, 1_us, 4178_B}, cost), most_credits / 2);
}

}  // namespace
}  // namespace weft
