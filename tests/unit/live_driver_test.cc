// Two queue pairs in one process, joined by real sockets: every operation moves its bytes, defects are named, and the data path
// allocates nothing.
#include <gtest/gtest.h>

#include <array>
#include <atomic>
#include <cstdlib>
#include <cstring>
#include <functional>
#include <new>

#include "live/driver.hh"
#include "live/pattern.hh"
#include "live/roce_datagram.hh"
#include "support/loopback.hh"
#include "transport/roce/queue_pair.hh"

namespace {

std::atomic<std::uint64_t> allocations{0};

}  // namespace

// Counts what this whole test program allocates.
void* operator new(std::size_t size) {
  allocations.fetch_add(1, std::memory_order_relaxed);
  if (void* const memory = std::malloc(size == 0 ? 1 : size)) return memory;
  throw std::bad_alloc();
}
[[gnu::noinline]] void operator delete(void* memory) noexcept { std::free(memory); }
[[gnu::noinline]] void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }

namespace weft::live {
namespace {

constexpr Bytes region_size{300'000};

struct Host {
  Host(std::uint8_t number, const Address& peer, std::uint32_t qp, std::uint32_t peer_qp, const FaultOptions& faults)
      : port(test::loopback_address(number), faults),
        memory(number),
        region(memory.add(region_size, {.remote_write = true, .remote_read = true, .remote_atomic = true})),
        codec(port.address(), peer, qp, {}),
        queue_pair(config(qp, peer_qp), memory),
        driver(queue_pair, codec, memory, port, clock, drops) {}

  static roce::QueuePairConfig config(std::uint32_t qp, std::uint32_t peer_qp) {
    roce::QueuePairConfig c;
    c.own_qp = qp;
    c.dest_qp = peer_qp;
    c.send_psn = c.expected_psn = 0xfffffe;  // wraps soon
    c.mtu = 1024;
    c.window = 64;
    return c;
  }
  // A message of `length` bytes from `offset` here to the same offset there.
  [[nodiscard]] roce::WorkRequest work(const Host& other, std::uint64_t offset, std::int64_t length) const {
    roce::WorkRequest w;
    w.length = Bytes{length};
    w.region = region;
    w.address = memory.base(region) + offset;
    w.remote_address = other.memory.base(other.region) + offset;
    w.rkey = other.memory.rkey(other.region);
    return w;
  }
  std::span<std::byte> bytes(std::uint64_t offset, std::size_t length) { return memory.bytes(region).subspan(offset, length); }

  UdpPort port;
  RegisteredMemory memory;
  BufferId region;
  RoceDatagrams codec;
  Clock clock;
  DropCounters drops{};
  roce::QueuePair queue_pair;
  Driver<roce::QueuePair, RoceDatagrams> driver;
};

struct Pair {
  explicit Pair(std::uint8_t number, const FaultOptions& faults = {})
      : a(number, test::loopback_address(static_cast<std::uint8_t>(number + 1)), 17, 18, faults),
        b(static_cast<std::uint8_t>(number + 1), test::loopback_address(number), 18, 17, {}) {}

  // Drives both ends until `done`, for at most 60 s.
  bool run(const std::function<bool()>& done) {
    while (a.clock.now() < Time{60 * ps_per_second}) {
      if (done()) return true;
      std::size_t moved = a.driver.receive();
      moved += b.driver.receive() + b.driver.transmit() + a.driver.transmit();
      if (moved == 0) a.driver.wait({}, Duration{1'000'000'000});
    }
    return false;
  }
  roce::Completion completion() {
    roce::Completion c;
    c.status = roce::Status::flushed;
    EXPECT_TRUE(run([&] { return a.queue_pair.poll(c); }));
    EXPECT_EQ(c.status, roce::Status::success);
    return c;
  }

  Host a, b;
};

constexpr FaultOptions bad_wire{.drop_transmit = 1 << 27, .drop_receive = 1 << 27, .duplicate = 1 << 27, .reorder = 1 << 27, .seed = 3};

TEST(LiveDriver, EveryOperationMovesItsBytes) {
  for (const FaultOptions& faults : {FaultOptions{}, bad_wire}) {
    Pair pair(10, faults);
    fill_pattern(pair.a.bytes(0, 100'000), 1, 1);
    ASSERT_TRUE(pair.a.queue_pair.post_write(pair.a.work(pair.b, 0, 100'000)));
    pair.completion();
    EXPECT_FALSE(find_wrong_byte(pair.b.bytes(0, 100'000), 1, 1));
    fill_pattern(pair.b.bytes(100'000, 100'000), 1, 2);
    ASSERT_TRUE(pair.a.queue_pair.post_read(pair.a.work(pair.b, 100'000, 100'000)));
    pair.completion();
    EXPECT_FALSE(find_wrong_byte(pair.a.bytes(100'000, 100'000), 1, 2));
    fill_pattern(pair.a.bytes(200'000, 99'999), 1, 3);
    ASSERT_TRUE(pair.b.queue_pair.post_receive({9, Bytes{99'999}, pair.b.region, pair.b.memory.base(pair.b.region) + 200'000}));
    ASSERT_TRUE(pair.a.queue_pair.post_send(pair.a.work(pair.b, 200'000, 99'999)));
    pair.completion();
    EXPECT_FALSE(find_wrong_byte(pair.b.bytes(200'000, 99'999), 1, 3));
    EXPECT_EQ(pair.a.drops.total() + pair.b.drops.total(), 0U);
  }
}

TEST(LiveDriver, AnAtomicSeesTheWriteBeforeIt) {
  Pair pair(20, bad_wire);
  const std::uint64_t word = 4'000'000'000;
  std::memcpy(pair.a.bytes(8, 8).data(), &word, 8);
  roce::AtomicRequest add;
  add.remote_address = pair.b.memory.base(pair.b.region) + 8;
  add.rkey = pair.b.memory.rkey(pair.b.region);
  add.swap_add = 5;
  ASSERT_TRUE(pair.a.queue_pair.post_write(pair.a.work(pair.b, 8, 8)));
  ASSERT_TRUE(pair.a.queue_pair.post_fetch_add(add));
  add.compare = word + 5;
  add.swap_add = 1;
  ASSERT_TRUE(pair.a.queue_pair.post_compare_swap(add));
  pair.completion();
  EXPECT_EQ(pair.completion().original, word);
  EXPECT_EQ(pair.completion().original, word + 5);
  EXPECT_EQ(pair.b.bytes(8, 1)[0], std::byte{1});
}

TEST(LiveDriver, TheDataPathAllocatesNothing) {
  Pair pair(30, bad_wire);
  // Once for what the C library sets up on first use.
  ASSERT_TRUE(pair.a.queue_pair.post_write(pair.a.work(pair.b, 0, 10'000)));
  pair.completion();
  const std::uint64_t before = allocations.load();
  std::uint64_t completed = 0;
  roce::Completion c;
  const Time limit = pair.a.clock.now() + Duration{60 * ps_per_second};
  while (completed < 20 && pair.a.clock.now() < limit) {
    if (pair.a.queue_pair.idle()) { ASSERT_TRUE(pair.a.queue_pair.post_write(pair.a.work(pair.b, 0, 50'000))); }
    pair.a.driver.receive();
    pair.b.driver.receive();
    pair.b.driver.transmit();
    pair.a.driver.transmit();
    while (pair.a.queue_pair.poll(c)) ++completed;
  }
  EXPECT_EQ(completed, 20U);
  EXPECT_EQ(allocations.load(), before);
}

TEST(LiveDriver, ACongestionMarkComesBackAsNotification) {
  Pair pair(40);
  RoceDatagrams::Segment segment;
  segment.header.opcode = wire::RoceOpcode::send_only;
  segment.header.dest_qp = 18;
  segment.header.psn = 0xfffffe;
  const std::size_t size = pair.a.codec.encode(segment, {}, pair.a.port.slot());
  pair.a.port.commit(size, pair.a.codec.peer(), 26 << 2 | 3);
  EXPECT_TRUE(pair.a.port.flush());
  EXPECT_TRUE(pair.run([&] { return pair.a.queue_pair.counters().cnps_received == 1; }));
  EXPECT_EQ(pair.b.queue_pair.counters().ecn_marked_received, 1U);
}

// What reaches a port, one defect at a time, from an address that is not the peer's.
class LiveDefects : public testing::Test {
 protected:
  void deliver(const std::function<std::size_t(wire::ByteRoom)>& write) {
    stranger.commit(write(stranger.slot()), SocketAddress(pair.b.port.address(), wire::roce_udp_port), 0);
    EXPECT_TRUE(stranger.flush());
    const std::uint64_t before = pair.b.drops.total() + pair.b.driver.accepted();
    EXPECT_TRUE(pair.run([&] { return pair.b.drops.total() + pair.b.driver.accepted() > before; }));
  }
  std::size_t packet(wire::ByteRoom room, std::uint32_t qp, std::uint16_t pkey = 0xffff) {
    wire::RoceHeader header;
    header.opcode = wire::RoceOpcode::acknowledge;
    header.dest_qp = qp;
    header.pkey = pkey;
    const auto ip = ip_header(stranger.address(), pair.b.port.address());
    return wire::encode_roce_packet(header, {}, ip, {.source_port = wire::roce_udp_port}, room);
  }

  Pair pair{50};
  UdpPort stranger{test::loopback_address(52), {}};
};

TEST_F(LiveDefects, EachHasItsCounter) {
  using wire::RoceRefusal;
  deliver([](wire::ByteRoom) { return 3; });
  EXPECT_EQ(pair.b.drops.of(RoceRefusal::truncated), 1U);
  deliver([&](wire::ByteRoom room) { return packet(room, 18) - 2; });
  EXPECT_EQ(pair.b.drops.of(RoceRefusal::unaligned), 1U);
  deliver([&](wire::ByteRoom room) {
    const std::size_t size = packet(room, 18);
    room[size - 1] ^= std::byte{1};
    return size;
  });
  EXPECT_EQ(pair.b.drops.of(RoceRefusal::icrc), 1U);
  deliver([&](wire::ByteRoom room) {
    const std::size_t size = packet(room, 18);
    room[0] = std::byte{0x7f};
    return size;
  });
  EXPECT_EQ(pair.b.drops.of(RoceRefusal::unknown_opcode), 1U);
  deliver([&](wire::ByteRoom room) { return packet(room, 18, 0x8001); });
  EXPECT_EQ(pair.b.drops.pkey, 1U);
  deliver([&](wire::ByteRoom room) { return packet(room, 19); });
  EXPECT_EQ(pair.b.drops.unknown_qp, 1U);
  deliver([&](wire::ByteRoom room) { return packet(room, 18); });
  EXPECT_EQ(pair.b.drops.wrong_peer, 1U);
  EXPECT_EQ(pair.b.drops.total(), 7U);
  EXPECT_EQ(pair.b.driver.accepted(), 0U);
}

}  // namespace
}  // namespace weft::live
