// Runs that cannot end well, and runs that are cut: cyclic waits under PFC, connections that fail, what `warmup` and `duration`
// mean.
#include <gtest/gtest.h>

#include <sstream>

#include "support/input_error.hh"
#include "support/sim_runs.hh"

namespace weft {

using namespace test;

namespace {

// Five switches in a ring, a host each; every host sends to the host two switches further on. Each ring link carries two flows,
// fills, and pauses the one before it: all round.
std::string ring(int switches) {
  std::ostringstream text;
  text << "topology:\n  kind: graph\n  link: { rate: 100Gbps, delay: 1us }\n  graph:\n    hosts: [ ";
  for (int i = 0; i < switches; ++i) text << (i > 0 ? ", " : "") << 'h' << i;
  text << " ]\n    switches: [ ";
  for (int i = 0; i < switches; ++i) text << (i > 0 ? ", " : "") << 's' << i;
  text << " ]\n    links:\n";
  for (int i = 0; i < switches; ++i) {
    text << "      - { a: h" << i << ", b: s" << i << " }\n      - { a: s" << i << ", b: s" << (i + 1) % switches << " }\n";
  }
  text << "fabric: { congestion: none, lossless: pfc, buffer: 400KB, timeout_exponent: 0 }\nworkloads:\n  - kind: flows\n    flows:\n";
  for (int i = 0; i < switches; ++i) text << "      - { src: " << i << ", dst: " << (i + 2) % switches << ", size: 20MB }\n";
  return text.str();
}

TEST(SimStuck, ARingDeadlocksUnderPfcAndTheResultsNameTheCycle) {
  for (const int switches : {5, 6}) {
    const Results r = run_text(ring(switches));
    EXPECT_EQ(r.status, RunStatus::stuck);
    EXPECT_EQ(r.counters.drops, 0U);
    bool named = false;
    for (const std::string& warning : r.warnings) named = named || warning.find("deadlock") != std::string::npos;
    EXPECT_TRUE(named);
    ASSERT_EQ(r.waits.size(), static_cast<std::size_t>(switches));
    for (std::size_t i = 0; i < r.waits.size(); ++i) {
      EXPECT_EQ(r.waits[i].waits_for, r.waits[(i + 1) % r.waits.size()].waiter) << "not a cycle";
      EXPECT_EQ(r.waits[i].waiter[0], 's');
      EXPECT_NE(r.waits[i].reason.find("paused"), std::string::npos);
    }
  }
}

TEST(SimStuck, ItDeadlocksForWantOfCreditsToo) {
  const std::vector<std::string> credits{"fabric.lossless=cbfc", "fabric.cbfc={ credits: 20KB }", "fabric.buffer=4MB"};
  const Results r = run_text(ring(5), credits);
  EXPECT_EQ(r.status, RunStatus::stuck);
  EXPECT_EQ(r.counters.drops, 0U);
  bool named = false;
  for (const std::string& warning : r.warnings) named = named || warning.find("credit deadlock") != std::string::npos;
  EXPECT_TRUE(named);
  ASSERT_EQ(r.waits.size(), 5U);
  for (std::size_t i = 0; i < r.waits.size(); ++i) {
    EXPECT_EQ(r.waits[i].waits_for, r.waits[(i + 1) % r.waits.size()].waiter) << "not a cycle";
    EXPECT_EQ(r.waits[i].reason, "without credits (class 3)");
  }
  // One flow only: its way is no ring, however long it waits for a receiver at a hundredth of the rate.
  const Results line = run_text(R"(
topology: { kind: leaf-spine, leaves: 2, spines: 1, hosts_per_leaf: 1, link: { rate: 100Gbps, delay: 1us } }
fabric: { congestion: none, lossless: cbfc }
links: [ { link: leaf1>host1, rate: 10Mbps } ]
workloads: [ { kind: flows, flows: [ { src: 0, dst: 1, size: 200KB } ] } ]
)");
  EXPECT_EQ(line.status, RunStatus::done) << line.status_reason;
  EXPECT_TRUE(line.waits.empty());
}

TEST(SimStuck, TheSameRingWithoutPfcOrWithRoomIsDone) {
  const Results lossy = run_text(ring(5), {"fabric.lossless=none", "fabric.timeout_exponent=6", "fabric.congestion=dcqcn",
                                           "fabric.recovery=selective", "fabric.ecn={ kmin: 4KB, kmax: 20KB, pmax: 1 }"});
  EXPECT_EQ(lossy.status, RunStatus::done) << lossy.status_reason;
  const Results roomy = run_text(ring(5), {"fabric.buffer=1GB", "workloads.0.flows.0.size=2MB"});
  EXPECT_EQ(roomy.status, RunStatus::done) << roomy.status_reason;
  EXPECT_TRUE(roomy.waits.empty());
}

TEST(SimStuck, ADeadDirectionExhaustsTheRetries) {
  for (const std::string recovery : {"go-back-n", "selective"}) {
    const Results r = run_text(R"(
topology: { kind: switch, hosts: 4, link: { rate: 100Gbps, delay: 1us } }
fabric: { congestion: none, timeout_exponent: 3, retry_count: 3 }
links: [ { link: host2>switch0, loss: 1.0 } ]
workloads:
  - kind: flows
    triggers: [ { id: 1 } ]
    flows:
      - { id: 5, src: 2, dst: 1, size: 1MB, on_sent: 1 }
      - { id: 6, src: 0, dst: 3, size: 1MB }
      - { id: 7, src: 0, dst: 3, size: 1KB, after: 1 }
)",
                               {"fabric.recovery=" + recovery});
    EXPECT_EQ(r.status, RunStatus::stuck);
    EXPECT_EQ(r.flows[0].status, FlowStatus::failed);
    EXPECT_EQ(r.flows[0].timeouts, 4U);
    EXPECT_EQ(r.flows[0].sender_done, Time::never());
    EXPECT_EQ(r.flows[0].receiver_done, Time::never());
    EXPECT_EQ(r.flows[0].delivered, Bytes{0});
    EXPECT_NE(r.status_reason.find("5 (host2 to host1)"), std::string::npos) << r.status_reason;
    EXPECT_EQ(r.flows[1].status, FlowStatus::completed);
    EXPECT_EQ(r.flows[2].status, FlowStatus::pending) << "its trigger never fires";
    EXPECT_EQ(r.flows[2].start, Time::never());
  }
}

// Acknowledgements that never come: the receiver has every byte, the sender cannot know.
TEST(SimStuck, LostAcknowledgementsFailTheSenderAlone) {
  const Results r = run_text(R"(
topology: { kind: switch, hosts: 2, link: { rate: 100Gbps, delay: 1us } }
fabric: { congestion: none, timeout_exponent: 3, retry_count: 2 }
links: [ { link: host1>switch0, loss: 1.0 } ]
workloads: [ { kind: flows, flows: [ { src: 0, dst: 1, size: 100KB } ] } ]
)");
  EXPECT_EQ(r.status, RunStatus::stuck);
  EXPECT_EQ(r.flows[0].status, FlowStatus::failed);
  EXPECT_LT(r.flows[0].receiver_done, Time::never());
  EXPECT_EQ(r.flows[0].delivered, Bytes{100'000});
}

TEST(SimStuck, ANetworkWithoutAPathIsRefusedBeforeTheRun) {
  EXPECT_THROW((void)run_text(R"(
topology: { kind: switch, hosts: 3, link: { rate: 100Gbps, delay: 1us } }
links: [ { link: host1-switch0, down: 0 } ]
workloads: [ { kind: flows, flows: [ { src: 0, dst: 1, size: 1MB } ] } ]
)"),
               InputError);
}

TEST(SimDuration, ARunIsCutThereAndSaysSo) {
  const Results r = run_text(R"(
topology: { kind: switch, hosts: 4, link: { rate: 100Gbps, delay: 1us } }
fabric: { congestion: none }
duration: 100us
warmup: 5us
workloads:
  - kind: flows
    flows:
      - { id: 0, src: 0, dst: 1, size: 100KB }
      - { id: 1, src: 0, dst: 1, size: 100MB, start: 20us }
      - { id: 2, src: 2, dst: 3, size: 100KB, start: 5us }
      - { id: 3, src: 2, dst: 3, size: 1KB, start: 100us }
)");
  EXPECT_EQ(r.status, RunStatus::done) << r.status_reason;
  EXPECT_EQ(r.simulated_time, Time{100'000'000});
  EXPECT_EQ(r.flows[0].status, FlowStatus::completed);
  EXPECT_EQ(r.flows[1].status, FlowStatus::running);
  EXPECT_EQ(r.flows[2].status, FlowStatus::completed);
  EXPECT_EQ(r.flows[3].status, FlowStatus::pending) << "nothing at or after the duration happens";
  EXPECT_FALSE(r.flows[0].warm);
  EXPECT_TRUE(r.flows[1].warm);
  EXPECT_TRUE(r.flows[2].warm) << "a flow that starts at the end of the warm-up counts";
  // 80 us less the way to the receiver (2 us and two frames), in frames of 4,178 bytes.
  const double packets = (80e-6 - 2e-6 - 0.334e-6) * 100e9 / 8 / 4178;
  EXPECT_NEAR(static_cast<double>(r.flows[1].delivered.v) / 4096, packets, 1.5);
}

}  // namespace
}  // namespace weft
