// Goodput of one long WRITE flow on a lossy link against closed forms: 100 Gb/s, RTT 100 us, MTU 4096, timeout 2^8 * 4.096 us,
// loss in the data direction alone.
//   go-back-N         U = (1-p) / (1-p + p(W+1) + p^2 RTO C / (8 MTU)), W = C RTT / (8 MTU): within 10 %
//   selective repeat  U >= 0.98 (1-p)
// U is the share of the link's payload rate. WEFT_FULL makes the runs ten times as long.
#include <gtest/gtest.h>

#include <cstdlib>

#include "unit/transport_pipe.hh"

namespace weft::roce::test {
namespace {

constexpr std::int64_t message_packets = 2048;
constexpr double line = 100e9, mtu = 4096, rtt = 100e-6;

struct Measured {
  double utilisation = 0;
  QueuePairCounters sender;
};

Measured measure(Recovery recovery, double p, std::int64_t messages, std::uint64_t seed) {
  QueuePairConfig common;
  common.recovery = recovery;
  common.timeout_exponent = 8;
  common.send_depth = 4;
  const Ends ends = connect(common, 0xffff00);
  PipeConfig wire;
  wire.delay = Duration{49'600'000};  // with the packet's and the ACK's time on the wire: 100 us
  wire.loss[0] = chance(p);
  wire.bytes = false;
  wire.seed = seed;
  Pipe pipe(wire, ends.a, ends.b);
  const BufferId local = pipe.hosts[0].memory.add(1, 0);
  const BufferId remote = pipe.hosts[1].memory.add(message_packets * 4096, 0);
  WorkRequest request;
  request.length = Bytes{message_packets * 4096};
  request.region = local;
  request.rkey = TestMemory::rkey_of(remote);
  std::int64_t posted = 0, completed = 0;
  const bool done = pipe.run(Time{1000 * ps_per_second}, [&] {
    Completion c;
    while (pipe.a().poll(c)) completed += c.status == Status::success;
    while (posted < messages && pipe.a().post_write(request)) ++posted;
    return completed == messages;
  });
  EXPECT_TRUE(done);
  const double seconds = static_cast<double>(pipe.now.ps) / 1e12 - rtt;
  return {static_cast<double>(messages * message_packets) * mtu * 8 / seconds / (line * 4096 / 4178), pipe.a().counters()};
}

// A million packets; WEFT_FULL: ten million and more.
std::int64_t messages() { return std::getenv("WEFT_FULL") != nullptr ? 5'000 : 500; }

double go_back_n(double p) {
  const double window = line * rtt / (8 * mtu);
  const double timeout = 4.096e-6 * 256;
  return (1 - p) / (1 - p + p * (window + 1) + p * p * timeout * line / (8 * mtu));
}

class GoodputTest : public ::testing::TestWithParam<double> {};

TEST_P(GoodputTest, GoBackNFollowsItsFormula) {
  const double p = GetParam();
  const double measured = measure(Recovery::go_back_n, p, messages(), 11).utilisation;
  EXPECT_NEAR(measured / go_back_n(p), 1.0, 0.1) << "measured " << measured << " formula " << go_back_n(p);
}

TEST_P(GoodputTest, SelectiveRepeatLosesNoMoreThanTheLink) {
  const double p = GetParam();
  const Measured measured = measure(Recovery::selective, p, messages(), 12);
  EXPECT_GE(measured.utilisation, 0.98 * (1 - p));
  EXPECT_EQ(measured.sender.timeouts, 0u) << "a lost retransmission is seen without the timeout";
}

INSTANTIATE_TEST_SUITE_P(Loss, GoodputTest, ::testing::Values(1e-6, 1e-5, 1e-4, 1e-3),
                         [](const auto& p) { return "1e_minus_" + std::to_string(6 - p.index); });

}  // namespace
}  // namespace weft::roce::test
