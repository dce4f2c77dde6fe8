// Link-level retry without a simulator: both state machines against each other over a link that loses and damages, their bounds,
// and what follows from a link.
#include <gtest/gtest.h>

#include <cmath>
#include <deque>
#include <optional>
#include <vector>

#include "link/bit_errors.hh"
#include "link/llr.hh"
#include "link/llr_receiver.hh"
#include "link/llr_transmitter.hh"
#include "support/seeds.hh"

namespace weft {
namespace {

using namespace literals;

LlrLimits limits(std::uint32_t frames = 100, std::uint32_t replays = 1) {
  return {.bytes = 100'000_B, .frames = frames, .timer = 10_us, .replays = replays, .re_init_on_flush = false};
}
Time at(std::int64_t us) { return Time{us * 1'000'000}; }

LlrTransmitter running(const LlrLimits& l) {
  LlrTransmitter tx(l);
  tx.begin();
  return tx;
}

TEST(LlrTransmitter, StartsByInitAndItsEcho) {
  LlrTransmitter tx(limits());
  EXPECT_EQ(tx.state(), LlrTxState::off);
  tx.initialise(at(0));
  EXPECT_EQ(tx.state(), LlrTxState::init);
  EXPECT_EQ(tx.expire(at(9)), LlrTimeout::none);
  EXPECT_EQ(tx.expire(at(10)), LlrTimeout::init);  // the echo did not come
  EXPECT_EQ(tx.deadline(), at(20));
  tx.echoed();
  EXPECT_EQ(tx.state(), LlrTxState::advance);
  EXPECT_EQ(tx.number(at(21), 100_B), 0U);
}

TEST(LlrTransmitter, AcknowledgementsAreCumulative) {
  LlrTransmitter tx = running(limits());
  for (std::uint32_t i = 0; i < 5; ++i) EXPECT_EQ(tx.number(at(i), 100_B), i);
  EXPECT_EQ(tx.acknowledge(at(6), 2), 3U);
  tx.freed(300_B);
  EXPECT_EQ(tx.outstanding(), 2U);
  EXPECT_EQ(tx.bytes(), 200_B);
  EXPECT_EQ(tx.deadline(), at(16));
  EXPECT_EQ(tx.acknowledge(at(7), 1), 0U);  // old news
  EXPECT_EQ(tx.acknowledge(at(7), 9), 0U);  // of what was never sent
  EXPECT_EQ(tx.acknowledge(at(8), 4), 2U);
  EXPECT_EQ(tx.deadline(), Time::never());
}

TEST(LlrTransmitter, NackSendsAgainWhatIsBehindTheLastGoodOne) {
  LlrTransmitter tx = running(limits());
  for (int i = 0; i < 5; ++i) tx.number(at(i), 100_B);
  EXPECT_EQ(tx.acknowledge(at(6), 1), 2U);
  EXPECT_TRUE(tx.refuse(at(6), 1));
  EXPECT_EQ(tx.state(), LlrTxState::replay);
  for (std::uint32_t n = 2; n < 5; ++n) EXPECT_EQ(tx.number_again(), n);
  EXPECT_EQ(tx.state(), LlrTxState::advance);
  EXPECT_EQ(tx.number(at(8), 100_B), 5U);
}

TEST(LlrTransmitter, AnAckWithinAReplayShortensIt) {
  LlrTransmitter tx = running(limits());
  for (int i = 0; i < 5; ++i) tx.number(at(i), 100_B);
  EXPECT_EQ(tx.expire(at(10)), LlrTimeout::replay);
  EXPECT_EQ(tx.number_again(), 0U);
  EXPECT_EQ(tx.acknowledge(at(11), 2), 3U);
  EXPECT_EQ(tx.number_again(), 3U);
  EXPECT_EQ(tx.acknowledge(at(12), 4), 2U);
  EXPECT_EQ(tx.state(), LlrTxState::advance);
}

TEST(LlrTransmitter, TheBufferHasABoundInFramesAndInBytes) {
  LlrTransmitter tx = running(limits(3));
  for (int i = 0; i < 3; ++i) {
    EXPECT_TRUE(tx.has_room(100_B));
    tx.number(at(0), 100_B);
  }
  EXPECT_FALSE(tx.has_room(100_B));
  LlrTransmitter big = running(limits(100));
  big.number(at(0), 60'000_B);
  EXPECT_TRUE(big.has_room(40'000_B));
  EXPECT_FALSE(big.has_room(40'001_B));
}

TEST(LlrTransmitter, GivesUpAfterTheReplaysAllowed) {
  LlrTransmitter tx = running(limits(100, 2));
  tx.number(at(0), 100_B);
  EXPECT_EQ(tx.expire(at(10)), LlrTimeout::replay);
  tx.number_again();
  EXPECT_EQ(tx.expire(at(20)), LlrTimeout::replay);
  tx.number_again();
  EXPECT_EQ(tx.expire(at(30)), LlrTimeout::flush);
  EXPECT_EQ(tx.flush(LlrTxState::flush), 1U);
  EXPECT_FALSE(tx.protects());
  EXPECT_EQ(tx.deadline(), Time::never());
}

TEST(LlrReceiver, WalksItsStates) {
  LlrReceiver rx;
  EXPECT_FALSE(rx.receive(0, false));  // off
  rx.begin();
  EXPECT_TRUE(rx.receive(0, false));
  EXPECT_EQ(rx.answer(), LlrAnswer::ack);
  rx.told();
  EXPECT_EQ(rx.answer(), LlrAnswer::none);
  EXPECT_FALSE(rx.receive(1, true));
  EXPECT_EQ(rx.state(), LlrRxState::send_nack);
  EXPECT_EQ(rx.last_good(), 0U);
  rx.told();
  EXPECT_EQ(rx.state(), LlrRxState::nack_sent);
  EXPECT_FALSE(rx.receive(2, false));  // silently
  EXPECT_EQ(rx.answer(), LlrAnswer::none);
  EXPECT_TRUE(rx.receive(1, false));
  EXPECT_EQ(rx.state(), LlrRxState::send_acks);
  EXPECT_FALSE(rx.receive(1, false));  // a duplicate is acknowledged again
  EXPECT_EQ(rx.answer(), LlrAnswer::ack);
}

// Frames 0, 1, 2, ... over a link that damages both directions, one step a frame time; a number of 20 bits wraps on the way.
TEST(Llr, DeliversEverythingInOrderWhateverTheLinkDoes) {
  test::for_each_seed(20, [](Random& random, std::uint64_t) {
    LlrTransmitter tx = running({.bytes = 1'000'000_B, .frames = 64, .timer = 40_us, .replays = 1'000'000, .re_init_on_flush = false});
    LlrReceiver rx;
    rx.begin();
    const std::uint64_t bad = random.below(1ULL << 30);  // up to a quarter of all
    const std::int64_t flight = 1 + static_cast<std::int64_t>(random.below(12));
    struct Frame {
      std::int64_t at;
      std::uint32_t number;
      std::uint64_t content;
      bool damaged;
    };
    struct Set {
      std::int64_t at;
      LlrAnswer type;
      std::uint32_t number;
    };
    std::deque<Frame> forth;
    std::deque<Set> back;
    std::deque<std::uint64_t> kept;
    std::uint64_t sent = 0, received = 0;
    const std::uint64_t total = 3000;
    std::size_t place = 0;
    for (std::int64_t now = 0; received < total; ++now) {
      ASSERT_LT(now, 3'000'000);
      for (; !back.empty() && back.front().at <= now; back.pop_front()) {
        const std::uint32_t gone = tx.acknowledge(at(now), back.front().number);
        for (std::uint32_t i = 0; i < gone; ++i) kept.pop_front();
        tx.freed(Bytes{100} * gone);
        place = place > gone ? place - gone : 0;
        if (back.front().type == LlrAnswer::nack && tx.refuse(at(now), back.front().number)) place = 0;
      }
      if (tx.deadline() <= at(now) && tx.expire(at(now)) == LlrTimeout::replay) place = 0;
      if (tx.replaying()) {
        forth.push_back({now + flight, tx.number_again(), kept[place], random.chance(bad)});
        ++place;
      } else if (sent < total && tx.has_room(100_B)) {
        kept.push_back(sent);
        forth.push_back({now + flight, tx.number(at(now), 100_B), sent++, random.chance(bad)});
      }
      if (!forth.empty() && forth.front().at <= now) {
        if (rx.receive(forth.front().number, forth.front().damaged)) { ASSERT_EQ(forth.front().content, received++); }
        forth.pop_front();
      }
      if (rx.answer() != LlrAnswer::none) {
        if (!random.chance(bad)) back.push_back({now + flight, rx.answer(), rx.last_good()});
        rx.told();
      }
    }
  });
}

TEST(Llr, NumbersWrap) {
  LlrTransmitter tx = running({.bytes = 1'000'000_B, .frames = 64, .timer = 40_us, .replays = 1, .re_init_on_flush = false});
  LlrReceiver rx;
  rx.begin();
  for (std::uint32_t i = 0; i < cyclic20_space + 10; ++i) {
    const std::uint32_t number = tx.number(at(0), 100_B);
    ASSERT_EQ(number, i % cyclic20_space);
    ASSERT_TRUE(rx.receive(number, false));
    ASSERT_EQ(tx.acknowledge(at(0), rx.last_good()), 1U);
    tx.freed(100_B);
  }
}

// 800 Gb/s with a loop of 500 ns: 50 KB, besides the frames on the way (fabric.md 2.9).
TEST(Llr, TheReplayBufferFollowsFromTheLink) {
  const LlrLink link{800_Gbps, 250_ns, 250_ns, 4178_B};
  const LlrLimits l = llr_limits(LlrParameters{}, link);
  EXPECT_NEAR(static_cast<double>(l.bytes.v), 50'000 + 2048 + 256 + 8 + 4 * 4178, 2);
  EXPECT_EQ(l.timer, llr_loop(link, 2048_B) * 2);
  EXPECT_EQ(l.replays, 1U);
}

TEST(BitErrors, ChanceIsOneMinusThePower) {
  for (const double ber : {1e-12, 1e-10, 1e-8, 1e-5, 1e-3}) {
    BitErrors errors(ber);
    for (const std::uint32_t bits : {66U, 512U, 33'264U, 65'536U}) {
      const double expected = -std::expm1(bits * std::log1p(-ber));
      EXPECT_NEAR(static_cast<double>(errors.chance(bits)) / 18446744073709551616.0, expected, 1e-7 * expected) << ber << ' ' << bits;
    }
  }
  EXPECT_FALSE(BitErrors(0).active());
}

TEST(BitErrors, DrawsAsOftenAsItShould) {
  BitErrors errors(1e-5);
  Random random(random_key(1, RandomRoom::test, 7));
  int hit = 0;
  for (int i = 0; i < 100'000; ++i) hit += errors.damages(1000, random) ? 1 : 0;
  EXPECT_NEAR(hit, 995, 5 * 31);
}

}  // namespace
}  // namespace weft
