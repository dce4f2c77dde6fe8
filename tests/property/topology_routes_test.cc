// Routes against a brute-force search on random graphs with dead links: the same distances, and exactly the ports on shortest
// paths.
#include "topology/routes.hh"

#include <gtest/gtest.h>

#include <array>

#include "support/seeds.hh"
#include "topology/path.hh"
#include "topology/registry.hh"

namespace weft {
namespace {

constexpr int far = 1'000'000;

TopologySpec random_graph(Random& random) {
  const bool costs = random.below(2) == 1;
  TopologySpec spec;
  spec.kind = "graph";
  spec.hosts = static_cast<std::uint32_t>(2 + random.below(12));
  const auto switches = static_cast<std::uint32_t>(1 + random.below(10));
  for (std::uint32_t i = 0; i < spec.hosts + switches; ++i) {
    spec.nodes.push_back({.name = "n" + std::to_string(i), .tier = static_cast<std::uint8_t>(i < spec.hosts ? 0 : 1), .latency = {}});
  }
  const std::uint64_t links = spec.hosts + random.below(3 * std::uint64_t{switches} + 6);
  for (std::uint64_t i = 0; i < links; ++i) {
    const auto a = static_cast<std::uint32_t>(i < spec.hosts ? i : random.below(spec.nodes.size()));
    const auto b = static_cast<std::uint32_t>(i < spec.hosts ? spec.hosts + random.below(switches) : random.below(spec.nodes.size()));
    const bool between_switches = a >= spec.hosts && b >= spec.hosts;
    const auto cost = static_cast<std::uint8_t>(between_switches && costs ? 1 + random.below(3) : 1);
    if (a != b) spec.links.push_back({.a = {a}, .b = {b}, .rate = Rate{1'000'000'000}, .delay = Duration{1000}, .cost = cost});
  }
  return spec;
}

std::vector<LinkId> random_dead(const TopologySpec& spec, Random& random) {
  std::vector<LinkId> dead;
  const std::uint64_t chance = random.below(4);  // of 8
  for (std::uint32_t i = 0; i < spec.links.size(); ++i) {
    if (random.below(8) < chance) dead.push_back({i});
  }
  return dead;
}

// Cost from every node to `dst`, where only switches forward: link by link until nothing changes (Bellman-Ford).
std::vector<int> distances(const TopologySpec& spec, const std::vector<bool>& alive, std::uint32_t dst) {
  std::vector<int> distance(spec.nodes.size(), far);
  distance[dst] = 0;
  for (bool changed = true; changed;) {
    changed = false;
    for (std::size_t i = 0; i < spec.links.size(); ++i) {
      const LinkSpec& link = spec.links[i];
      for (const auto& [from, to] : {std::pair{link.a.v, link.b.v}, {link.b.v, link.a.v}}) {
        const int through = distance[to] == far || (to != dst && to < spec.hosts) ? far : distance[to] + link.cost;
        if (!alive[i] || through >= distance[from]) continue;
        distance[from] = through;
        changed = true;
      }
    }
  }
  return distance;
}

std::vector<std::uint16_t> expected_ports(const TopologySpec& spec, const std::vector<bool>& alive, const std::vector<int>& distance,
                                          std::uint32_t at, std::uint32_t dst) {
  std::vector<std::uint16_t> ports;
  std::uint16_t number = 0;
  for (std::size_t i = 0; i < spec.links.size(); ++i) {
    const LinkSpec& link = spec.links[i];
    if (link.a.v != at && link.b.v != at) continue;
    const std::uint32_t peer = link.a.v == at ? link.b.v : link.a.v;
    const bool forwards = peer == dst || peer >= spec.hosts;
    if (alive[i] && forwards && distance[peer] != far && distance[peer] + link.cost == distance[at]) ports.push_back(number);
    ++number;
  }
  return ports;
}

void expect_routes(const TopologySpec& spec, const std::vector<LinkId>& dead, RouteColumns columns) {
  std::vector<bool> alive(spec.links.size(), true);
  for (const LinkId link : dead) alive[link.index()] = false;
  const PortMap ports(spec);
  const RoutingTables routes = RoutingTables::compute(ports, dead, columns);
  for (std::uint32_t dst = 0; dst < spec.hosts; ++dst) {
    const std::vector<int> distance = distances(spec, alive, dst);
    for (std::uint32_t at = 0; at < spec.nodes.size(); ++at) {
      if (at == dst) continue;
      const auto found = routes.ports({at}, {dst});
      const auto by_row = routes.row({at}).ports({dst});
      const auto wanted = expected_ports(spec, alive, distance, at, dst);
      ASSERT_EQ(std::vector<std::uint16_t>(found.begin(), found.end()), wanted) << "at " << at << " to " << dst;
      ASSERT_EQ(std::vector<std::uint16_t>(by_row.begin(), by_row.end()), wanted) << "at " << at << " to " << dst;
      if (at >= spec.hosts) continue;
      int cost = 0;
      for (const DirectedLinkId link : path(ports, routes, {at}, {dst})) cost += spec.links[link.v / 2].cost;
      ASSERT_EQ(cost, distance[at] == far ? 0 : distance[at]);
    }
  }
}

TEST(RoutesProperty, AgreeWithBruteForce) {
  test::for_each_seed(400, [](Random& random, std::uint64_t) {
    const TopologySpec spec = random_graph(random);
    const std::vector<LinkId> dead = random_dead(spec, random);
    for (const RouteColumns columns : {RouteColumns::one_each, RouteColumns::shared}) expect_routes(spec, dead, columns);
  });
}

// Regular networks, where many classes share a column, and the same with a few links dead, where some no longer do.
TEST(RoutesProperty, RegularNetworksAgreeWithBruteForce) {
  test::for_each_seed(60, [](Random& random, std::uint64_t) {
    TopologyParameters p;
    p.kind = std::array{"leaf-spine", "three-tier", "rail-pods", "multi-pod", "multi-pod"}[random.below(5)];
    p.leaves = static_cast<std::uint32_t>(1 + random.below(5)), p.spines = static_cast<std::uint32_t>(1 + random.below(3));
    p.radix = 16;
    p.pods = static_cast<std::uint32_t>(1 + random.below(3));
    p.leaves_per_pod = static_cast<std::uint32_t>(1 + random.below(4));
    p.hosts_per_leaf = static_cast<std::uint32_t>(1 + random.below(2));
    p.leaf_uplinks = 4, p.aggs_per_pod = random.below(2) == 1 ? 2 : 4;
    if (random.below(2) == 1) p.borders_per_pod = static_cast<std::uint32_t>(random.below(2));
    if (p.kind == "rail-pods") p.servers = 4 * p.hosts_per_leaf, p.gpus_per_server = 2, p.agg_uplinks = 2;
    const TopologySpec spec = build_topology(p);
    std::vector<LinkId> dead;
    for (std::uint64_t i = random.below(4); i > 0; --i) dead.push_back({static_cast<std::uint32_t>(random.below(spec.links.size()))});
    for (const RouteColumns columns : {RouteColumns::one_each, RouteColumns::shared}) expect_routes(spec, dead, columns);
  });
}

}  // namespace
}  // namespace weft
