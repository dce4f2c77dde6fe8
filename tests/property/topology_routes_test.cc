// Routes against a brute-force search on random graphs with dead links: the same distances, and exactly the ports on shortest
// paths.
#include "topology/routes.hh"

#include <gtest/gtest.h>

#include <queue>

#include "support/seeds.hh"
#include "topology/path.hh"

namespace weft {
namespace {

constexpr int far = 1'000'000;

TopologySpec random_graph(Random& random) {
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
    if (a != b) spec.links.push_back({.a = {a}, .b = {b}, .rate = Rate{1'000'000'000}, .delay = Duration{1000}});
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

// Links from every node to `dst`, where only switches forward.
std::vector<int> distances(const TopologySpec& spec, const std::vector<bool>& alive, std::uint32_t dst) {
  std::vector<int> distance(spec.nodes.size(), far);
  distance[dst] = 0;
  std::queue<std::uint32_t> queue({dst});
  while (!queue.empty()) {
    const std::uint32_t node = queue.front();
    queue.pop();
    if (node != dst && node < spec.hosts) continue;
    for (std::size_t i = 0; i < spec.links.size(); ++i) {
      const LinkSpec& link = spec.links[i];
      if (!alive[i] || (link.a.v != node && link.b.v != node)) continue;
      const std::uint32_t peer = link.a.v == node ? link.b.v : link.a.v;
      if (distance[peer] != far) continue;
      distance[peer] = distance[node] + 1;
      queue.push(peer);
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
    if (alive[i] && forwards && distance[peer] != far && distance[peer] + 1 == distance[at]) ports.push_back(number);
    ++number;
  }
  return ports;
}

TEST(RoutesProperty, AgreeWithBruteForce) {
  test::for_each_seed(400, [](Random& random, std::uint64_t) {
    const TopologySpec spec = random_graph(random);
    const std::vector<LinkId> dead = random_dead(spec, random);
    std::vector<bool> alive(spec.links.size(), true);
    for (const LinkId link : dead) alive[link.index()] = false;
    const PortMap ports(spec);
    const RoutingTables routes = RoutingTables::compute(ports, dead);
    for (std::uint32_t dst = 0; dst < spec.hosts; ++dst) {
      const std::vector<int> distance = distances(spec, alive, dst);
      for (std::uint32_t at = 0; at < spec.nodes.size(); ++at) {
        if (at == dst) continue;
        const auto found = routes.ports({at}, {dst});
        const auto wanted = expected_ports(spec, alive, distance, at, dst);
        ASSERT_EQ(std::vector<std::uint16_t>(found.begin(), found.end()), wanted) << "at " << at << " to " << dst;
        if (at >= spec.hosts) continue;
        const std::size_t length = path(ports, routes, {at}, {dst}).size();
        ASSERT_EQ(length, distance[at] == far ? 0U : static_cast<std::size_t>(distance[at]));
      }
    }
  });
}

}  // namespace
}  // namespace weft
