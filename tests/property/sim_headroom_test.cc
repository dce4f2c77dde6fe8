// PFC headroom. The physical need of an ingress is what can still arrive after its XOFF was decided:
//   (2 * delay + response) * R / 8 + 2 * MTU
// one MTU for the frame in service on the reverse port, one for the frame the sender has begun. With it nothing is lost, with
// 80 % of it something is.
//
// Set-up: n hosts send at full rate to a receiver whose link is 500 times slower, so nothing drains while the headroom fills;
// n others send to those n at full rate, starting at different instants, so that some XOFF finds its reverse port at the
// beginning of a frame.
#include <gtest/gtest.h>

#include <sstream>

#include "link/pfc.hh"
#include "support/sim_runs.hh"

namespace weft {

using namespace test;

namespace {

constexpr int senders = 16;
constexpr std::int64_t largest_frame = 4096 + 82 + 16;  // the first packet of a WRITE

struct Case {
  std::int64_t gbps, delay_ns;
};

std::int64_t physical_need(const Case& c) {
  const double response_us = static_cast<double>(pfc_response({c.gbps * 1'000'000'000}).v) / 1e6;
  const double in_flight = (2 * static_cast<double>(c.delay_ns) / 1e3 + response_us) * static_cast<double>(c.gbps) * 1e3 / 8;
  return static_cast<std::int64_t>(in_flight) + 2 * largest_frame;
}

std::string scenario_text(const Case& c, const std::string& more_fabric, const std::string& more_topology = "") {
  const std::int64_t need = physical_need(c);
  std::ostringstream text;
  text << "topology: { kind: switch, hosts: " << 2 * senders + 1 << ", link: { rate: " << c.gbps << "Gbps, delay: " << c.delay_ns << "ns }"
       << more_topology << " }\n"
       << "fabric: { congestion: none, lossless: pfc, buffer: 2GB, timeout_exponent: 0, ack_every: 1024, pfc: { xoff: 20KB" << more_fabric
       << " } }\n"
       << "links: [ { link: switch0>host" << 2 * senders << ", rate: " << c.gbps * 2 << "Mbps } ]\n"
       << "workloads:\n  - kind: flows\n    flows:\n";
  const std::int64_t size = need + 100'000;
  const std::int64_t frame_ps = 4178 * 8000 / c.gbps;
  for (int i = 0; i < senders; ++i) {
    text << "      - { src: " << i << ", dst: " << 2 * senders << ", size: " << size << "B }\n";
    text << "      - { src: " << senders + i << ", dst: " << i << ", size: " << 2 * size << "B, start: " << i * frame_ps / senders
         << "ps }\n";
  }
  return text.str();
}

// The flows towards the paused hosts start a few picoseconds before they would meet the XOFF decision exactly.
std::string with_late_reverse_frames(const std::string& text) {
  constexpr std::int64_t frame_ps = 4178 * 20, first_frame_longer_ps = 16 * 20;
  std::istringstream lines(text);
  std::string out;
  int i = 0;
  for (std::string line; std::getline(lines, line);) {
    if (const auto at = line.find(", start: "); at != std::string::npos) {
      line = line.substr(0, at) + ", operation: send, start: " + std::to_string(frame_ps + first_frame_longer_ps - 10 * ++i) + "ps }";
    }
    out += line + '\n';
  }
  return out;
}

class HeadroomTest : public ::testing::TestWithParam<Case> {};

TEST_P(HeadroomTest, ThePhysicalNeedLosesNothing) {
  const Results r = run_text(scenario_text(GetParam(), ""));
  EXPECT_EQ(r.status, RunStatus::done) << r.status_reason;
  EXPECT_GE(r.counters.pauses, static_cast<std::uint64_t>(senders));
  EXPECT_EQ(r.counters.drops, 0U);
  EXPECT_EQ(r.counters.retransmissions, 0U);
}

TEST_P(HeadroomTest, EightyPercentOfItLosesSomething) {
  const std::int64_t less = (physical_need(GetParam()) + 1023) / 1024 * 1024 * 8 / 10;
  const Results r = run_text(scenario_text(GetParam(), ", headroom: " + std::to_string(less) + "B"));
  EXPECT_GT(r.counters.drops_buffer, 0U);
  EXPECT_EQ(r.counters.drops, r.counters.drops_buffer);
}

// What a switch's fixed latency holds back has left the sender, but is not yet charged.
TEST_P(HeadroomTest, ASwitchWithLatencyLosesNothingEither) {
  const Results r = run_text(scenario_text(GetParam(), "", ", switch_latency: 800ns"));
  EXPECT_EQ(r.status, RunStatus::done) << r.status_reason;
  EXPECT_EQ(r.counters.drops, 0U);
}

INSTANTIATE_TEST_SUITE_P(RatesAndDelays, HeadroomTest,
                         ::testing::Values(Case{10, 100}, Case{10, 10'000}, Case{25, 1000}, Case{100, 100}, Case{100, 1000}, Case{400, 500},
                                           Case{400, 2000}, Case{800, 100}, Case{800, 10'000}),
                         [](const auto& p) { return std::to_string(p.param.gbps) + "G" + std::to_string(p.param.delay_ns) + "ns"; });

// The worst case to the byte. At 400 Gb/s and 381 ns the formula gives 104,408 B, or 102 KiB; the reverse port begins a frame
// less than 200 ps before XOFF is decided, and what then arrives, with the 84 B of the XOFF frame itself, is 25 frames of
// 4,178 B: 104,450 B.
TEST(Headroom, TheXoffFrameItselfIsCounted) {
  std::string text = scenario_text({400, 381}, "");
  const Results formula = run_text(with_late_reverse_frames(text), {"fabric.pfc.headroom=104448B"});
  EXPECT_GT(formula.counters.drops_buffer, 0U) << "the case is not the worst one";
  const Results r = run_text(with_late_reverse_frames(text));
  EXPECT_EQ(r.status, RunStatus::done) << r.status_reason;
  EXPECT_EQ(r.counters.drops, 0U);
}

// A link that is slow in the reverse direction keeps the XOFF waiting longer.
TEST(Headroom, ASlowReverseDirectionLosesNothing) {
  const std::string text = scenario_text({100, 500}, "");
  std::string slow = text;
  slow.insert(slow.find("links: [") + 8, " { link: switch0>host3, rate: 5Gbps },");
  const Results r = run_text(slow);
  EXPECT_EQ(r.status, RunStatus::done) << r.status_reason;
  EXPECT_EQ(r.counters.drops, 0U);
}

}  // namespace
}  // namespace weft
