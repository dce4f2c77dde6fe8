// The machines of GSE by themselves: containers, credit, grants, order.
#include <gtest/gtest.h>

#include <vector>

#include "base/random.hh"
#include "transport/gse/container_filler.hh"
#include "transport/gse/container_order.hh"
#include "transport/gse/grant_desk.hh"
#include "transport/gse/queue_credit.hh"

namespace weft {
namespace {

using namespace literals;

// Overshoot is debited: after any number of containers their lengths add up to within one packet.
TEST(GseContainers, HoldTheirLengthOnAverage) {
  for (const std::int64_t length : {4'096, 16'384, 65'536}) {
    gse::ContainerFiller filler;
    Random random(static_cast<std::uint64_t>(length));
    std::int64_t total = 0;
    for (std::uint32_t closed = 0; closed < 1000;) {
      const std::int64_t packet = 1'000 + static_cast<std::int64_t>(random.below(3'200));
      const gse::Placed placed = filler.place({packet}, {length});
      ASSERT_EQ(placed.container, closed);
      ASSERT_EQ(placed.first, placed.index == 0);
      total += packet;
      if (!placed.last) continue;
      ++closed;
      ASSERT_GE(total, closed * length);
      ASSERT_LT(total, closed * length + 4'200);
    }
  }
}

TEST(GseContainers, EndWithThe256thPacketAndWhenTheirPathIsGone) {
  gse::ContainerFiller filler;
  for (int i = 0; i < 255; ++i) ASSERT_FALSE(filler.place(84_B, 65'536_B).last);
  EXPECT_TRUE(filler.place(84_B, 65'536_B).last);
  EXPECT_EQ(filler.place(84_B, 65'536_B).container, 1U);
  filler.abandon();
  EXPECT_FALSE(filler.open());
  EXPECT_EQ(filler.place(84_B, 65'536_B).container, 2U);
  filler.abandon();
  filler.abandon();  // nothing open: no number is wasted
  EXPECT_EQ(filler.place(84_B, 65'536_B).container, 3U);
}

TEST(GseCredit, OneRequestForAShortMessageAndOneAStepForALongOne) {
  gse::QueueCredit credit;
  credit.open(0_B);
  credit.enqueue(1'000_B);
  EXPECT_FALSE(credit.may_send());
  ASSERT_TRUE(credit.request_due(10'000_B));
  EXPECT_EQ(credit.ask(), 4U);  // units of 256 bytes
  int requests = 0;
  for (int packet = 0; packet < 100; ++packet) {
    credit.enqueue(1'000_B);
    if (!credit.request_due(10'000_B)) continue;
    ++requests;
    (void)credit.ask();
  }
  EXPECT_EQ(requests, 10);
}

TEST(GseCredit, ALaterGrantHealsALostOneAndAnOldOneChangesNothing) {
  gse::QueueCredit credit;
  credit.open(0_B);
  credit.enqueue(10'000_B);
  EXPECT_TRUE(credit.granted(20));
  EXPECT_FALSE(credit.granted(10));
  EXPECT_FALSE(credit.granted(20));
  credit.send(5'120_B);
  EXPECT_FALSE(credit.may_send());
  EXPECT_TRUE(credit.granted(40));
  EXPECT_TRUE(credit.may_send());
  EXPECT_EQ(credit.backlog(), 4'880_B);
}

// Totals are cyclic with 24 bits: 4 GiB come round.
TEST(GseCredit, TotalsComeRound) {
  gse::QueueCredit credit;
  credit.open(0_B);
  std::uint32_t total = 0;
  for (int i = 0; i < 5'000; ++i) {
    credit.enqueue(1'048'576_B);
    total = credit.ask();
    ASSERT_TRUE(credit.granted(total));
    ASSERT_TRUE(credit.may_send());
    credit.send(1'048'576_B);
    ASSERT_FALSE(credit.lacks());
  }
  EXPECT_EQ(total, (5'000ULL * 4'096) & 0xffffff);
}

class Senders {
 public:
  explicit Senders(std::size_t count) : streams_(count) {}
  gse::GrantStream& operator()(std::uint32_t id) { return streams_[id]; }
  [[nodiscard]] std::size_t size() const { return streams_.size(); }

 private:
  std::vector<gse::GrantStream> streams_;
};

// All want much: turns are equal to one quantum, the pace is the port's, the window is never passed.
TEST(GseGrants, SharedFairlyAtThePortsRateWithinTheWindow) {
  constexpr Bytes quantum = 16'384_B, window = 400'000_B;
  gse::GrantDesk desk({400_Gbps, quantum, window});
  Senders streams(7);
  for (std::uint32_t id = 0; id < streams.size(); ++id) desk.requested(id, streams(id), 1'000'000, 0);
  Random random(1);
  std::vector<std::int64_t> on_its_way(streams.size());
  std::int64_t granted = 0;
  const Time end{200'000'000};
  for (Time now{}; now < end; now = desk.look_again(now)) {
    while (const auto grant = desk.grant(now, 0_B, streams)) {
      granted += grant->units * 256;
      on_its_way[grant->id] += grant->units * 256;
    }
    ASSERT_LE(desk.coming().v, window.v);
    const auto id = static_cast<std::uint32_t>(random.below(streams.size()));  // what was granted comes in some order
    desk.received(streams(id), {on_its_way[id]});
    on_its_way[id] = 0;
  }
  const std::int64_t line = 200 * 50'000;  // bytes in 200 us
  EXPECT_LE(granted, line + 9 * quantum.v);
  EXPECT_GE(granted, line * 98 / 100);
  std::int64_t least = streams(0).granted, most = least;
  for (std::uint32_t id = 0; id < streams.size(); ++id) {
    least = std::min(least, streams(id).granted);
    most = std::max(most, streams(id).granted);
  }
  EXPECT_LE(most - least, quantum.v / 256);
}

TEST(GseGrants, AFullPortGetsNoGrantAndWhatNeverComesIsWrittenOff) {
  gse::GrantDesk desk({400_Gbps, 16'384_B, 40'000_B});
  Senders streams(1);
  desk.requested(0, streams(0), 1'000, 0);
  EXPECT_FALSE(desk.grant({}, 39'000_B, streams).has_value());
  ASSERT_TRUE(desk.grant({}, 23'000_B, streams).has_value());
  EXPECT_TRUE(desk.asked());
  EXPECT_FALSE(desk.grant({1'000'000'000}, 30'000_B, streams).has_value());
  const Bytes before = desk.coming();
  EXPECT_GT(before.v, 0);
  desk.write_off(streams(0));
  EXPECT_EQ(desk.coming(), 0_B);
  EXPECT_TRUE(desk.grant({1'000'000'000}, 0_B, streams).has_value());
}

// Credit that a sender took by itself is counted once its request tells of it.
TEST(GseGrants, InitialCreditIsNotGrantedTwice) {
  gse::GrantDesk desk({400_Gbps, 16'384_B, 400'000_B});
  Senders streams(1);
  desk.requested(0, streams(0), 40, 30);
  EXPECT_EQ(desk.coming(), Bytes{30 * 256});
  const auto grant = desk.grant({1'000'000}, 0_B, streams);
  ASSERT_TRUE(grant.has_value());
  EXPECT_EQ(grant->units, 10U);
  EXPECT_FALSE(desk.asked());
}

// 2^15 units and more ahead of what the asker has heard of: grants were lost or are on their way, and more is to be granted.
TEST(GseGrants, AStreamFarAheadOfItsAskerStandsInLine) {
  for (const std::uint32_t ahead : {32'767U, 32'768U, 50'000U, 4'000'000U}) {
    gse::GrantDesk desk({400_Gbps, 16'384_B, 2'000'000'000_B});
    Senders streams(1);
    desk.requested(0, streams(0), ahead, 0);
    Time now{};
    while (desk.asked()) {
      (void)desk.grant(now, 0_B, streams);
      now = desk.look_again(now);
    }
    ASSERT_EQ(streams(0).granted, ahead);
    EXPECT_LT(streams(0).granted_before(0), 0);
    desk.requested(0, streams(0), ahead + 100, 0);
    EXPECT_EQ(streams(0).granted, ahead);
    EXPECT_TRUE(desk.asked());
  }
}

TEST(GseOrder, FollowsWhenAWholeWindowIsLost) {
  gse::ContainerOrder order;
  order.follow(0x00000f, 64);
  EXPECT_EQ(order.expected(), 0xffffefU);
  EXPECT_EQ(order.turn(0x00000f, 2, 64), gse::Turn::hold);
  EXPECT_EQ(order.turn(0x00002e, 0, 64), gse::Turn::hold);
}

TEST(GseOrder, DeliversHoldsAndRefuses) {
  gse::ContainerOrder order;
  EXPECT_EQ(order.turn(0, 0, 64), gse::Turn::now);
  EXPECT_EQ(order.deliver(0, false), 0U);
  EXPECT_EQ(order.turn(0, 0, 64), gse::Turn::late);  // the same packet again
  EXPECT_EQ(order.turn(1, 0, 64), gse::Turn::hold);
  EXPECT_EQ(order.turn(63, 0, 64), gse::Turn::hold);
  EXPECT_EQ(order.turn(64, 0, 64), gse::Turn::beyond);
  EXPECT_EQ(order.deliver(3, true), 2U);  // two of the container were lost
  EXPECT_EQ(order.expected(), 1U);
  EXPECT_EQ(order.turn(0, 4, 64), gse::Turn::late);
}

TEST(GseOrder, ComesRound) {
  gse::ContainerOrder order;
  order.skip_to(0xffffff);
  EXPECT_EQ(order.turn(0xffffff, 0, 64), gse::Turn::now);
  EXPECT_EQ(order.turn(0, 0, 64), gse::Turn::hold);
  EXPECT_EQ(order.deliver(0, true), 0U);
  EXPECT_EQ(order.expected(), 0U);
  EXPECT_EQ(order.turn(0xffffff, 1, 64), gse::Turn::late);
}

}  // namespace
}  // namespace weft
