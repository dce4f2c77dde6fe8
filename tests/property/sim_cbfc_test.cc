// Credit-based flow control, simulated whole: nothing is lost, one bandwidth-delay product of credit keeps the line busy, less of it
// gives credit / loop, and what lost packets and lost updates held comes back.
#include <gtest/gtest.h>

#include <cmath>

#include "base/error.hh"
#include "support/sim_runs.hh"

namespace weft {

using namespace test;

namespace {

constexpr double line = 400e9, delay = 5e-6;

std::string flow_over_one_link(const std::string& transport, const std::string& more = "", const std::string& links = "[]") {
  return "topology: { kind: switch, hosts: 2, link: { rate: 400Gbps, delay: 5us } }\nfabric: { transport: " + transport +
         ", congestion: none, lossless: cbfc" + more + " }\nlinks: " + links +
         "\nworkloads: [ { kind: flows, flows: [ { src: 0, dst: 1, size: 40MB } ] } ]\n";
}

double finish(const Results& r) { return seconds(r.flows.at(0).receiver_done - r.flows.at(0).start); }

class SimCbfc : public testing::TestWithParam<const char*> {};

TEST_P(SimCbfc, OneBandwidthDelayProductKeepsTheLineBusyAndLessGivesItsShare) {
  const Results full = run_text(flow_over_one_link(GetParam())),
                ample = run_text(flow_over_one_link(GetParam(), ", cbfc: { credits: 4MB }"));
  EXPECT_EQ(full.counters.drops + ample.counters.drops, 0U);
  EXPECT_NEAR(finish(full) / finish(ample), 1, 0.005);
  const Results half = run_text(flow_over_one_link(GetParam(), ", cbfc: { credits: 264KB }"));
  EXPECT_EQ(half.counters.drops + half.counters.retransmissions, 0U);
  // Whole frames in 264 KB: the last may begin while credits for a full one are left. A frame there, a CF_Update back.
  const double frame = 4178, frames = std::floor(264e3 / (33 * 128)), loop = frame * 8 / line + 64 / line + 2 * delay;
  const double share = frames * frame * 8 / line / loop;
  ASSERT_LT(share, 0.6);
  EXPECT_NEAR(finish(ample) / finish(half) / share, 1, 0.06) << "share " << share;
  EXPECT_GT(port_named(half, "host0", "switch0").link.credit_blocked.v, 0);
}

TEST_P(SimCbfc, AnIncastLosesNothing) {
  const Results r = run_text(
      "topology: { kind: leaf-spine, leaves: 3, spines: 2, hosts_per_leaf: 4, link: { rate: 100Gbps, delay: 1us } }\n"
      "fabric: { transport: " +
      std::string(GetParam()) +
      ", congestion: none, lossless: cbfc, buffer: 4MB }\n"
      "workloads: [ { kind: incast, size: 1MB, fan_in: 11, destination: 0 } ]\n");
  EXPECT_EQ(r.status, RunStatus::done) << r.status_reason;
  EXPECT_EQ(r.counters.drops + r.counters.retransmissions + r.counters.trims + r.counters.pauses, 0U);
  EXPECT_EQ(completed(r), r.flows.size());
  EXPECT_GT(r.counters.link.credit_blocked.v, 0);
}

// Packets, CF_Updates and CC_Updates are lost: every credit comes back, or the flows would starve.
TEST_P(SimCbfc, LostPacketsAndUpdatesHeal) {
  const Results r = run_text(flow_over_one_link(GetParam(), ", cbfc: { update_timer: 20us }", "[ { link: \"*\", loss: 0.01 } ]"));
  EXPECT_EQ(r.status, RunStatus::done) << r.status_reason;
  EXPECT_GT(r.counters.drops_loss, 50U);
  EXPECT_GT(r.counters.link.sets_lost, 5U);
  EXPECT_GT(r.counters.link.credit_updates, 5U);
  EXPECT_GT(r.counters.link.credits_healed, 1000U);
}

TEST_P(SimCbfc, WithLinkLevelRetryNothingIsLostOnALinkWithBitErrors) {
  const Results r = run_text(flow_over_one_link(GetParam(), ", ber: 1e-7, llr: { enabled: true }"));
  EXPECT_EQ(r.status, RunStatus::done) << r.status_reason;
  EXPECT_GT(r.counters.corrupted, 10U);
  EXPECT_EQ(r.counters.drops + r.counters.retransmissions, 0U);
}

INSTANTIATE_TEST_SUITE_P(Transports, SimCbfc, testing::Values("roce", "uet"));

TEST(SimCbfcInput, TooManyCreditsForTheBufferAreRefused) {
  EXPECT_THROW(run_text(flow_over_one_link("roce", ", buffer: 1MB, cbfc: { credits: 900KB }")), InputError);
  EXPECT_THROW(run_text(flow_over_one_link("roce", ", cbfc: { credits: 2KB }")), InputError);
  EXPECT_THROW(scenario_of(flow_over_one_link("roce", ", pfc: { xoff: 20KB }")), InputError);
  EXPECT_THROW(scenario_of("topology: { kind: switch, hosts: 2 }\nfabric: { cbfc: { credits: 1MB } }\n"
                           "workloads: [ { kind: permutation, size: 1MB } ]\n"),
               InputError);
}

}  // namespace
}  // namespace weft
