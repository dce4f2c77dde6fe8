// Scheduled fabrics whose GSPs are the NICs (mode e2e), and NICs shared by several hosts in both modes, run as a whole.
#include <gtest/gtest.h>

#include <algorithm>

#include "support/gse_runs.hh"

namespace weft {

using namespace test;

namespace {

const std::string fabric = R"(
topology: { kind: leaf-spine, leaves: 4, spines: 8, hosts_per_leaf: 8, link: { rate: 400Gbps, delay: 1us } }
fabric: { transport: roce, congestion: none, scheduling: gse, mtu: 4096, gse: { mode: e2e } }
seed: 1
)";

Results run_nics(const std::string& workloads, const std::vector<std::string>& overrides = {}, unsigned threads = 1) {
  return in_order(fabric + "workloads: " + workloads + "\n", overrides, threads);
}

void expect_no_pause_beyond_nics(const Results& results) {
  for (const PortResult& port : results.ports) {
    const bool pcie = port.from.rfind("host", 0) == 0 || port.to.rfind("host", 0) == 0;
    EXPECT_TRUE(pcie || port.pauses_sent == 0) << port.from << '>' << port.to;
  }
}

// From 4 MB to 24 MB a flow has its steady rate. The most there can be: payload by what a full frame takes on the NIC's wire.
TEST(GseNics, PermutationRunsAtTheLinesRate) {
  const Results small = run_nics("[ { kind: permutation, size: 4MB } ]"), large = run_nics("[ { kind: permutation, size: 24MB } ]");
  expect_order_kept(small);
  expect_order_kept(large);
  expect_no_pause_beyond_nics(large);
  const double least = least_steady_rate(small, large), most = 400e9 * 4096 / (4178 + 16);
  RecordProperty("least_over_most", std::to_string(least / most));
  EXPECT_GE(least, 0.98 * most);
}

// Containers take the leaf's uplinks in turn, though each NIC has one link only.
TEST(GseNics, LeavesSprayWhatNicsFill) {
  const Results r = run_nics("[ { kind: flows, flows: [ { src: 0, dst: 8, size: 4MB } ] } ]");
  expect_order_kept(r);
  std::uint64_t least = ~0ULL, most = 0;
  for (int spine = 0; spine < 8; ++spine) {
    const std::uint64_t bytes = port_named(r, "leaf0", "spine" + std::to_string(spine)).bytes;
    least = std::min(least, bytes), most = std::max(most, bytes);
  }
  EXPECT_LE(most - least, 40'000U);
}

// By number in turn, or each container by itself: other ways, and no packet of a container leaves the others.
TEST(GseNics, LeavesSprayAsTheyAreTold) {
  const auto sprayed = [](const std::string& spray) {
    const Results r = run_nics("[ { kind: permutation, size: 400KB } ]",
                               {"topology={ kind: clos, pods: 2, leaves_per_pod: 2, aggs_per_pod: 2, cores: 4, hosts_per_leaf: 4, "
                                "link: { rate: 100Gbps, delay: 300ns } }",
                                "fabric.gse={ mode: e2e, spray: " + spray + " }"});
    expect_order_kept(r);
    EXPECT_EQ(gse_count(r, "packets_lost"), 0U);
    return r.state_hash;
  };
  EXPECT_NE(sprayed("round-robin"), sprayed("random"));
  expect_refused(fabric, {"fabric.gse={ mode: e2e, spray: least-queued }", "a leaf remembers none"});
}

TEST(GseNics, IncastLosesNothingAndPausesNothingInside) {
  for (const char* gse :
       {"{ mode: e2e }", "{ mode: e2e, container: 4KB, spray: random }",
        "{ mode: e2e, initial_credit: 0B, window: 900KB, request_step: 4KB }", "{ mode: e2e, initial_credit: 200KB, nic_buffer: 50KB }"}) {
    const Results r = run_nics("[ { kind: incast, fan_in: 31, size: 400KB } ]", {std::string("fabric.gse=") + gse});
    expect_order_kept(r);
    expect_no_pause_beyond_nics(r);
    EXPECT_GT(31 * 400e3 * 8 / seconds(r.simulated_time - Time{}), 0.85 * 400e9 * 4096 / 4178) << gse;
  }
}

TEST(GseNics, LossesHeal) {
  for (int seed = 1; seed <= 3; ++seed) {
    const Results r =
        run_nics("[ { kind: permutation, size: 1MB } ]",
                 {"seed=" + std::to_string(seed), "links=[ { link: \"nic*-leaf*\", loss: 0.001 } ]", "fabric.timeout_exponent=6"});
    EXPECT_EQ(r.status, RunStatus::done) << r.status_reason;
    EXPECT_EQ(completed(r), 32U);
    EXPECT_GT(r.counters.drops_loss, 0U);
  }
}

TEST(GseNics, SameBytesForAnyNumberOfThreads) {
  const std::string work = "[ { kind: incast, fan_in: 20, size: 100KB }, { kind: permutation, size: 200KB } ]";
  const std::uint64_t expected = run_nics(work).state_hash;
  for (const unsigned threads : {2U, 3U, 7U}) EXPECT_EQ(run_nics(work, {}, threads).state_hash, expected) << threads;
}

// Four GPUs a server share two NICs, host i and i + 2 the same one: queues for one exit are one queue.
TEST(GseNics, HostsThatShareANicShareItsExit) {
  for (const char* mode : {"n2n", "e2e"}) {
    expect_order_kept(run_wire_checked(fabric + "workloads: [ { kind: permutation, size: 300KB } ]\n",
                                       {"topology.server={ gpus: 4, nics: 2, pcie: {} }", std::string("fabric.gse.mode=") + mode}));
  }
}

// A container holds packets for all hosts of an exit. Where the fabric has several ways beyond the first switch, too, they keep together.
TEST(GseNics, ContainersForASharedExitKeepTogether) {
  for (const char* spray : {"round-robin", "random", "least-queued"}) {
    const Results r = run_nics("[ { kind: permutation, size: 100KB }, { kind: incast, fan_in: 15, size: 50KB, destination: 0 } ]",
                               {"topology={ kind: clos, pods: 2, leaves_per_pod: 2, aggs_per_pod: 2, cores: 4, hosts_per_leaf: 4, "
                                "link: { rate: 100Gbps, delay: 300ns }, server: { gpus: 4, nics: 1, pcie: {} } }",
                                std::string("fabric.gse={ mode: n2n, spray: ") + spray + " }"});
    expect_order_kept(r);
    EXPECT_EQ(gse_count(r, "packets_lost"), 0U) << spray;
  }
}

// Where the switch is the GSP this is refused; a NIC sprays over both of its links.
TEST(GseNics, ANicMayHangOnTwoSwitches) {
  const Results r =
      run_nics("[ { kind: flows, flows: [ { src: 0, dst: 1, size: 1MB } ] } ]",
               {"topology={ kind: graph, link: { rate: 100Gbps, delay: 1us }, graph: { hosts: [a, b], switches: [s, t], links: [ "
                "{ a: a, b: s }, { a: a, b: t }, { a: b, b: s }, { a: b, b: t } ] } }"});
  expect_order_kept(r);
  EXPECT_NEAR(static_cast<double>(port_named(r, "nic0", "s").bytes), static_cast<double>(port_named(r, "nic0", "t").bytes), 40'000);
}

TEST(GseNics, WhatMakesNoSenseIsRefused) {
  const Refusal refusals[] = {
      {"topology.reduction=access", "behind no NIC"},
      {"topology.server={ gpus: 4, nics: 8, pcie: {} }", "give each host one NIC"},
      {"fabric.gse={ mode: n2n, nic_buffer: 1MB }", "'nic_buffer'"},
  };
  for (const Refusal& refusal : refusals) expect_refused(fabric, refusal);
}

// On the NICs' wires, too.
TEST(GseNics, FramesHoldOnTheWire) { expect_frames_hold(fabric); }

// GSP numbers have 16 bits.
TEST(GseNics, MoreThanTheirNumbersAreRefused) {
  const std::string large = R"(
topology: { kind: leaf-spine, leaves: 4, spines: 1, hosts_per_leaf: 16384, link: { rate: 400Gbps, delay: 1us } }
fabric: { scheduling: gse, congestion: none, gse: { mode: e2e } }
)";
  expect_refused(large, {"seed=1", "at most 65535 GSPs"});
  expect_refused(large, {"seed=1", "every NIC is one: write mode: n2n"});
}

}  // namespace
}  // namespace weft
