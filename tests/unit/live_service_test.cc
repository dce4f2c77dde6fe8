// The serving side against a client that errs: wrong bytes, a wrong number, a short message, a forged key. What it tells must
// name the first wrong byte.
#include <gtest/gtest.h>

#include <functional>
#include <optional>
#include <thread>

#include "live/driver.hh"
#include "live/pattern.hh"
#include "live/rdma_server.hh"
#include "live/rdma_session.hh"
#include "live/roce_datagram.hh"
#include "live/side_channel.hh"
#include "support/loopback.hh"
#include "transport/roce/queue_pair.hh"

namespace weft::live {
namespace {

constexpr Duration patience{30 * ps_per_second};
constexpr std::int64_t size = 5000;

// One session of a real server with a client made by hand.
class LiveService : public testing::Test {
 protected:
  using Post = std::function<bool(roce::QueuePair&, roce::WorkRequest)>;

  void offer(RdmaOperation operation) {
    server_thread = std::thread([this] { server_report = server.serve_one(); });
    side = SideChannel::connect(server_address, port.address(), patience);
    own.operation = operation;
    own.verify = true;
    own.mtu = 1024;
    own.depth = 2;
    own.ack_every = 1;
    own.timeout_exponent = 14;
    own.size = size;
    own.count = 2;
    own.seed = 5;
    own.queue_pair = make_queue_pair_offer(port, own.mtu);
    ASSERT_TRUE(side.send(own));
    const auto message = side.wait(patience);
    ASSERT_TRUE(message && std::holds_alternative<Answer>(*message)) << side.problem();
    answer = std::get<Answer>(*message);
    codec.emplace(port.address(), server_address, own.queue_pair.qp, TrafficClasses{});
    queue_pair.emplace(queue_pair_config(own, own.queue_pair, answer.queue_pair), memory);
  }
  // Message number `message` with `bytes` of its pattern, changed as the caller likes.
  roce::Status send(std::uint64_t message, std::int64_t length, const std::function<void(std::span<std::byte>)>& change, const Post& post) {
    const auto bytes = memory.bytes(region);
    fill_pattern(bytes, own.seed, message);
    change(bytes);
    roce::WorkRequest work;
    work.length = Bytes{length};
    work.region = region;
    work.address = memory.base(region);
    work.remote_address = answer.address + message % own.depth * own.size;
    work.rkey = answer.rkey;
    work.immediate = static_cast<std::uint32_t>(message);
    EXPECT_TRUE(post(*queue_pair, work));
    Driver driver(*queue_pair, *codec, memory, port, clock, drops);
    roce::Completion completion;
    const Time end = clock.now() + patience;
    while (!queue_pair->poll(completion) && clock.now() < end) {
      if (driver.receive() + driver.transmit() == 0) driver.wait({}, Duration{1'000'000'000});
    }
    return completion.status;
  }
  Result finish() {
    EXPECT_TRUE(side.send(Done{2}));
    const auto message = side.wait(patience);
    EXPECT_TRUE(message && std::holds_alternative<Result>(*message)) << side.problem();
    return message && std::holds_alternative<Result>(*message) ? std::get<Result>(*message) : Result{};
  }
  // Ends the session on this side too; the server's own view is then complete.
  const RdmaReport& report() {
    side = SideChannel();
    if (server_thread.joinable()) server_thread.join();
    return *server_report;
  }
  void TearDown() override { report(); }

  Address server_address = test::loopback_address(60);
  RdmaServer server{{.bind = server_address}};
  std::thread server_thread;
  std::optional<RdmaReport> server_report{RdmaReport{}};
  UdpPort port{test::loopback_address(61), {}};
  RegisteredMemory memory{1};
  BufferId region = memory.add(Bytes{size}, {});
  Clock clock;
  DropCounters drops{};
  SideChannel side;
  Offer own{};
  Answer answer{};
  std::optional<RoceDatagrams> codec;
  std::optional<roce::QueuePair> queue_pair;
};

constexpr auto unchanged = [](std::span<std::byte>) {};
constexpr auto write_immediate = [](roce::QueuePair& q, const roce::WorkRequest& w) { return q.post_write_immediate(w); };
constexpr auto plain_send = [](roce::QueuePair& q, const roce::WorkRequest& w) { return q.post_send(w); };

TEST_F(LiveService, RightBytesAreVerified) {
  offer(RdmaOperation::write);
  EXPECT_EQ(send(0, size, unchanged, write_immediate), roce::Status::success);
  EXPECT_EQ(send(1, size, unchanged, write_immediate), roce::Status::success);
  const Result result = finish();
  EXPECT_EQ(result.messages, 2U);
  EXPECT_EQ(result.bytes, 2U * size);
  EXPECT_EQ(result.verified, 2U);
  EXPECT_EQ(result.wrong_messages, 0U);
  EXPECT_TRUE(report().ok());
}

TEST_F(LiveService, TheFirstWrongByteIsNamed) {
  offer(RdmaOperation::write);
  std::byte right{};
  send(0, size, unchanged, write_immediate);
  const auto damage = [&](std::span<std::byte> bytes) {
    right = bytes[4321];
    bytes[4321] ^= std::byte{0x40};
    bytes[4999] ^= std::byte{1};
  };
  send(1, size, damage, write_immediate);
  const Result result = finish();
  EXPECT_EQ(result.verified, 1U);
  EXPECT_EQ(result.wrong_messages, 1U);
  EXPECT_EQ(result.wrong_message, 1U);
  EXPECT_EQ(result.wrong_offset, 4321U);
  EXPECT_EQ(std::byte{result.expected}, right);
  EXPECT_EQ(std::byte{result.found}, right ^ std::byte{0x40});
  EXPECT_FALSE(report().ok());
}

TEST_F(LiveService, AMessageOutOfTurnIsWrong) {
  offer(RdmaOperation::write);
  send(1, size, unchanged, write_immediate);
  EXPECT_EQ(finish().wrong_messages, 1U);
}

TEST_F(LiveService, AShortMessageIsWrong) {
  offer(RdmaOperation::send);
  EXPECT_EQ(send(0, size - 1, unchanged, plain_send), roce::Status::success);
  EXPECT_EQ(send(1, size, unchanged, plain_send), roce::Status::success);
  const Result result = finish();
  EXPECT_EQ(result.wrong_messages, 1U);
  EXPECT_EQ(result.verified, 1U);
}

TEST_F(LiveService, AForgedKeyIsARemoteAccessError) {
  offer(RdmaOperation::write);
  answer.rkey ^= 0x100;
  EXPECT_EQ(send(0, size, unchanged, write_immediate), roce::Status::remote_access_error);
  EXPECT_FALSE(report().ok());
}

TEST_F(LiveService, ALeapOutsideOfTheRegionIsARemoteAccessError) {
  offer(RdmaOperation::write);
  answer.address += own.size * own.depth - 1;
  EXPECT_EQ(send(0, size, unchanged, write_immediate), roce::Status::remote_access_error);
}

}  // namespace
}  // namespace weft::live
