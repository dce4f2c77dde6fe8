// Links that fail in mid-run: traffic takes other paths and every message still completes; where there is no other path, the
// run is stuck and says which connection failed and how.
#include <gtest/gtest.h>

#include "support/sim_runs.hh"

namespace weft {

using namespace test;

namespace {

const std::string permutation = R"(
topology: { kind: leaf-spine, leaves: 4, spines: 4, hosts_per_leaf: 4, link: { rate: 100Gbps, delay: 1us } }
fabric: { congestion: none, convergence: 50us, detect: 10us, timeout_exponent: 6 }
workloads:
  - { kind: permutation, size: 2MB }
seed: 2
)";

void expect_all_complete(const Results& r) {
  EXPECT_EQ(r.status, RunStatus::done) << r.status_reason;
  EXPECT_EQ(completed(r), r.flows.size());
  EXPECT_GT(r.counters.drops_down, 0U) << "the failure hit nothing";
  EXPECT_EQ(r.counters.drops, r.counters.drops_down + r.counters.drops_no_route);
  EXPECT_GT(r.counters.retransmissions, 0U);
}

class LinkFailureTest : public ::testing::TestWithParam<std::string> {};

TEST_P(LinkFailureTest, TrafficTakesOtherPaths) {
  const Results whole = run_text(permutation);
  const std::string reroute = "fabric.reroute_queued=" + GetParam();
  std::uint64_t used = 0;
  for (int spine = 0; spine < 4; ++spine) {
    const std::string name = "spine" + std::to_string(spine);
    SCOPED_TRACE(name);
    const std::uint64_t before = port_named(whole, "leaf0", name).packets, back = port_named(whole, name, "leaf0").packets;
    if (before + back < 200) continue;  // no flow goes there
    ++used;
    const Results r = run_text(permutation, {reroute, "links=[{ link: leaf0-" + name + ", down: 60us }]"});
    expect_all_complete(r);
    // 60 us until it fails, 50 us until the routes avoid it, at 100 Gb/s: no more than this could have started there.
    constexpr std::uint64_t most = 110'000'000 / (86 * 80);
    EXPECT_LT(port_named(r, "leaf0", name).packets, std::min<std::uint64_t>(most, before));
    EXPECT_LE(port_named(r, name, "leaf0").packets, back);
  }
  EXPECT_GT(used, 0U);
}

TEST_P(LinkFailureTest, ALinkThatComesBackIsUsedAgain) {
  const std::string reroute = "fabric.reroute_queued=" + GetParam();
  const std::string back = "workloads=[{ kind: permutation, size: 2MB }, { kind: permutation, size: 200KB, start: 2ms }]";
  const std::string gone_for_good = "links=[{ link: leaf0-spine*, down: 60us }]";
  const std::string comes_back =
      "links=[{ link: leaf0-spine0, down: 60us }, { link: leaf0-spine1, down: 60us, up: 1ms }, "
      "{ link: leaf0-spine2, down: 60us }, { link: leaf0-spine3, down: 60us }]";
  const Results r = run_text(permutation, {reroute, back, comes_back});
  expect_all_complete(r);
  EXPECT_GT(port_named(r, "leaf0", "spine1").packets, 200U);
  const Results stuck = run_text(permutation, {reroute, back, gone_for_good, "fabric.retry_count=2"});
  EXPECT_EQ(stuck.status, RunStatus::stuck);
}

INSTANTIATE_TEST_SUITE_P(Queued, LinkFailureTest, ::testing::Values("true", "false"),
                         [](const auto& p) { return p.param == "true" ? "Rerouted" : "Waits"; });

// Packets that wait for a dead port: rerouted, they reach their hosts as soon as the routes have converged; left waiting, they are
// missed until their senders time out.
TEST(LinkFailure, ReroutedPacketsSaveATimeout) {
  const std::string text = R"(
topology: { kind: leaf-spine, leaves: 2, spines: 2, hosts_per_leaf: 4, link: { rate: 100Gbps, delay: 1us }, uplink: { rate: 20Gbps } }
fabric: { congestion: none, convergence: 20us, detect: 5us, timeout_exponent: 9, window: 16 }
links: [ { link: leaf0-spine0, down: 60us } ]
workloads:
  - kind: flows
    flows:
      - { src: 0, dst: 4, size: 500KB }
      - { src: 1, dst: 5, size: 500KB }
      - { src: 2, dst: 6, size: 500KB }
      - { src: 3, dst: 7, size: 500KB }
      - { src: 0, dst: 5, size: 500KB }
      - { src: 1, dst: 6, size: 500KB }
      - { src: 2, dst: 7, size: 500KB }
      - { src: 3, dst: 4, size: 500KB }
seed: 3
)";
  const Results waits = run_text(text), rerouted = run_text(text, {"fabric.reroute_queued=true"});
  expect_all_complete(waits);
  expect_all_complete(rerouted);
  const auto timeouts = [](const Results& r) {
    std::uint64_t sum = 0;
    for (const FlowResult& flow : r.flows) sum += flow.timeouts;
    return sum;
  };
  EXPECT_GT(timeouts(waits), 0U);
  EXPECT_LT(timeouts(rerouted), timeouts(waits));
}

TEST(LinkFailure, TheOnlyPathGoneEndsWithTheConnectionsOwnError) {
  const Results r = run_text(R"(
topology: { kind: switch, hosts: 4, link: { rate: 100Gbps, delay: 1us } }
fabric: { congestion: none, lossless: none, timeout_exponent: 5 }
links: [ { link: switch0-host1, down: 20us } ]
workloads:
  - { kind: flows, flows: [ { id: 7, src: 0, dst: 1, size: 5MB }, { id: 8, src: 2, dst: 3, size: 1MB } ] }
)");
  EXPECT_EQ(r.status, RunStatus::stuck);
  EXPECT_EQ(r.flows[0].status, FlowStatus::failed);
  EXPECT_NE(r.flows[0].error.find("retry"), std::string::npos) << r.flows[0].error;
  EXPECT_NE(r.status_reason.find(r.flows[0].error), std::string::npos) << r.status_reason;
  EXPECT_NE(r.status_reason.find('7'), std::string::npos) << r.status_reason;
  EXPECT_EQ(r.flows[0].timeouts, 8U) << "seven retries, and the timeout that ends it";
  EXPECT_EQ(r.flows[1].status, FlowStatus::completed);
}

// The target of one is gone, the other's own port is.
TEST(LinkFailure, UetSendersEndAfterTheRetriesOfTheScenario) {
  for (const std::uint64_t retries : {0U, 2U, 5U}) {
    const Results r = run_text(R"(
topology: { kind: switch, hosts: 4, link: { rate: 100Gbps, delay: 1us } }
links: [ { link: switch0-host1, down: 20us }, { link: host2-switch0, down: 20us } ]
workloads:
  - kind: flows
    flows:
      - { id: 7, src: 0, dst: 1, size: 1KB, start: 30us }
      - { id: 8, src: 2, dst: 3, size: 5MB }
      - { id: 9, src: 0, dst: 3, size: 1MB }
)",
                               {"fabric={ transport: uet, retry_count: " + std::to_string(retries) + " }"});
    EXPECT_EQ(r.status, RunStatus::stuck);
    EXPECT_EQ(r.flows[0].status, FlowStatus::failed);
    EXPECT_EQ(r.flows[0].timeouts, retries + 1);
    EXPECT_EQ(r.flows[1].status, FlowStatus::failed) << retries;
    EXPECT_NE(r.flows[1].error.find("retransmission limit"), std::string::npos) << r.flows[1].error;
    EXPECT_EQ(r.flows[2].status, FlowStatus::completed);
  }
}

// With PFC the packets that wait for the dead link pause their sender before it can time out often enough.
TEST(LinkFailure, TheOnlyPathGoneUnderPfcNamesThePause) {
  const Results r = run_text(R"(
topology: { kind: switch, hosts: 4, link: { rate: 100Gbps, delay: 1us } }
fabric: { congestion: none, buffer: 2MB }
links: [ { link: switch0-host1, down: 20us } ]
workloads:
  - { kind: flows, flows: [ { id: 7, src: 0, dst: 1, size: 5MB } ] }
)");
  EXPECT_EQ(r.status, RunStatus::stuck);
  EXPECT_FALSE(r.status_reason.empty());
  bool flow = false, pause = false;
  for (const WaitEdge& edge : r.waits) {
    flow = flow || (edge.waiter == "flow 7" && edge.waits_for == "host1");
    pause = pause || (edge.waiter == "host0>switch0" && edge.reason.find("paused") != std::string::npos);
  }
  EXPECT_TRUE(flow);
  EXPECT_TRUE(pause);
}

TEST(LinkFailure, FramesInFlightAreLostAndTheRestIsNot) {
  // 100 Gb/s, 10 us: about 30 frames of 4,178 B are between their first bit out and last bit in.
  const Results r = run_text(R"(
topology: { kind: switch, hosts: 2, link: { rate: 100Gbps, delay: 10us } }
fabric: { congestion: none, timeout_exponent: 6, detect: 0, convergence: 1ms }
links: [ { link: host0>switch0, down: 50us, up: 80us } ]
workloads:
  - { kind: flows, flows: [ { src: 0, dst: 1, size: 2MB } ] }
)");
  expect_all_complete(r);
  const double in_flight = 10e-6 * 100e9 / 8 / 4178 + 1;
  EXPECT_NEAR(static_cast<double>(r.counters.drops_down), in_flight, 2);
}

}  // namespace
}  // namespace weft
