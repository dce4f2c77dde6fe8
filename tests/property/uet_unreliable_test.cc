// Contexts without a state that matters, over a pipe that loses, reorders, duplicates or trims. RUDI: every WRITE completes once,
// with its bytes at the target or refused if it names no memory there, and the target's user hears of each that is whole; refused
// ones take nothing from those behind them. UUD: each datagram completes when it is sent and arrives at most as often as the
// pipe carried it, whole and with its own bytes.
#include <gtest/gtest.h>

#include <algorithm>
#include <string>

#include "property/uet_trouble.hh"

namespace weft::uet::test {
namespace {

constexpr std::uint64_t source_base = 0x10'0000, target_base = 0x7f00'0000'0000;
constexpr std::size_t slot_size = 20'000, slots = 40;

// What both modes have in common: a source full of random bytes, a target, and a pipe with trouble on both ways.
struct Line {
  Line(std::uint64_t seed, const PdcConfig& config, const Trouble& trouble) : random(random_key(seed, RandomRoom::test, 11)) {
    const Ends ends = connect(config, static_cast<std::uint32_t>(0) - static_cast<std::uint32_t>(random.below(300)));
    pipe.emplace(trouble.on_the_way(seed), ends.a, ends.b);
    source = pipe->hosts[0].memory.add(slots * slot_size, source_base);
    target = pipe->hosts[1].memory.add(slots * slot_size, target_base);
    for (auto& byte : pipe->hosts[0].memory.regions[source.v].bytes) byte = static_cast<std::uint8_t>(random.next());
  }
  [[nodiscard]] bool arrived(std::size_t from, std::size_t to, std::size_t length) {
    return std::memcmp(pipe->hosts[0].memory.at(source, source_base + from * slot_size, length),
                       pipe->hosts[1].memory.at(target, target_base + to * slot_size, length), length) == 0;
  }
  [[nodiscard]] WorkRequest request(std::size_t k, std::int64_t length) const {
    WorkRequest r{.id = k, .length = Bytes{length}, .region = source, .address = source_base + k * slot_size};
    r.remote_address = target_base + k * slot_size;
    r.key = TestMemory::rkey_of(target);
    r.header_data = k;
    return r;
  }

  Random random;
  std::optional<Pipe> pipe;
  BufferId source, target;
};

void write_idempotently(std::uint64_t seed, const Trouble& trouble) {
  Random random(random_key(seed, RandomRoom::test, 12));
  PdcConfig config;
  config.mode = Mode::rudi;
  config.mtu = 256U << random.below(5);
  constexpr std::array<std::uint32_t, 4> ranges{1, 7, 64, 300};
  config.psn_range = ranges[random.below(4)];
  config.send_depth = 1 + static_cast<std::uint32_t>(random.below(9));
  config.messages = 1U << random.below(5);
  config.least_rto = Duration{20'000'000};
  config.retry_count = 40;
  config.refusal_count = 100'000;
  const Laws laws(Duration{3'000'000}, config.mtu);
  if (random.below(2) == 0) config.congestion = Congestion::nscc;
  laws.use(config);
  Line line(seed, config, trouble);
  std::array<std::int64_t, slots> lengths{};
  std::array<bool, slots> forbidden{}, done{};
  std::uint64_t whole = 0, bytes = 0, completed = 0;
  for (std::size_t k = 0; k < slots; ++k) {
    lengths[k] = random.below(6) == 0 ? static_cast<std::int64_t>(random.below(3)) : static_cast<std::int64_t>(random.below(slot_size + 1));
    forbidden[k] = lengths[k] > 0 && random.below(3) == 0;
    whole += forbidden[k] ? 0 : 1;
    bytes += forbidden[k] ? 0 : static_cast<std::uint64_t>(lengths[k]);
  }
  Pdc& a = line.pipe->a();
  std::size_t posted = 0;
  const auto step = [&] {
    for (Completion c; a.poll(c); ++completed) {
      EXPECT_EQ(c.status, forbidden[c.id] ? Status::refused : Status::success) << status_text(c.status);
      EXPECT_FALSE(done[c.id]) << "twice: " << c.id;
      done[c.id] = true;
    }
    for (; posted < slots; ++posted) {
      WorkRequest r = line.request(posted, lengths[posted]);
      if (forbidden[posted]) r.key = 0xbad;
      if (!a.post_write(r)) break;
    }
    return completed == slots;
  };
  ASSERT_TRUE(line.pipe->run(Time{20 * ps_per_second}, step)) << completed << " completed at " << line.pipe->now.ps;
  line.pipe->run(line.pipe->now + Duration{ps_per_second}, [] { return false; });
  for (std::size_t k = 0; k < slots; ++k)
    if (!forbidden[k]) { ASSERT_TRUE(line.arrived(k, k, static_cast<std::size_t>(lengths[k]))) << k; }
  EXPECT_EQ(line.pipe->b().delivered_messages(), whole);
  EXPECT_EQ(line.pipe->b().delivered_bytes(), bytes);
  EXPECT_EQ(a.packets_in_flight(), 0U);
  EXPECT_EQ(a.next_deadline(), Time::never());
}

void send_datagrams(std::uint64_t seed, const Trouble& trouble) {
  constexpr std::uint64_t count = 200;
  Random random(random_key(seed, RandomRoom::test, 13));
  PdcConfig config;
  config.mode = Mode::uud;
  config.mtu = 256U << random.below(5);
  config.psn_range = 1 + static_cast<std::uint32_t>(random.below(300));
  config.receive_depth = slots;
  const Laws laws(Duration{3'000'000}, config.mtu);
  if (random.below(2) == 0) config.congestion = Congestion::nscc;
  laws.use(config);
  Line line(seed, config, trouble);
  Pdc &a = line.pipe->a(), &b = line.pipe->b();
  std::array<std::int64_t, slots> lengths{};
  for (auto& length : lengths) length = static_cast<std::int64_t>(random.below(config.mtu + 1));
  std::array<std::uint64_t, slots> sent{}, received{};
  std::uint64_t posted = 0, completed = 0, receives = 0;
  const auto step = [&] {
    for (Completion c; a.poll(c); ++completed) EXPECT_EQ(c.status, Status::success);
    for (Completion c; b.poll(c);) {
      EXPECT_EQ(c.bytes.v, lengths[c.header_data]);
      EXPECT_TRUE(line.arrived(c.header_data, c.id % slots, static_cast<std::size_t>(c.bytes.v)));
      ++received[c.header_data];
    }
    if (random.below(3) == 0 && b.post_receive({receives, Bytes{config.mtu}, line.target, target_base + receives % slots * slot_size}))
      ++receives;
    for (; posted < count && a.post_send(line.request(posted % slots, lengths[posted % slots])); ++posted) ++sent[posted % slots];
    return completed == count;
  };
  ASSERT_TRUE(line.pipe->run(Time{ps_per_second}, step)) << completed;
  line.pipe->run(line.pipe->now + Duration{ps_per_second}, [&] { return step() && false; });
  const PdcCounters& counters = b.counters();
  for (std::size_t k = 0; k < slots; ++k) { ASSERT_LE(received[k], trouble.duplicate > 0 ? 2 * sent[k] : sent[k]); }
  EXPECT_EQ(a.counters().data_sent, count);
  EXPECT_EQ(a.counters().data_retransmitted, 0U);
  EXPECT_EQ(b.delivered_messages(), counters.data_received);
  if (trouble.loss == 0 && trouble.duplicate == 0) {
    EXPECT_EQ(counters.data_received + counters.dropped_no_receive + counters.dropped_trimmed, count);
  }
  EXPECT_EQ(counters.acks_sent + counters.nacks_sent, 0U);
  EXPECT_EQ(a.next_deadline(), Time::never());
}

class UetUnreliable : public ::testing::TestWithParam<Condition> {};

TEST_P(UetUnreliable, IdempotentWritesArriveWhateverIsRefused) {
  for_each_seed(weft::test::fewer_if_slow(100), [](Random&, std::uint64_t seed) { write_idempotently(seed, GetParam().trouble); });
}
TEST_P(UetUnreliable, DatagramsArriveAtMostOnce) {
  for_each_seed(weft::test::fewer_if_slow(100), [](Random&, std::uint64_t seed) { send_datagrams(seed, GetParam().trouble); });
}

INSTANTIATE_TEST_SUITE_P(Pipes, UetUnreliable, ::testing::ValuesIn(conditions),
                         [](const auto& info_of) { return std::string(info_of.param.name); });

// Which headers would carry the credit?
TEST(UetUnreliableDeathTest, CreditNeedsARequestThatCarriesIt) {
  const Laws laws(Duration{3'000'000});
  for (const Mode mode : {Mode::rudi, Mode::uud}) {
    PdcConfig config;
    config.mode = mode;
    config.congestion = Congestion::rccc;
    laws.use(config);
    EXPECT_DEATH(Bench{config}, "mode");
  }
}

}  // namespace
}  // namespace weft::uet::test
