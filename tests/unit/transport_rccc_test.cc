// RCCC: the sender's credit, the receiver's grants and the pacer's turns, against numbers worked out by hand.
#include "transport/congestion/rccc.hh"

#include <gtest/gtest.h>

#include <limits>
#include <vector>

#include "transport/congestion/credit_pacer.hh"

namespace weft::congestion {
namespace {

using namespace literals;

constexpr Bytes packet{4150};
constexpr Bytes no_limit{std::numeric_limits<std::int64_t>::max()};

RcccParameters parameters(bool spare = true) {
  RcccSettings s;
  s.line = 100_Gbps;
  s.base_rtt = 12_us;
  s.packet = packet;
  s.payload = 4086_B;
  s.spare_credit = spare;
  return make_rccc_parameters(s);
}

TEST(Rccc, Parameters) {
  const RcccParameters p = parameters();
  EXPECT_EQ(p.most, 225'000_B);
  EXPECT_EQ(p.quantum, Bytes{63 * 256});  // 16,344 bytes rounded down
  EXPECT_EQ(p.spare, Bytes{878 * 256});
  EXPECT_EQ(parameters(false).spare, 0_B);
}

TEST(CreditCounter, WrapsAt24Bits) {
  CreditCounter a{0xfffffe};
  CreditCounter b = a;
  b.advance_units(5);
  EXPECT_EQ(b.v, 3u);
  EXPECT_EQ(b.units_ahead_of(a), 5);
  EXPECT_EQ(a.units_ahead_of(b), -5);
  b.advance_units(-5);
  EXPECT_EQ(b, a);
  EXPECT_EQ(credit_units_rounded_up(1_B), 1);
  EXPECT_EQ(credit_units_rounded_up(256_B), 1);
  EXPECT_EQ(credit_units_rounded_up(Bytes{-255}), 0);
  EXPECT_EQ(credit_units_rounded_up(Bytes{-256}), -1);
}

TEST(RcccSender, SpeculatesUntilTheFirstAnswer) {
  const RcccParameters p = parameters();
  RcccSender sender(p);
  EXPECT_EQ(sender.available(), 225'000_B);
  sender.on_sent(packet);
  EXPECT_EQ(sender.available(), 220'850_B);
  sender.on_answer();
  EXPECT_FALSE(sender.speculating());
  EXPECT_FALSE(sender.may_send());
  EXPECT_EQ(sender.available(), 0_B);
  sender.on_credit({63});
  sender.on_answer();  // what was granted does not lapse
  EXPECT_EQ(sender.available(), 16'128_B);
}

// 55 packets are 228,250 bytes; what the last took too much is owed.
TEST(RcccSender, SpeculationOverspentIsOwed) {
  const RcccParameters p = parameters();
  RcccSender sender(p);
  int sent = 0;
  for (; sender.may_send(); ++sent) sender.on_sent(packet);
  EXPECT_EQ(sent, 55);
  sender.on_answer();
  EXPECT_EQ(sender.available(), Bytes{225'000 - 228'250});
}

TEST(RcccSender, SendsWhileThereIsAnyCredit) {
  const RcccParameters p = parameters();
  RcccSender sender(p);
  sender.on_credit({1});
  EXPECT_EQ(sender.available(), 256_B);
  EXPECT_TRUE(sender.may_send());
  sender.on_sent(packet);
  EXPECT_EQ(sender.available(), Bytes{256 - 4150});
  EXPECT_FALSE(sender.may_send());
  sender.on_credit({16});  // 15 more units: 3,840
  EXPECT_EQ(sender.available(), Bytes{256 - 4150 + 3840});
  EXPECT_FALSE(sender.may_send());
}

TEST(RcccSender, CountersAreCumulativeAndOldOnesAreNothing) {
  const RcccParameters p = parameters();
  RcccSender sender(p);
  sender.on_credit({63});
  sender.on_credit({189});  // 126 was lost on the way
  EXPECT_EQ(sender.available(), Bytes{189 * 256});
  sender.on_credit({126});
  sender.on_credit({189});
  EXPECT_EQ(sender.available(), Bytes{189 * 256});
  sender.on_credit({0x100000});
  EXPECT_EQ(sender.available(), p.most);
}

TEST(RcccSender, TargetAsksForWhatIsMissing) {
  const RcccParameters p = parameters();
  RcccSender sender(p);
  sender.on_sent(packet);
  // Speculating with enough credit for all: still one packet, 17 units of 256.
  EXPECT_EQ(sender.target(10'000_B, no_limit, 1).v, 17u);
  // All has been sent: 220,850 too much, 862.7 units behind what was granted; in 24 bits.
  EXPECT_EQ(sender.target(0_B, no_limit, 1).units_ahead_of(CreditCounter{}), -862);
  sender.on_credit({63});
  EXPECT_EQ(sender.available(), 16'128_B);
  // 100,000 - 16,128 = 83,872: 327.6 units on top of 63.
  EXPECT_EQ(sender.target(100'000_B, no_limit, 1).v, 63u + 328);
  EXPECT_EQ(sender.target(100'000_B, no_limit, 4).v, 63u + 82);     // 20,968: 81.9
  EXPECT_EQ(sender.target(1'000'000_B, no_limit, 1).v, 63u + 816);  // 1.5 BDP at most: 208,872: 815.9
  EXPECT_EQ(sender.target(1'000'000_B, 20'278_B, 1).v, 63u + 17);   // the window and a packet: 4,150
}

TEST(Rccc, FiveGibibytesWrapTheCounters) {
  const RcccParameters p = parameters();
  RcccSender sender(p);
  RcccReceiver receiver(p);
  sender.on_answer();
  Bytes backlog{std::int64_t{5} << 30};
  std::int64_t grants = 0;
  for (; backlog.v > 0 && grants < 1'000'000; ++grants) {
    receiver.on_target(sender.target(backlog, no_limit, 1));
    ASSERT_EQ(receiver.wish(), CreditWish::demand);
    sender.on_credit(receiver.grant().counter);
    for (; sender.may_send() && backlog.v > 0; backlog -= packet) sender.on_sent(packet);
  }
  EXPECT_NEAR(static_cast<double>(grants), static_cast<double>((std::int64_t{5} << 30) / (63 * 256)), 2);
}

TEST(RcccReceiver, GrantsQuantaUpToTheTarget) {
  const RcccParameters p = parameters(false);
  RcccReceiver receiver(p);
  EXPECT_EQ(receiver.wish(), CreditWish::none);
  receiver.on_target({100});
  receiver.on_target({90});  // overtaken on the way
  EXPECT_EQ(receiver.demand(), Bytes{100 * 256});
  EXPECT_EQ(receiver.wish(), CreditWish::demand);
  auto grant = receiver.grant();
  EXPECT_EQ(grant.counter.v, 63u);
  EXPECT_EQ(grant.credit, Bytes{63 * 256});
  EXPECT_EQ(receiver.wish(), CreditWish::demand);
  grant = receiver.grant();
  EXPECT_EQ(grant.counter.v, 100u);
  EXPECT_EQ(grant.credit, Bytes{37 * 256});
  EXPECT_EQ(receiver.wish(), CreditWish::none);
}

TEST(RcccReceiver, RepeatsTheLastCounterWhenAskedAgain) {
  const RcccParameters p = parameters(false);
  RcccReceiver receiver(p);
  receiver.on_request();
  EXPECT_EQ(receiver.wish(), CreditWish::none);  // nobody has asked for credit yet
  receiver.on_target({10});
  (void)receiver.grant();
  receiver.on_request();
  EXPECT_EQ(receiver.wish(), CreditWish::demand);
  const auto grant = receiver.grant();
  EXPECT_EQ(grant.counter.v, 10u);
  EXPECT_EQ(grant.credit, 0_B);
  EXPECT_EQ(receiver.wish(), CreditWish::none);
}

// 878 units of spare credit at most: 14 grants of 63 make 882.
TEST(RcccReceiver, SpareCreditEndsAtItsBound) {
  const RcccParameters p = parameters();
  RcccReceiver receiver(p);
  EXPECT_EQ(receiver.wish(), CreditWish::none);
  receiver.on_target({5});
  EXPECT_EQ(receiver.grant().credit, Bytes{5 * 256});
  int grants = 0;
  for (; receiver.wish() == CreditWish::spare && grants < 100; ++grants) EXPECT_EQ(receiver.grant().credit, p.quantum);
  EXPECT_EQ(grants, 14);
  receiver.on_target({500});  // still less than was granted
  EXPECT_EQ(receiver.wish(), CreditWish::spare);
}

// 63 * 256 bytes at 99 Gb/s: 1,303,272.7 ps.
TEST(CreditPacer, OneGrantInItsTimeOnTheLine) {
  CreditPacer pacer(100_Gbps);
  pacer.reserve(4);
  EXPECT_EQ(pacer.next_deadline(), Time::never());
  EXPECT_FALSE(pacer.advance(Time{0}));
  pacer.want(2, CreditWish::demand);
  EXPECT_LE(pacer.next_deadline(), Time{5'000'000});
  ASSERT_EQ(pacer.advance(Time{5'000'000}), 2u);
  pacer.granted(Time{5'000'000}, Bytes{63 * 256});
  pacer.want(2, CreditWish::demand);
  EXPECT_NEAR(static_cast<double>(pacer.next_deadline().ps), 5'000'000 + 1'303'272.7, 2);
  EXPECT_FALSE(pacer.advance(pacer.next_deadline() - 1_ps));
  ASSERT_EQ(pacer.advance(pacer.next_deadline()), 2u);
  pacer.granted(Time{20'000'000}, 0_B);  // a grant of nothing: 1,024 bytes, 82,747.5 ps
  pacer.want(2, CreditWish::demand);
  EXPECT_NEAR(static_cast<double>(pacer.next_deadline().ps), 20'000'000 + 82'747.5, 2);
}

std::vector<std::uint32_t> turns(CreditPacer& pacer, int count, CreditWish again) {
  std::vector<std::uint32_t> order;
  for (int i = 0; i < count; ++i) {
    const Time now = pacer.next_deadline();
    const auto id = pacer.advance(now);
    if (!id) break;
    order.push_back(*id);
    pacer.granted(now, 16'128_B);
    pacer.want(*id, again);
  }
  return order;
}

using Order = std::vector<std::uint32_t>;

TEST(CreditPacer, ServesInTurn) {
  CreditPacer pacer(100_Gbps);
  pacer.reserve(8);
  for (const std::uint32_t id : {5u, 1u, 7u}) pacer.want(id, CreditWish::demand);
  for (const std::uint32_t id : {7u, 1u, 5u}) pacer.want(id, CreditWish::demand);  // said again: nothing changes
  EXPECT_EQ(turns(pacer, 7, CreditWish::demand), (Order{5, 1, 7, 5, 1, 7, 5}));
}

TEST(CreditPacer, SpareCreditOnlyWhileNobodyDemands) {
  CreditPacer pacer(100_Gbps);
  pacer.reserve(8);
  pacer.want(0, CreditWish::spare);
  pacer.want(1, CreditWish::demand);
  pacer.want(2, CreditWish::spare);
  EXPECT_EQ(turns(pacer, 3, CreditWish::demand), (Order{1, 1, 1}));
  pacer.want(2, CreditWish::demand);
  EXPECT_EQ(turns(pacer, 2, CreditWish::none), (Order{1, 2}));
  EXPECT_EQ(turns(pacer, 9, CreditWish::none), (Order{0}));
  EXPECT_EQ(pacer.next_deadline(), Time::never());
}

TEST(CreditPacer, ForgetsWhereverOneStands) {
  CreditPacer pacer(100_Gbps);
  pacer.reserve(8);
  for (std::uint32_t id = 0; id < 6; ++id) pacer.want(id, CreditWish::demand);
  for (const std::uint32_t id : {0u, 3u, 5u}) pacer.forget(id);
  EXPECT_FALSE(pacer.standing(3));
  EXPECT_TRUE(pacer.standing(2));
  pacer.want(3, CreditWish::demand);
  EXPECT_EQ(turns(pacer, 9, CreditWish::none), (Order{1, 2, 4, 3}));
}

}  // namespace
}  // namespace weft::congestion
