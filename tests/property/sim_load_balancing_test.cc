// How packets and flows spread over equal-cost paths: evenly by each policy, within statistical bounds where chance decides.
// Bounds: a chi-square value stays below its mean plus six standard deviations, n + 6 sqrt(2 n) for n degrees of freedom.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "sim/addresses.hh"
#include "sim/network.hh"
#include "support/sim_runs.hh"

namespace weft {

using namespace test;

namespace {

double chi_square(const std::vector<std::uint64_t>& counts) {
  const double mean =
      static_cast<double>(std::accumulate(counts.begin(), counts.end(), std::uint64_t{0})) / static_cast<double>(counts.size());
  double sum = 0;
  for (const std::uint64_t c : counts) sum += (static_cast<double>(c) - mean) * (static_cast<double>(c) - mean) / mean;
  return sum;
}
double bound(double degrees) { return degrees + 6 * std::sqrt(2 * degrees); }

std::vector<std::uint64_t> uplinks(const Results& r, const std::string& from, const std::string& to, int count) {
  std::vector<std::uint64_t> packets;
  for (int i = 0; i < count; ++i) packets.push_back(port_named(r, from, to + std::to_string(i)).packets);
  return packets;
}

Results one_flow(const std::string& policy) {
  return run_text(R"(
topology: { kind: leaf-spine, leaves: 2, spines: 4, hosts_per_leaf: 2, link: { rate: 100Gbps, delay: 1us } }
fabric: { congestion: none, recovery: selective, lossless: none }
workloads: [ { kind: flows, flows: [ { src: 0, dst: 2, size: 16MiB } ] } ]
)",
                  {"fabric.load_balancing=" + policy});
}

TEST(SimLoadBalancing, EcmpKeepsAFlowOnOnePath) {
  auto packets = uplinks(one_flow("ecmp"), "leaf0", "spine", 4);
  std::sort(packets.begin(), packets.end());
  EXPECT_EQ(packets, (std::vector<std::uint64_t>{0, 0, 0, 4096}));
}

TEST(SimLoadBalancing, RandomSprayIsUniform) {
  const Results r = one_flow("spray-random");
  EXPECT_EQ(completed(r), 1U);
  const auto packets = uplinks(r, "leaf0", "spine", 4);
  EXPECT_LT(chi_square(packets), bound(3));
  EXPECT_GT(chi_square(packets), 0) << "that even would not be chance";
}

TEST(SimLoadBalancing, RoundRobinIsExact) {
  const auto packets = uplinks(one_flow("spray-round-robin"), "leaf0", "spine", 4);
  EXPECT_LE(*std::max_element(packets.begin(), packets.end()) - *std::min_element(packets.begin(), packets.end()), 1U);
}

TEST(SimLoadBalancing, LeastQueuedIsEvenOnEqualLinksAndAvoidsTheSlowOne) {
  const auto packets = uplinks(one_flow("spray-least-queued"), "leaf0", "spine", 4);
  EXPECT_LE(*std::max_element(packets.begin(), packets.end()) - *std::min_element(packets.begin(), packets.end()), 40U);
  // Eight hosts at 100 Gb/s over three uplinks of 400 Gb/s and one of 20: it gets about what it can carry.
  const Results r = run_text(R"(
topology: { kind: leaf-spine, leaves: 2, spines: 4, hosts_per_leaf: 8, link: { rate: 100Gbps, delay: 1us }, uplink: { rate: 200Gbps } }
fabric: { congestion: none, recovery: selective, lossless: none, load_balancing: spray-least-queued }
links: [ { link: "leaf0>spine3", rate: 20Gbps } ]
workloads:
  - kind: flows
    flows: [ { src: 0, dst: 8, size: 4MB }, { src: 1, dst: 9, size: 4MB }, { src: 2, dst: 10, size: 4MB }, { src: 3, dst: 11, size: 4MB } ]
)");
  const auto uneven = uplinks(r, "leaf0", "spine", 4);
  for (int i = 0; i < 3; ++i) EXPECT_GT(uneven[static_cast<std::size_t>(i)], 3 * uneven[3]);
  EXPECT_GT(uneven[3], 0U);
}

// Eight flows of 100 Gb/s over four uplinks of 200 Gb/s: with all paths alike in load, what leaves is what could leave.
Results eight_flows(const std::string& policy, const std::vector<std::string>& more = {}) {
  std::vector<std::string> sets{"fabric.load_balancing=" + policy};
  sets.insert(sets.end(), more.begin(), more.end());
  return run_text(R"(
topology: { kind: leaf-spine, leaves: 2, spines: 4, hosts_per_leaf: 8, link: { rate: 100Gbps, delay: 1us }, uplink: { rate: 200Gbps } }
fabric: { congestion: none, recovery: selective, lossless: none }
workloads:
  - kind: flows
    flows: [ { src: 0, dst: 8, size: 4MB }, { src: 1, dst: 9, size: 4MB }, { src: 2, dst: 10, size: 4MB }, { src: 3, dst: 11, size: 4MB },
             { src: 4, dst: 12, size: 4MB }, { src: 5, dst: 13, size: 4MB }, { src: 6, dst: 14, size: 4MB },
             { src: 7, dst: 15, size: 4MB } ]
)",
                  sets);
}

double slowest(const Results& r) {
  double most = 0;
  for (const FlowResult& flow : r.flows) most = std::max(most, microseconds(flow.sender_done - flow.start));
  return most;
}

TEST(SimLoadBalancing, AdaptiveRoutingUsesAllPathsEvenlyAndAvoidsTheSlowOne) {
  const Results even = eight_flows("adaptive");
  ASSERT_EQ(completed(even), 8U);
  const auto packets = uplinks(even, "leaf0", "spine", 4);
  EXPECT_LE(*std::max_element(packets.begin(), packets.end()),
            1.05 * static_cast<double>(*std::min_element(packets.begin(), packets.end())));
  EXPECT_LT(slowest(even), 1.02 * microseconds(even.flows.front().ideal));
  EXPECT_GT(slowest(eight_flows("ecmp")), 1.3 * slowest(even)) << "hashes were to collide";
  // Half the load, and a slow uplink: it gets little. Overloaded, all ports are of the last grade and look alike.
  const std::string four =
      "workloads.0.flows=[ { src: 0, dst: 8, size: 4MB }, { src: 1, dst: 9, size: 4MB }, "
      "{ src: 2, dst: 10, size: 4MB }, { src: 3, dst: 11, size: 4MB } ]";
  const auto uneven = uplinks(eight_flows("adaptive", {"links=[ { link: leaf0>spine3, rate: 20Gbps } ]", four}), "leaf0", "spine", 4);
  for (std::size_t i = 0; i < 3; ++i) EXPECT_GT(uneven[i], 3 * uneven[3]);
  EXPECT_GT(uneven[3], 0U);
}

TEST(SimLoadBalancing, AdaptiveRoutingLeavesADeadLinkBeforeRoutesChange) {
  const Results r =
      eight_flows("adaptive", {"links=[ { link: leaf0-spine1, down: 50us } ]", "fabric.convergence=10ms", "fabric.detect=2us"});
  EXPECT_EQ(completed(r), 8U);
  EXPECT_EQ(r.counters.drops, r.counters.drops_down);
  EXPECT_LT(r.counters.drops_down, 200U) << "what leaf0 had sent in 2 us, and what spine1 sends back";
}

TEST(SimLoadBalancing, FlowletsMoveFlowsOnlyWhenTheyPause) {
  // Without pauses a flow stays where it began: nothing overtakes, so nothing is sent again.
  const Results steady = eight_flows("flowlet", {"fabric.flowlet_gap=5us", "fabric.recovery=go-back-n", "fabric.lossless=pfc"});
  EXPECT_EQ(completed(steady), 8U);
  EXPECT_EQ(steady.counters.retransmissions, 0U);
  // Flows that begin together choose by load, not by chance: two on each uplink, so every flow runs at full rate.
  for (const std::uint64_t packets : uplinks(eight_flows("flowlet"), "leaf0", "spine", 4)) EXPECT_GT(packets, 0U);
  // A gap below the spacing of packets is adaptive routing: packets of one flow use all paths.
  const auto spread = uplinks(one_flow("flowlet"), "leaf0", "spine", 4);
  EXPECT_EQ(std::count(spread.begin(), spread.end(), 0U), 3);
  const Results fine = eight_flows("flowlet", {"fabric.flowlet_gap=1ns"});
  EXPECT_LT(slowest(fine), 1.02 * microseconds(fine.flows.front().ideal));
}

// One packet a flow, so that packets count flows. Three tiers: a leaf chooses among 4 aggregation switches, and each of those
// among 4 cores. If the second choice repeated the first, an aggregation switch would use a few of its cores only.
const char* const clos = R"(
topology: { kind: clos, pods: 4, leaves_per_pod: 4, aggs_per_pod: 4, cores: 16, hosts_per_leaf: 4, link: { rate: 400Gbps, delay: 500ns } }
fabric: { congestion: none }
workloads: [ { kind: all-to-all, size: 64B } ]
)";

TEST(SimLoadBalancing, HashesSpreadFlowsWithoutPolarisation) {
  const Results r = run_text(clos);
  ASSERT_EQ(completed(r), 64U * 63U);
  double first = 0, second = 0;
  int groups = 0;
  for (const PortResult& port : r.ports) {
    const bool upwards = port.from.substr(0, 3) == "agg" && port.to.substr(0, 4) == "core";
    EXPECT_TRUE(!upwards || port.packets > 0) << port.from << '>' << port.to;
  }
  std::vector<std::string> leaves, aggs;
  for (const PortResult& port : r.ports) {
    if (port.from.substr(0, 4) == "leaf") leaves.push_back(port.from);
    if (port.from.substr(0, 3) == "agg") aggs.push_back(port.from);
  }
  const auto spread = [&](std::vector<std::string> nodes, const std::string& upwards, double& sum) {
    std::sort(nodes.begin(), nodes.end());
    nodes.erase(std::unique(nodes.begin(), nodes.end()), nodes.end());
    for (const std::string& node : nodes) {
      std::vector<std::uint64_t> packets;
      for (const PortResult& port : r.ports) {
        if (port.from == node && port.to.substr(0, upwards.size()) == upwards) packets.push_back(port.packets);
      }
      ASSERT_EQ(packets.size(), 4U) << node;
      sum += chi_square(packets);
      ++groups;
    }
  };
  spread(leaves, "agg", first);
  spread(aggs, "core", second);
  EXPECT_EQ(groups, 32);
  // Each flow is a packet and an ACK with hashes of their own: independent draws. 16 switches of 3 degrees of freedom.
  EXPECT_LT(first, bound(48));
  EXPECT_LT(second, bound(48));
}

// The same hashes at two switches: their choices must be independent (a 4 by 4 contingency table, 9 degrees of freedom).
TEST(SimLoadBalancing, SwitchesDecideIndependently) {
  const std::uint16_t ports[] = {0, 1, 2, 3};
  Ecmp policy;
  const auto depth = [](std::size_t) { return 0U; };
  double sum = 0;
  for (std::uint64_t pair = 0; pair < 20; ++pair) {
    const std::uint64_t a = random_key(1, RandomRoom::routing, (std::uint64_t{1} << 32) + 2 * pair),
                        b = random_key(1, RandomRoom::routing, (std::uint64_t{1} << 32) + 2 * pair + 1);
    std::vector<std::uint64_t> table(16);
    for (std::uint32_t i = 0; i < 16'000; ++i) {
      const std::uint32_t hash = tuple_hash(i % 64, 64 + i % 61, static_cast<std::uint16_t>(0xc000 + i % 16384));
      const std::size_t x = policy.choose(Choice{ports, hash, 0, a, Time{}}, depth),
                        y = policy.choose(Choice{ports, hash, 0, b, Time{}}, depth);
      ++table[4 * x + y];
    }
    sum += chi_square(table);
  }
  EXPECT_LT(sum, bound(20 * 15));
}

}  // namespace
}  // namespace weft
