// One life of a packet delivery context after another: what an earlier one leaves on the way says nothing in a later one, what a
// life has used up is there again in the next, and nobody waits for ever.
#include <gtest/gtest.h>

#include "unit/uet_pair.hh"

namespace weft::uet::test {
namespace {

using wire::NackCode;
using wire::PdsType;
using wire::UetHeader;

PdcConfig with_credit() {
  static const Laws laws(Duration{12'000'000});
  PdcConfig config;
  config.congestion = Congestion::rccc;
  laws.use(config);
  return config;
}

void close(Pair& pair) {
  pair.a.pdc.close(Time{});
  pair.exchange();
  ASSERT_EQ(pair.a.pdc.life(), Life::closed);
  ASSERT_EQ(pair.b.pdc.life(), Life::closed);
}

void live(Pair& pair, std::uint64_t id = 1) {
  ASSERT_TRUE(pair.write(id, 10'000));
  pair.exchange();
  ASSERT_EQ(pair.completions(), 1);
  close(pair);
}

// Everything the target can say in one life comes late, in the next one, which no packet of has reached the target yet.
TEST(UetLives, WordsOfAnEarlierLifeDoNotEstablishThisOne) {
  Pair pair;
  live(pair);
  ASSERT_TRUE(pair.write(2, 10'000));
  const auto data = pair.a.take(Lane::data);
  ASSERT_EQ(data.size(), 3U);
  UetSegment late = from_target(PdsType::control);
  for (const std::uint32_t psn : {5000U, 5003U, 5004U, data[0].header.psn - 2}) {
    late.header.psn = psn;
    for (const auto control : {wire::PdsControl::credit, wire::PdsControl::probe, wire::PdsControl::close_request}) {
      late.header.type = PdsType::control;
      late.header.control = control;
      pair.a.receive(late);
    }
    for (const PdsType type : {PdsType::ack, PdsType::ack_cc, PdsType::nack, PdsType::rud_request}) {
      late.header.type = type;
      late.header.nack = NackCode::no_resource;
      pair.a.receive(late);
    }
    EXPECT_EQ(pair.a.pdc.life(), Life::syn) << psn;
  }
  EXPECT_FALSE(pair.a.pdc.ready(Time{}, Lane::respond));
  for (const UetSegment& s : data) pair.b.receive(s);
  pair.exchange();
  EXPECT_EQ(pair.completions(), 1);
  EXPECT_EQ(pair.b.pdc.delivered_messages(), 2U);
}

// The counter of an earlier life would be credit that nobody gave in this one.
TEST(UetLives, CreditOfAnEarlierLifeIsNone) {
  Pair pair(with_credit());
  live(pair);
  ASSERT_TRUE(pair.write(2, 100));
  pair.exchange();
  ASSERT_EQ(pair.a.pdc.life(), Life::established);
  UetSegment late = from_target(PdsType::control);
  late.header.control = wire::PdsControl::credit;
  late.header.psn = 5000;
  late.header.feedback().modified_length = 4000;
  const auto granted = pair.a.pdc.sender().gate().credit()->granted();
  pair.a.receive(late);
  EXPECT_EQ(pair.a.pdc.sender().gate().credit()->granted().v, granted.v);
}

TEST(UetLives, AClosedContextWantsAndGrantsNoCredit) {
  Pair pair(with_credit());
  ASSERT_TRUE(pair.write(1, 100'000));
  const auto data = pair.a.take(Lane::data);
  for (const UetSegment& s : data) pair.b.receive(s);
  ASSERT_TRUE(pair.b.pdc.wants_credit());
  pair.exchange();
  pair.b.pdc.grant(Time{});  // ahead, for CLOSE costs credit
  pair.exchange();
  pair.a.pdc.close(Time{});
  ASSERT_TRUE(pair.b.pdc.wants_credit());
  pair.b.pdc.grant(Time{});  // a CREDIT is due
  for (const UetSegment& s : pair.a.take(Lane::data)) pair.b.receive(s);
  ASSERT_EQ(pair.b.pdc.life(), Life::closed);
  EXPECT_FALSE(pair.b.pdc.wants_credit());
  EXPECT_FALSE(pair.b.pdc.ready(Time{}, Lane::notify));
  for (const UetSegment& s : data) pair.b.receive(s);  // once more, late
  EXPECT_FALSE(pair.b.pdc.wants_credit());
  EXPECT_EQ(pair.b.pdc.grant(Time{}).v, 0);  // the pacer's line has not been told
  EXPECT_FALSE(pair.b.pdc.ready(Time{}, Lane::notify));
}

TEST(UetLives, ALateSynOfTwoLivesAgoOpensNone) {
  Pair pair;
  ASSERT_TRUE(pair.write(1, 100));
  const auto first = pair.a.take(Lane::data);
  ASSERT_EQ(first.size(), 1U);
  pair.b.receive(first[0]);
  pair.exchange();
  ASSERT_EQ(pair.completions(), 1);
  close(pair);
  live(pair, 2);
  EXPECT_FALSE(pair.b.receive(first[0]).placement.keep);
  EXPECT_EQ(pair.b.pdc.life(), Life::closed);
  EXPECT_EQ(pair.b.pdc.delivered_messages(), 2U);
  live(pair, 3);
  EXPECT_EQ(pair.b.pdc.delivered_messages(), 3U);
}

// The target has used more PSNs than the initiator: the next life begins behind those, too.
TEST(UetLives, TheNextLifeBeginsBehindWhatEitherEndHasUsed) {
  PdcConfig config;
  config.mtu = 1;
  config.psn_range = 16384;
  Pair pair(config);
  WorkRequest read{.id = 1, .length = Bytes{100'000}, .region = BufferId{0}, .address = Pair::base, .remote_address = Pair::base};
  read.key = TestMemory::rkey_of(pair.target);
  ASSERT_TRUE(pair.a.pdc.post_read(read));
  for (int round = 0; round < 20; ++round) {
    for (const UetSegment& s : pair.a.take(Lane::data)) pair.b.receive(s);
    for (int turn = 0; turn < 100; ++turn) {
      for (const UetSegment& s : pair.b.take(Lane::data)) pair.a.receive(s);
      for (const UetSegment& s : pair.a.take(Lane::respond)) pair.b.receive(s);
    }
    for (const UetSegment& s : pair.b.take(Lane::respond)) pair.a.receive(s);
  }
  ASSERT_EQ(pair.completions(), 1);
  close(pair);
  ASSERT_TRUE(pair.write(2, 1));
  const auto again = pair.a.take(Lane::data);
  ASSERT_EQ(again.size(), 1U);
  EXPECT_GE(again[0].header.psn, 5000 + 100'000 + reuse_distance);
  for (const UetSegment& s : again) pair.b.receive(s);
  pair.exchange();
  EXPECT_EQ(pair.completions(), 1);
}

// CLOSE tells that the initiator has what it asked for, not that it has what the target sent of its own accord.
TEST(UetLives, TheTargetsOwnMessagesEndBeforeTheContext) {
  Pair pair;
  ASSERT_TRUE(pair.write(1, 100));
  pair.exchange();
  ASSERT_EQ(pair.completions(), 1);
  WorkRequest write{.id = 7, .length = Bytes{100}, .region = BufferId{0}, .address = Pair::base, .remote_address = Pair::base};
  write.key = TestMemory::rkey_of(BufferId{0});
  ASSERT_TRUE(pair.b.pdc.post_write(write));
  ASSERT_EQ(pair.b.take(Lane::data).size(), 1U);  // lost
  pair.a.pdc.close(Time{});
  for (const UetSegment& s : pair.a.take(Lane::data)) pair.b.receive(s);
  Completion c;
  EXPECT_FALSE(pair.b.pdc.poll(c)) << "nobody has it";
  const auto answers = pair.b.take(Lane::respond);
  ASSERT_EQ(answers.size(), 1U);
  EXPECT_EQ(answers[0].header.nack, NackCode::closing);
  pair.a.receive(answers[0]);
  for (Time now{}; pair.a.pdc.life() != Life::closed && now < Time{ps_per_second};) {
    now = std::min(pair.a.pdc.next_deadline(), pair.b.pdc.next_deadline());
    pair.a.pdc.advance(now);
    pair.b.pdc.advance(now);
    pair.exchange(now);
  }
  ASSERT_TRUE(pair.b.pdc.poll(c));
  EXPECT_EQ(c.status, Status::success);
  EXPECT_EQ(pair.a.pdc.delivered_messages(), 1U);
  EXPECT_EQ(pair.a.pdc.life(), Life::closed);
  EXPECT_EQ(pair.b.pdc.life(), Life::closed);
}

// The answer to CLOSE is lost, and the target already has work for the next life: it answers all the same.
TEST(UetLives, AClosedTargetAnswersWhateverItHasPosted) {
  Pair pair;
  const UetSegment closing = pair.written_and_closing();
  pair.b.receive(closing);
  ASSERT_EQ(pair.b.take(Lane::respond).size(), 1U);  // lost
  ASSERT_TRUE(pair.b.pdc.post_write({.length = Bytes{0}}));
  pair.b.receive(closing);
  pair.exchange();
  EXPECT_EQ(pair.a.pdc.life(), Life::closed);
}

TEST(UetLives, SecureStartsAreNotUsedUp) {
  for (PdcConfig config : {PdcConfig{}, with_credit()}) {
    config.secure_start = true;
    config.secure_psn = 777'777;
    Pair pair(config);
    for (std::uint32_t life = 1; life <= 12; ++life) {
      live(pair, life);
      ASSERT_FALSE(::testing::Test::HasFatalFailure()) << "life " << life;
      EXPECT_EQ(pair.a.pdc.counters().restarts, 2 * life - 1) << "a round trip more for each, and a start further on for all but one";
    }
    EXPECT_EQ(pair.b.pdc.delivered_messages(), 12U);
  }
}

TEST(UetLives, ATargetThatNeverLikesTheStartEndsTheContext) {
  Pair pair;
  ASSERT_TRUE(pair.write(1, 100));
  UetSegment nack = from_target(PdsType::nack);
  nack.header.nack = NackCode::new_start_psn;
  int refused = 0;
  for (; refused < 100 && !pair.a.pdc.failed(); ++refused) {
    const auto data = pair.a.take(Lane::data);
    ASSERT_EQ(data.size(), 1U);
    nack.header.psn = data[0].header.psn;
    nack.header.feedback().modified_length = data[0].header.psn + 100'000;
    pair.a.receive(nack);
  }
  EXPECT_EQ(refused, 5);
  Completion c;
  ASSERT_TRUE(pair.a.pdc.poll(c));
  EXPECT_EQ(c.status, Status::context_lost);
}

// Every packet of the first attempt is taken for lost when the target's word comes, and without credit none goes again.
TEST(UetLives, ASecureStartThatComesLateIsTaken) {
  PdcConfig config = with_credit();
  config.secure_start = true;
  config.secure_psn = 777'777;
  Pair pair(config);
  ASSERT_TRUE(pair.write(1, 10'000));
  for (const UetSegment& s : pair.a.take(Lane::data)) pair.b.receive(s);
  const Time now = pair.a.pdc.next_deadline();
  pair.a.pdc.advance(now);
  ASSERT_TRUE(pair.a.pdc.sender().gate().starved());
  for (const UetSegment& s : pair.b.take(Lane::respond)) pair.a.receive(s, now);
  pair.exchange(now);
  EXPECT_EQ(pair.completions(), 1);
}

// A late answer to what has been acknowledged would end the speculation with which the next life begins.
TEST(UetLives, ALateAnswerLeavesTheNextLifeItsCredit) {
  Pair pair(with_credit());
  ASSERT_TRUE(pair.write(1, 10'000));
  for (const UetSegment& s : pair.a.take(Lane::data)) pair.b.receive(s);
  const auto answers = pair.b.take(Lane::respond);
  ASSERT_FALSE(answers.empty());
  for (const UetSegment& s : answers) pair.a.receive(s);
  pair.exchange();
  ASSERT_EQ(pair.completions(), 1);
  close(pair);
  pair.a.receive(answers.back());
  ASSERT_TRUE(pair.write(2, 10'000));
  EXPECT_EQ(pair.a.take(Lane::data).size(), 3U);
}

TEST(UetLives, TheTargetMayAskForEveryClose) {
  Pair pair;
  for (std::uint64_t life = 0; life < 12; ++life) {
    ASSERT_TRUE(pair.write(life, 100));
    pair.exchange();
    pair.b.pdc.close(Time{});
    pair.b.pdc.advance(Time{});
    pair.exchange();
    ASSERT_EQ(pair.a.pdc.life(), Life::closed) << life;
  }
}

}  // namespace
}  // namespace weft::uet::test
