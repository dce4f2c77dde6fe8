// Link-level retry, simulated whole. With P = 1 - (1 - ber)^(8 frame) and W the link's loop in frames,
//   U = (1 - P) / (1 - P + P (W + 1))                               share of the goodput without bit errors: within 2 %
// and everything comes in order: no drop, no retransmission, no NAK end to end.
#include <gtest/gtest.h>

#include <cmath>

#include "support/sim_runs.hh"

namespace weft {

using namespace test;

namespace {

constexpr double line = 400e9, delay = 5e-6;
constexpr int frame = 4096 + 62, on_wire = frame + 20;  // RoCE and IPv4; Ultra Ethernet's differ by little, which the ratio forgives

std::string one_link(const std::string& transport, double ber, const std::string& more = "") {
  char text[700];
  std::snprintf(text, sizeof text, R"(
topology: { kind: switch, hosts: 2, link: { rate: 400Gbps, delay: 5us } }
fabric: { transport: %s, congestion: none, llr: { enabled: true %s } }
links: [ { link: host0>switch0, ber: %g } ]
workloads: [ { kind: flows, flows: [ { src: 0, dst: 1, size: %s } ] } ]
)",
                transport.c_str(), more.c_str(), ber, ber > 3e-8 ? "200MB" : "400MB");
  return text;
}

double finish(const Results& r) { return seconds(r.flows.at(0).receiver_done - r.flows.at(0).start); }

struct Case {
  const char* transport;
  double ber;
};

class SimLlr : public testing::TestWithParam<Case> {};

TEST_P(SimLlr, GoodputFollowsTheFormulaAndNothingIsSentAgainEndToEnd) {
  const auto [transport, ber] = GetParam();
  const double p = -std::expm1(8.0 * frame * std::log1p(-ber));
  const double loop = std::ceil((2 * delay + 64 / line) / (on_wire * 8 / line));
  const double formula = (1 - p) / (1 - p + p * (loop + 1));
  const Results clean = run_text(one_link(transport, 0)), r = run_text(one_link(transport, ber));
  ASSERT_EQ(r.status, RunStatus::done) << r.status_reason;
  const double size = static_cast<double>(r.flows.at(0).spec.size.v),
               of_clean = finish(clean) * size / static_cast<double>(clean.flows.at(0).spec.size.v);
  EXPECT_NEAR(of_clean / finish(r) / formula, 1, 0.02) << "formula " << formula;
  EXPECT_EQ(r.counters.drops + r.counters.retransmissions + r.flows.at(0).naks + r.flows.at(0).timeouts, 0U);
  const PortResult& port = port_named(r, "host0", "switch0");
  EXPECT_EQ(port.link.nacks + port.link.timeouts, port.link.replays);
  EXPECT_LE(port.link.replays, port.corrupted) << "an error behind another asks for nothing";
  if (ber < 3e-9) return;
  EXPECT_GT(port.corrupted, 3U);
  EXPECT_NEAR(static_cast<double>(port.link.replayed), static_cast<double>(port.link.replays) * (loop + 1),
              0.03 * static_cast<double>(port.link.replayed));
}

INSTANTIATE_TEST_SUITE_P(Rates, SimLlr,
                         testing::Values(Case{"roce", 1e-12}, Case{"roce", 1e-10}, Case{"roce", 1e-9}, Case{"roce", 1e-8},
                                         Case{"roce", 1e-7}, Case{"uet", 1e-10}, Case{"uet", 1e-8}, Case{"uet", 1e-7}));

std::string permutation(const std::string& fabric, double ber, bool llr) {
  char text[600];
  std::snprintf(text, sizeof text, R"(
topology: { kind: leaf-spine, leaves: 4, spines: 4, hosts_per_leaf: 4, link: { rate: 400Gbps, delay: 500ns } }
fabric: { %s, ber: %g, llr: { enabled: %s } }
workloads: [ { kind: permutation, size: 4MB } ]
seed: 3
)",
                fabric.c_str(), ber, llr ? "true" : "false");
  return text;
}

TEST(SimLlrFabric, RetransmissionsEndToEndDropToZero) {
  for (const char* fabric : {"transport: roce", "transport: uet", "transport: uet, lossless: pfc"}) {
    const Results without = run_text(permutation(fabric, 1e-8, false)), with = run_text(permutation(fabric, 1e-8, true));
    EXPECT_GT(without.counters.drops_corrupted, 0U) << fabric;
    EXPECT_GT(without.counters.retransmissions, 0U) << fabric;
    EXPECT_GT(with.counters.corrupted, 0U) << fabric;
    EXPECT_EQ(with.counters.drops, 0U) << fabric;
    EXPECT_EQ(with.counters.link.flushed, 0U) << fabric;
    EXPECT_EQ(completed(with), with.flows.size()) << fabric;
    // What is left are cuts of packets by switches, not losses of links.
    if (with.counters.trims == 0) { EXPECT_EQ(with.counters.retransmissions, 0U) << fabric; }
  }
}

// Without an error the loop costs nothing: the buffer is as large as it must be, and no larger than it may.
TEST(SimLlrFabric, TheDefaultBufferKeepsTheLineBusyAndASmallOneDoesNot) {
  const double plain = finish(run_text(one_link("roce", 0, ", outstanding_bytes: 100MB")));
  EXPECT_NEAR(finish(run_text(one_link("roce", 0))) / plain, 1, 0.001);
  // One window of 100 KB each loop of a frame there and an ordered set back.
  const double window = std::floor(100e3 / on_wire) * on_wire, loop = on_wire * 8 / line + 64 / line + 2 * delay;
  const Results small = run_text(one_link("roce", 0, ", outstanding_bytes: 100KB"));
  EXPECT_NEAR(finish(small) / plain, line * loop / 8 / window, 0.02 * line * loop / 8 / window);
  EXPECT_EQ(small.counters.drops, 0U);
}

// A link that loses one ordered set and frame in ten: the timer heals what NACKs and ACKs that are lost leave undone.
TEST(SimLlrFabric, LostOrderedSetsHealByTheTimer) {
  const Results r = run_text(R"(
topology: { kind: switch, hosts: 2, link: { rate: 100Gbps, delay: 1us } }
fabric: { congestion: none, llr: { enabled: true, replay_count: 1000 } }
links: [ { link: "*", loss: 0.1 } ]
workloads: [ { kind: flows, flows: [ { src: 0, dst: 1, size: 4MB } ] } ]
)");
  EXPECT_EQ(r.status, RunStatus::done) << r.status_reason;
  EXPECT_GT(r.counters.link.timeouts, 5U);
  EXPECT_GT(r.counters.link.sets_lost, 20U);
  EXPECT_EQ(r.counters.drops + r.flows.at(0).naks, 0U);
}

// A link goes down for 30 us: both senders flush, and start anew by INIT and INIT_ECHO when it is back.
TEST(SimLlrFabric, ALinkThatFlapsStartsAnew) {
  const Results r = run_text(R"(
topology: { kind: switch, hosts: 2, link: { rate: 100Gbps, delay: 1us } }
fabric: { congestion: none, detect: 2us, timeout_exponent: 5, ber: 1e-8, llr: { enabled: true, init_action: block } }
links: [ { link: host0-switch0, down: 50us, up: 80us } ]
workloads: [ { kind: flows, flows: [ { src: 0, dst: 1, size: 20MB } ] } ]
)");
  EXPECT_EQ(r.status, RunStatus::done) << r.status_reason;
  const PortResult& port = port_named(r, "host0", "switch0");
  EXPECT_GT(port.link.flushed, 0U);
  EXPECT_GT(port.link.nacks, 0U) << "protected again";
  EXPECT_EQ(r.counters.drops_down + r.counters.drops_corrupted, 0U) << "what was flushed is no drop: it may have come";
}

TEST(SimLlrFabric, AFlushWithoutANewStartLeavesTheLinkUnprotected) {
  const Results r = run_text(R"(
topology: { kind: switch, hosts: 2, link: { rate: 100Gbps, delay: 1us } }
fabric: { congestion: none, timeout_exponent: 5, llr: { enabled: true, replay_count: 0 } }
links: [ { link: "*", loss: 0.02 } ]
workloads: [ { kind: flows, flows: [ { src: 0, dst: 1, size: 4MB } ] } ]
)");
  EXPECT_GT(port_named(r, "host0", "switch0").link.flushed, 0U);
  EXPECT_GT(r.counters.drops_loss, 0U);
  EXPECT_FALSE(r.warnings.empty()) << "the results say so";
}

}  // namespace
}  // namespace weft
