// Networks of pods by closed forms: devices, links and ports counted, hops and equal-cost paths, places of switches, idle round trip.
#include <gtest/gtest.h>

#include <array>
#include <numeric>

#include "support/seeds.hh"
#include "topology/cabling.hh"
#include "topology/idle_rtt.hh"
#include "topology/path.hh"
#include "topology/pod_fabric.hh"
#include "topology/registry.hh"

namespace weft {
namespace {

std::uint32_t pick(Random& random, std::uint32_t least, std::uint32_t most) {
  return least + static_cast<std::uint32_t>(random.below(most - least + 1));
}

std::size_t count_tier(const TopologySpec& spec, int tier) {
  std::size_t count = 0;
  for (const NodeSpec& node : spec.nodes) count += node.tier == tier ? 1 : 0;
  return count;
}
std::size_t count_place(const TopologySpec& spec, SwitchPlace place) {
  std::size_t count = 0;
  for (const NodeSpec& node : spec.nodes) count += node.place == place ? 1 : 0;
  return count;
}
std::size_t ports_at_most(const TopologySpec& spec) {
  const PortMap ports(spec);
  std::size_t most = 0;
  for (std::uint32_t node = spec.hosts; node < spec.nodes.size(); ++node) most = std::max(most, ports.ports({node}).size());
  return most;
}

// Ways from a to b of the fewest hops: over every port, one after the other.
std::uint64_t paths(const PortMap& ports, const RoutingTables& routes, NodeId a, NodeId b) {
  if (a == b) return 1;
  std::uint64_t sum = 0;
  for (const std::uint16_t port : routes.ports(a, b)) sum += paths(ports, routes, ports.port(a, port).peer, b);
  return sum;
}

TopologyParameters three_tier(std::uint32_t pods) {
  TopologyParameters p;
  p.kind = "three-tier";
  p.pods = pods;
  return p;
}

TEST(Pods, ThePublishedDesignFollowsFromItsRadix) {
  const auto fabric = [](std::uint32_t pods) { return pod_fabric(three_tier(pods), pods, 0, pods > 1); };
  EXPECT_EQ(fabric(1).leaves() * fabric(1).hosts_per_leaf, 4096U);
  EXPECT_EQ(fabric(1).aggs_per_pod, 64U);
  EXPECT_EQ(fabric(1).tops(), 0U) << "one pod needs nothing above";
  EXPECT_EQ(fabric(32).tops_per_plane, 16U);
  EXPECT_EQ(fabric(32).aggs_per_pod, 64U) << "as many planes";
  EXPECT_EQ(fabric(128).tops_per_plane, 64U);
  EXPECT_EQ(fabric(128).leaves() * fabric(128).hosts_per_leaf, 524'288U);
  TopologyParameters asked = three_tier(1);
  asked.tops_per_plane = 32;
  EXPECT_EQ(pod_fabric(asked, 1, 0, false).agg_uplinks, 64U) << "unless it is asked for";
  TopologyParameters narrow = three_tier(4);
  narrow.agg_uplinks = 9;
  EXPECT_EQ(pod_fabric(narrow, 4, 0, true).tops_per_plane, 1U);
  narrow.agg_uplinks = 0;
  narrow.oversubscription = 7;
  EXPECT_EQ(pod_fabric(narrow, 4, 0, true).agg_uplinks, 10U) << "64 / 7, rounded up";
}

TEST(Pods, ThreeTier) {
  test::for_each_seed(40, [](Random& random, std::uint64_t) {
    TopologyParameters p = three_tier(pick(random, 1, 4));
    p.hosts_per_leaf = pick(random, 1, 3), p.leaves_per_pod = pick(random, 1, 4);
    p.aggs_per_pod = pick(random, 1, 3);
    const std::uint32_t to_agg = pick(random, 1, 2), to_top = pick(random, 1, 2);
    p.leaf_uplinks = p.aggs_per_pod * to_agg;
    p.tops_per_plane = pick(random, 1, 3), p.agg_uplinks = p.tops_per_plane * to_top;
    const TopologySpec spec = build_topology(p);
    const std::uint32_t leaves = p.pods * p.leaves_per_pod, aggs = p.pods * p.aggs_per_pod;
    EXPECT_EQ(spec.hosts, leaves * p.hosts_per_leaf);
    EXPECT_EQ(count_tier(spec, 1), leaves);
    EXPECT_EQ(count_tier(spec, 2), aggs);
    EXPECT_EQ(count_tier(spec, 3), p.aggs_per_pod * p.tops_per_plane);
    EXPECT_EQ(spec.links.size(), spec.hosts + leaves * p.leaf_uplinks + aggs * p.agg_uplinks);
    EXPECT_EQ(count_place(spec, SwitchPlace::edge), leaves);
    EXPECT_EQ(count_place(spec, SwitchPlace::inner), spec.nodes.size() - spec.hosts - leaves);
    const PortMap ports(spec);
    const RoutingTables routes = RoutingTables::compute(ports);
    const NodeId a{pick(random, 0, spec.hosts - 1)}, b{pick(random, 0, spec.hosts - 1)};
    if (a == b) return;
    const std::uint32_t leaf_a = a.v / p.hosts_per_leaf, leaf_b = b.v / p.hosts_per_leaf;
    const bool same_pod = leaf_a / p.leaves_per_pod == leaf_b / p.leaves_per_pod;
    EXPECT_EQ(path(ports, routes, a, b).size(), leaf_a == leaf_b ? 2U : same_pod ? 4U : 6U);
    const std::uint64_t within = std::uint64_t{p.aggs_per_pod} * to_agg * to_agg;
    const std::uint64_t between = within * p.tops_per_plane * to_top * to_top;
    EXPECT_EQ(paths(ports, routes, a, b), leaf_a == leaf_b ? 1U : same_pod ? within : between);
  });
}

TEST(Pods, PlanesJoinSwitchesOfOneNumber) {
  TopologyParameters p = three_tier(3);
  p.radix = 16;
  const TopologySpec spec = build_topology(p);
  EXPECT_LE(ports_at_most(spec), 16U);
  const PortMap ports(spec);
  const std::uint32_t first_agg = spec.hosts + 3 * 8, first_top = first_agg + 3 * 8;
  for (std::uint32_t top = first_top; top < spec.nodes.size(); ++top) {
    const std::uint32_t plane = (top - first_top) / (static_cast<std::uint32_t>(spec.nodes.size() - first_top) / 8);
    for (const Port& port : ports.ports({top})) EXPECT_EQ((port.peer.v - first_agg) % 8, plane) << spec.nodes[top].name;
  }
}

TEST(Pods, RailPods) {
  test::for_each_seed(40, [](Random& random, std::uint64_t) {
    TopologyParameters p;
    p.kind = "rail-pods";
    p.rails = pick(random, 1, 4), p.gpus_per_server = p.rails * pick(random, 1, 2);
    p.hosts_per_leaf = pick(random, 1, 3);
    p.servers = p.hosts_per_leaf * pick(random, 1, 3);
    p.aggs_per_pod = pick(random, 1, 3);
    const bool joined = random.below(2) == 1;
    if (joined) p.agg_uplinks = 2, p.tops_per_plane = 1;
    const TopologySpec spec = build_topology(p);
    EXPECT_EQ(spec.apart, p.rails > 1 && !joined);
    EXPECT_EQ(spec.hosts, p.servers * p.gpus_per_server);
    EXPECT_EQ(count_tier(spec, 1), spec.hosts / p.hosts_per_leaf);
    EXPECT_EQ(count_tier(spec, 2), p.rails * p.aggs_per_pod);
    const PortMap ports(spec);
    const RoutingTables routes = RoutingTables::compute(ports);
    const std::uint32_t leaves_of_rail = static_cast<std::uint32_t>(count_tier(spec, 1)) / p.rails;
    for (std::uint32_t h = 0; h < spec.hosts; ++h) {
      const std::uint32_t leaf = ports.port({h}, 0).peer.v - spec.hosts;
      ASSERT_EQ(leaf / leaves_of_rail, h % p.gpus_per_server % p.rails);
      const std::uint32_t other = pick(random, 0, spec.hosts - 1);
      const bool same_rail = other % p.gpus_per_server % p.rails == h % p.gpus_per_server % p.rails;
      ASSERT_EQ(routes.reachable({h}, {other}), h == other || same_rail || joined);
    }
    for (std::uint32_t leaf = spec.hosts; leaf < spec.hosts + count_tier(spec, 1); ++leaf) {
      ASSERT_EQ(ports.ports({leaf}).size(), p.hosts_per_leaf + p.aggs_per_pod);
    }
  });
}

TEST(Pods, ThirtyTwoThousandGpusOnEightRails) {
  TopologyParameters p;
  p.kind = "rail-pods";
  p.servers = 4096;
  const TopologySpec spec = build_topology(p);
  EXPECT_EQ(spec.hosts, 32'768U);
  EXPECT_EQ(count_tier(spec, 1), 8U * 64);
  EXPECT_EQ(count_tier(spec, 2), 8U * 64);
  EXPECT_EQ(ports_at_most(spec), 128U);
}

TEST(Pods, MultiPodOverBorderSwitches) {
  TopologyParameters p;
  p.kind = "multi-pod";
  p.pods = 3, p.radix = 16;
  p.leaves_per_pod = 4, p.hosts_per_leaf = 2, p.aggs_per_pod = 2, p.leaf_uplinks = 2;
  p.borders_per_pod = 2, p.core_uplinks = 4, p.cores = 2;
  const TopologySpec spec = build_topology(p);
  EXPECT_EQ(count_place(spec, SwitchPlace::edge), 12U);
  EXPECT_EQ(count_place(spec, SwitchPlace::inner), 6U);
  EXPECT_EQ(count_place(spec, SwitchPlace::border), 6U);
  EXPECT_EQ(count_place(spec, SwitchPlace::core), 2U);
  EXPECT_EQ(spec.links.size(), 24U + 12 * 2 + 6 * 4 + 6 * 4);
  const PortMap ports(spec);
  const RoutingTables routes = RoutingTables::compute(ports);
  EXPECT_EQ(path(ports, routes, {0}, {1}).size(), 2U);
  EXPECT_EQ(path(ports, routes, {0}, {7}).size(), 4U);
  EXPECT_EQ(path(ports, routes, {0}, {8}).size(), 8U);
  // 2 aggregation switches, 2 borders with 2 links each, 2 cores with 2 links, and the same backwards.
  EXPECT_EQ(paths(ports, routes, {0}, {8}), (2U * 2 * 2) * (2 * 2) * (2 * 2 * 2 * 2));
}

TEST(Pods, LeavesStraightToCoresKeepTheirOwnTrafficInThePod) {
  TopologyParameters p;
  p.kind = "multi-pod";
  p.pods = 3, p.radix = 16;
  p.leaves_per_pod = 4, p.hosts_per_leaf = 4, p.aggs_per_pod = 4;
  p.borders_per_pod = 0, p.core_uplinks = 2;
  const TopologySpec spec = build_topology(p);
  EXPECT_EQ(count_place(spec, SwitchPlace::border), 0U);
  EXPECT_EQ(count_place(spec, SwitchPlace::core), 2U);
  const PortMap ports(spec);
  const RoutingTables routes = RoutingTables::compute(ports);
  EXPECT_EQ(paths(ports, routes, {0}, {15}), 4U) << "over the pod's own switches, not the cores";
  EXPECT_EQ(path(ports, routes, {0}, {15}).size(), 4U);
  EXPECT_EQ(paths(ports, routes, {0}, {16}), 2U);
  EXPECT_EQ(path(ports, routes, {0}, {16}).size(), 4U);
}

TEST(Pods, CoresOfManyPodsStandInPlanes) {
  TopologyParameters p;
  p.kind = "multi-pod";
  p.pods = 32;
  const TopologySpec spec = build_topology(p);
  EXPECT_EQ(spec.hosts, 32U * 4096);
  EXPECT_EQ(count_place(spec, SwitchPlace::border), 32U * 64);
  EXPECT_EQ(count_place(spec, SwitchPlace::core), 32U * 64 * 64 / 128) << "full bisection";
  EXPECT_EQ(ports_at_most(spec), 128U);
}

TEST(Pods, IdleRoundTrip) {
  TopologyParameters p = three_tier(2);
  p.radix = 8;
  p.switch_latency = Duration{300'000};
  p.link = {.rate = {400'000'000'000}, .delay = {50'000}};
  p.uplink = LinkParameters{.rate = {400'000'000'000}, .delay = {500'000}};
  const TopologySpec spec = build_topology(p);
  const std::int64_t there = 4178 * 20, back = 84 * 20;  // ps at 400 Gb/s
  const std::int64_t expected = 2 * (2 * 50'000 + 4 * 500'000) + 2 * 5 * 300'000 + 6 * (there + back);
  EXPECT_EQ(idle_rtt(spec, PortMap(spec), Bytes{4178}, Bytes{84}).v, expected);
}

TEST(Pods, TransceiversStandAtBothEndsOfOpticalLinks) {
  TopologyParameters p = three_tier(2);
  p.radix = 8;
  p.link.delay = Duration{15'000};
  p.uplink = LinkParameters{.rate = {800'000'000'000}, .delay = {15'001}};
  const TopologySpec spec = build_topology(p);
  const Cabling cabling = cabling_of(spec, Duration{15'000});
  EXPECT_EQ(cabling.copper, spec.hosts);
  EXPECT_EQ(cabling.optical, spec.links.size() - spec.hosts);
  ASSERT_EQ(cabling.transceivers.size(), 1U);
  EXPECT_EQ(cabling.transceivers.begin()->first, Rate{800'000'000'000});
  EXPECT_EQ(cabling.transceivers.begin()->second, 2 * cabling.optical);
}

// 131,072 GPUs: a table with a column for each class would have 7168 * 2048 entries of switches alone.
TEST(Pods, RoutesOfManyPodsAreSmall) {
  const TopologySpec spec = build_topology(three_tier(32));
  const PortMap ports(spec);
  const RoutingTables routes = RoutingTables::compute(ports);
  EXPECT_LT(routes.bytes(), 16'000'000U);
  EXPECT_EQ(routes.class_count(), 32U * 64);
  const NodeId leaf{spec.hosts}, agg{spec.hosts + 32 * 64}, top{spec.hosts + 2 * 32 * 64};
  std::vector<std::uint16_t> up(64), tops(64);
  std::iota(up.begin(), up.end(), std::uint16_t{64});
  std::iota(tops.begin(), tops.end(), std::uint16_t{64});
  const auto list = [&](NodeId at, std::uint32_t host) {
    const auto found = routes.ports(at, {host});
    return std::vector<std::uint16_t>(found.begin(), found.end());
  };
  EXPECT_EQ(list(leaf, 5), std::vector<std::uint16_t>{5}) << "its own host";
  EXPECT_EQ(list(leaf, 64), up) << "another of the pod";
  EXPECT_EQ(list(leaf, 131'071), up);
  EXPECT_EQ(list(agg, 64 * 7 + 3), std::vector<std::uint16_t>{7});
  EXPECT_EQ(list(agg, 4096), tops);
  EXPECT_EQ(list(top, 4096 * 9), (std::vector<std::uint16_t>{36, 37, 38, 39})) << "four links from each pod";
}

}  // namespace
}  // namespace weft
