// Scheduled pods that core switches join with plain RoCE, run as a whole: order, losses, pauses, and where frames carry a GSE header.
#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "support/credit_accounts.hh"
#include "support/gse_runs.hh"

namespace weft {

using namespace test;

namespace {

// Three pods of 16 hosts; their border switches, or without any their leaves, have `core_uplinks` links each to the cores.
std::string three_pods(int borders_per_pod, int core_uplinks) {
  return "topology: { kind: multi-pod, radix: 16, pods: 3, leaves_per_pod: 4, hosts_per_leaf: 4, aggs_per_pod: 4, borders_per_pod: " +
         std::to_string(borders_per_pod) + ", core_uplinks: " + std::to_string(core_uplinks) +
         ", link: { rate: 400Gbps, delay: 300ns }, uplink: { rate: 400Gbps, delay: 1us } }\n"
         "fabric: { transport: roce, congestion: none, scheduling: gse, mtu: 4096 }\nseed: 1\n";
}
const std::string borders = three_pods(2, 8), straight = three_pods(0, 4);  // 1:1

// Flow i: within the pod to the next leaf, or to the same place of the next pod.
std::string flows(bool within, const char* size) {
  std::string list;
  for (int host = 0; host < 48; ++host) {
    const int dst = within ? host / 16 * 16 + (host + 4) % 16 : (host + 16) % 48;
    list += "{ src: " + std::to_string(host) + ", dst: " + std::to_string(dst) + ", size: " + size + " }, ";
  }
  return "workloads: [ { kind: flows, flows: [ " + list + "] } ]\n";
}

void expect_pauses_outside_only(const Results& results) {
  for (const PortResult& port : results.ports) {
    const bool outside = port.from.rfind("host", 0) == 0 || port.to.rfind("host", 0) == 0 || port.from.rfind("core", 0) == 0 ||
                         port.to.rfind("core", 0) == 0;
    EXPECT_TRUE(outside || port.pauses_sent == 0) << port.from << '>' << port.to;
  }
}

struct Case {
  const char* name;
  const std::string* network;
  std::vector<std::string> overrides;
};

class GsePods : public ::testing::TestWithParam<Case> {};

TEST_P(GsePods, OrderHoldsWithinAndBetweenPods) {
  const Case& c = GetParam();
  for (const bool within : {true, false}) {
    const Results r = in_order(*c.network + flows(within, "1MB"), c.overrides);
    expect_order_kept(r);
    expect_pauses_outside_only(r);
    EXPECT_EQ(completed(r), 48U);
  }
}

TEST_P(GsePods, EveryFrameHoldsOnItsWire) {
  const Case& c = GetParam();
  expect_order_kept(run_wire_checked(*c.network + flows(false, "100KB"), c.overrides));
}

TEST_P(GsePods, SameBytesForAnyNumberOfThreads) {
  const Case& c = GetParam();
  const std::string text = *c.network + "workloads: [ { kind: permutation, size: 200KB }, { kind: incast, fan_in: 30, size: 50KB } ]\n";
  const std::uint64_t expected = in_order(text, c.overrides).state_hash;
  for (const unsigned threads : {2U, 3U, 7U}) EXPECT_EQ(in_order(text, c.overrides, threads).state_hash, expected) << threads;
}

// Many senders of other pods: what is full is paused towards the cores, and nothing is lost.
TEST_P(GsePods, IncastFromOtherPodsLosesNothing) {
  const Case& c = GetParam();
  std::string list;
  for (int host = 16; host < 48; ++host) list += "{ src: " + std::to_string(host) + ", dst: 0, size: 400KB }, ";
  const Results r = in_order(*c.network + "workloads: [ { kind: flows, flows: [ " + list + "] } ]\n", c.overrides);
  expect_order_kept(r);
  expect_pauses_outside_only(r);
  EXPECT_GT(32 * 400e3 * 8 / seconds(r.simulated_time - Time{}), 0.85 * 400e9 * 4096 / 4178);
}

INSTANTIATE_TEST_SUITE_P(Networks, GsePods,
                         ::testing::Values(Case{"borders", &borders, {}}, Case{"straight", &straight, {}},
                                           Case{"borders_nics", &borders, {"fabric.gse={ mode: e2e }"}},
                                           Case{"straight_nics", &straight, {"fabric.gse={ mode: e2e }"}}),
                         [](const auto& drawn) { return std::string(drawn.param.name); });

// With credits the cores' links, too, wait instead of being paused; every credit comes back.
TEST(GsePodsCredits, NothingIsLostOrPausedAndEveryCreditComesBack) {
  std::string list;
  for (int host = 16; host < 48; ++host)
    list += "{ src: " + std::to_string(host) + ", dst: " + std::to_string(host % 3) + ", size: 200KB }, ";
  const std::string work = "workloads: [ { kind: permutation, size: 100KB }, { kind: flows, flows: [ " + list + "] } ]\n";
  for (const std::string* network : {&borders, &straight}) {
    for (const char* mode : {"n2n", "e2e"}) {
      const Results r =
          expect_all_credits_back(*network + work, {"fabric.lossless=cbfc", std::string("fabric.gse={ mode: ") + mode + " }"});
      expect_order_kept(r);
      EXPECT_EQ(completed(r), 80U);
      Duration at_cores{};
      for (const PortResult& port : r.ports) {
        EXPECT_TRUE(port.pauses_sent == 0 || port.to.rfind("host", 0) == 0) << port.from << '>' << port.to;  // a NIC its own host
        if (port.from.rfind("core", 0) == 0) at_cores += port.link.credit_blocked;
      }
      EXPECT_GT(at_cores.v, 0) << mode;
    }
  }
}

// Ports between such nodes that carried more than acknowledgements.
std::set<std::string> used(const Results& r, const std::string& from, const std::string& to) {
  std::set<std::string> ports;
  for (const PortResult& port : r.ports) {
    if (port.from.rfind(from, 0) == 0 && port.to.rfind(to, 0) == 0 && port.packets > 100) ports.insert(port.from + ">" + port.to);
  }
  return ports;
}

// One flow keeps one border and one core; many use all of them.
TEST(GsePodsWays, AFlowKeepsOneBorderAndManyUseAll) {
  const Results one = in_order(borders + "workloads: [ { kind: flows, flows: [ { src: 0, dst: 16, size: 1MB } ] } ]\n");
  EXPECT_EQ(used(one, "border", "core").size(), 1U);
  EXPECT_EQ(used(one, "core", "border").size(), 1U);
  const Results many = in_order(borders + "workloads: [ { kind: permutation, size: 1MB } ]\n");
  EXPECT_GE(used(many, "border", "core").size(), 12U);
}

// A GSP with links to cores of its own leaves by these; what it needs in its pod is only the rest of the way where it enters.
TEST(GsePodsWays, ABorderLeavesByItsOwnLinks) {
  for (const int src : {0, 5, 10, 15}) {
    const Results r =
        in_order(straight + "workloads: [ { kind: flows, flows: [ { src: " + std::to_string(src) + ", dst: 16, size: 1MB } ] } ]\n");
    const auto out = used(r, "leaf", "core");
    ASSERT_EQ(out.size(), 1U);
    EXPECT_EQ(out.begin()->rfind("leaf" + std::to_string(src / 4) + ">", 0), 0U) << *out.begin();
  }
}

// Beyond its pod a packet has the hash that its NIC gave it, there and on the way back: from the core that it reaches it goes on as
// without a schedule, when only that core can be reached.
TEST(GsePodsWays, CoresSeeTheNicsOwnHash) {
  for (const char* operation : {"write", "read"}) {
    for (const int src : {0, 5, 10}) {
      const std::string flow = "workloads: [ { kind: flows, flows: [ { src: " + std::to_string(src) + ", dst: " + std::to_string(src + 17) +
                               ", size: 1MB, operation: " + operation + " } ] } ]\n";
      const auto on = used(in_order(borders + flow), "core", "border");
      ASSERT_EQ(on.size(), 1U);
      std::string others;
      for (const char* core : {"core0", "core1", "core2", "core3"}) {
        if (on.begin()->rfind(core, 0) != 0) others += std::string("{ link: \"border*-") + core + "\", down: 0us }, ";
      }
      EXPECT_EQ(used(in_order(borders + flow, {"fabric.scheduling=none", "links=[ " + others + "]"}), "core", "border"), on);
    }
  }
}

// No links within the pod lead from leaf0 any more: to its neighbours it is round by the cores, as RoCE.
TEST(GsePodsWays, ATornPodMeetsAtTheCores) {
  const Results r = in_order(straight +
                                 "workloads: [ { kind: flows, flows: [ { src: 0, dst: 4, size: 1MB }, { src: 8, dst: 1, size: 1MB }, "
                                 "{ src: 5, dst: 9, size: 1MB } ] } ]\n",
                             {"links=[ { link: leaf0-agg*, down: 0us } ]"});
  expect_order_kept(r);
  EXPECT_EQ(completed(r), 3U);
  const auto from_cores = used(r, "core", "leaf");
  EXPECT_GE(from_cores.size(), 2U);
  for (const std::string& port : from_cores)
    EXPECT_TRUE(port.find(">leaf0") != std::string::npos || port.find(">leaf1") != std::string::npos) << port;
}

// What windows and credits are scaled by is a round trip within a pod, though border switches and cores are further: links of
// 300 ns, 1 us, 1 us and 300 ns, there and back, and a full frame on four links.
TEST(GsePodsWays, RoundTripsAreThoseOfAPod) {
  for (const std::string* network : {&borders, &straight}) {
    Simulation simulation(scenario_of(*network + flows(true, "1KB")), RunOptions{});
    EXPECT_GT(microseconds(simulation.network().gse->round_trip), 5.2 + 4 * 4178 * 8 / 400e3);
    EXPECT_LT(microseconds(simulation.network().gse->round_trip), 5.2 + 4 * (4178 + 110) * 8 / 400e3);
  }
}

// All ways out of a border die: its port knows after `detect`, everybody else with the routes; then its flows take the other border.
TEST(GsePodsWays, WhatADeadBorderCarriedTakesTheOther) {
  const std::string text = borders + flows(false, "2MB");
  const Results whole = in_order(text), r = in_order(text, {"links=[ { link: \"border0-core*\", down: 20us } ]", "fabric.detect=3us",
                                                            "fabric.convergence=50us", "fabric.timeout_exponent=6"});
  EXPECT_EQ(r.status, RunStatus::done) << r.status_reason;
  EXPECT_EQ(completed(r), 48U);
  const auto bytes = [](const Results& results, const std::string& border) {
    double sum = 0;
    for (const PortResult& port : results.ports)
      sum += port.from == border && port.to.rfind("core", 0) == 0 ? static_cast<double>(port.bytes) : 0;
    return sum;
  };
  EXPECT_LT(bytes(r, "border0"), 0.5 * bytes(whole, "border0"));
  EXPECT_GE(bytes(r, "border1") - bytes(whole, "border1"), bytes(whole, "border0") - bytes(r, "border0"));
  ASSERT_EQ(r.faults.size(), 1U);
  const FaultResult& fault = r.faults[0];
  EXPECT_EQ(fault.links.size(), 8U);
  EXPECT_DOUBLE_EQ(microseconds(fault.first_heard - fault.at), 3);
  EXPECT_DOUBLE_EQ(microseconds(fault.last_heard - fault.at), 50);
  // What was on its way, 1 us, and what started before the ports knew, in both directions.
  constexpr auto most = static_cast<std::uint64_t>(8 * 2 * ((1 + 3) * 400e3 / 8 / 4178 + 1));
  EXPECT_GT(fault.lost, 0U);
  EXPECT_LE(fault.lost, most);
  EXPECT_EQ(fault.lost, r.counters.drops);
  EXPECT_LE(microseconds(fault.last_lost - fault.at), 3);
}

}  // namespace
}  // namespace weft
