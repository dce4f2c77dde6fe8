// The connection's rules one at a time: gaps, duplicates, receivers that are not ready, refusals, retries, marks, pace.
#include <gtest/gtest.h>

#include "unit/transport_pipe.hh"

namespace weft::roce::test {
namespace {

using namespace literals;
using Opcode = wire::RoceOpcode;

constexpr Time one_second{ps_per_second};
constexpr std::uint64_t base = 0x4000;

struct Connection {
  explicit Connection(QueuePairConfig common = {}, PipeConfig wire = {})
      : ends(connect(common, 0xfffffe, 100)), pipe(wire, ends.a, ends.b) {
    local = pipe.hosts[0].memory.add(1 << 20, base);
    remote = pipe.hosts[1].memory.add(1 << 20, base);
    for (auto& byte : pipe.hosts[0].memory.regions[local.v].bytes) byte = 0x5a;
  }
  WorkRequest request(std::uint64_t id, std::int64_t length) const {
    WorkRequest r;
    r.id = id;
    r.length = Bytes{length};
    r.region = local;
    r.address = r.remote_address = base;
    r.rkey = TestMemory::rkey_of(remote);
    return r;
  }
  std::optional<Completion> next(Time limit = one_second) {
    Completion c;
    if (!pipe.run(limit, [&] { return pipe.a().poll(c); })) return std::nullopt;
    return c;
  }
  void drop_nth_data(std::size_t n) {
    pipe.drop = [this, n](std::size_t from, const Pipe::Packet& p) { return from == 0 && p.payload.length > 0 && ++data_seen == n; };
  }
  const QueuePairCounters& a() { return pipe.a().counters(); }
  const QueuePairCounters& b() { return pipe.b().counters(); }

  Ends ends;
  Pipe pipe;
  BufferId local{}, remote{};
  std::size_t data_seen = 0;
};

TEST(RoceRules, OneNakForEachGap) {
  Connection c;
  c.drop_nth_data(3);
  ASSERT_TRUE(c.pipe.a().post_write(c.request(1, 100 * 4096)));
  EXPECT_EQ(c.next()->status, Status::success);
  EXPECT_EQ(c.b().naks_sent, 1u);
  EXPECT_EQ(c.a().naks_received, 1u);
  EXPECT_EQ(c.a().timeouts, 0u);
  EXPECT_GT(c.b().dropped_out_of_order, 3u);
  EXPECT_EQ(c.a().data_retransmitted, c.b().dropped_out_of_order + 1);
}

// The second loss is that of the retransmission: no second NAK, so the timeout must help (4.096 us * 2^5 here).
TEST(RoceRules, LostRetransmissionWaitsForTheTimeout) {
  QueuePairConfig config;
  config.timeout_exponent = 5;
  Connection c(config);
  std::size_t times = 0;
  c.pipe.drop = [&](std::size_t from, const Pipe::Packet& p) {
    return from == 0 && p.header.psn == 0xffffff && p.payload.length > 0 && ++times <= 2;
  };
  ASSERT_TRUE(c.pipe.a().post_write(c.request(1, 100 * 4096)));
  EXPECT_EQ(c.next()->status, Status::success);
  EXPECT_EQ(c.b().naks_sent, 1u);
  EXPECT_EQ(c.a().timeouts, 1u);
  EXPECT_GE(c.pipe.now.ps, 131'072'000);
}

TEST(RoceRules, SelectiveSeesALostRetransmissionWithoutTheTimeout) {
  QueuePairConfig config;
  config.recovery = Recovery::selective;
  Connection c(config);
  std::size_t times = 0;
  c.pipe.drop = [&](std::size_t from, const Pipe::Packet& p) { return from == 0 && p.header.psn == 0xffffff && ++times <= 4; };
  ASSERT_TRUE(c.pipe.a().post_write(c.request(1, 200 * 4096)));
  EXPECT_EQ(c.next()->status, Status::success);
  EXPECT_EQ(c.a().timeouts, 0u);
  EXPECT_EQ(c.a().data_retransmitted, 4u);
  EXPECT_EQ(c.a().data_sent, 200u);
  EXPECT_EQ(c.pipe.b().delivered_messages(), 1u);
  EXPECT_EQ(c.pipe.b().delivered_bytes(), 200u * 4096);
}

// The last packets of a message, and their first retransmission, are lost: a probe finds out, not the timeout (67 ms).
TEST(RoceRules, SelectiveProbesTheTail) {
  QueuePairConfig config;
  config.recovery = Recovery::selective;
  Connection c(config);
  std::size_t dropped = 0;
  c.pipe.drop = [&](std::size_t from, const Pipe::Packet& p) {
    const bool tail = from == 0 && p.payload.length > 0 && psn_difference(p.header.psn, to_psn(0xfffffe + 95)) >= 0;
    return tail && ++dropped <= 7;
  };
  ASSERT_TRUE(c.pipe.a().post_write(c.request(1, 100 * 4096)));
  const auto done = c.next();
  ASSERT_TRUE(done);
  EXPECT_EQ(done->status, Status::success);
  EXPECT_EQ(c.a().timeouts, 0u);
  EXPECT_GE(c.a().tail_probes, 1u);
  EXPECT_LT(c.pipe.now, Time{1'000'000'000});
}

TEST(RoceRules, SelectiveToleratesConfiguredReordering) {
  QueuePairConfig config;
  config.recovery = Recovery::selective;
  PipeConfig wire;
  wire.late[0] = chance(0.2);
  wire.lateness = 1_us;  // about three packets at 100 Gb/s
  for (const std::uint32_t reordering : {0u, 8u}) {
    config.reordering = reordering;
    Connection c(config, wire);
    ASSERT_TRUE(c.pipe.a().post_write(c.request(1, 200 * 4096)));
    EXPECT_EQ(c.next()->status, Status::success);
    if (reordering == 0) {
      EXPECT_GT(c.a().data_retransmitted, 0u);
    } else {
      EXPECT_EQ(c.a().data_retransmitted, 0u);
    }
  }
}

TEST(RoceRules, DuplicatesAreAnsweredAndNotPlaced) {
  PipeConfig wire;
  wire.duplicate[0] = chance(1.0 - 1e-9);
  Connection c({}, wire);
  ASSERT_TRUE(c.pipe.a().post_write(c.request(1, 20 * 4096)));
  EXPECT_EQ(c.next()->status, Status::success);
  ASSERT_FALSE(c.pipe.run(one_second, [] { return false; }));
  EXPECT_EQ(c.b().dropped_duplicate, 20u);
  EXPECT_EQ(c.b().data_received, 20u);
  EXPECT_EQ(c.pipe.b().delivered_bytes(), 20u * 4096);
}

TEST(RoceRules, NotReadyReceiverIsAskedAgainAfterItsDelay) {
  QueuePairConfig config;
  config.rnr_timer_code = 12;  // 0.64 ms
  Connection c(config);
  ASSERT_TRUE(c.pipe.a().post_send(c.request(1, 10'000)));
  EXPECT_FALSE(c.pipe.run(Time{600'000'000}, [&] { return c.b().rnr_naks_sent == 2; }));
  EXPECT_EQ(c.b().rnr_naks_sent, 1u);
  EXPECT_TRUE(c.pipe.run(Time{700'000'000}, [&] { return c.b().rnr_naks_sent == 2; }));
  ASSERT_TRUE(c.pipe.b().post_receive({9, 20'000_B, c.remote, base}));
  EXPECT_EQ(c.next()->status, Status::success);
  Completion received;
  ASSERT_TRUE(c.pipe.b().poll(received));
  EXPECT_EQ(received.id, 9u);
  EXPECT_EQ(received.bytes, 10'000_B);
  EXPECT_TRUE(received.is_receive);
  EXPECT_EQ(c.a().timeouts, 0u);
}

TEST(RoceRules, RnrRetriesRunOut) {
  QueuePairConfig config;
  config.rnr_retry = 3;
  config.rnr_timer_code = 1;
  Connection c(config);
  ASSERT_TRUE(c.pipe.a().post_send(c.request(1, 100)));
  ASSERT_TRUE(c.pipe.a().post_write(c.request(2, 100)));
  EXPECT_EQ(c.next()->status, Status::rnr_retry_exceeded);
  EXPECT_EQ(c.next()->status, Status::flushed);
  EXPECT_EQ(c.b().rnr_naks_sent, 4u);
  EXPECT_TRUE(c.pipe.a().failed());
  EXPECT_EQ(status_text(Status::rnr_retry_exceeded), "RNR retry count exceeded");
}

// The other end is gone: retry_count timeouts, then the transport's own error, and everything else is flushed.
TEST(RoceRules, RetriesRunOutAndTheRestIsFlushed) {
  for (const Recovery recovery : {Recovery::go_back_n, Recovery::selective}) {
    QueuePairConfig config;
    config.recovery = recovery;
    config.timeout_exponent = 8;
    config.retry_count = 7;
    Connection c(config);
    c.pipe.drop = [](std::size_t from, const Pipe::Packet&) { return from == 0; };
    ASSERT_TRUE(c.pipe.a().post_receive({77, 100_B, c.local, base}));
    ASSERT_TRUE(c.pipe.a().post_write(c.request(1, 9'000)));
    ASSERT_TRUE(c.pipe.a().post_send(c.request(2, 100)));
    const auto first = c.next();
    ASSERT_TRUE(first);
    EXPECT_EQ(first->status, Status::retry_exceeded);
    EXPECT_EQ(status_text(first->status), "transport retry count exceeded");
    EXPECT_EQ(c.next()->status, Status::flushed);
    const auto receive = c.next();
    ASSERT_TRUE(receive);
    EXPECT_TRUE(receive->is_receive);
    EXPECT_EQ(receive->status, Status::flushed);
    EXPECT_EQ(c.a().timeouts, 8u);
    EXPECT_NEAR(static_cast<double>(c.pipe.now.ps), 8 * 256 * 4.096e6, 1e7);
    EXPECT_FALSE(c.pipe.a().post_write(c.request(3, 1)));
    EXPECT_EQ(c.pipe.a().next_deadline(), Time::never());
  }
}

// Seven losses in a row of each packet are survived, however many packets: the count starts anew when an ACK advances.
TEST(RoceRules, RetriesAreRestoredByProgress) {
  QueuePairConfig config;
  config.timeout_exponent = 3;
  config.ack_every = 1;
  config.window = 1;
  Connection c(config);
  std::map<std::uint32_t, int> tries;
  c.pipe.drop = [&](std::size_t from, const Pipe::Packet& p) { return from == 0 && ++tries[p.header.psn] <= 7; };
  ASSERT_TRUE(c.pipe.a().post_write(c.request(1, 5 * 4096)));
  EXPECT_EQ(c.next()->status, Status::success);
  EXPECT_EQ(c.a().timeouts, 35u);
}

TEST(RoceRules, TimeoutZeroNeverFires) {
  QueuePairConfig config;
  config.timeout_exponent = 0;
  Connection c(config);
  c.pipe.drop = [](std::size_t from, const Pipe::Packet&) { return from == 0; };
  ASSERT_TRUE(c.pipe.a().post_write(c.request(1, 100)));
  EXPECT_FALSE(c.next(Time{1000 * ps_per_second}));
  EXPECT_EQ(c.pipe.a().next_deadline(), Time::never());
}

TEST(RoceRules, AccessErrorsFailTheWorkThatCausedThem) {
  for (const WorkKind kind : {WorkKind::write, WorkKind::read, WorkKind::fetch_add}) {
    Connection c;
    ASSERT_TRUE(c.pipe.a().post_write(c.request(1, 9'000)));
    auto bad = c.request(2, 9'000);
    bad.rkey ^= 0x8000;
    if (kind == WorkKind::write) {
      ASSERT_TRUE(c.pipe.a().post_write(bad));
    } else if (kind == WorkKind::read) {
      ASSERT_TRUE(c.pipe.a().post_read(bad));
    } else {
      ASSERT_TRUE(c.pipe.a().post_fetch_add({2, base, bad.rkey, 0, 1}));
    }
    ASSERT_TRUE(c.pipe.a().post_write(c.request(3, 9'000)));
    EXPECT_EQ(c.next()->status, Status::success);
    EXPECT_EQ(c.next()->status, Status::remote_access_error);
    EXPECT_EQ(c.next()->status, Status::flushed);
    EXPECT_TRUE(c.pipe.b().failed());
    EXPECT_EQ(c.b().naks_sent, 1u);
  }
}

TEST(RoceRules, WritesOutsideTheRegionAreRefused) {
  Connection c;
  auto beyond = c.request(1, 9'000);
  beyond.remote_address = base + (1 << 20) - 8'999;
  ASSERT_TRUE(c.pipe.a().post_write(beyond));
  EXPECT_EQ(c.next()->status, Status::remote_access_error);
  EXPECT_EQ(c.pipe.b().delivered_bytes(), 0u);
}

TEST(RoceRules, SendLongerThanItsReceiveIsRefused) {
  Connection c;
  ASSERT_TRUE(c.pipe.b().post_receive({1, 8'191_B, c.remote, base}));
  ASSERT_TRUE(c.pipe.a().post_send(c.request(1, 8'192)));
  EXPECT_EQ(c.next()->status, Status::remote_invalid_request);
  Completion flushed;
  ASSERT_TRUE(c.pipe.b().poll(flushed));
  EXPECT_EQ(flushed.status, Status::flushed);
}

TEST(RoceRules, MisalignedAtomicIsRefused) {
  Connection c;
  ASSERT_TRUE(c.pipe.a().post_compare_swap({1, base + 4, TestMemory::rkey_of(c.remote), 0, 1}));
  EXPECT_EQ(c.next()->status, Status::remote_invalid_request);
}

TEST(RoceRules, ErrorNakIsRepeatedWhenLost) {
  QueuePairConfig config;
  config.timeout_exponent = 5;
  Connection c(config);
  std::size_t naks = 0;
  c.pipe.drop = [&](std::size_t from, const Pipe::Packet&) { return from == 1 && ++naks == 1; };
  auto bad = c.request(1, 100);
  bad.rkey = 1;
  ASSERT_TRUE(c.pipe.a().post_write(bad));
  EXPECT_EQ(c.next()->status, Status::remote_access_error);
  EXPECT_EQ(c.a().timeouts, 1u);
}

// The atomic's ACK is lost: the result comes again, the addition does not.
TEST(RoceRules, AtomicIsNeverExecutedTwice) {
  QueuePairConfig config;
  config.timeout_exponent = 5;
  Connection c(config);
  c.pipe.hosts[1].memory.store(c.remote, base + 16, 40);
  std::size_t acks = 0;
  c.pipe.drop = [&](std::size_t from, const Pipe::Packet&) { return from == 1 && ++acks <= 3; };
  ASSERT_TRUE(c.pipe.a().post_fetch_add({1, base + 16, TestMemory::rkey_of(c.remote), 0, 2}));
  const auto done = c.next();
  ASSERT_TRUE(done);
  EXPECT_EQ(done->status, Status::success);
  EXPECT_EQ(done->original, 40u);
  EXPECT_EQ(c.pipe.hosts[1].memory.load(c.remote, base + 16), 42u);
  EXPECT_EQ(c.b().dropped_duplicate, 3u);
}

// A lost READ response: the rest of the READ is asked for again from the gap on, not the whole.
TEST(RoceRules, ReadIsAskedForAgainFromTheGap) {
  Connection c;
  std::size_t responses = 0;
  std::vector<std::uint32_t> asked;
  c.pipe.drop = [&](std::size_t from, const Pipe::Packet& p) {
    if (p.header.opcode == Opcode::read_request) asked.push_back(p.header.psn);
    return from == 1 && p.payload.length > 0 && ++responses == 20;
  };
  ASSERT_TRUE(c.pipe.a().post_read(c.request(1, 50 * 4096)));
  EXPECT_EQ(c.next()->status, Status::success);
  EXPECT_EQ(asked, (std::vector<std::uint32_t>{0xfffffe, to_psn(0xfffffe + 19)}));
  EXPECT_EQ(c.a().read_rerequests, 1u);
  EXPECT_EQ(c.a().timeouts, 0u);
}

TEST(RoceRules, NoMoreThanInitiatorDepthReadsOutstanding) {
  QueuePairConfig config;
  config.initiator_depth = config.responder_resources = 3;
  Connection c(config);
  std::size_t sent = 0;
  c.pipe.drop = [&](std::size_t, const Pipe::Packet& p) { return (sent += p.header.opcode == Opcode::read_request), false; };
  for (std::uint64_t i = 0; i < 8; ++i) ASSERT_TRUE(c.pipe.a().post_read(c.request(i, 8'192)));
  c.pipe.run(Time{500'000}, [] { return false; });
  EXPECT_EQ(sent, 3u);
  for (std::uint64_t i = 0; i < 8; ++i) EXPECT_EQ(c.next()->id, i);
  EXPECT_EQ(c.b().naks_sent, 0u);
}

TEST(RoceRules, WindowBoundsPacketsInFlight) {
  QueuePairConfig config;
  config.window = 3;
  config.ack_every = 100;
  Connection c(config);
  ASSERT_TRUE(c.pipe.a().post_write(c.request(1, 50 * 4096)));
  std::uint64_t most = 0;
  Completion done;
  ASSERT_TRUE(c.pipe.run(one_second, [&] {
    most = std::max(most, c.pipe.a().packets_in_flight());
    return c.pipe.a().poll(done);
  }));
  EXPECT_EQ(most, 3u);
  EXPECT_EQ(c.a().timeouts, 0u) << "the packet that fills the window asks for an ACK";
}

TEST(RoceRules, AtMostOneCnpForEachInterval) {
  PipeConfig wire;
  wire.mark[0] = chance(1.0 - 1e-9);
  Connection c({}, wire);
  for (std::uint64_t i = 0; i < 4; ++i) ASSERT_TRUE(c.pipe.a().post_write(c.request(i, 1 << 20)));  // 4 MiB: 342 us
  for (std::uint64_t i = 0; i < 4; ++i) ASSERT_TRUE(c.next());
  EXPECT_EQ(c.b().ecn_marked_received, 1024u);
  EXPECT_EQ(c.b().cnps_sent, 7u);
  EXPECT_EQ(c.a().cnps_received, 7u);
}

// After a notification the data leaves at half the line rate: 200 packets of 4178 bytes take twice as long.
TEST(RoceRules, DataIsPacedAtTheLawsRate) {
  QueuePairConfig config;
  config.congestion = *congestion::make_congestion("dcqcn", "hpcc-default", config.line_rate);  // no increase for 1.5 ms
  Connection c(config);
  Pipe::Packet cnp;
  cnp.header.opcode = Opcode::cnp;
  cnp.header.dest_qp = c.ends.a.own_qp;
  c.pipe.a().receive(Time{}, std::span{&cnp, 1});
  EXPECT_EQ(c.pipe.a().rate(Time{}), 50_Gbps);
  ASSERT_TRUE(c.pipe.a().post_write(c.request(1, 200 * 4096)));
  ASSERT_TRUE(c.next());
  const double expected = 199 * 4178 * 8 / 50e9 * 1e12;
  EXPECT_NEAR(static_cast<double>(c.pipe.now.ps), expected, 3e6);
  EXPECT_EQ(c.a().data_retransmitted, 0u);
}

TEST(RoceRules, StrangePacketsAreCounted) {
  Connection c;
  std::array<Pipe::Packet, 4> in;
  for (auto& p : in) p.header.dest_qp = c.ends.a.own_qp;
  in[0].header.dest_qp = 0x99;
  in[1].header.opcode = static_cast<Opcode>(0x1f);
  in[2].header.opcode = Opcode::acknowledge;
  in[2].header.psn = 0x333;
  in[3].header.opcode = Opcode::read_response_only;
  c.pipe.a().receive(Time{}, in);
  EXPECT_EQ(c.a().dropped_wrong_qp, 1u);
  EXPECT_EQ(c.a().dropped_unknown_opcode, 1u);
  EXPECT_EQ(c.a().dropped_bad_response, 2u);
}

TEST(RoceRules, ResetIsAFreshConnection) {
  Connection used, fresh;
  ASSERT_TRUE(used.pipe.a().post_write(used.request(1, 100'000)));
  ASSERT_TRUE(used.next());
  EXPECT_NE(used.pipe.a().digest(), fresh.pipe.a().digest());
  used.pipe.a().reset(used.ends.a);
  EXPECT_EQ(used.pipe.a().digest(), fresh.pipe.a().digest());
  EXPECT_EQ(used.a().data_sent, 0u);
}

}  // namespace
}  // namespace weft::roce::test
