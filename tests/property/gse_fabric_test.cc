// Scheduled fabrics with unmodified RoCE NICs, run as a whole. In every test the order at the NICs is watched (sim/order_watch.hh);
// beside that, a RoCE responder that sees a gap answers with a NAK.
#include <gtest/gtest.h>

#include <algorithm>
#include <map>

#include "support/gse_runs.hh"

namespace weft {

using namespace test;

namespace {

const std::string fabric = R"(
topology: { kind: leaf-spine, leaves: 4, spines: 8, hosts_per_leaf: 8, link: { rate: 400Gbps, delay: 1us } }
fabric: { transport: roce, congestion: none, scheduling: gse, mtu: 4096 }
seed: 1
)";

Results run_gse(const std::string& workloads, const std::vector<std::string>& overrides = {}, unsigned threads = 1) {
  return in_order(fabric + "workloads: " + workloads + "\n", overrides, threads);
}

// From 4 MB to 24 MB a flow has its steady rate. The most there can be: payload by what a full frame takes between switches.
TEST(GseFabric, PermutationRunsAtTheLinesRate) {
  const Results small = run_gse("[ { kind: permutation, size: 4MB } ]"), large = run_gse("[ { kind: permutation, size: 24MB } ]");
  expect_order_kept(small);
  expect_order_kept(large);
  const double least = least_steady_rate(small, large), most = 400e9 * 4096 / (4178 + 16);
  RecordProperty("least_over_most", std::to_string(least / most));
  EXPECT_GE(least, 0.98 * most);
}

// Nothing but the NICs' own links may be paused, and nothing is lost, however containers are made and sprayed.
TEST(GseFabric, IncastLosesNothingAndPausesNothingInside) {
  for (const char* gse : {"{ container: 4KB }", "{ container: 16KB, spray: random }", "{ container: 64KB, spray: least-queued }",
                          "{ initial_credit: 0B }", "{ initial_credit: 0B, window: 900KB, request_step: 4KB }"}) {
    const Results r = run_gse("[ { kind: incast, fan_in: 31, size: 400KB } ]", {std::string("fabric.gse=") + gse});
    expect_order_kept(r);
    for (const PortResult& port : r.ports) {
      const bool inside = port.from.rfind("host", 0) != 0 && port.to.rfind("host", 0) != 0;
      EXPECT_TRUE(!inside || port.pauses_sent == 0) << port.from << '>' << port.to;
    }
    const double goodput = 31 * 400e3 * 8 / seconds(r.simulated_time - Time{});
    EXPECT_GT(goodput, 0.9 * 400e9 * 4096 / 4178) << gse;
  }
}

// Equal messages that all want the port all the time end within 5 % of each other: one behind each switch; six, three and one, and
// two at the receiver's own. Long enough that initial credit, one a switch, does not count.
class GseShares : public ::testing::TestWithParam<std::vector<int>> {};

TEST_P(GseShares, SendersShareWithinFivePercent) {
  std::string flows;
  for (const int source : GetParam()) flows += "{ src: " + std::to_string(source) + ", dst: 0, size: 12MB }, ";
  const Results r = run_gse("[ { kind: flows, flows: [ " + flows + "] } ]");
  expect_order_kept(r);
  Duration least = r.flows[0].receiver_done - r.flows[0].start, most = least;
  for (const FlowResult& flow : r.flows) {
    least = std::min(least, flow.receiver_done - flow.start);
    most = std::max(most, flow.receiver_done - flow.start);
  }
  EXPECT_LE(seconds(most), 1.05 * seconds(least));
}
INSTANTIATE_TEST_SUITE_P(Senders, GseShares,
                         ::testing::Values(std::vector{8, 16, 24}, std::vector{1, 2, 8, 9, 10, 11, 12, 13, 16, 17, 18, 24}));

// A receiver at a tenth of the rate: its sender waits, all others end when they would have.
TEST(GseFabric, ASlowReceiverSlowsNobodyElse) {
  const std::string work = "[ { kind: permutation, size: 2MB } ]";
  const Results healthy = run_gse(work), slow = run_gse(work, {"links=[ { link: host9-leaf1, rate: 40Gbps } ]"});
  expect_order_kept(slow);
  std::size_t others = 0;
  for (std::size_t i = 0; i < slow.flows.size(); ++i) {
    const FlowSpec& spec = slow.flows[i].spec;
    if (spec.dst.v == 9 || spec.src.v == 9) continue;
    ++others;
    EXPECT_NEAR(microseconds(slow.flows[i].receiver_done - slow.flows[i].start) /
                    microseconds(healthy.flows[i].receiver_done - healthy.flows[i].start),
                1, 0.03)
        << i;
  }
  EXPECT_EQ(others, 30U);
}

// Queues exist while they are needed: as many as destinations used at a time, and none in the end.
TEST(GseFabric, QueuesAreMadeOnDemand) {
  const Results one = run_gse("[ { kind: flows, flows: [ { src: 0, dst: 8, size: 1MB } ] } ]");
  expect_order_kept(one);
  EXPECT_EQ(gse_count(one, "queues_made"), 2U);  // the data's and the acknowledgements'
  EXPECT_EQ(gse_count(one, "most_queues"), 1U);
  const Results later = run_gse("[ { kind: flows, flows: [ { src: 0, dst: 8, size: 1MB }, { src: 0, dst: 8, size: 1MB, start: 1ms } ] } ]");
  EXPECT_EQ(gse_count(later, "queues_made"), 4U);
  expect_order_kept(later);
}

// Frames lost between switches, data, requests and grants alike: everything arrives all the same, order holds, credit heals.
TEST(GseFabric, LossesHeal) {
  std::map<std::string, std::uint64_t> met;
  for (int seed = 1; seed <= 6; ++seed) {
    const Results r = run_gse("[ { kind: permutation, size: 1MB } ]",
                              {"seed=" + std::to_string(seed), "links=[ { link: \"spine*-leaf*\", loss: 0.001 } ]",
                               "fabric.gse={ initial_credit: 20KB }", "fabric.timeout_exponent=6"});
    EXPECT_EQ(r.status, RunStatus::done) << r.status_reason;
    EXPECT_EQ(completed(r), 32U);
    for (const NamedCount& count : r.gse) met[count.name] += count.count;
  }
  for (const char* name : {"requests_repeated", "packets_lost", "holes_passed_over"}) EXPECT_GT(met[name], 0U) << name;
}

TEST(GseFabric, SameBytesForAnyNumberOfThreads) {
  const std::string work = "[ { kind: incast, fan_in: 20, size: 100KB }, { kind: permutation, size: 200KB } ]";
  const std::uint64_t expected = run_gse(work).state_hash;
  for (const unsigned threads : {2U, 3U, 7U}) EXPECT_EQ(run_gse(work, {}, threads).state_hash, expected) << threads;
}

TEST(GseFabric, WhatMakesNoSenseIsRefused) {
  const Refusal refusals[] = {
      {"fabric={ transport: uet, scheduling: gse }", "its senders choose paths"},
      {"fabric={ scheduling: gse, load_balancing: ecmp }", "containers are sprayed"},
      {"fabric={ gse: { container: 8KB } }", "'gse' without a scheduled fabric"},
      {"fabric={ scheduling: gse, gse: { container: 100KB } }", "too large"},
      {"fabric={ scheduling: gse, lossless: cbfc, notify_class: 3 }", "without credits"},
      {"fabric={ scheduling: gse, lossless: cbfc, ack_class: 7 }", "without credits"},
      {"fabric={ scheduling: gse, gse: { quantum: 16KB, window: 20KB } }", "more than half the window"},
      {"topology={ kind: graph, link: { rate: 100Gbps, delay: 1us }, graph: { hosts: [a, b], switches: [s, t], links: [ "
       "{ a: a, b: s }, { a: a, b: t }, { a: b, b: s }, { a: s, b: t } ] } }",
       "ways into the network"},
  };
  for (const Refusal& refusal : refusals) expect_refused(fabric, refusal);
}

// Bit errors on every link, repaired by the links: nothing is lost or out of order, and no queue waits for a timer.
TEST(GseFabric, LinksThatRepairThemselvesLeaveNothingToHeal) {
  const std::string work = "[ { kind: permutation, size: 2MB } ]";
  const Results bare = run_gse(work, {"fabric.ber=1e-8", "fabric.timeout_exponent=6"});
  EXPECT_GT(gse_count(bare, "packets_lost") + gse_count(bare, "holes_passed_over"), 0U);
  const Results r = run_gse(work, {"fabric.ber=1e-8", "fabric.llr={ enabled: true }"});
  expect_order_kept(r);
  EXPECT_GT(r.counters.corrupted, 10U);
  EXPECT_EQ(gse_count(r, "holes_passed_over") + gse_count(r, "packets_lost") + gse_count(r, "drops_late"), 0U);
}

// What all these tests look at counts where nothing keeps order.
TEST(GseFabric, OrderIsWatched) {
  const auto out_of_order = [](const std::string& overrides) {
    return run_watched(scenario_of(fabric + "workloads: [ { kind: permutation, size: 400KB } ]\n", {overrides})).out_of_order;
  };
  EXPECT_GT(out_of_order("fabric={ congestion: none, load_balancing: spray-random }"), 0U);
  EXPECT_EQ(out_of_order("fabric={ congestion: none, load_balancing: ecmp }"), 0U);
  EXPECT_EQ(run_text(fabric + "workloads: [ { kind: permutation, size: 4KB } ]\n").out_of_order, std::nullopt);
}

TEST(GseFabric, FramesHoldOnTheWire) { expect_frames_hold(fabric); }

}  // namespace
}  // namespace weft
