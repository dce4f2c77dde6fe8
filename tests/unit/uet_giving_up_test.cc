// Whatever dies, a sender that has begun ends in bounded time; and what only waits is left to wait.
#include <gtest/gtest.h>

#include "unit/uet_pair.hh"

namespace weft::uet::test {
namespace {

constexpr Duration rto{100'000'000};  // PdcConfig's own
constexpr std::int64_t longest_periods = 64;

// Nothing is sent or comes in; until the context gives up or `limit`.
Time wait(Pdc& pdc, Time limit) {
  Time now{};
  while (!pdc.failed() && pdc.next_deadline() < limit) {
    now = pdc.next_deadline();
    pdc.advance(now);
  }
  return now;
}

TEST(UetGivingUp, ASenderWhosePortIsDead) {
  for (const std::uint32_t retries : {0U, 3U, 8U}) {
    PdcConfig config;
    config.retry_count = retries;
    Pair pair(config);
    ASSERT_TRUE(pair.write(1, 10'000));
    ASSERT_EQ(pair.a.take(Lane::data).size(), 3U);  // and now the port goes down
    const Time end = wait(pair.a.pdc, Time{ps_per_second});
    EXPECT_TRUE(pair.a.pdc.failed());
    Completion c;
    ASSERT_TRUE(pair.a.pdc.poll(c));
    EXPECT_EQ(c.status, Status::retry_exceeded);
    EXPECT_LE(end, Time{} + rto * (longest_periods * (retries + 2) + 4)) << retries;
    if (retries > 0) { EXPECT_GE(end, Time{} + rto * (longest_periods * (retries + 1))) << "long enough for a port that is only busy"; }
  }
}

TEST(UetGivingUp, NotWhenThePortComesBack) {
  Pair pair;
  ASSERT_TRUE(pair.write(1, 10'000));
  ASSERT_EQ(pair.a.take(Lane::data).size(), 3U);
  for (int outage = 0; outage < 3; ++outage) {
    const Time now = wait(pair.a.pdc, pair.a.pdc.next_deadline() + rto * 300);
    ASSERT_FALSE(pair.a.pdc.failed());
    ASSERT_EQ(pair.a.take(Lane::data, now).size(), 3U) << "lost again";
  }
  Time now = pair.a.pdc.next_deadline();
  while (!pair.a.pdc.ready(now, Lane::data)) pair.a.pdc.advance(now), now = std::max(now, pair.a.pdc.next_deadline());
  pair.exchange(now);
  EXPECT_EQ(pair.completions(), 1);
}

// The wait for the port is over, so the target's silence counts again: 100, 200, ... and 800 us.
TEST(UetGivingUp, ATargetThatIsGoneWhenThePortComesBack) {
  PdcConfig config;
  config.retry_count = 3;
  Pair pair(config);
  ASSERT_TRUE(pair.write(1, 10'000));
  ASSERT_EQ(pair.a.take(Lane::data).size(), 3U);
  Time now = wait(pair.a.pdc, Time{} + rto * 200) + Duration{1};
  const Time back = now;
  while (!pair.a.pdc.failed()) {
    pair.a.take(Lane::data, now);
    now = std::max(now, pair.a.pdc.next_deadline());
    pair.a.pdc.advance(now);
    ASSERT_LE(now, back + rto * 17);
  }
}

// What is lost may not go again without credit, which nobody gives: requests for it go out, and are not answered.
TEST(UetGivingUp, ATargetThatIsGoneAndOwesCredit) {
  const Laws laws(Duration{12'000'000});
  for (const Congestion congestion : {Congestion::rccc, Congestion::nscc_rccc}) {
    for (const bool ever_there : {false, true}) {
      PdcConfig config;
      config.congestion = congestion;
      laws.use(config);
      Ends ends = connect(config, 77);
      Pipe pipe(PipeConfig{}, ends.a, ends.b);
      const BufferId source = pipe.hosts[0].memory.add(1 << 20, 0x1000), target = pipe.hosts[1].memory.add(1 << 20, 0x1000);
      pipe.drop = [&](std::size_t, const UetSegment&) { return !ever_there || pipe.now > Time{20'000'000}; };
      WorkRequest request{.id = 1, .length = Bytes{1'000'000}, .region = source, .address = 0x1000, .remote_address = 0x1000};
      request.key = TestMemory::rkey_of(target);
      ASSERT_TRUE(pipe.a().post_write(request));
      Completion c;
      ASSERT_TRUE(pipe.run(Time{ps_per_second}, [&] { return pipe.a().poll(c); }));
      EXPECT_EQ(c.status, Status::retry_exceeded);
      EXPECT_GT(pipe.a().counters().credit_requests_sent, 0U);
      EXPECT_LE(pipe.now, Time{} + rto * (longest_periods * 20));
      EXPECT_EQ(pipe.a().next_deadline(), Time::never());
    }
  }
}

// Where thousands send to one, credit comes seldom; each is a word.
TEST(UetGivingUp, NotWhileCreditComesNowAndThen) {
  const Laws laws(Duration{12'000'000});
  PdcConfig config;
  config.congestion = Congestion::rccc;
  laws.use(config);
  Pair pair(config);
  ASSERT_TRUE(pair.write(1, 1'000'000));
  for (const UetSegment& s : pair.a.take(Lane::data)) pair.b.receive(s);
  for (const UetSegment& s : pair.b.take(Lane::respond)) pair.a.receive(s);
  ASSERT_FALSE(pair.a.pdc.ready(Time{}, Lane::data));
  Time now{};
  for (int turn = 0; turn < 5; ++turn) {
    now = wait(pair.a.pdc, now + rto * 400);
    ASSERT_FALSE(pair.a.pdc.failed()) << turn;
    pair.b.pdc.grant(now);
    for (const UetSegment& s : pair.b.take(Lane::notify, now)) pair.a.receive(s, now);
    for (const UetSegment& s : pair.a.take(Lane::data, now)) pair.b.receive(s, now);
    for (const UetSegment& s : pair.b.take(Lane::respond, now)) pair.a.receive(s, now);
  }
  pair.exchange(now);
  EXPECT_EQ(pair.completions(), 1);
}

}  // namespace
}  // namespace weft::uet::test
