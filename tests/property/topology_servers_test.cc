// Routes in networks with servers against a brute-force search: random graphs, scale-up switches and meshes, NICs behind PCIe,
// shared or several, reducers, dead links.
//
// What is asked for: two end points that hang on one scale-up switch, or are linked in a mesh, use that while their links to it
// live. Everything else takes a shortest path of living links through switches of the network, where a NIC is passed only next
// to the path's ends.
#include <gtest/gtest.h>

#include <cstdlib>
#include <queue>

#include "base/error.hh"
#include "support/seeds.hh"
#include "topology/path.hh"
#include "topology/registry.hh"
#include "topology/servers.hh"

namespace weft {
namespace {

constexpr int far = 1'000'000;

TopologyParameters random_network(Random& random) {
  TopologyParameters p;
  p.kind = "graph";
  const auto gpus = static_cast<std::uint32_t>(1 + random.below(4));
  const auto servers = static_cast<std::uint32_t>(1 + random.below(4)), switches = static_cast<std::uint32_t>(1 + random.below(5));
  const auto link = [&p](const std::string& a, const std::string& b) { p.graph_links.push_back({a, b, {}, 0}); };
  for (std::uint32_t i = 0; i < switches; ++i) {
    p.graph_switches.push_back("s" + std::to_string(i));
    if (i > 0) link(p.graph_switches[random.below(i)], p.graph_switches[i]);
  }
  for (std::uint32_t i = 0; i < gpus * servers; ++i) {
    p.graph_hosts.push_back("h" + std::to_string(i));
    for (std::uint64_t n = 1 + random.below(2); n > 0; --n) link(p.graph_hosts[i], p.graph_switches[random.below(switches)]);
  }
  for (std::uint64_t n = random.below(4); n > 0 && switches > 1; --n) {
    const std::uint64_t a = random.below(switches), b = random.below(switches);
    if (a != b) link(p.graph_switches[a], p.graph_switches[b]);
  }
  p.server.emplace();
  p.server->gpus = gpus;
  if (random.below(3) != 0) {
    p.server->scale_up.emplace();
    if (random.below(3) == 0) p.server->scale_up->kind = ScaleUpParameters::Kind::mesh;
    p.server->scale_up->reduces = random.below(2) == 0;
  }
  if (random.below(2) == 0) p.server->pcie.emplace();
  if (random.below(3) == 0) p.server->nics = gpus * 2;
  if (random.below(3) == 0 && p.server->pcie) p.server->nics = static_cast<std::uint32_t>(1 + random.below(gpus));
  if (random.below(2) == 0) p.reduction = Reduction::access;
  return p;
}

struct Network {
  TopologySpec spec;
  std::vector<bool> alive;

  [[nodiscard]] bool is_nic(std::uint32_t node) const { return spec.nodes[node].role == NodeRole::nic; }
  [[nodiscard]] bool is_scale_up(std::uint32_t node) const { return spec.nodes[node].role == NodeRole::scale_up_switch; }
  [[nodiscard]] bool is_switch(std::uint32_t node) const { return node >= spec.end_points() && spec.nodes[node].role == NodeRole::plain; }
  // visit(peer, link, own port number) for each living link of the node.
  template <class Visit>
  void each(std::uint32_t node, Visit&& visit) const {
    std::uint16_t number = 0;
    for (std::uint32_t i = 0; i < spec.links.size(); ++i) {
      const LinkSpec& link = spec.links[i];
      if (link.a.v != node && link.b.v != node) continue;
      if (alive[i]) visit(link.a.v == node ? link.b.v : link.a.v, link, number);
      ++number;
    }
  }
  [[nodiscard]] bool linked(std::uint32_t a, std::uint32_t b) const {
    bool found = false;
    each(a, [&](std::uint32_t peer, const LinkSpec&, std::uint16_t) { found = found || peer == b; });
    return found;
  }
  [[nodiscard]] bool inside(const LinkSpec& link) const {
    return link.role == LinkRole::scale_up || is_scale_up(link.a.v) || is_scale_up(link.b.v);
  }

  [[nodiscard]] std::vector<int> distances(std::uint32_t dst) const {
    std::vector<int> distance(spec.nodes.size(), far);
    distance[dst] = 0;
    std::queue<std::uint32_t> queue({dst});
    while (!queue.empty()) {
      const std::uint32_t node = queue.front();
      queue.pop();
      if (node != dst && node < spec.end_points()) continue;
      each(node, [&](std::uint32_t peer, const LinkSpec& link, std::uint16_t) {
        if (inside(link) || distance[peer] != far) return;
        if (is_nic(node) && !linked(node, dst) && link.role == LinkRole::network) return;
        distance[peer] = distance[node] + 1;
        queue.push(peer);
      });
    }
    return distance;
  }

  [[nodiscard]] std::vector<std::uint16_t> ports_inside(std::uint32_t at, std::uint32_t dst) const {
    std::vector<std::uint16_t> found;
    each(at, [&](std::uint32_t peer, const LinkSpec& link, std::uint16_t number) {
      if (inside(link) && (peer == dst || (is_scale_up(peer) && linked(peer, dst)))) found.push_back(number);
    });
    return found;
  }

  [[nodiscard]] std::vector<std::uint16_t> ports(std::uint32_t at, std::uint32_t dst, const std::vector<int>& distance) const {
    std::vector<std::uint16_t> found = ports_inside(at, dst);
    if (!found.empty() || is_scale_up(at)) return found;
    each(at, [&](std::uint32_t peer, const LinkSpec& link, std::uint16_t number) {
      const bool passes = peer == dst || is_switch(peer) || (is_nic(peer) && (at < spec.end_points() || linked(peer, dst)));
      if (!inside(link) && passes && distance[peer] != far && distance[peer] + 1 == distance[at]) found.push_back(number);
    });
    return found;
  }
};

TEST(ServerRoutesProperty, AgreeWithBruteForce) {
  std::size_t built = 0, inside = 0;
  test::for_each_seed(600, [&](Random& random, std::uint64_t) {
    TopologySpec spec;
    try {
      spec = build_topology(random_network(random));
    } catch (const InputError&) {  // a switch that is left without a NIC, or hosts cut off
      return;
    }
    ++built;
    Network network{spec, std::vector<bool>(spec.links.size(), true)};
    std::vector<LinkId> dead;
    const std::uint64_t chance = random.below(3);  // of 8
    for (std::uint32_t i = 0; i < spec.links.size(); ++i) {
      if (random.below(8) >= chance) continue;
      dead.push_back({i});
      network.alive[i] = false;
    }
    const PortMap ports(spec);
    const RoutingTables routes = RoutingTables::compute(ports, dead);
    for (std::uint32_t dst = 0; dst < spec.end_points(); ++dst) {
      const std::vector<int> distance = network.distances(dst);
      for (std::uint32_t at = 0; at < spec.nodes.size(); ++at) {
        if (at == dst) continue;
        const auto found = routes.ports({at}, {dst});
        const auto wanted = network.ports(at, dst, distance);
        ASSERT_EQ(std::vector<std::uint16_t>(found.begin(), found.end()), wanted)
            << "at " << spec.nodes[at].name << " to " << spec.nodes[dst].name;
        if (at < spec.end_points()) continue;
        const auto row = routes.row({at}).ports({dst});
        ASSERT_EQ(std::vector<std::uint16_t>(row.begin(), row.end()), wanted) << "row of " << spec.nodes[at].name;
        inside += network.is_scale_up(at) && !wanted.empty() ? 1 : 0;
      }
    }
  });
  EXPECT_TRUE(std::getenv("WEFT_TEST_SEED") != nullptr || (built > 200 && inside > 500)) << built << ' ' << inside;
}

}  // namespace
}  // namespace weft
