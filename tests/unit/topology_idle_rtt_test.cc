// The round trip of a network at rest, against sums done by hand.
#include <gtest/gtest.h>

#include "scenario/load.hh"
#include "support/real_data.hh"
#include "topology/idle_rtt.hh"
#include "topology/registry.hh"

namespace weft {
namespace {

TopologySpec built(const std::string& topology) {
  return build_topology(parse_scenario("topology: " + topology + "\nworkloads: [ { kind: permutation, size: 1KB } ]\n", "t.yaml").topology);
}

Duration rtt(const TopologySpec& spec, std::int64_t there, std::int64_t back) {
  return idle_rtt(spec, PortMap(spec), Bytes{there}, Bytes{back});
}

TEST(TopologyIdleRtt, OneSwitch) {
  // Two links of 1 us, twice; 1000 B and 100 B on each at 100 Gb/s; the switch's 300 ns both ways.
  const TopologySpec spec = built("{ kind: switch, hosts: 4, switch_latency: 300ns, link: { rate: 100Gbps, delay: 1us } }");
  EXPECT_EQ(rtt(spec, 1000, 100), Duration{4'000'000 + 2 * 80'000 + 2 * 8'000 + 2 * 300'000});
}

TEST(TopologyIdleRtt, RatesOfTheirOwn) {
  const TopologySpec spec = built(
      "{ kind: leaf-spine, leaves: 2, spines: 2, hosts_per_leaf: 2, link: { rate: 100Gbps, delay: 1us }, uplink: { rate: 400Gbps, delay: "
      "5us } }");
  EXPECT_EQ(rtt(spec, 1000, 100), Duration{2 * 12'000'000 + 2 * 88'000 + 2 * 22'000});
}

TEST(TopologyIdleRtt, TheSlowestOfEquallyShortPathsAndTheFarthestHost) {
  const TopologySpec spec = built(R"({ kind: graph, link: { rate: 100Gbps, delay: 1us }, graph: { hosts: [a, b, c], switches: [s, t, u, v],
    links: [ { a: a, b: s }, { a: s, b: t, delay: 2us }, { a: s, b: u, delay: 9us }, { a: t, b: v }, { a: u, b: v }, { a: b, b: v },
             { a: c, b: v, delay: 3us } ] } })");
  EXPECT_EQ(rtt(spec, 0, 0), Duration{2 * 14'000'000});  // a-s-u-v-c; two hosts with one port each
}

TEST(TopologyIdleRtt, HostsWithSeveralPortsAndWithoutNeighbours) {
  const TopologySpec two = built(R"({ kind: graph, link: { rate: 100Gbps, delay: 1us }, graph: { hosts: [a, b], switches: [s, t],
    links: [ { a: a, b: s }, { a: a, b: t, delay: 4us }, { a: b, b: s }, { a: b, b: t } ] } })");
  EXPECT_EQ(rtt(two, 0, 0), Duration{2 * 5'000'000});
  const TopologySpec direct =
      built("{ kind: graph, link: { rate: 100Gbps, delay: 7us }, graph: { hosts: [a, b], links: [ { a: a, b: b } ] } }");
  EXPECT_EQ(rtt(direct, 0, 0), Duration{14'000'000});
}

TEST(TopologyIdleRtt, HostsOfOneSwitchAmongThemselves) {
  const TopologySpec spec = built(R"({ kind: graph, link: { rate: 100Gbps, delay: 1us }, graph: { hosts: [a, b], switches: [s],
    links: [ { a: a, b: s, delay: 2us }, { a: b, b: s, delay: 3us } ] } })");
  EXPECT_EQ(rtt(spec, 0, 0), Duration{2 * 5'000'000});  // nobody sends to itself
}

// The fat trees behind the published results: 1 us a hop, six hops, no switch latency.
TEST(TopologyIdleRtt, ThePublishedFatTrees) {
  if (!test::has_real_data()) GTEST_SKIP() << test::no_real_data;
  const TopologySpec spec = built("{ file: '" + test::real_data("uet-htsim/fat_tree_128_1os.topo") + "' }");
  EXPECT_EQ(spec.hosts, 128U);
  EXPECT_EQ(spec.nodes.size(), 128U + 32 + 32 + 16);
  for (const LinkSpec& link : spec.links) {
    EXPECT_EQ(link.delay, Duration{1'000'000});
    EXPECT_EQ(link.rate, Rate{100'000'000'000});
  }
  for (const NodeSpec& node : spec.nodes) EXPECT_EQ(node.latency, Duration{0});
  EXPECT_EQ(rtt(spec, 4150, 64), Duration{14'022'720});
  const TopologySpec leaf_spine = built("{ file: '" + test::real_data("uet-htsim/leaf_spine_8192_400g.topo") + "' }");
  EXPECT_EQ(leaf_spine.hosts, 8192U);
  EXPECT_GT(rtt(leaf_spine, 4150, 64), Duration{0});
}

}  // namespace
}  // namespace weft
