// Scheduled fabrics over long links and through heavy losses: what is on its way is more than small counters hold, and what is lost more
// than is held for order.
#include <gtest/gtest.h>

#include "support/gse_runs.hh"

namespace weft {

using namespace test;

namespace {

std::string far_fabric(int leaves, const std::string& uplink) {
  return "topology: { kind: leaf-spine, leaves: " + std::to_string(leaves) +
         ", spines: 2, hosts_per_leaf: 4, link: { rate: 400Gbps, delay: 500ns }, uplink: { length: " + uplink +
         " } }\nfabric: { transport: roce, scheduling: gse, congestion: none }\n";
}

std::string incast_of_twelve(const std::string& size) {
  std::string flows;
  for (int source = 4; source < 16; ++source) flows += "{ src: " + std::to_string(source) + ", dst: 0, size: " + size + " }, ";
  return "workloads: [ { kind: flows, flows: [ " + flows + "] } ]\n";
}

const std::string two_flows = "workloads: [ { kind: flows, flows: [ { src: 4, dst: 0, size: 20MB }, { src: 5, dst: 0, size: 20MB } ] } ]\n";

// From about 9 km on more than 8 MiB, 2^15 units, are granted and not here.
class GseFarLinks : public ::testing::TestWithParam<const char*> {};

TEST_P(GseFarLinks, GrantsGoOn) {
  const Results r = in_order(far_fabric(2, GetParam()) + two_flows);
  expect_order_kept(r);
  EXPECT_EQ(completed(r), 2U);
  EXPECT_EQ(gse_count(r, "credit_written_off"), 0U);  // timers follow the round trip
}
INSTANTIATE_TEST_SUITE_P(Lengths, GseFarLinks, ::testing::Values("9km", "10km", "20km", "100km"));

TEST(GseFarLinks, AnIncastFromAHundredKilometresLosesNothing) {
  const Results r = in_order(far_fabric(4, "100km") + incast_of_twelve("4MB"));
  expect_order_kept(r);
  EXPECT_EQ(completed(r), 12U);
}

// The largest sizes that may be written, in a buffer for them.
TEST(GseFarLinks, EveryWindowThatMayBeWrittenWorks) {
  for (const char* gse : {"{ window: 1GB, initial_credit: 0B }", "{ window: 1GB, initial_credit: 1GB }"}) {
    const Results r = in_order(far_fabric(2, "100km") + two_flows, {std::string("fabric.gse=") + gse, "fabric.buffer=1GB"});
    expect_order_kept(r);
    EXPECT_EQ(completed(r), 2U);
  }
}

// Grants never come, and no timeout ends it: who asks is named, and for which port.
TEST(GseFarLinks, WhoWaitsForGrantsIsNamed) {
  const Results r = in_order(far_fabric(2, "100m") + two_flows, {"links=[ { link: spine*>leaf1, loss: 1 } ]", "fabric.timeout_exponent=0",
                                                                 "fabric.gse={ initial_credit: 0B }"});
  EXPECT_EQ(r.status, RunStatus::stuck);
  std::size_t named = 0;
  for (const WaitEdge& wait : r.waits)
    named += wait.waiter == "leaf1" && wait.waits_for == "leaf0>host0" && wait.reason == "without grants" ? 1 : 0;
  EXPECT_EQ(named, 1U);
}

std::string all_to_one(int leaves, const char* size) {
  return "topology: { kind: leaf-spine, leaves: " + std::to_string(leaves) +
         ", spines: 2, hosts_per_leaf: 1, link: { rate: 400Gbps, delay: 500ns }, uplink: { length: 2km } }\n"
         "fabric: { transport: roce, scheduling: gse, congestion: none, buffer: 16MB }\n"
         "workloads: [ { kind: incast, fan_in: " +
         std::to_string(leaves - 1) + ", destination: 0, size: " + size + " } ]\n";
}

// What all may send before a grant slows them, and the window, stay within half of the buffer.
TEST(GseBuffers, DefaultsFitIntoThem) {
  const Results r = in_order(all_to_one(32, "2MB"));
  expect_order_kept(r);
  EXPECT_EQ(completed(r), 31U);
  EXPECT_TRUE(r.warnings.empty()) << r.warnings.front();
  EXPECT_LE(port_named(r, "leaf0", "host0").max_queue.v, 8'000'000);
}

// Of one sender nobody waits for the others that there might be.
TEST(GseBuffers, CreditsAreSharedAmongThoseWhoSend) {
  const auto taken = [](int leaves, const char* buffer) {
    const Results r = in_order(all_to_one(leaves, "300KB"), {"workloads=[ { kind: flows, flows: [ { src: 1, dst: 0, size: 300KB } ] } ]",
                                                             std::string("fabric.buffer=") + buffer});
    return r.flows[0].receiver_done;
  };
  EXPECT_EQ(taken(32, "16MB"), taken(2, "1GB"));
}

TEST(GseBuffers, WhatDoesNotFitIsSaid) {
  const auto warned = [](const char* gse) {
    const Results r = in_order(all_to_one(32, "10KB"), {std::string("fabric.gse=") + gse});
    return r.warnings.size() == 1 && r.warnings[0].find("31 GSPs") != std::string::npos;
  };
  EXPECT_TRUE(warned("{ initial_credit: 1MB }"));
  EXPECT_TRUE(warned("{ window: 9MB }"));
  EXPECT_FALSE(warned("{ initial_credit: 20KB, window: 5MB }"));
}

// A switch with room for less than its window: it drops all the time, and streams lose more than is held of them. All messages come in
// the end, and later ones, too.
TEST(GseHeavyLosses, AnIncastThatOverflowsHeals) {
  std::string work = incast_of_twelve("1MB");
  work.resize(work.rfind("] } ]"));
  for (int source = 4; source < 16; ++source) work += "{ src: " + std::to_string(source) + ", dst: 0, size: 4KB, start: 3s }, ";
  const Results r = in_order(
      "topology: { kind: leaf-spine, leaves: 4, spines: 4, hosts_per_leaf: 4, link: { rate: 400Gbps, delay: 500ns } }\n"
      "fabric: { transport: roce, scheduling: gse, congestion: none, buffer: 1MB, gse: { initial_credit: 250KB, window: 600KB } }\n" +
      work + "] } ]\n");
  EXPECT_EQ(r.status, RunStatus::done) << r.status_reason;
  EXPECT_GT(r.counters.drops_buffer, 100U);
  EXPECT_EQ(completed(r), 24U);
}

// Bad spells of a link that are longer than a window.
TEST(GseHeavyLosses, SpellsOfLossesHeal) {
  for (int seed = 3; seed <= 7; ++seed) {
    const Results r = in_order(
        "topology: { kind: leaf-spine, leaves: 2, spines: 1, hosts_per_leaf: 4, link: { rate: 400Gbps, delay: 500ns } }\n"
        "fabric: { transport: roce, scheduling: gse, congestion: none, timeout_exponent: 10, stall: 400ms }\n"
        "links: [ { link: leaf1-spine0, loss: { kind: gilbert-elliott, good_to_bad: 1e-4, bad_to_good: 5e-4 } } ]\n" +
            two_flows,
        {"seed=" + std::to_string(seed)});
    EXPECT_EQ(r.status, RunStatus::done) << r.status_reason;
    EXPECT_EQ(completed(r), 2U) << seed;
  }
}

}  // namespace
}  // namespace weft
