// One clean flow against numbers worked out by hand, and each recovery rule on its own.
#include <gtest/gtest.h>

#include "unit/uet_pipe.hh"
#include "wire/uet_congestion_state.hh"

namespace weft::uet::test {
namespace {

constexpr std::uint64_t source_base = 0x10'0000, target_base = 0x7f00'0000'0000;

// A pipe of 100 Gb/s with sizes as the UEC table counts them, and a message of `size` bytes from a to b.
struct OneFlow {
  explicit OneFlow(PdcConfig common, std::int64_t size, PipeConfig wire = {}, std::uint32_t start_psn = 77)
      : ends(connect(common, start_psn)), pipe(adjust(wire), ends.a, ends.b) {
    source = pipe.hosts[0].memory.add(static_cast<std::size_t>(size), source_base);
    target = pipe.hosts[1].memory.add(static_cast<std::size_t>(size), target_base);
    for (auto& byte : pipe.hosts[0].memory.regions[0].bytes) byte = static_cast<std::uint8_t>(random.next());
    request = {.id = 1, .length = Bytes{size}, .region = source, .address = source_base, .remote_address = target_base};
    request.key = TestMemory::rkey_of(target);
  }
  static PipeConfig adjust(PipeConfig wire) {
    wire.overhead = wire.least = Bytes{64};
    return wire;
  }
  Time run() {
    EXPECT_TRUE(pipe.a().post_write(request));
    EXPECT_TRUE(pipe.run(Time{ps_per_second}, [this] { return pipe.a().poll(completion); }));
    EXPECT_EQ(completion.status, Status::success);
    EXPECT_EQ(pipe.hosts[0].memory.regions[0].bytes, pipe.hosts[1].memory.regions[0].bytes);
    return pipe.now;
  }

  Random random{1};
  Ends ends;
  Pipe pipe;
  BufferId source, target;
  WorkRequest request;
  Completion completion;
};

PdcConfig table_config(const Laws& laws) {
  PdcConfig config;
  config.mtu = 4086;
  config.psn_range = 2048;
  config.congestion = Congestion::nscc;
  laws.use(config);
  return config;
}

// 2 MB in packets of 4086 B: 489 full ones and one of 1946 B. ACKs: the first packet, then each fourth (16,600 B reach
// 16,384), and the last. published.csv has 490 and 124 for its clean flow.
TEST(UetFlow, TwoMegabytesTake490PacketsAnd124Acks) {
  const Laws laws(Duration{12'000'000}, 4086);
  PipeConfig wire;
  wire.delay = Duration{5'600'000};
  OneFlow flow(table_config(laws), 2'000'000, wire);
  const Time done = flow.run();
  EXPECT_EQ(flow.pipe.a().counters().data_sent, 490U);
  EXPECT_EQ(flow.pipe.b().counters().acks_sent, 124U);
  EXPECT_EQ(flow.pipe.a().counters().data_retransmitted, 0U);
  // All packets back to back, one delay, the ACK, one delay: the window of 1.5 BDP never holds the flow up.
  const std::int64_t bits = (489 * 4150 + 2010 + 64) * 8;
  EXPECT_EQ(done.ps, bits * 10 + 2 * 5'600'000);
}

// A window below the BDP paces the flow: at most `range` packets a round trip.
TEST(UetFlow, PsnRangeLimitsTheRate) {
  PdcConfig config;
  config.mtu = 4086;
  config.psn_range = 16;
  PipeConfig wire;
  wire.delay = Duration{10'000'000};
  OneFlow flow(config, 16 * 20 * 4086, wire);
  const Time done = flow.run();
  EXPECT_GE(done.ps, 20 * 20'000'000LL);
  EXPECT_LE(done.ps, 24 * 21'000'000LL);
}

TEST(UetFlow, PsnWraps) {
  PdcConfig config;
  config.mtu = 1000;
  OneFlow flow(config, 1'000'000, {}, 0xffff'ffff - 400);
  flow.run();
  EXPECT_EQ(flow.pipe.a().counters().data_retransmitted, 0U);
  EXPECT_EQ(to_psn(flow.pipe.a().sender().una()), 599U);
}

TEST(UetFlow, CreditPacesAllButTheSpeculativeStart) {
  const Laws laws(Duration{12'000'000}, 4086);
  PdcConfig config = table_config(laws);
  config.congestion = Congestion::rccc;
  PipeConfig wire;
  wire.delay = Duration{5'600'000};
  OneFlow flow(config, 2'000'000, wire);
  const Time done = flow.run();
  const std::int64_t bits = (489 * 4150 + 2010 + 64) * 8;
  EXPECT_LE(done.ps, (bits * 10 + 2 * 5'600'000) * 102 / 100);
  const std::uint64_t credits = flow.pipe.b().counters().credits_sent;
  EXPECT_GE(credits, (2'000'000U - 225'000U) / (4 * 4086U));
  EXPECT_LE(flow.pipe.a().counters().credits_received, credits);
  EXPECT_EQ(flow.pipe.a().counters().credit_requests_sent, 0U);
}

// One lost packet in the middle: RTO of the packet itself, and only that one goes again.
TEST(UetFlow, LostPacketComesAgainAfterItsOwnTimeout) {
  PdcConfig config;
  config.mtu = 4086;
  config.psn_range = 2048;
  OneFlow flow(config, 2'000'000);
  Time sent{}, again{};
  flow.pipe.drop = [&](std::size_t from, const UetSegment& packet) {
    if (from != 0 || packet.header.psn != 77 + 100) return false;
    (sent == Time{} ? sent : again) = flow.pipe.now;
    return again == Time{};
  };
  const Time done = flow.run();
  EXPECT_EQ(flow.pipe.a().counters().timeouts, 1U);
  EXPECT_EQ(flow.pipe.a().counters().data_retransmitted, 1U);
  EXPECT_GE(again.ps, sent.ps + 100'000'000);
  EXPECT_LE(again.ps, sent.ps + 100'000'000 + 4150 * 80);
  EXPECT_EQ(done.ps, (490 * 4150 + 2010 + 64) * 80 + 2 * 1'000'000);
}

// A trimmed packet is sent again at once: no timeout, and one NACK.
TEST(UetFlow, TrimmedPacketComesAgainAtOnce) {
  const Laws laws(Duration{12'000'000}, 4086);
  PipeConfig wire;
  wire.trim[0] = chance(0.05);
  OneFlow flow(table_config(laws), 2'000'000, wire);
  flow.run();
  const PdcCounters& a = flow.pipe.a().counters();
  EXPECT_GT(a.data_retransmitted, 0U);
  EXPECT_EQ(a.timeouts, 0U);
  EXPECT_EQ(a.data_retransmitted, flow.pipe.b().counters().trims_received);
  EXPECT_EQ(a.naks_received, flow.pipe.b().counters().nacks_sent);
  EXPECT_EQ(flow.pipe.b().counters().dropped_duplicate, 0U);
}

// SLEEK finds the loss by what arrives behind it, long before a timeout.
TEST(UetFlow, SleekFindsALossWithoutTimeout) {
  const Laws laws(Duration{3'000'000}, 4086, false);
  PdcConfig config = table_config(laws);
  config.recovery = Recovery::sleek;
  config.ack_bytes = Bytes{4150};
  OneFlow flow(config, 2'000'000);
  int lost = 0;
  flow.pipe.drop = [&](std::size_t from, const UetSegment& packet) {
    return from == 0 && packet.header.psn == 77 + 100 && packet.payload.length > 0 && lost++ == 0;
  };
  flow.run();
  EXPECT_EQ(flow.pipe.a().counters().timeouts, 0U);
  EXPECT_GE(flow.pipe.a().counters().sleek_losses, 1U);
  EXPECT_EQ(flow.pipe.b().counters().dropped_duplicate, flow.pipe.a().counters().data_retransmitted - 1);
}

// The last packet is lost, so nothing arrives behind it: a probe tells that nothing is queued.
TEST(UetFlow, ProbeFindsALostTail) {
  const Laws laws(Duration{3'000'000}, 4086, false);
  PdcConfig config = table_config(laws);
  config.recovery = Recovery::sleek;
  OneFlow flow(config, 2'000'000);
  int lost = 0;
  flow.pipe.drop = [&](std::size_t from, const UetSegment& packet) {
    if (packet.header.type == wire::PdsType::control) { EXPECT_TRUE(packet.ecn_capable) << "a probe is treated as data is"; }
    return from == 0 && packet.header.psn == 77 + 489 && packet.payload.length > 0 && lost++ == 0;
  };
  flow.run();
  EXPECT_EQ(flow.pipe.a().counters().timeouts, 0U);
  EXPECT_GE(flow.pipe.a().counters().probes_sent, 1U);
}

// It measures the queues that data meets, so it leaves with data and nothing else.
TEST(UetFlow, AProbeGoesWithData) {
  const Laws laws(Duration{3'000'000}, 4086, false);
  PdcConfig config = table_config(laws);
  config.recovery = Recovery::sleek;
  OneFlow flow(config, 2'000'000);
  Pdc &a = flow.pipe.a(), &b = flow.pipe.b();
  ASSERT_TRUE(a.post_write(flow.request));
  UetSegment out, answer;
  ASSERT_EQ(a.transmit(Time{}, Lane::data, {&out, 1}), 1U);
  b.receive(Time{}, {&out, 1});
  ASSERT_EQ(b.transmit(Time{}, Lane::respond, {&answer, 1}), 1U);
  while (a.transmit(Time{}, Lane::data, {&out, 1}) == 1) continue;
  a.receive(Time{1'000'000}, {&answer, 1});
  const Time due = a.next_deadline();
  ASSERT_LT(due, Time{100'000'000}) << "before any timeout";
  while (a.transmit(due, Lane::data, {&out, 1}) == 1) continue;
  a.advance(due);
  EXPECT_FALSE(a.ready(due, Lane::notify));
  ASSERT_TRUE(a.ready(due, Lane::data));
  EXPECT_TRUE(a.outlook(due).has(Lane::data));
  ASSERT_EQ(a.transmit(due, Lane::data, {&out, 1}), 1U);
  EXPECT_EQ(out.header.control, wire::PdsControl::probe);
  EXPECT_TRUE(out.ecn_capable);
  EXPECT_FALSE(a.ready(due, Lane::data));
}

TEST(UetFlow, GivesUpAfterSilence) {
  PdcConfig config;
  config.retry_count = 3;
  OneFlow flow(config, 100'000);
  flow.pipe.drop = [](std::size_t, const UetSegment&) { return true; };
  ASSERT_TRUE(flow.pipe.a().post_write(flow.request));
  ASSERT_TRUE(flow.pipe.run(Time{ps_per_second}, [&] { return flow.pipe.a().poll(flow.completion); }));
  EXPECT_EQ(flow.completion.status, Status::retry_exceeded);
  EXPECT_TRUE(flow.pipe.a().failed());
  EXPECT_EQ(flow.pipe.a().next_deadline(), Time::never());
  EXPECT_FALSE(flow.pipe.a().post_write(flow.request));
  // 100, 200, 400 and 800 us.
  EXPECT_GE(flow.pipe.now.ps, 1'500'000'000);
  EXPECT_LE(flow.pipe.now.ps, 1'510'000'000);
}

TEST(UetFlow, CreditThatGotLostIsAskedForAgain) {
  const Laws laws(Duration{12'000'000}, 4086);
  PdcConfig config = table_config(laws);
  config.congestion = Congestion::rccc;
  OneFlow flow(config, 2'000'000);
  flow.pipe.drop = [&](std::size_t from, const UetSegment& packet) {
    return from == 1 && packet.header.type == wire::PdsType::control && flow.pipe.now < Time{150'000'000};
  };
  flow.run();
  EXPECT_GE(flow.pipe.a().counters().credit_requests_sent, 1U);
  EXPECT_GT(flow.pipe.now.ps, 150'000'000);
}

// After a message the credit may be used up; the next one, and the close, ask for more. Lost requests are repeated.
TEST(UetFlow, CreditThatIsUsedUpDoesNotEndTheContext) {
  const Laws laws(Duration{12'000'000}, 4086);
  PdcConfig config = table_config(laws);
  config.congestion = Congestion::rccc;
  for (int lost_requests = 0; lost_requests < 3; ++lost_requests) {
    OneFlow flow(config, 1'000'000);
    int left = lost_requests;
    flow.pipe.drop = [&](std::size_t from, const UetSegment& packet) {
      return from == 0 && packet.header.type == wire::PdsType::control && left-- > 0;
    };
    for (int message = 0; message < 5; ++message) {
      ASSERT_TRUE(flow.pipe.a().post_write(flow.request));
      ASSERT_TRUE(flow.pipe.run(flow.pipe.now + Duration{100'000'000'000}, [&] { return flow.pipe.a().poll(flow.completion); }))
          << "message " << message << ", " << lost_requests << " requests lost";
      EXPECT_EQ(flow.completion.status, Status::success);
    }
    flow.pipe.a().close(flow.pipe.now);
    EXPECT_TRUE(flow.pipe.run(flow.pipe.now + Duration{100'000'000'000}, [&] { return flow.pipe.a().life() == Life::closed; }));
    ASSERT_TRUE(flow.pipe.a().post_write(flow.request));
    EXPECT_TRUE(flow.pipe.run(flow.pipe.now + Duration{100'000'000'000}, [&] { return flow.pipe.a().poll(flow.completion); }));
    EXPECT_EQ(flow.pipe.b().delivered_messages(), 6U);
  }
}

// RUDI over loss and duplication: what is written arrives, although the target keeps no state that matters.
TEST(UetFlow, IdempotentWritesArriveOverLossAndDuplication) {
  PdcConfig config;
  config.mode = Mode::rudi;
  config.mtu = 1000;
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    PipeConfig wire;
    wire.seed = seed;
    wire.loss = {chance(0.02), chance(0.02)};
    wire.duplicate = {chance(0.05), chance(0.05)};
    wire.late = {chance(0.05), chance(0.05)};
    wire.lateness = Duration{5'000'000};
    OneFlow flow(config, 500'000, wire);
    flow.run();
    EXPECT_EQ(flow.pipe.b().delivered_messages(), 1U) << "seed " << seed;
    EXPECT_EQ(flow.pipe.b().delivered_bytes(), 500'000U) << "seed " << seed;
    EXPECT_EQ(flow.pipe.b().counters().acks_sent + flow.pipe.b().counters().nacks_sent,
              flow.pipe.b().counters().data_received + flow.pipe.b().counters().dropped_duplicate);
  }
}

TEST(UetFlow, RudiAndUudCarryOnlyWhatTheyCan) {
  PdcConfig config;
  config.mode = Mode::rudi;
  Bench rudi(config);
  EXPECT_FALSE(rudi.pdc.post_send({.length = Bytes{1}}));
  EXPECT_FALSE(rudi.pdc.post_read({.length = Bytes{1}}));
  config.mode = Mode::uud;
  Bench uud(config);
  EXPECT_FALSE(uud.pdc.post_write({.length = Bytes{1}}));
  EXPECT_FALSE(uud.pdc.post_send({.length = Bytes{4097}}));
  EXPECT_TRUE(uud.pdc.post_send({.length = Bytes{4096}}));
}

// UUD: completes when sent; nobody answers; without a receive it is gone.
TEST(UetFlow, DatagramsAreSentOnce) {
  PdcConfig config;
  config.mode = Mode::uud;
  Bench a(config), b(config);
  const BufferId room = b.memory.add(100, target_base);
  ASSERT_TRUE(b.pdc.post_receive({9, Bytes{100}, room, target_base}));
  for (std::uint64_t i = 0; i < 2; ++i) ASSERT_TRUE(a.pdc.post_send({.id = i, .length = Bytes{60}, .header_data = 5 + i}));
  const auto packets = a.take(Lane::data);
  ASSERT_EQ(packets.size(), 2U);
  Completion c;
  ASSERT_TRUE(a.pdc.poll(c));
  EXPECT_EQ(c.status, Status::success);
  EXPECT_EQ(a.pdc.next_deadline(), Time::never());
  const UetSegment first = b.receive(packets[0]);
  EXPECT_TRUE(first.placement.keep);
  EXPECT_EQ(first.placement.address, target_base);
  EXPECT_FALSE(b.receive(packets[1]).placement.keep);
  EXPECT_EQ(b.pdc.counters().dropped_no_receive, 1U);
  EXPECT_FALSE(b.pdc.ready(Time{}, Lane::respond));
  ASSERT_TRUE(b.pdc.poll(c));
  EXPECT_EQ(c.id, 9U);
  EXPECT_EQ(c.header_data, 5U);
  EXPECT_EQ(c.bytes.v, 60);
}

}  // namespace
}  // namespace weft::uet::test
