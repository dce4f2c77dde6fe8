// Links of a scheduled fabric with credits (CBFC) and with link-level retry (LLR): nothing is lost, one bandwidth-delay product of
// credit keeps the line busy and less of it gives its share, lost updates heal, every credit comes back; bit errors cost what
//   U = (1 - P) / (1 - P + P (W + 1)),  P = 1 - (1 - ber)^(8 frame), W the link's loop in frames
// says, and nothing is sent again end to end.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "support/credit_accounts.hh"
#include "support/gse_runs.hh"

namespace weft {

using namespace test;

namespace {

constexpr double line = 400e9, delay = 5e-6;
constexpr int inner = 4096 + 62 + 20, outer = inner + 16;  // a full frame on the wire, of a host and between switches

// Two hosts behind two switches, one spine: every packet takes the same four links.
std::string one_way(const std::string& fabric, const std::string& size, const std::string& links = "[]") {
  return "topology: { kind: leaf-spine, leaves: 2, spines: 1, hosts_per_leaf: 1, link: { rate: 400Gbps, delay: 5us } }\n"
         "fabric: { congestion: none, scheduling: gse, " +
         fabric + " }\nlinks: " + links + "\nworkloads: [ { kind: flows, flows: [ { src: 0, dst: 1, size: " + size + " } ] } ]\n";
}

std::string many(const std::string& fabric, const std::string& workloads) {
  return "topology: { kind: leaf-spine, leaves: 4, spines: 4, hosts_per_leaf: 4, link: { rate: 400Gbps, delay: 1us } }\n"
         "fabric: { congestion: none, scheduling: gse, " +
         fabric + " }\nworkloads: " + workloads + "\n";
}

double finish(const Results& r) { return seconds(r.flows.at(0).receiver_done - r.flows.at(0).start); }

void expect_nothing_lost(const Results& r) {
  EXPECT_EQ(r.status, RunStatus::done) << r.status_reason;
  EXPECT_EQ(completed(r), r.flows.size());
  EXPECT_EQ(r.counters.drops + r.counters.retransmissions + r.counters.pauses, 0U);
  for (const FlowResult& flow : r.flows) EXPECT_EQ(flow.naks + flow.timeouts, 0U) << flow.spec.label;
  for (const char* name : {"holes_passed_over", "packets_lost", "drops_late", "drops_beyond_window"})
    EXPECT_EQ(gse_count(r, name), 0U) << name;
}

// ---- credits -------------------------------------------------------------------------------------------------------------

TEST(GseCredits, APermutationRunsAtTheLinesRate) {
  const std::string cbfc = "lossless: cbfc";
  const Results small = in_order(many(cbfc, "[ { kind: permutation, size: 4MB } ]")),
                large = in_order(many(cbfc, "[ { kind: permutation, size: 14MB } ]"));
  expect_nothing_lost(small);
  expect_nothing_lost(large);
  const double least = least_steady_rate(small, large), most = line * 4096 / outer;
  RecordProperty("least_over_most", std::to_string(least / most));
  EXPECT_GE(least, 0.98 * most);
}

TEST(GseCredits, AnIncastLosesNothing) {
  for (const char* gse : {"{ container: 4KB }", "{ container: 16KB, spray: random }", "{ initial_credit: 0B }"}) {
    const Results r =
        in_order(many("lossless: cbfc, buffer: 16MB", "[ { kind: incast, fan_in: 15, size: 1MB } ]"), {std::string("fabric.gse=") + gse});
    expect_nothing_lost(r);
    EXPECT_GT(r.counters.link.credit_blocked.v, 0) << gse;
    EXPECT_GT(15 * 1e6 * 8 / seconds(r.simulated_time - Time{}), 0.9 * line * 4096 / inner) << gse;
  }
}

// NICs are the GSPs: their links to the network have credits, PCIe has its pauses.
TEST(GseCredits, NicsThatScheduleLoseNothing) {
  const Results r = in_order(
      many("lossless: cbfc, gse: { mode: e2e }", "[ { kind: permutation, size: 1MB }, { kind: incast, fan_in: 15, size: 200KB } ]"));
  EXPECT_EQ(r.status, RunStatus::done) << r.status_reason;
  EXPECT_EQ(completed(r), r.flows.size());
  EXPECT_EQ(r.counters.drops + r.counters.retransmissions, 0U);
}

// With initial credit for all of it a link's loop is all there is: what the credits hold, each loop of a frame there and a CF_Update back.
TEST(GseCredits, OneBandwidthDelayProductKeepsTheLineBusyAndLessGivesItsShare) {
  const std::string whole = "gse: { initial_credit: 40MB }, lossless: cbfc";
  const Results full = in_order(one_way(whole, "20MB")), ample = in_order(one_way(whole + ", cbfc: { credits: 8MB }", "20MB"));
  expect_nothing_lost(full);
  EXPECT_NEAR(finish(full) / finish(ample), 1, 0.005);
  const Results half = in_order(one_way(whole + ", cbfc: { credits: 264KB }", "20MB"));
  expect_nothing_lost(half);
  const double frames = std::floor(264e3 / (33 * 128)), loop = outer * 8 / line + 64 / line + 2 * delay;
  const double share = frames * outer * 8 / line / loop;
  ASSERT_LT(share, 0.6);
  EXPECT_NEAR(finish(ample) / finish(half) / share, 1, 0.06) << "share " << share;
}

// What waits for grants at the entry holds the credits of its host's link: by default there are enough of them for that, too.
TEST(GseCredits, WaitingForGrantsIsPartOfTheEntrysLoop) {
  for (const char* gse :
       {"lossless: cbfc", "lossless: cbfc, gse: { initial_credit: 0B }", "lossless: cbfc, gse: { container: 64KB, initial_credit: 0B }"}) {
    const Results full = in_order(one_way(gse, "20MB")), ample = in_order(one_way(std::string(gse) + ", cbfc: { credits: 16MB }", "20MB"));
    expect_nothing_lost(full);
    EXPECT_NEAR(finish(full) / finish(ample), 1, 0.01) << gse;
  }
}

TEST(GseCredits, EveryCreditComesBack) {
  // Local pairs and distant ones, frames of all sizes; then losses of everything; then flaps of links.
  const std::string mixed =
      "[ { kind: permutation, size: 300001B }, { kind: incast, fan_in: 9, size: 30KB }, { kind: flows, flows: [ { src: 1, dst: 2, size: 1B "
      "}, { "
      "src: 0, dst: 1, size: 200KB } ] } ]";
  expect_all_credits_back(many("lossless: cbfc, ack_class: 5", mixed));
  expect_all_credits_back(many("lossless: cbfc, ack_class: 5, gse: { mode: e2e }", mixed));
  expect_all_credits_back(many("lossless: cbfc, mtu: 256, cbfc: { credit_size: 64B }", mixed));
  expect_all_credits_back(many("lossless: cbfc, timeout_exponent: 6, cbfc: { update_timer: 20us }", mixed),
                          {"links=[ { link: \"*\", loss: 0.005 } ]"});
  expect_all_credits_back(
      many("lossless: cbfc, timeout_exponent: 6, detect: 2us, convergence: 5us, reroute_queued: true, cbfc: { update_timer: 20us }", mixed),
      {"links=[ { link: leaf0-spine1, down: 5us, up: 40us } ]"});
}

// CF_Updates and CC_Updates are lost, frames are not: LLR repairs them.
TEST(GseCredits, LostUpdatesHeal) {
  const Results r = in_order(many("lossless: cbfc, cbfc: { update_timer: 20us }, llr: { enabled: true, replay_count: 1000 }",
                                  "[ { kind: permutation, size: 2MB } ]"),
                             {"links=[ { link: \"*\", loss: 0.01, llr: true } ]", "fabric.timeout_exponent=12"});
  EXPECT_EQ(r.status, RunStatus::done) << r.status_reason;
  EXPECT_GT(r.counters.link.sets_lost, 20U);
  EXPECT_EQ(r.counters.drops + r.counters.retransmissions, 0U);
  const Results bare = in_order(
      many("lossless: cbfc, timeout_exponent: 6, cbfc: { update_timer: 20us }, ber: 1e-7", "[ { kind: permutation, size: 2MB } ]"));
  EXPECT_EQ(bare.status, RunStatus::done) << bare.status_reason;
  EXPECT_GT(bare.counters.link.credits_healed, 100U);
}

// Links with room for two frames, containers of one or two packets sprayed at random: what comes early would hold the credits that what
// it waits for needs, all round, did the exit not keep it as its own.
TEST(GseCredits, WhatIsHeldForItsTurnBlocksNoLink) {
  for (int seed = 1; seed <= 2; ++seed) {
    const Results r = in_order(
        many("lossless: cbfc, cbfc: { credits: 9KB, spacing: 800B }, gse: { container: 4KB, spray: random, initial_credit: 400KB }",
             "[ { kind: permutation, size: 500KB }, { kind: permutation, size: 500KB }, { kind: incast, fan_in: 15, size: 100KB } ]"),
        {"seed=" + std::to_string(seed)});
    expect_nothing_lost(r);
    EXPECT_GT(gse_count(r, "packets_held"), 100U);
  }
}

// A receiver at a tenth of the rate: its sender waits, all others end when they would have.
TEST(GseCredits, ASlowReceiverSlowsNobodyElse) {
  const std::string text = many("lossless: cbfc", "[ { kind: permutation, size: 2MB } ]");
  const Results healthy = in_order(text), slow = in_order(text, {"links=[ { link: host9-leaf2, rate: 40Gbps } ]"});
  expect_nothing_lost(slow);
  for (std::size_t i = 0; i < slow.flows.size(); ++i) {
    const FlowSpec& spec = slow.flows[i].spec;
    if (spec.dst.v == 9 || spec.src.v == 9) continue;
    EXPECT_NEAR(microseconds(slow.flows[i].receiver_done - slow.flows[i].start) /
                    microseconds(healthy.flows[i].receiver_done - healthy.flows[i].start),
                1, 0.05)
        << i;
  }
}

// A buffer that has room for what the credits stand for and 11 KB: nothing becomes the exit's own, the fabric waits, no data is lost.
TEST(GseCredits, AFullExitHoldsTheFabricBack) {
  const Results r = in_order(
      many("lossless: cbfc, cbfc: { credits: 20KB }, buffer: 206KB", "[ { kind: incast, fan_in: 15, size: 200KB, destination: 0 } ]"));
  EXPECT_EQ(r.status, RunStatus::done) << r.status_reason;
  EXPECT_EQ(r.counters.retransmissions + r.counters.pauses, 0U);
  EXPECT_GT(port_named(r, "spine0", "leaf0").link.credit_blocked.v, 0);
}

// What is in order at an exit takes half of the shared part of the buffer, and then its links' own room: 16 senders may all send what
// they have, twice as much as the shared part of 4 MB holds.
TEST(GseCredits, WhatIsInOrderTakesHalfOfTheSharedBuffer) {
  const Results r = in_order(
      many("lossless: cbfc, cbfc: { credits: 20KB }, buffer: 4195KB, gse: { initial_credit: 1MB, window: 20MB, hole_timeout: 2ms }",
           "[ { kind: incast, fan_in: 15, size: 1MB, destination: 0 } ]"));
  expect_nothing_lost(r);
  const std::int64_t most = port_named(r, "leaf0", "host0").max_queue.v;
  EXPECT_GT(most, 1'900'000);
  EXPECT_LT(most, 2'300'000);
}

// What comes early may take all of it: of a shared part of some 260 KB more than half is held.
TEST(GseCredits, WhatComesEarlyMayTakeAllOfTheSharedBuffer) {
  const Results r =
      in_order(many("lossless: cbfc, buffer: 400KB, cbfc: { credits: 9KB, spacing: 800B },"
                    " gse: { container: 4KB, spray: random, initial_credit: 400KB }",
                    "[ { kind: permutation, size: 500KB }, { kind: permutation, size: 500KB },"
                    " { kind: incast, fan_in: 15, size: 100KB } ]"));
  EXPECT_GT(gse_count(r, "most_held_bytes"), 200'000U);
}

TEST(GseCredits, SameBytesForAnyNumberOfThreads) {
  const std::string text = many("lossless: cbfc, ber: 1e-7, cbfc: { update_timer: 20us }, llr: { enabled: true }",
                                "[ { kind: incast, fan_in: 12, size: 60KB }, { kind: permutation, size: 100KB } ]");
  const std::uint64_t expected = in_order(text).state_hash;
  for (const unsigned threads : {2U, 3U, 7U}) EXPECT_EQ(in_order(text, {}, threads).state_hash, expected) << threads;
}

// ---- retry ---------------------------------------------------------------------------------------------------------------

class GseRetry : public testing::TestWithParam<double> {};

TEST_P(GseRetry, GoodputFollowsTheFormulaAndEverythingComesInOrder) {
  const double ber = GetParam();
  char links[100];
  std::snprintf(links, sizeof links, "[ { link: leaf0>spine0, ber: %g } ]", ber);
  const double p = -std::expm1(8.0 * (outer - 20) * std::log1p(-ber));
  const double loop = std::ceil((2 * delay + 64 / line) / (outer * 8 / line));
  const double formula = (1 - p) / (1 - p + p * (loop + 1));
  const Results clean = in_order(one_way("llr: { enabled: true }", "200MB")),
                r = in_order(one_way("llr: { enabled: true }", "200MB", links));
  EXPECT_NEAR(finish(clean) / finish(r) / formula, 1, 0.02) << "formula " << formula;
  EXPECT_EQ(r.status, RunStatus::done) << r.status_reason;
  EXPECT_EQ(r.counters.drops + r.counters.retransmissions + r.flows.at(0).naks + r.flows.at(0).timeouts, 0U);
  for (const char* name : {"holes_passed_over", "packets_lost", "drops_late", "drops_beyond_window"})
    EXPECT_EQ(gse_count(r, name), 0U) << name;
  if (ber < 3e-9) return;
  EXPECT_GT(port_named(r, "leaf0", "spine0").corrupted, 3U);
}

INSTANTIATE_TEST_SUITE_P(Rates, GseRetry, testing::Values(1e-12, 1e-10, 1e-9, 1e-8));

// Bit errors on every link, retry on every link, with credits and with pauses: end to end nothing is ever sent again.
TEST(GseRetryFabric, NothingIsSentAgainEndToEnd) {
  for (const char* lossless : {"pfc", "cbfc"}) {
    const Results r =
        in_order(many(std::string("ber: 1e-8, llr: { enabled: true }, lossless: ") + lossless, "[ { kind: permutation, size: 2MB } ]"));
    expect_nothing_lost(r);
    EXPECT_GT(r.counters.corrupted, 10U) << lossless;
  }
}

}  // namespace
}  // namespace weft
