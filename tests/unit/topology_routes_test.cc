#include "topology/routes.hh"

#include <gtest/gtest.h>

#include "support/input_error.hh"
#include "topology/path.hh"
#include "topology/registry.hh"
#include "topology/validate.hh"

namespace weft {
namespace {

using Numbers = std::vector<std::uint16_t>;

Numbers numbers(std::span<const std::uint16_t> ports) { return {ports.begin(), ports.end()}; }

TopologyParameters leaf_spine(std::uint32_t leaves, std::uint32_t spines, std::uint32_t hosts_per_leaf) {
  TopologyParameters parameters;
  parameters.leaves = leaves;
  parameters.spines = spines;
  parameters.hosts_per_leaf = hosts_per_leaf;
  return parameters;
}

TEST(Routes, LeafSpineByHand) {
  const TopologySpec spec = build_topology(leaf_spine(2, 3, 2));  // hosts 0-3, leaves 4 5, spines 6 7 8
  const PortMap ports(spec);
  const RoutingTables routes = RoutingTables::compute(ports);
  EXPECT_EQ(numbers(routes.ports({0}, {3})), Numbers({0}));
  EXPECT_EQ(numbers(routes.ports({4}, {3})), Numbers({2, 3, 4}));
  EXPECT_EQ(numbers(routes.ports({4}, {1})), Numbers({1}));
  EXPECT_EQ(numbers(routes.ports({7}, {0})), Numbers({0}));
  EXPECT_EQ(numbers(routes.ports({7}, {3})), Numbers({1}));
  EXPECT_EQ(numbers(routes.ports({5}, {3})), Numbers({1}));
  EXPECT_EQ(path(ports, routes, {0}, {1}).size(), 2U);
  EXPECT_EQ(path(ports, routes, {0}, {3}).size(), 4U);
  EXPECT_TRUE(path(ports, routes, {2}, {2}).empty());
}

// Destinations 4, 5 and 6 are spine1, spine0 and spine0 again, whatever the layout; spines alike in all else are told apart.
TEST(Routes, SwitchesMayBeDestinations) {
  const TopologySpec spec = build_topology(leaf_spine(2, 3, 2));  // hosts 0-3, leaves 4 5, spines 6 7 8
  const PortMap ports(spec);
  const std::vector<NodeId> anchors{{7}, {6}, {6}};
  for (const RouteColumns columns : {RouteColumns::one_each, RouteColumns::shared}) {
    const RoutingTables routes = RoutingTables::compute(ports, {}, columns, anchors), without = RoutingTables::compute(ports);
    EXPECT_EQ(numbers(routes.ports({4}, {4})), Numbers({3}));
    EXPECT_EQ(numbers(routes.ports({5}, {5})), Numbers({2}));
    EXPECT_EQ(numbers(routes.ports({5}, {6})), Numbers({2}));
    EXPECT_EQ(numbers(routes.ports({6}, {4})), Numbers({0, 1}));  // spine0 to spine1
    EXPECT_EQ(numbers(routes.ports({8}, {5})), Numbers({0, 1}));
    for (std::uint32_t at = 4; at < 9; ++at) {
      for (std::uint32_t host = 0; host < 4; ++host) EXPECT_EQ(numbers(routes.ports({at}, {host})), numbers(without.ports({at}, {host})));
    }
  }
}

TEST(Routes, PathCrossesItsLinksInOrder) {
  const TopologySpec spec = build_topology(leaf_spine(2, 1, 1));  // links: h0-l0, h1-l1, l0-s, l1-s
  const PortMap ports(spec);
  const auto links = path(ports, RoutingTables::compute(ports), {0}, {1});
  EXPECT_EQ(links, (std::vector<DirectedLinkId>{{0}, {4}, {7}, {3}}));
}

TEST(Routes, DeadLinksTakeTheirPortsAway) {
  const TopologySpec spec = build_topology(leaf_spine(2, 2, 1));  // links: h0-l0 h1-l1 l0-s0 l0-s1 l1-s0 l1-s1
  const PortMap ports(spec);
  const std::vector<LinkId> one{{2}};
  const RoutingTables routes = RoutingTables::compute(ports, one);
  EXPECT_EQ(numbers(routes.ports({2}, {1})), Numbers({2}));  // leaf0 has only spine1 left
  EXPECT_EQ(numbers(routes.ports({3}, {0})), Numbers({2}));  // leaf1 too: spine0 would have to go round
  EXPECT_TRUE(routes.ports({4}, {0}).size() == 1);           // spine0 itself goes round: leaf1, spine1, leaf0
  const std::vector<LinkId> host{{1}};
  const RoutingTables cut = RoutingTables::compute(ports, host);
  EXPECT_FALSE(cut.reachable({0}, {1}));
  EXPECT_TRUE(cut.ports({3}, {1}).empty());
  EXPECT_TRUE(cut.ports({1}, {0}).empty());
  EXPECT_TRUE(path(ports, cut, {0}, {1}).empty());
}

TEST(Routes, ParallelLinksAreSeparateChoices) {
  TopologySpec spec{.kind = "graph", .hosts = 2, .nodes = {{"a", 0, {}}, {"b", 0, {}}, {"s", 1, {}}, {"t", 1, {}}}, .links = {}};
  for (const auto& [a, b] : {std::pair{0U, 2U}, {2U, 3U}, {2U, 3U}, {3U, 1U}, {0U, 2U}}) {
    spec.links.push_back({{a}, {b}, Rate{1'000'000'000}, Duration{1000}});
  }
  validate(spec, {});
  const PortMap ports(spec);
  const RoutingTables routes = RoutingTables::compute(ports);
  EXPECT_EQ(numbers(routes.ports({0}, {1})), Numbers({0, 1}));  // a host picks among its own links
  EXPECT_EQ(numbers(routes.ports({2}, {1})), Numbers({1, 2}));
  EXPECT_EQ(numbers(routes.ports({2}, {0})), Numbers({0, 3}));  // and the last hop among the links to it
}

TEST(Routes, HostsNeverForward) {
  // a - s - b, and b - t - c: b hangs on both switches, but a and c cannot meet through it.
  TopologySpec spec{
      .kind = "graph", .hosts = 3, .nodes = {{"a", 0, {}}, {"b", 0, {}}, {"c", 0, {}}, {"s", 1, {}}, {"t", 1, {}}}, .links = {}};
  for (const auto& [a, b] : {std::pair{0U, 3U}, {1U, 3U}, {1U, 4U}, {2U, 4U}}) {
    spec.links.push_back({{a}, {b}, Rate{1'000'000'000}, Duration{1000}});
  }
  const PortMap ports(spec);
  const RoutingTables routes = RoutingTables::compute(ports);
  EXPECT_FALSE(routes.reachable({0}, {2}));
  EXPECT_EQ(numbers(routes.ports({1}, {2})), Numbers({1}));
  test::expect_input_error([&] { require_route(spec, routes, {0}, {2}, "s.yaml:9"); }, "s.yaml:9", "a cannot reach c");
}

TEST(Routes, TwoHostsJoinedDirectly) {
  TopologySpec spec{
      .kind = "graph", .hosts = 2, .nodes = {{"a", 0, {}}, {"b", 0, {}}}, .links = {{{0}, {1}, Rate{1'000'000}, Duration{5}}}};
  validate(spec, {});
  const PortMap ports(spec);
  const RoutingTables routes = RoutingTables::compute(ports);
  EXPECT_EQ(numbers(routes.ports({0}, {1})), Numbers({0}));
  EXPECT_EQ(path(ports, routes, {1}, {0}), (std::vector<DirectedLinkId>{{1}}));
}

TEST(Routes, TablesStaySmall) {
  const PortMap ports(build_topology(leaf_spine(128, 64, 64)));
  const RoutingTables routes = RoutingTables::compute(ports);
  EXPECT_EQ(ports.host_count(), 8192U);
  EXPECT_EQ(routes.class_count(), 128U);
  EXPECT_LT(routes.bytes(), 2'000'000U);
}

TEST(Ports, NumberedInTheOrderOfLinks) {
  const TopologySpec spec = build_topology(leaf_spine(2, 2, 2));
  const PortMap ports(spec);
  const NodeId leaf1{5};
  ASSERT_EQ(ports.ports(leaf1).size(), 4U);
  EXPECT_EQ(ports.port(leaf1, 0).peer, NodeId{2});
  EXPECT_EQ(ports.port(leaf1, 1).peer, NodeId{3});
  EXPECT_EQ(ports.port(leaf1, 3).peer, NodeId{7});
  EXPECT_EQ(ports.port(leaf1, 3).peer_port, 1);
  for (std::uint32_t node = 0; node < ports.node_count(); ++node) {
    for (const Port& port : ports.ports({node})) {
      const Port& other = ports.port(port.peer, port.peer_port);
      EXPECT_EQ(other.peer, NodeId{node});
      EXPECT_EQ(other.link, port.link);
      EXPECT_EQ(other.out(), port.in());
      EXPECT_EQ(port.out().v / 2, port.link.v);
    }
  }
}

}  // namespace
}  // namespace weft
