// How a packet delivery context opens, closes and opens again; whom it turns away; and that nobody can make it talk.
#include <gtest/gtest.h>

#include "unit/uet_pair.hh"

namespace weft::uet::test {
namespace {

using wire::NackCode;
using wire::PdsType;
using wire::UetHeader;

TEST(UetLife, OpensWithDataClosesAndOpensAgainFurtherOn) {
  Pair pair;
  EXPECT_EQ(pair.a.pdc.life(), Life::closed);
  ASSERT_TRUE(pair.write(1, 10'000));
  const auto first = pair.a.take(Lane::data);
  ASSERT_EQ(first.size(), 3U);
  for (std::uint16_t i = 0; i < 3; ++i) {
    EXPECT_TRUE(first[i].header.has(UetHeader::syn));
    EXPECT_EQ(first[i].header.psn, 5000U + i);
    EXPECT_EQ(first[i].header.dpdcid, i);  // psn_offset
  }
  // The last one comes first: it alone opens the context.
  pair.b.receive(first[2]);
  EXPECT_EQ(pair.b.pdc.life(), Life::established);
  const auto answers = pair.b.take(Lane::respond);
  for (const UetSegment& answer : answers) pair.a.receive(answer);
  EXPECT_EQ(pair.a.pdc.life(), Life::established);
  EXPECT_EQ(pair.a.pdc.peer_pdcid(), 0x22);
  pair.b.receive(first[0]);
  pair.b.receive(first[1]);
  pair.exchange();
  EXPECT_EQ(pair.completions(), 1);
  EXPECT_EQ(pair.b.pdc.delivered_messages(), 1U);

  pair.a.pdc.close(Time{});
  EXPECT_EQ(pair.a.pdc.life(), Life::closing);
  pair.exchange();
  EXPECT_EQ(pair.a.pdc.life(), Life::closed);
  EXPECT_EQ(pair.b.pdc.life(), Life::closed);
  EXPECT_EQ(pair.a.pdc.next_deadline(), Time::never());

  ASSERT_TRUE(pair.write(2, 10'000));
  const auto again = pair.a.take(Lane::data);
  ASSERT_EQ(again.size(), 3U);
  EXPECT_TRUE(again[0].header.has(UetHeader::syn));
  EXPECT_GE(again[0].header.psn - 5003, reuse_distance);
  for (const UetSegment& s : again) pair.b.receive(s);
  pair.exchange();
  EXPECT_EQ(pair.completions(), 1);
  EXPECT_EQ(pair.b.pdc.delivered_messages(), 2U);
  // A late packet of the first life is no part of the second.
  const UetSegment late = pair.b.receive(first[0]);
  EXPECT_FALSE(late.placement.keep);
  EXPECT_EQ(pair.b.pdc.delivered_messages(), 2U);
  ASSERT_FALSE(answers.empty());
  const auto acks = pair.a.pdc.counters().acks_received;
  pair.a.receive(answers[0]);
  EXPECT_EQ(pair.a.pdc.counters().acks_received, acks);
  EXPECT_EQ(pair.a.pdc.counters().dropped_bad_response, 1U);
}

TEST(UetLife, WorkPostedWhileClosingWaitsForTheNextLife) {
  Pair pair;
  ASSERT_TRUE(pair.write(1, 100));
  pair.exchange();
  pair.a.pdc.close(Time{});
  ASSERT_TRUE(pair.write(2, 9000));
  const auto closing = pair.a.take(Lane::data);
  ASSERT_EQ(closing.size(), 1U);
  EXPECT_EQ(closing[0].header.type, PdsType::control);
  EXPECT_EQ(closing[0].header.control, wire::PdsControl::close);
  pair.b.receive(closing[0]);
  pair.exchange();
  EXPECT_EQ(pair.completions(), 2);
  EXPECT_EQ(pair.b.pdc.delivered_messages(), 2U);
  EXPECT_EQ(pair.a.pdc.life(), Life::established);
}

TEST(UetLife, LostCloseAndLostAnswerAreRepeated) {
  Pair pair;
  (void)pair.written_and_closing();  // lost
  Time now = pair.a.pdc.next_deadline();
  pair.a.pdc.advance(now);
  const auto second = pair.a.take(Lane::data, now);
  ASSERT_EQ(second.size(), 1U);
  pair.b.receive(second[0], now);
  ASSERT_EQ(pair.b.take(Lane::respond, now).size(), 1U);  // lost
  EXPECT_EQ(pair.b.pdc.life(), Life::closed);
  now = pair.a.pdc.next_deadline();
  pair.a.pdc.advance(now);
  pair.exchange(now);
  EXPECT_EQ(pair.a.pdc.life(), Life::closed);
}

TEST(UetLife, TargetAsksForTheClose) {
  Pair pair;
  ASSERT_TRUE(pair.write(1, 100));
  pair.exchange();
  pair.b.pdc.close(Time{});
  ASSERT_EQ(pair.b.pdc.next_deadline(), Time{});
  pair.b.pdc.advance(Time{});
  pair.exchange();
  EXPECT_EQ(pair.a.pdc.life(), Life::closed);
  EXPECT_EQ(pair.b.pdc.life(), Life::closed);
  EXPECT_EQ(pair.b.pdc.next_deadline(), Time::never());
}

TEST(UetLife, SecureStartTakesOneRoundTripMore) {
  PdcConfig config;
  config.secure_start = true;
  config.secure_psn = 0x8000'0000;
  Pair pair(config);
  ASSERT_TRUE(pair.write(1, 10'000));
  for (const UetSegment& s : pair.a.take(Lane::data)) pair.b.receive(s);
  EXPECT_EQ(pair.b.pdc.life(), Life::closed);
  EXPECT_EQ(pair.b.pdc.delivered_bytes(), 0U);
  const auto answers = pair.b.take(Lane::respond);
  ASSERT_EQ(answers.size(), 3U);
  EXPECT_EQ(answers[0].header.nack, NackCode::new_start_psn);
  for (const UetSegment& s : answers) pair.a.receive(s);
  EXPECT_EQ(pair.a.pdc.counters().restarts, 1U);  // the other two speak of PSNs that are gone
  const auto again = pair.a.take(Lane::data);
  ASSERT_EQ(again.size(), 3U);
  EXPECT_EQ(again[0].header.psn, 0x8000'0000U);
  for (const UetSegment& s : again) pair.b.receive(s);
  pair.exchange();
  EXPECT_EQ(pair.completions(), 1);
}

TEST(UetLife, PacketsWithoutContextAreRefused) {
  Pair pair;
  UetSegment stray = blank_segment;
  stray.header.type = PdsType::rud_request;
  stray.header.next = wire::PdsNext::request_standard;
  stray.header.spdcid = 0x77;
  stray.header.dpdcid = 0x22;
  stray.header.psn = 9;
  pair.b.receive(stray);
  stray.header.dpdcid = 0x23;
  pair.b.receive(stray);
  stray.header.type = PdsType::rod_request;
  pair.b.receive(stray);
  const auto answers = pair.b.take(Lane::respond);
  ASSERT_EQ(answers.size(), 3U);
  EXPECT_EQ(answers[0].header.nack, NackCode::no_pdc);
  EXPECT_EQ(answers[0].header.dpdcid, 0x77);
  EXPECT_EQ(answers[0].header.psn, 9U);
  EXPECT_EQ(answers[1].header.nack, NackCode::invalid_dpdcid);
  EXPECT_EQ(answers[2].header.nack, NackCode::mode_mismatch);
  EXPECT_EQ(pair.b.pdc.counters().dropped_no_context, 1U);
  EXPECT_EQ(pair.b.pdc.counters().dropped_wrong_context, 1U);
  EXPECT_EQ(pair.b.pdc.counters().dropped_unknown_type, 1U);
}

TEST(UetLife, ASecondInitiatorDoesNotTakeAContextOver) {
  Pair pair;
  ASSERT_TRUE(pair.write(1, 100));
  pair.exchange();
  UetSegment stranger = blank_segment;
  stranger.header.type = PdsType::rud_request;
  stranger.header.flags = UetHeader::syn;
  stranger.header.spdcid = 0x55;
  stranger.header.psn = 0x4000'0000;
  pair.b.receive(stranger);
  const auto answers = pair.b.take(Lane::respond);
  ASSERT_EQ(answers.size(), 1U);
  EXPECT_EQ(answers[0].header.nack, NackCode::invalid_syn);
  EXPECT_EQ(answers[0].header.dpdcid, 0x55);
  EXPECT_EQ(pair.b.pdc.peer_pdcid(), 0x11);
}

TEST(UetLife, NoPdcForAPacketInFlightEndsTheContextOnce) {
  Pair pair;
  ASSERT_TRUE(pair.write(1, 100));
  pair.exchange();
  ASSERT_EQ(pair.completions(), 1);
  ASSERT_TRUE(pair.write(2, 100));
  const auto data = pair.a.take(Lane::data);
  ASSERT_EQ(data.size(), 1U);
  UetSegment nack = blank_segment;
  nack.header.type = PdsType::nack;
  nack.header.nack = NackCode::no_pdc;
  nack.header.use_feedback();
  nack.header.dpdcid = 0x11;
  nack.header.psn = data[0].header.psn - 1;  // acknowledged long ago
  pair.a.receive(nack);
  EXPECT_FALSE(pair.a.pdc.failed());
  nack.header.psn = data[0].header.psn;
  pair.a.receive(nack);
  EXPECT_TRUE(pair.a.pdc.failed());
  Completion c;
  ASSERT_TRUE(pair.a.pdc.poll(c));
  EXPECT_EQ(c.status, Status::context_lost);
  pair.a.receive(nack);
  EXPECT_EQ(pair.a.pdc.counters().dropped_in_error, 1U);
  EXPECT_EQ(pair.a.pdc.next_deadline(), Time::never());
}

// Whatever the storm: an arrival yields one answer at most, and a NACK yields no answer and at most one retransmission of a
// packet that is in flight.
TEST(UetLife, NackStormsAreBounded) {
  Pair pair;
  ASSERT_TRUE(pair.write(1, 40'000));
  const auto first = pair.a.take(Lane::data);
  Random random{random_key(4, RandomRoom::test, 1)};
  constexpr std::size_t storm = 10'000;
  std::size_t resent = 0;
  for (std::size_t i = 0; i < storm; ++i) {
    UetSegment nack = blank_segment;
    nack.header.type = PdsType::nack;
    nack.header.use_feedback();
    constexpr std::array codes{NackCode::trimmed, NackCode::no_resource, NackCode::psn_out_of_window, NackCode::rod_out_of_order};
    nack.header.nack = codes[random.below(2) == 0 ? 0 : random.below(3)];
    nack.header.spdcid = 0x22;
    nack.header.dpdcid = 0x11;
    nack.header.psn = 5000 + static_cast<std::uint32_t>(random.below(2 * first.size()));
    pair.a.receive(nack);
    resent += pair.a.take(Lane::data).size();
    if (pair.a.pdc.failed()) break;
    ASSERT_FALSE(pair.a.pdc.ready(Time{}, Lane::respond));
    ASSERT_FALSE(pair.a.pdc.ready(Time{}, Lane::notify));
    ASSERT_LE(resent, i + 1);
  }
  // At one instant a refused packet waits, so the storm soon meets nothing in flight.
  EXPECT_LT(resent, 100U);

  std::size_t answers = 0;
  for (std::size_t i = 0; i < storm; ++i) {
    UetSegment stray = blank_segment;
    stray.header.type = PdsType::rud_request;
    stray.header.spdcid = static_cast<std::uint16_t>(1 + random.below(1000));
    stray.header.dpdcid = static_cast<std::uint16_t>(random.below(100));
    stray.header.psn = static_cast<std::uint32_t>(random.next());
    pair.b.receive(stray);
    if (i % 100 == 99) answers += pair.b.take(Lane::respond).size();
  }
  EXPECT_LE(answers, storm / 100 * 32);
  EXPECT_EQ(answers + pair.b.pdc.counters().answers_suppressed, storm);
}

}  // namespace
}  // namespace weft::uet::test
