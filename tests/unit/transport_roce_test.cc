// The reliable connection on a quiet pipe: what moves, what is acknowledged, what completes.
#include <gtest/gtest.h>

#include <numeric>

#include "unit/transport_pipe.hh"

namespace weft::roce::test {
namespace {

constexpr Time one_second{ps_per_second};

void fill(TestMemory& memory, BufferId region, std::uint64_t seed) {
  Random random{random_key(seed, RandomRoom::test, region.v)};
  for (auto& byte : memory.regions[region.v].bytes) byte = static_cast<std::uint8_t>(random.next());
}

struct Connection {
  explicit Connection(QueuePairConfig common = {}, PipeConfig wire = {}, std::uint32_t psn = 0)
      : ends(connect(common, psn, psn)), pipe(wire, ends.a, ends.b) {
    local = pipe.hosts[0].memory.add(1 << 20, 0x10000);
    remote = pipe.hosts[1].memory.add(1 << 20, 0x7000'0000'0000);
    fill(pipe.hosts[0].memory, local, 1);
    fill(pipe.hosts[1].memory, remote, 2);
  }
  WorkRequest request(std::uint64_t id, std::int64_t length) const {
    WorkRequest r;
    r.id = id;
    r.length = Bytes{length};
    r.region = local;
    r.address = 0x10000;
    r.remote_address = 0x7000'0000'0000;
    r.rkey = TestMemory::rkey_of(remote);
    return r;
  }
  Completion completed(Time limit = one_second) {
    Completion c;
    EXPECT_TRUE(pipe.run(limit, [&] { return pipe.a().poll(c); })) << "no completion";
    return c;
  }
  bool same(std::size_t length) {
    return std::memcmp(pipe.hosts[0].memory.at(local, 0x10000, length), pipe.hosts[1].memory.at(remote, 0x7000'0000'0000, length),
                       length) == 0;
  }

  Ends ends;
  Pipe pipe;
  BufferId local{}, remote{};
};

TEST(RoceQueuePair, WriteMovesBytesAndCompletesOnce) {
  Connection c;
  ASSERT_TRUE(c.pipe.a().post_write(c.request(5, 100'000)));
  const Completion done = c.completed();
  EXPECT_EQ(done.id, 5u);
  EXPECT_EQ(done.status, Status::success);
  EXPECT_EQ(done.bytes, Bytes{100'000});
  EXPECT_TRUE(c.same(100'000));
  EXPECT_EQ(c.pipe.b().delivered_messages(), 1u);
  EXPECT_EQ(c.pipe.b().delivered_bytes(), 100'000u);
  Completion none;
  EXPECT_FALSE(c.pipe.a().poll(none));
  EXPECT_EQ(c.pipe.a().next_deadline(), Time::never());
  EXPECT_EQ(c.pipe.b().next_deadline(), Time::never());
  EXPECT_EQ(c.pipe.a().counters().data_sent, 25u);
  EXPECT_EQ(c.pipe.a().counters().data_retransmitted, 0u);
}

TEST(RoceQueuePair, ReadMovesBytes) {
  Connection c;
  ASSERT_TRUE(c.pipe.a().post_read(c.request(6, 50'000)));
  EXPECT_EQ(c.completed().status, Status::success);
  EXPECT_TRUE(c.same(50'000));
  EXPECT_EQ(c.pipe.a().next_deadline(), Time::never());
}

// 25 packets, ACK every 4: six on the way and one for the end of the message.
TEST(RoceQueuePair, AcknowledgementsAreCoalesced) {
  for (const auto& [every, acks] : {std::pair{1u, 25u}, {4u, 7u}, {5u, 5u}, {100u, 1u}}) {
    QueuePairConfig config;
    config.ack_every = every;
    Connection c(config);
    ASSERT_TRUE(c.pipe.a().post_write(c.request(1, 25 * 4096)));
    EXPECT_EQ(c.completed().status, Status::success);
    EXPECT_EQ(c.pipe.b().counters().acks_sent, acks) << "ack_every " << every;
  }
}

}  // namespace
}  // namespace weft::roce::test
