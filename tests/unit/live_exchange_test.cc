// The side channel's messages: round trips, every prefix, every single damaged byte, and values out of range.
#include <gtest/gtest.h>

#include <vector>

#include "live/exchange.hh"
#include "support/seeds.hh"

namespace weft::live {
namespace {

using State = DecodedMessage::State;

Offer sample_offer() {
  return {.operation = RdmaOperation::send,
          .verify = true,
          .selective = true,
          .mtu = 1024,
          .depth = 256,
          .ack_every = 4,
          .timeout_exponent = 31,
          .size = std::uint64_t{1} << 31,
          .count = 1,
          .seed = 99,
          .queue_pair = {0xffffff, 0xffffff, 1}};
}

std::vector<Message> samples() {
  Result result{.messages = 1, .bytes = 2, .verified = 3, .wrong_messages = 4, .wrong_message = 5, .wrong_offset = 6, .expected = 7};
  result.found = 8;
  result.packets_dropped = 9;
  result.naks_sent = 10;
  result.retransmissions = 11;
  return {sample_offer(), Answer{1, ~std::uint64_t{0}, {2, 0, 1}}, Refusal{"busy"}, Refusal{}, Done{7}, result};
}

std::vector<std::byte> bytes_of(const Message& message) {
  MessageBytes bytes;
  const std::size_t size = encode_message(message, bytes);
  return {bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(size)};
}

TEST(LiveExchange, EveryMessageComesBack) {
  for (const Message& message : samples()) {
    std::vector<std::byte> bytes = bytes_of(message);
    const std::size_t size = bytes.size();
    bytes.insert(bytes.end(), 3, std::byte{0x57});  // the beginning of another
    const DecodedMessage decoded = decode_message(bytes);
    ASSERT_EQ(decoded.state, State::complete) << decoded.problem;
    EXPECT_EQ(decoded.consumed, size);
    EXPECT_EQ(decoded.message, message);
  }
}

TEST(LiveExchange, EveryPrefixIsIncomplete) {
  for (const Message& message : samples()) {
    const std::vector<std::byte> bytes = bytes_of(message);
    for (std::size_t n = 0; n < bytes.size(); ++n) EXPECT_EQ(decode_message(wire::ByteView(bytes).first(n)).state, State::incomplete) << n;
  }
}

TEST(LiveExchange, AWrongHeadIsRefusedAtOnce) {
  const std::vector<std::byte> right = bytes_of(Done{7});
  const auto damaged = [&](std::size_t at, std::uint8_t value) {
    std::vector<std::byte> bytes = right;
    bytes[at] = std::byte{value};
    return decode_message(wire::ByteView(bytes).first(exchange_head_size)).problem;
  };
  EXPECT_EQ(damaged(0, 'w'), "not a weft side channel");
  EXPECT_EQ(damaged(5, 2), "another version of the side channel than 1");
  EXPECT_EQ(damaged(7, 0), "a message of unknown type");
  EXPECT_EQ(damaged(7, 6), "a message of unknown type");
  EXPECT_EQ(damaged(8, 1), "a message of the wrong length");
}

TEST(LiveExchange, ALengthThatDoesNotFitIsRefused) {
  for (const Message& message : samples()) {
    if (std::holds_alternative<Refusal>(message)) continue;
    std::vector<std::byte> bytes = bytes_of(message);
    bytes.push_back(std::byte{0});
    bytes[11] = std::byte{static_cast<std::uint8_t>(bytes.size() - exchange_head_size)};
    EXPECT_EQ(decode_message(bytes).problem, "a message of the wrong length");
    bytes.resize(bytes.size() - 2);
    bytes[11] = std::byte{static_cast<std::uint8_t>(bytes.size() - exchange_head_size)};
    EXPECT_EQ(decode_message(bytes).problem, "a message of the wrong length");
  }
}

TEST(LiveExchange, ValuesOutOfRangeAreRefused) {
  const auto refused = [](auto change) {
    Offer offer = sample_offer();
    change(offer);
    const DecodedMessage decoded = decode_message(bytes_of(offer));
    return decoded.state == State::refused && decoded.problem == "a value out of range";
  };
  EXPECT_TRUE(refused([](Offer& o) { o.operation = RdmaOperation{0}; }));
  EXPECT_TRUE(refused([](Offer& o) { o.operation = RdmaOperation{4}; }));
  EXPECT_TRUE(refused([](Offer& o) { o.mtu = 128; }));
  EXPECT_TRUE(refused([](Offer& o) { o.mtu = 1500; }));
  EXPECT_TRUE(refused([](Offer& o) { o.mtu = 8192; }));
  EXPECT_TRUE(refused([](Offer& o) { o.depth = 0; }));
  EXPECT_TRUE(refused([](Offer& o) { o.depth = 257; }));
  EXPECT_TRUE(refused([](Offer& o) { o.ack_every = 0; }));
  EXPECT_TRUE(refused([](Offer& o) { o.timeout_exponent = 32; }));
  EXPECT_TRUE(refused([](Offer& o) { ++o.size; }));
  EXPECT_TRUE(refused([](Offer& o) { o.count = 0; }));
  EXPECT_TRUE(refused([](Offer& o) { o.queue_pair.qp = 1; }));
  EXPECT_TRUE(refused([](Offer& o) { o.queue_pair.qp = 1 << 24; }));
  EXPECT_TRUE(refused([](Offer& o) { o.queue_pair.psn = 1 << 24; }));
  EXPECT_TRUE(refused([](Offer& o) { o.queue_pair.burst = 0; }));
  EXPECT_FALSE(refused([](Offer&) {}));
}

TEST(LiveExchange, ARefusalHoldsPrintableTextOnly) {
  EXPECT_EQ(decode_message(bytes_of(Refusal{"a\x1b[2J"})).problem, "a value out of range");
  const DecodedMessage cut = decode_message(bytes_of(Refusal{std::string(5000, 'x')}));
  ASSERT_EQ(cut.state, State::complete);
  EXPECT_EQ(std::get<Refusal>(cut.message).reason.size(), 400U);
}

TEST(LiveExchange, WhateverIsReadIsWrittenTheSame) {
  test::for_each_seed(2000, [](Random& random, std::uint64_t) {
    const std::vector<Message> all = samples();
    std::vector<std::byte> bytes = bytes_of(all[random.below(all.size())]);
    for (std::uint64_t damage = random.below(4); damage > 0; --damage) {
      bytes[random.below(bytes.size())] = static_cast<std::byte>(random.next());
    }
    const DecodedMessage decoded = decode_message(bytes);
    if (decoded.state != State::complete) return;
    const std::vector<std::byte> again = bytes_of(decoded.message);
    bytes.resize(decoded.consumed);
    EXPECT_EQ(again, bytes);
  });
}

}  // namespace
}  // namespace weft::live
