// The parts of a packet delivery context on their own, against plain models: PSNs, windows of bits, stored
// responses, places of messages, receives.
#include <gtest/gtest.h>

#include <map>
#include <set>

#include "base/random.hh"
#include "transport/uet/answer_queue.hh"
#include "transport/uet/inbound_messages.hh"
#include "transport/uet/outbound_queue.hh"
#include "transport/uet/psn.hh"
#include "transport/uet/receive_buffers.hh"
#include "transport/uet/send_window.hh"
#include "transport/uet/sequence_bits.hh"
#include "transport/uet/stored_responses.hh"

namespace weft::uet::test {
namespace {

TEST(UetPsn, TheSignOfTheDifferenceDecides) {
  EXPECT_EQ(psn_difference(5, 3), 2);
  EXPECT_EQ(psn_difference(2, 0xffff'fffe), 4);
  EXPECT_EQ(psn_difference(0xffff'fffe, 2), -4);
  const Sequence reference = first_sequence(0xffff'fff0);
  EXPECT_EQ(unwrap(0x10, reference), reference + 0x20);
  EXPECT_EQ(unwrap(0xffff'ffe0, reference), reference - 0x10);
  EXPECT_EQ(to_psn(unwrap(0x10, reference)), 0x10U);
}

TEST(UetSequenceBits, AgreesWithASet) {
  Random random{random_key(1, RandomRoom::test, 1)};
  for (const std::uint32_t range : {1U, 64U, 100U, 1000U}) {
    SequenceBits bits;
    bits.reset(range);
    std::set<Sequence> model;
    Sequence first = first_sequence(0xffff'ff00);
    for (int step = 0; step < 3000; ++step) {
      const Sequence s = first + random.below(range);
      if (model.insert(s).second) bits.set(s);
      if (random.below(3) == 0) {
        const Sequence until = first + random.below(range);
        for (; first < until; ++first) {
          if (model.erase(first) != 0) bits.clear(first);
        }
      }
      ASSERT_EQ(bits.count(), model.size());
      const Sequence from = first + random.below(range);
      std::uint64_t word = 0;
      for (std::uint64_t i = 0; i < 64; ++i) word |= std::uint64_t{model.count(from + i)} << i;
      ASSERT_EQ(bits.word_at(from), word);
      const auto next = model.lower_bound(from);
      ASSERT_EQ(bits.next_set(from, first + range), next == model.end() ? first + range : *next);
    }
  }
}

TEST(UetSequenceBits, GrowingKeepsWhatIsSet) {
  Random random{random_key(3, RandomRoom::test, 1)};
  for (int round = 0; round < 200; ++round) {
    SequenceBits bits;
    bits.reset(64);
    const Sequence first = first_sequence(0xffff'ff00) + random.below(1000);
    std::set<Sequence> model;
    for (const std::uint32_t range : {bits.span(), 500U, 3000U, 16384U}) {
      if (range > bits.span()) bits.grow(first, range);
      ASSERT_GE(bits.span(), range);
      for (int i = 0; i < 30; ++i) {
        const Sequence s = first + random.below(range);
        if (model.insert(s).second) bits.set(s);
      }
      ASSERT_EQ(bits.count(), model.size());
      for (Sequence s = first; s < first + range; ++s) ASSERT_EQ(bits.test(s), model.count(s) != 0) << s - first;
    }
  }
}

// Random lives of packets against a map of their states: what is in flight, what is lost first, what is news.
TEST(UetSendWindow, AgreesWithAModel) {
  enum class State { outstanding, lost, acknowledged };
  constexpr std::uint32_t range = 200, usual = 16, overhead = 64;  // it grows four times
  Random random{random_key(2, RandomRoom::test, 1)};
  SendWindow window;
  window.reset(range, usual, overhead, first_sequence(0xffff'ffff - 1000));
  std::map<Sequence, State> model;
  std::int64_t acknowledged = 0;
  const auto payload = [](Sequence s) { return static_cast<std::uint32_t>(s * 7919 % 4097); };
  for (int step = 0; step < 20'000; ++step) {
    const Sequence span = window.next() - window.una();
    const Sequence some = window.una() + random.below(span + 1);
    switch (random.below(6)) {
      case 0:
      case 1:
        if (window.full()) break;
        model[window.next()] = State::outstanding;
        window.sent(Time{step}, 0, payload(window.next()), 0);
        break;
      case 2:
        if (!window.is_outstanding(some)) break;
        window.lose(some);
        model[some] = State::lost;
        break;
      case 3:
        if (!window.any_lost()) break;
        model[window.first_lost()] = State::outstanding;
        window.sent_again(Time{step}, 0, window.first_lost());
        break;
      case 4:
        if (!window.holds(some) || window.is_acknowledged(some)) break;
        window.acknowledge(some);
        model[some] = State::acknowledged;
        acknowledged += payload(some) + overhead;
        break;
      default:
        if (random.below(4) != 0) break;
        for (Sequence s = window.una(); s < some; ++s) {
          if (model[s] != State::acknowledged) acknowledged += payload(s) + overhead;
          model.erase(s);
        }
        window.advance(some, [](const SentPacket&) {});
    }
    std::int64_t outstanding = 0;
    std::uint32_t lost = 0;
    Sequence first_lost = 0;
    for (const auto& [s, state] : model) {
      if (state == State::outstanding) outstanding += payload(s) + overhead;
      if (state != State::lost) continue;
      if (lost++ == 0) first_lost = s;
    }
    ASSERT_EQ(window.outstanding(), outstanding);
    ASSERT_EQ(window.in_flight(), outstanding);
    ASSERT_EQ(window.received(), acknowledged);
    ASSERT_EQ(window.lost(), lost);
    if (lost > 0) { ASSERT_EQ(window.first_lost(), first_lost); }
    std::size_t seen = 0;
    window.each_outstanding([&](Sequence s) { seen += model.at(s) == State::outstanding ? 1 : 1000; });
    std::size_t expected = 0;
    for (const auto& [s, state] : model) expected += state == State::outstanding ? 1 : 0;
    ASSERT_EQ(seen, expected);
  }
}

// The receiver has had more than the PSNs tell: that is not in flight any more; never more than there is.
TEST(UetSendWindow, ReportedBytesAreNotInFlight) {
  SendWindow window;
  window.reset(128, 128, 64, first_sequence(0));
  for (int i = 0; i < 100; ++i) window.sent(Time{}, 0, 936, 0);
  EXPECT_EQ(window.in_flight(), 100'000);
  window.report(30'000);
  EXPECT_EQ(window.in_flight(), 70'000);
  window.advance(first_sequence(20), [](const SentPacket&) {});
  EXPECT_EQ(window.in_flight(), 70'000);
  window.report(1'000'000'000);
  EXPECT_EQ(window.in_flight(), 0);
  EXPECT_EQ(window.received(), 100'000);
}

TEST(UetStoredResponses, FoundByPsnUntilCleared) {
  StoredResponses stored;
  stored.reset();
  stored.push({30, 3});
  stored.push({10, 1});
  stored.push({20, 2});
  EXPECT_EQ(stored.lowest(0, 100), 10U);
  EXPECT_EQ(stored.lowest(11, 100), 20U);
  EXPECT_EQ(stored.lowest(0, 10), 10U);
  EXPECT_EQ(stored.find(20)->message_id, 2);
  stored.clear_to(20);
  EXPECT_EQ(stored.find(20), nullptr);
  EXPECT_EQ(stored.count(), 1U);
  for (std::uint16_t i = 0; i < 6; ++i) stored.push({Sequence{40} + i, 4});
  EXPECT_TRUE(stored.full(false));
  EXPECT_FALSE(stored.full(true));
  stored.push({50, 9});
  EXPECT_TRUE(stored.full(true));
}

TEST(UetInboundMessages, TheExpectedPacketFindsAPlace) {
  InboundMessages messages;
  messages.reset(2);
  InboundMessage* first = messages.find(0, false);
  first->open = true;
  first->id = 0;
  EXPECT_EQ(messages.find(0, false), first);
  EXPECT_EQ(messages.find(2, false), nullptr);  // its place is taken
  InboundMessage* extra = messages.find(2, true);
  ASSERT_NE(extra, nullptr);
  extra->open = true;
  extra->id = 2;
  EXPECT_EQ(messages.find(2, false), extra);
  EXPECT_EQ(messages.find(4, true), nullptr);
  EXPECT_NE(messages.find(1, false), nullptr);
}

TEST(UetReceiveBuffers, MatchesByBitsAndAge) {
  ReceiveBuffers receives;
  receives.reset(4);
  ASSERT_TRUE(receives.post({1, Bytes{10}, {}, 0, 0xff00, 0x00ff, true}));
  ASSERT_TRUE(receives.post({2, Bytes{10}, {}, 0, 0, 0, false}));
  ASSERT_TRUE(receives.post({3, Bytes{10}, {}, 0, 0xff00, 0x0000, true}));
  ASSERT_TRUE(receives.post({4, Bytes{10}, {}, 0, 0, 0, false}));
  ASSERT_FALSE(receives.post({5, Bytes{10}, {}, 0, 0, 0, false}));
  EXPECT_EQ(receives.claim(true, 0x1200), ReceiveBuffers::none);
  const auto exact = receives.claim(true, 0xff00);  // both fit, the older one takes it
  EXPECT_EQ(receives.at(exact).id, 1U);
  EXPECT_EQ(receives.at(receives.claim(true, 0xff00)).id, 3U);
  EXPECT_EQ(receives.claim(true, 0xff00), ReceiveBuffers::none);
  const auto old = receives.claim(false, 0);
  EXPECT_EQ(receives.at(old).id, 2U);
  receives.give_back(old);
  EXPECT_EQ(receives.claim(false, 7), old);
  receives.complete(old, 6);
  Completion c;
  ASSERT_TRUE(receives.poll(c));
  EXPECT_EQ(c.id, 2U);
  EXPECT_EQ(c.bytes.v, 6);
  ASSERT_FALSE(receives.poll(c));
  EXPECT_FALSE(receives.post({6, Bytes{10}, {}, 0, 0, 0, false}));  // the oldest is still in use
  receives.complete(exact, 0);
  ASSERT_TRUE(receives.poll(c));
  EXPECT_TRUE(receives.post({6, Bytes{10}, {}, 0, 0, 0, false}));
  receives.flush();
  std::set<std::uint64_t> flushed;
  while (receives.poll(c)) {
    EXPECT_EQ(c.status, Status::flushed);
    flushed.insert(c.id);
  }
  EXPECT_EQ(flushed, (std::set<std::uint64_t>{3, 4, 6}));
}

TEST(UetAnswerQueue, FullMergesAcksAndLeavesNacksOut) {
  AnswerQueue answers;
  answers.reset();
  for (std::uint32_t i = 0; i < 32; ++i) ASSERT_TRUE(answers.push({.psn = i}));
  EXPECT_FALSE(answers.push({.psn = 40}));
  EXPECT_FALSE(answers.push({.psn = 41, .kind = Answer::Kind::negative}));
  ASSERT_EQ(answers.size(), 32U);
  for (std::uint32_t i = 0; i < 31; ++i) ASSERT_EQ(answers.pop().psn, i);
  EXPECT_EQ(answers.pop().psn, 40U);
  EXPECT_TRUE(answers.empty());
}

// Responses go first; a READ waits while too many are out; slots come back when nobody needs them.
TEST(UetOutboundQueue, TurnsAndSlots) {
  OutboundQueue queue;
  queue.reset(3, 1);
  OutboundMessage m;
  m.packets = 2;
  m.kind = OutboundKind::read;
  queue.push(m);
  m.kind = OutboundKind::write;
  queue.push(m);
  queue.push(m);
  EXPECT_FALSE(queue.room_for_work());
  ASSERT_TRUE(queue.room_for_response());
  m.kind = OutboundKind::response;
  queue.push(m);
  EXPECT_FALSE(queue.room_for_response());
  const std::uint16_t response = queue.take_unsent(false);
  EXPECT_EQ(queue.at(response).kind, OutboundKind::response);
  EXPECT_EQ(queue.take_unsent(false), OutboundQueue::none);
  const std::uint16_t read = queue.take_unsent(true);
  EXPECT_EQ(queue.read(read), &queue.at(read));
  queue.finish(queue.at(read), Status::success);
  EXPECT_EQ(queue.read(read), nullptr);
  Completion c;
  ASSERT_TRUE(queue.poll(c));
  EXPECT_EQ(c.kind, WorkKind::read);
  EXPECT_FALSE(queue.room_for_work());  // its packets are not acknowledged yet
  queue.at(read).acknowledged = 2;
  queue.settle(queue.at(read));
  EXPECT_TRUE(queue.room_for_work());
  queue.at(response).acknowledged = 2;
  queue.finish(queue.at(response), Status::success);
  EXPECT_TRUE(queue.room_for_response());
  EXPECT_FALSE(queue.all_finished());
}

}  // namespace
}  // namespace weft::uet::test
