// Single rules of a packet delivery context, with packets carried by hand: what is answered when and how, what counts as an RTT
// sample, what happens to messages that are refused.
#include <gtest/gtest.h>

#include "unit/uet_pipe.hh"
#include "wire/uet_congestion_state.hh"

namespace weft::uet::test {
namespace {

using wire::NackCode;
using wire::PdsType;
using wire::UetHeader;

constexpr std::uint64_t base = 0x10'0000;

struct Pair {
  explicit Pair(PdcConfig common = {}) : ends(connect(common, 100)), a(ends.a), b(ends.b) {
    a.memory.add(1 << 20, base);
    target = b.memory.add(1 << 20, base);
  }
  WorkRequest request(std::uint64_t id, std::int64_t length) const {
    WorkRequest r;
    r.id = id;
    r.length = Bytes{length};
    r.region = BufferId{0};
    r.address = r.remote_address = base;
    r.key = TestMemory::rkey_of(target);
    return r;
  }
  // b's answers to `packet`.
  std::vector<UetSegment> answers(const UetSegment& packet, Time now = Time{}) {
    b.receive(packet, now);
    return b.take(Lane::respond, now);
  }
  void exchange(Time now = Time{}) {
    for (int round = 0; round < 50; ++round) {
      for (const Lane lane : {Lane::notify, Lane::respond, Lane::data}) {
        for (const UetSegment& s : a.take(lane, now)) b.receive(s, now);
        for (const UetSegment& s : b.take(lane, now)) a.receive(s, now);
      }
    }
  }

  Ends ends;
  Bench a, b;
  BufferId target;
};

PdcConfig small_packets() {
  PdcConfig config;
  config.mtu = 1000;
  return config;
}

UetSegment trimmed(UetSegment packet, Trim how) {
  packet.trim = how;
  packet.payload = {};
  return packet;
}

TEST(UetAck, FirstPacketThenBytesThenLast) {
  Pair pair(small_packets());
  ASSERT_TRUE(pair.a.pdc.post_write(pair.request(1, 40'000)));
  const auto data = pair.a.take(Lane::data);
  ASSERT_EQ(data.size(), 40U);
  std::vector<std::size_t> answered;
  for (std::size_t i = 0; i < 40; ++i) {
    if (!pair.answers(data[i]).empty()) answered.push_back(i);
  }
  // 1064 B each: 16 of them reach 16,384.
  EXPECT_EQ(answered, (std::vector<std::size_t>{0, 16, 32, 39}));
}

TEST(UetAck, MarkDuplicateAndRequestAreAnsweredAtOnce) {
  Pair pair(small_packets());
  ASSERT_TRUE(pair.a.pdc.post_write(pair.request(1, 10'000)));
  auto data = pair.a.take(Lane::data);
  ASSERT_EQ(pair.answers(data[0]).size(), 1U);
  EXPECT_TRUE(pair.answers(data[1]).empty());
  data[2].ecn_ce = true;
  data[2].path = PathId{42};
  const auto marked = pair.answers(data[2]);
  ASSERT_EQ(marked.size(), 1U);
  EXPECT_TRUE(marked[0].header.has(UetHeader::ecn));
  EXPECT_EQ(marked[0].path, PathId{42});
  EXPECT_EQ(marked[0].header.psn, 102U);
  EXPECT_EQ(marked[0].header.offset, 0);
  const auto duplicate = pair.answers(data[1]);
  ASSERT_EQ(duplicate.size(), 1U);
  EXPECT_FALSE(duplicate[0].header.has(UetHeader::ecn));
  EXPECT_EQ(duplicate[0].header.offset, -1);
  data[3].header.flags |= UetHeader::ack_request;
  EXPECT_EQ(pair.answers(data[3]).size(), 1U);
}

TEST(UetAck, SackBitmapAndReportedBytes) {
  Pair pair(small_packets());
  ASSERT_TRUE(pair.a.pdc.post_write(pair.request(1, 100'000)));
  const auto data = pair.a.take(Lane::data);
  pair.answers(data[0]);
  for (const std::size_t i : {2U, 3U, 5U}) pair.answers(data[i]);
  UetSegment asking = data[90];
  asking.header.flags |= UetHeader::ack_request;
  const auto answer = pair.answers(asking);
  ASSERT_EQ(answer.size(), 1U);
  const UetHeader& h = answer[0].header;
  EXPECT_EQ(h.type, PdsType::ack_cc);
  EXPECT_EQ(h.psn, 100U);
  EXPECT_EQ(h.offset, 90);
  EXPECT_EQ(h.feedback().sack_offset, 90 - 63);
  EXPECT_EQ(h.feedback().sack_bitmap, std::uint64_t{1} << 63);
  const auto state = wire::NsccState::unpack(h.feedback().congestion_state);
  EXPECT_EQ(state.out_of_order, 4);
  EXPECT_EQ(state.received_units, (5 * 1064 + 255) / 256);
  // The sender knows of two by PSN, and that five are not in flight.
  pair.a.receive(answer[0]);
  EXPECT_EQ(pair.a.pdc.sender().window().una(), first_sequence(101));
  EXPECT_TRUE(pair.a.pdc.sender().window().is_acknowledged(first_sequence(190)));
  EXPECT_LE(pair.a.pdc.sender().window().in_flight(), 95 * 1064);
  EXPECT_GT(pair.a.pdc.sender().window().in_flight(), 95 * 1064 - 256);
  const auto low = pair.answers(data[5]);
  EXPECT_EQ(low[0].header.feedback().sack_offset, 2);
  EXPECT_EQ(low[0].header.feedback().sack_bitmap & 0xffff, 0b1011U);
}

// An ACK request that met a gap is answered once more when the gap has closed.
TEST(UetAck, OnceMoreWhenNothingIsOutOfOrder) {
  Pair pair(small_packets());
  ASSERT_TRUE(pair.a.pdc.post_write(pair.request(1, 5'000)));
  const auto data = pair.a.take(Lane::data);
  pair.answers(data[0]);
  EXPECT_EQ(pair.answers(data[4]).size(), 1U);  // the last, which asks
  EXPECT_TRUE(pair.answers(data[1]).empty());
  EXPECT_TRUE(pair.answers(data[3]).empty());
  const auto closed = pair.answers(data[2]);
  ASSERT_EQ(closed.size(), 1U);
  EXPECT_EQ(closed[0].header.psn, 104U);
}

TEST(UetNack, TrimmedPacketsAreNackedUnlessTheyHadCome) {
  Pair pair(small_packets());
  ASSERT_TRUE(pair.a.pdc.post_write(pair.request(1, 5'000)));
  const auto data = pair.a.take(Lane::data);
  pair.answers(data[0]);
  auto answer = pair.answers(trimmed(data[2], Trim::trimmed));
  ASSERT_EQ(answer.size(), 1U);
  EXPECT_EQ(answer[0].header.type, PdsType::nack);
  EXPECT_EQ(answer[0].header.nack, NackCode::trimmed);
  EXPECT_EQ(answer[0].header.psn, 102U);
  pair.a.receive(answer[0]);
  const auto again = pair.a.take(Lane::data);
  ASSERT_EQ(again.size(), 1U);
  EXPECT_EQ(again[0].header.psn, 102U);
  EXPECT_TRUE(again[0].header.has(UetHeader::retransmit));
  EXPECT_TRUE(again[0].header.has(UetHeader::ack_request));
  pair.a.receive(answer[0]);  // the same NACK again, as often as it likes
  EXPECT_EQ(pair.a.take(Lane::data).size(), 1U);
  answer = pair.answers(trimmed(data[1], Trim::trimmed_last_hop));
  EXPECT_EQ(answer[0].header.nack, NackCode::trimmed_last_hop);
  answer = pair.answers(trimmed(data[0], Trim::trimmed));
  EXPECT_EQ(answer[0].header.type, PdsType::ack_cc);
}

TEST(UetNack, BeyondTheRange) {
  PdcConfig config = small_packets();
  config.psn_range = 64;
  Pair pair(config);
  ASSERT_TRUE(pair.a.pdc.post_write(pair.request(1, 100'000)));
  const auto data = pair.a.take(Lane::data);
  ASSERT_EQ(data.size(), 64U);
  EXPECT_TRUE(data[63].header.has(UetHeader::ack_request));  // the range is used up
  UetSegment far = data[63];
  far.header.psn += 1;
  far.header.dpdcid += 1;
  const auto answer = pair.answers(far);
  ASSERT_EQ(answer.size(), 1U);
  EXPECT_EQ(answer[0].header.nack, NackCode::psn_out_of_window);
  EXPECT_EQ(pair.b.pdc.counters().dropped_out_of_window, 1U);
}

TEST(UetNack, RodTellsAGapOnceAndGoesBack) {
  PdcConfig config = small_packets();
  config.mode = Mode::rod;
  Pair pair(config);
  ASSERT_TRUE(pair.a.pdc.post_write(pair.request(1, 6'000)));
  const auto data = pair.a.take(Lane::data);
  pair.answers(data[0]);
  auto answer = pair.answers(data[2]);
  ASSERT_EQ(answer.size(), 1U);
  EXPECT_EQ(answer[0].header.nack, NackCode::rod_out_of_order);
  EXPECT_EQ(answer[0].header.psn, 101U);
  EXPECT_TRUE(pair.answers(data[3]).empty());
  EXPECT_EQ(pair.b.pdc.counters().dropped_out_of_order, 2U);
  pair.a.receive(answer[0]);
  const auto again = pair.a.take(Lane::data);
  ASSERT_EQ(again.size(), 5U);
  for (std::uint32_t i = 0; i < 5; ++i) EXPECT_EQ(again[i].header.psn, 101U + i);
}

// The RTT comes from the packet that the ACK names: a first transmission if the ACK answers one, the second if it answers a
// retransmission (Karn). The least RTT that NSCC has seen shows which samples counted.
TEST(UetRtt, KarnTellsTransmissionsApart) {
  const Laws laws(Duration{50'000'000}, 1000);
  PdcConfig config = small_packets();
  config.congestion = Congestion::nscc;
  laws.use(config);
  Pair pair(config);
  ASSERT_TRUE(pair.a.pdc.post_write(pair.request(1, 3'000)));
  const auto data = pair.a.take(Lane::data, Time{0});
  ASSERT_EQ(data.size(), 3U);
  const auto* nscc = pair.a.pdc.sender().gate().window();
  UetSegment nack = pair.answers(trimmed(data[1], Trim::trimmed))[0];
  pair.a.receive(nack, Time{40'000'000});
  EXPECT_EQ(nscc->base_rtt().v, 40'000'000);  // a NACK's sample counts
  const auto again = pair.a.take(Lane::data, Time{41'000'000});
  ASSERT_EQ(again.size(), 1U);
  UetSegment late = data[1];  // the first transmission was only slow, its answer comes right behind the second's departure
  late.header.flags |= UetHeader::ack_request;
  const auto confusing = pair.answers(late);
  pair.a.receive(confusing.at(0), Time{42'000'000});
  EXPECT_EQ(nscc->base_rtt().v, 40'000'000);
  UetSegment first = data[0];
  const auto clear = pair.answers(first);
  ASSERT_EQ(clear.size(), 1U);
  pair.a.receive(clear[0], Time{45'000'000});
  EXPECT_EQ(nscc->base_rtt().v, 40'000'000);
}

TEST(UetRtt, RetransmissionIsTimedByItsOwnAnswer) {
  const Laws laws(Duration{50'000'000}, 1000);
  PdcConfig config = small_packets();
  config.congestion = Congestion::nscc;
  laws.use(config);
  Pair pair(config);
  ASSERT_TRUE(pair.a.pdc.post_write(pair.request(1, 1'000)));
  const auto data = pair.a.take(Lane::data, Time{0});
  pair.a.receive(pair.answers(trimmed(data[0], Trim::trimmed))[0], Time{60'000'000});
  const auto again = pair.a.take(Lane::data, Time{70'000'000});
  const auto answer = pair.answers(again.at(0));
  pair.a.receive(answer.at(0), Time{90'000'000});
  EXPECT_EQ(pair.a.pdc.sender().gate().window()->base_rtt().v, 20'000'000);
}

// A path that trimmed is avoided for a while; one whose last hop trimmed did its work.
TEST(UetPaths, FeedbackGoesToThePathOfThePacket) {
  for (const Trim how : {Trim::trimmed, Trim::trimmed_last_hop}) {
    int same = 0;
    for (std::uint64_t key = 0; key < 20; ++key) {
      PdcConfig config = small_packets();
      config.path_policy = multipath::PathPolicyKind::bitmap;
      config.paths = {.paths = 2, .key = key};
      config.psn_range = 1 + static_cast<std::uint32_t>(key % 4);
      Pair pair(config);
      ASSERT_TRUE(pair.a.pdc.post_write(pair.request(1, 100'000)));
      const auto data = pair.a.take(Lane::data);
      pair.a.receive(pair.answers(trimmed(data[0], how))[0]);
      const auto again = pair.a.take(Lane::data);
      ASSERT_EQ(again.size(), 1U);
      same += again[0].path == data[0].path ? 1 : 0;
    }
    if (how == Trim::trimmed) {
      EXPECT_EQ(same, 0);
    } else {
      EXPECT_GT(same, 0);
    }
  }
}

TEST(UetPaths, RodKeepsOneUntilATimeout) {
  PdcConfig config = small_packets();
  config.mode = Mode::rod;
  config.paths = {.paths = 64, .key = 5};
  Pair pair(config);
  ASSERT_TRUE(pair.a.pdc.post_write(pair.request(1, 10'000)));
  const auto data = pair.a.take(Lane::data);
  ASSERT_EQ(data.size(), 10U);
  for (const UetSegment& s : data) EXPECT_EQ(s.path, data[0].path);
  const Time late = pair.a.pdc.next_deadline();
  pair.a.pdc.advance(late);
  const auto again = pair.a.take(Lane::data, late);
  ASSERT_EQ(again.size(), 10U);
  for (const UetSegment& s : again) EXPECT_EQ(s.path, again[0].path);
  EXPECT_NE(again[0].path, data[0].path);
}

struct CreditPair : Pair {
  static PdcConfig config(const Laws& laws) {
    PdcConfig config = small_packets();
    config.congestion = Congestion::rccc;
    laws.use(config);
    return config;
  }
  explicit CreditPair(const Laws& laws) : Pair(config(laws)) {}
};

// What is left of the speculative credit lapses with the first answer; new work then asks, and asks again.
TEST(UetCredit, NewWorkWithoutCreditAsksForIt) {
  const Laws laws(Duration{2'000'000}, 1000);
  CreditPair pair(laws);
  ASSERT_TRUE(pair.a.pdc.post_write(pair.request(1, 10'000)));
  for (const UetSegment& s : pair.a.take(Lane::data)) {
    for (const UetSegment& answer : pair.answers(s)) pair.a.receive(answer);
  }
  EXPECT_TRUE(pair.a.pdc.idle());
  EXPECT_FALSE(pair.a.pdc.ready(Time{}, Lane::notify));
  EXPECT_EQ(pair.a.pdc.next_deadline(), Time::never());
  ASSERT_TRUE(pair.a.pdc.post_write(pair.request(2, 3'000)));
  EXPECT_FALSE(pair.a.pdc.ready(Time{}, Lane::data));
  const auto asking = pair.a.take(Lane::notify);
  ASSERT_EQ(asking.size(), 1U);
  EXPECT_EQ(asking[0].header.control, wire::PdsControl::credit_request);
  EXPECT_NE(pair.a.pdc.next_deadline(), Time::never());  // it may be lost
  pair.b.receive(asking[0]);
  EXPECT_EQ(pair.b.pdc.credit_wish(), congestion::CreditWish::demand);
  EXPECT_GE(pair.b.pdc.grant(Time{}).v, 3 * 1064);
  const auto credit = pair.b.take(Lane::notify);
  ASSERT_EQ(credit.size(), 1U);
  pair.a.receive(credit[0]);
  EXPECT_EQ(pair.a.take(Lane::data).size(), 3U);
}

// A trimmed packet may mean that the credit for it was lost too: the target repeats its counter.
TEST(UetCredit, TrimmedPacketHasTheCounterRepeated) {
  const Laws laws(Duration{2'000'000}, 1000);
  CreditPair pair(laws);
  ASSERT_TRUE(pair.a.pdc.post_write(pair.request(1, 10'000)));
  auto data = pair.a.take(Lane::data);
  pair.answers(data[8]);
  for (int i = 0; i < 10 && pair.b.pdc.credit_wish() == congestion::CreditWish::demand; ++i) pair.b.pdc.grant(Time{});
  ASSERT_NE(pair.b.pdc.credit_wish(), congestion::CreditWish::demand);
  pair.answers(trimmed(data[7], Trim::trimmed));
  EXPECT_EQ(pair.b.pdc.credit_wish(), congestion::CreditWish::demand);
}

TEST(UetSes, RefusedWriteIsToldAndCleared) {
  Pair pair(small_packets());
  WorkRequest bad = pair.request(1, 3'000);
  bad.key = 0xbad;
  ASSERT_TRUE(pair.a.pdc.post_write(bad));
  ASSERT_TRUE(pair.a.pdc.post_write(pair.request(2, 3'000)));
  const auto data = pair.a.take(Lane::data);
  for (const UetSegment& s : data) EXPECT_EQ(pair.b.receive(s).placement.keep, s.header.message_id == data[3].header.message_id);
  const auto answers = pair.b.take(Lane::respond);
  ASSERT_FALSE(answers.empty());
  // All are lost but the last: the second message went well; of the first the packet that was refused is still unanswered.
  EXPECT_EQ(answers.back().header.ack_request_kind, 1);
  pair.a.receive(answers.back());
  Completion c;
  ASSERT_TRUE(pair.a.pdc.poll(c));
  EXPECT_EQ(c.id, 2U);
  EXPECT_EQ(c.status, Status::success);
  ASSERT_FALSE(pair.a.pdc.poll(c));
  EXPECT_EQ(pair.a.pdc.sender().una(), first_sequence(100));
  // It comes again after its timeout, is refused again, and cleared.
  const Time late = pair.a.pdc.next_deadline();
  pair.a.pdc.advance(late);
  const auto again = pair.a.take(Lane::data, late);
  ASSERT_EQ(again.size(), 1U);
  const auto refusal = pair.answers(again[0], late);
  ASSERT_EQ(refusal.size(), 1U);
  EXPECT_EQ(refusal[0].header.feedback().return_code, wire::SesReturn::dropped);
  pair.a.receive(refusal[0], late);
  ASSERT_TRUE(pair.a.pdc.poll(c));
  EXPECT_EQ(c.id, 1U);
  EXPECT_EQ(c.status, Status::refused);
  EXPECT_EQ(pair.a.pdc.packets_in_flight(), 0U);
  const auto clear = pair.a.take(Lane::notify, late);
  ASSERT_EQ(clear.size(), 1U);
  EXPECT_EQ(clear[0].header.control, wire::PdsControl::clear);
  pair.b.receive(clear[0], late);
  EXPECT_TRUE(pair.b.take(Lane::respond, late).empty());
  EXPECT_EQ(pair.answers(again[0], late).at(0).header.ack_request_kind, 0);
  EXPECT_FALSE(pair.a.pdc.failed());
  EXPECT_EQ(pair.b.pdc.delivered_messages(), 1U);
  EXPECT_EQ(pair.b.pdc.counters().dropped_refused, 3U);
}

TEST(UetSes, ManyRefusalsInARow) {
  Pair pair(small_packets());
  for (std::uint64_t id = 0; id < 12; ++id) {
    WorkRequest bad = pair.request(id, 100);
    bad.key = 0xbad;
    ASSERT_TRUE(pair.a.pdc.post_write(bad));
  }
  WorkRequest read = pair.request(99, 100);
  read.key = 0xbad;
  ASSERT_TRUE(pair.a.pdc.post_read(read));
  // Those that find no room for their response come again after a pause.
  int refused = 0;
  Time now{};
  for (int i = 0; i < 100 && refused < 13; ++i) {
    pair.a.pdc.advance(now);
    pair.exchange(now);
    Completion c;
    while (pair.a.pdc.poll(c)) {
      EXPECT_EQ(c.status, Status::refused);
      ++refused;
    }
    now = now + Duration{10'000'000};
  }
  EXPECT_EQ(refused, 13);
  EXPECT_FALSE(pair.a.pdc.failed());
}

// The expected packet is refused for good even when responses fill their room: else nothing could ever be cleared.
TEST(UetSes, RoomForTheRefusalOfTheExpectedPacket) {
  Pair pair(small_packets());
  for (std::uint64_t id = 0; id < 12; ++id) {
    WorkRequest bad = pair.request(id, 100);
    bad.key = 0xbad;
    ASSERT_TRUE(pair.a.pdc.post_write(bad));
  }
  const auto data = pair.a.take(Lane::data);
  ASSERT_EQ(data.size(), 12U);
  for (std::size_t i = 1; i < 12; ++i) {
    const auto answer = pair.answers(data[i]);
    ASSERT_EQ(answer.size(), 1U);
    EXPECT_EQ(answer[0].header.type, i <= 7 ? PdsType::ack_cc : PdsType::nack);
    if (i > 7) { EXPECT_EQ(answer[0].header.nack, NackCode::no_guaranteed_delivery); }
  }
  const auto first = pair.answers(data[0]);
  ASSERT_EQ(first.size(), 1U);
  EXPECT_EQ(first[0].header.feedback().return_code, wire::SesReturn::dropped);
}

TEST(UetSes, SendWaitsForItsReceiveAndGivesUpInTheEnd) {
  PdcConfig config = small_packets();
  config.refusal_count = 5;
  Pair pair(config);
  ASSERT_TRUE(pair.a.pdc.post_send(pair.request(1, 500)));
  Time now{};
  int tries = 0;
  Completion c;
  while (!pair.a.pdc.poll(c) && tries < 50) {
    tries += static_cast<int>(pair.a.pdc.ready(now, Lane::data));
    for (const UetSegment& s : pair.a.take(Lane::data, now)) {
      for (const UetSegment& answer : pair.answers(s, now)) {
        EXPECT_EQ(answer.header.nack, NackCode::no_resource);
        pair.a.receive(answer, now);
      }
    }
    EXPECT_FALSE(pair.a.pdc.ready(now, Lane::data));  // it pauses
    if (!pair.a.pdc.failed()) {
      ASSERT_GT(pair.a.pdc.next_deadline(), now);
      now = pair.a.pdc.next_deadline();
      pair.a.pdc.advance(now);
    }
  }
  EXPECT_EQ(c.status, Status::target_not_ready);
  EXPECT_EQ(tries, 6);
}

TEST(UetSes, TooLongForItsReceiveIsRefused) {
  Pair pair(small_packets());
  ASSERT_TRUE(pair.b.pdc.post_receive({7, Bytes{499}, pair.target, base}));
  ASSERT_TRUE(pair.a.pdc.post_send(pair.request(1, 500)));
  pair.exchange();
  Completion c;
  ASSERT_TRUE(pair.a.pdc.poll(c));
  EXPECT_EQ(c.status, Status::refused);
  EXPECT_FALSE(pair.b.pdc.poll(c));
  ASSERT_TRUE(pair.a.pdc.post_send(pair.request(2, 499)));  // the receive is still there
  pair.exchange();
  ASSERT_TRUE(pair.b.pdc.poll(c));
  EXPECT_EQ(c.id, 7U);
}

// Packets that contradict themselves or their message are dropped by name, and change nothing.
TEST(UetSes, ContradictionsAreDropped) {
  Pair pair(small_packets());
  ASSERT_TRUE(pair.a.pdc.post_write(pair.request(1, 3'000)));
  const auto data = pair.a.take(Lane::data);
  pair.answers(data[0]);
  UetSegment longer = data[1];
  longer.header.request().request_length = 4'000;
  UetSegment outside = data[1];
  outside.header.request().message_offset = 2'900;
  UetSegment giant = data[1];
  giant.payload.length = 1'001;
  UetSegment empty = data[1];
  empty.payload.length = 0;
  UetSegment nonsense = data[1];
  nonsense.header.next = wire::PdsNext::none;
  UetSegment noop = data[1];
  noop.header.opcode = wire::SesOpcode::noop;
  for (const UetSegment& s : {longer, outside, giant, empty, nonsense, noop}) {
    EXPECT_FALSE(pair.b.receive(s).placement.keep);
    EXPECT_TRUE(pair.b.take(Lane::respond).empty());
  }
  EXPECT_EQ(pair.b.pdc.counters().dropped_bad_request, 6U);
  EXPECT_TRUE(pair.b.receive(data[1]).placement.keep);
  EXPECT_EQ(pair.b.pdc.delivered_bytes(), 2'000U);
}

// Garbage never crashes, never moves the window, and is counted.
TEST(UetSes, RandomHeadersDoNoHarm) {
  Random random{random_key(9, RandomRoom::test, 1)};
  for (const Mode mode : {Mode::rud, Mode::rod, Mode::rudi, Mode::uud}) {
    PdcConfig config = small_packets();
    config.mode = mode;
    Pair pair(config);
    if (mode == Mode::uud) {
      pair.a.pdc.post_send(pair.request(1, 900));
    } else {
      pair.a.pdc.post_write(pair.request(1, 50'000));
    }
    pair.a.take(Lane::data);
    for (int i = 0; i < 50'000; ++i) {
      UetSegment s = blank_segment;
      s.header.type = static_cast<PdsType>(random.below(16));
      s.header.next = static_cast<wire::PdsNext>(random.below(8));
      s.header.flags = static_cast<std::uint8_t>(random.next());
      s.header.nack = static_cast<NackCode>(random.below(32) == 0 ? 4 : 1 + random.below(3));
      s.header.control = static_cast<wire::PdsControl>(random.below(16));
      s.header.opcode = static_cast<wire::SesOpcode>(random.below(20));
      s.header.ses_flags = static_cast<std::uint8_t>(random.next());
      s.header.ack_request_kind = static_cast<std::uint8_t>(random.below(4));
      s.header.psn = static_cast<std::uint32_t>(random.below(2) == 0 ? 100 + random.below(60) : random.next());
      s.header.offset = static_cast<std::int16_t>(random.next());
      s.header.spdcid = static_cast<std::uint16_t>(random.below(3) == 0 ? 0x22 : random.below(64));
      s.header.dpdcid = static_cast<std::uint16_t>(random.below(3) == 0 ? 0x11 : random.below(64));
      s.header.message_id = static_cast<std::uint16_t>(random.below(20));
      if (s.header.is_request()) {
        s.header.request().request_length = static_cast<std::uint32_t>(random.below(5000));
        s.header.request().message_offset = static_cast<std::uint32_t>(random.below(5000));
        s.header.request().match_bits = random.below(2) == 0 ? TestMemory::rkey_of(pair.target) : random.next();
        s.header.request().buffer_offset = base + random.below(3000);
      } else {
        s.header.use_feedback();
        s.header.feedback().sack_bitmap = random.next();
        s.header.feedback().congestion_state = random.next();
        s.header.feedback().sack_offset = static_cast<std::int16_t>(random.next());
        s.header.feedback().modified_length = static_cast<std::uint32_t>(random.next());
      }
      s.payload.length = static_cast<std::uint32_t>(random.below(1200));
      s.trim = static_cast<Trim>(random.below(3));
      Bench& to = random.below(2) == 0 ? pair.a : pair.b;
      const UetSegment taken = to.receive(s, Time{i});
      if (taken.placement.keep) {
        ASSERT_LE(taken.placement.address - base + taken.payload.length, 1U << 20);
        ASSERT_GE(taken.placement.address, base);
      }
      for (const Lane lane : {Lane::respond, Lane::notify, Lane::data}) static_cast<void>(to.take(lane, Time{i}));
      const SendWindow& window = to.pdc.sender().window();
      ASSERT_LE(window.una(), window.next());
      ASSERT_GE(window.in_flight(), 0);
      if (to.pdc.next_deadline() <= Time{i}) to.pdc.advance(Time{i});
    }
  }
}

}  // namespace
}  // namespace weft::uet::test
