// Every builder over random parameters: port counts, capacities, names, and paths of the length that the shape promises.
#include <gtest/gtest.h>

#include <set>

#include "support/seeds.hh"
#include "topology/path.hh"
#include "topology/registry.hh"

namespace weft {
namespace {

std::uint32_t pick(Random& random, std::uint32_t least, std::uint32_t most) {
  return least + static_cast<std::uint32_t>(random.below(most - least + 1));
}

LinkParameters link_of(std::int64_t gbps, std::int64_t ns) { return {.rate = {gbps * 1'000'000'000}, .delay = {ns * 1000}}; }

// Ports of a node to nodes of a lower and of a higher tier.
struct Degree {
  std::uint32_t down = 0, up = 0;
};

Degree degree(const TopologySpec& spec, const PortMap& ports, std::uint32_t node) {
  Degree degree;
  for (const Port& port : ports.ports({node})) {
    const bool below = spec.nodes[port.peer.index()].tier < spec.nodes[node].tier;
    ++(below ? degree.down : degree.up);
  }
  return degree;
}

void expect_degrees(const TopologySpec& spec, std::uint8_t tier, Degree wanted) {
  const PortMap ports(spec);
  for (std::uint32_t node = 0; node < spec.nodes.size(); ++node) {
    if (spec.nodes[node].tier != tier) continue;
    const Degree found = degree(spec, ports, node);
    ASSERT_EQ(found.down, wanted.down) << spec.nodes[node].name;
    ASSERT_EQ(found.up, wanted.up) << spec.nodes[node].name;
  }
}

std::uint32_t count_tier(const TopologySpec& spec, std::uint8_t tier) {
  std::uint32_t count = 0;
  for (const NodeSpec& node : spec.nodes) count += node.tier == tier ? 1 : 0;
  return count;
}

void expect_sound(const TopologySpec& spec) {
  std::set<std::string> names;
  for (std::size_t i = 0; i < spec.nodes.size(); ++i) {
    ASSERT_TRUE(names.insert(spec.nodes[i].name).second) << spec.nodes[i].name;
    ASSERT_EQ(spec.nodes[i].tier == 0, i < spec.hosts);
  }
  for (std::uint32_t h = 0; h < spec.hosts; ++h) ASSERT_EQ(spec.nodes[h].name, "host" + std::to_string(h));
}

TEST(Shapes, SingleSwitch) {
  test::for_each_seed(20, [](Random& random, std::uint64_t) {
    TopologyParameters p;
    p.kind = "switch";
    p.hosts = pick(random, 1, 200);
    p.switch_latency = {300};
    const TopologySpec spec = build_topology(p);
    expect_sound(spec);
    expect_degrees(spec, 0, {0, 1});
    expect_degrees(spec, 1, {p.hosts, 0});
    EXPECT_EQ(spec.nodes.back().latency, Duration{300});
    EXPECT_EQ(spec.nodes.front().latency, Duration{0});
  });
}

TEST(Shapes, LeafSpine) {
  test::for_each_seed(40, [](Random& random, std::uint64_t) {
    TopologyParameters p;
    p.leaves = pick(random, 1, 12);
    p.hosts_per_leaf = pick(random, 1, 12);
    p.spines = pick(random, 1, 9);
    p.link = link_of(400, 1000);
    p.uplink = link_of(800, 2000);
    const TopologySpec spec = build_topology(p);
    expect_sound(spec);
    expect_degrees(spec, 0, {0, 1});
    expect_degrees(spec, 1, {p.hosts_per_leaf, p.spines});
    expect_degrees(spec, 2, {p.leaves, 0});
    const PortMap ports(spec);
    const RoutingTables routes = RoutingTables::compute(ports);
    for (std::uint32_t a = 0; a < spec.hosts; ++a) {
      const std::uint32_t b = pick(random, 0, spec.hosts - 1);
      if (a == b) continue;
      const bool same = a / p.hosts_per_leaf == b / p.hosts_per_leaf;
      const auto links = path(ports, routes, {a}, {b});
      ASSERT_EQ(links.size(), same ? 2U : 4U);
      ASSERT_EQ(spec.links[links[1].v / 2].rate, same ? p.link.rate : p.uplink->rate);
    }
  });
}

TEST(Shapes, OversubscriptionSetsTheSpines) {
  struct Row {
    double ratio;
    std::uint32_t hosts_per_leaf;
    std::int64_t host_gbps, up_gbps;
    std::uint32_t spines;
  };
  for (const Row& row :
       {Row{1, 32, 400, 400, 32}, Row{4, 32, 400, 400, 8}, Row{16, 32, 400, 400, 2}, Row{1, 32, 400, 800, 16}, Row{3, 32, 400, 400, 11},
        Row{2.6666666, 32, 400, 400, 12}, Row{1.5, 48, 100, 400, 8}, Row{100, 4, 100, 400, 1}, Row{0.5, 8, 400, 400, 16}}) {
    TopologyParameters p;
    p.leaves = 2;
    p.hosts_per_leaf = row.hosts_per_leaf;
    p.oversubscription = row.ratio;
    p.link = link_of(row.host_gbps, 1000);
    p.uplink = link_of(row.up_gbps, 1000);
    EXPECT_EQ(count_tier(build_topology(p), 2), row.spines) << row.ratio;
  }
}

TEST(Shapes, Clos) {
  test::for_each_seed(40, [](Random& random, std::uint64_t) {
    TopologyParameters p;
    p.kind = "clos";
    p.pods = pick(random, 1, 5);
    p.leaves_per_pod = pick(random, 1, 5);
    p.hosts_per_leaf = pick(random, 1, 5);
    p.aggs_per_pod = pick(random, 1, 4);
    const std::uint32_t plane = pick(random, 1, 4);
    p.cores = p.aggs_per_pod * plane;
    const TopologySpec spec = build_topology(p);
    expect_sound(spec);
    expect_degrees(spec, 1, {p.hosts_per_leaf, p.aggs_per_pod});
    expect_degrees(spec, 2, {p.leaves_per_pod, plane});
    expect_degrees(spec, 3, {p.pods, 0});
    const PortMap ports(spec);
    const RoutingTables routes = RoutingTables::compute(ports);
    const std::uint32_t last = spec.hosts - 1;
    if (last == 0) return;
    const std::size_t wanted = p.pods > 1 ? 6 : p.leaves_per_pod > 1 ? 4 : 2;
    EXPECT_EQ(path(ports, routes, {0}, {last}).size(), wanted);
    const NodeId first_leaf{spec.hosts};
    EXPECT_EQ(routes.ports(first_leaf, {last}).size(), wanted == 2 ? 1U : p.aggs_per_pod);
  });
}

TEST(Shapes, ClosOversubscriptionIsHostToCoreCapacity) {
  for (const std::uint32_t ratio : {1U, 2U, 4U, 8U, 16U}) {
    TopologyParameters p;
    p.kind = "clos";
    p.pods = 4;
    p.leaves_per_pod = 16;
    p.hosts_per_leaf = 16;
    p.oversubscription = ratio;
    TopologySpec spec = build_topology(p);  // all of it between hosts and leaves
    EXPECT_EQ(count_tier(spec, 2), 4 * 16 / ratio);
    EXPECT_EQ(spec.hosts, ratio * 4 * count_tier(spec, 3) * 1U);  // a core takes one link from each pod
    p.aggs_per_pod = 16;
    spec = build_topology(p);  // all of it above the aggregation switches
    EXPECT_EQ(spec.hosts, ratio * 4 * count_tier(spec, 3));
  }
}

TEST(Shapes, Rail) {
  test::for_each_seed(40, [](Random& random, std::uint64_t) {
    TopologyParameters p;
    p.kind = "rail";
    p.gpus_per_server = pick(random, 1, 8);
    p.servers_per_pod = pick(random, 1, 6);
    const std::uint32_t pods = pick(random, 1, 4);
    p.servers = p.servers_per_pod * pods;
    p.spines = pick(random, 1, 4);
    const TopologySpec spec = build_topology(p);
    expect_sound(spec);
    EXPECT_EQ(spec.hosts, p.servers * p.gpus_per_server);
    expect_degrees(spec, 0, {0, 1});
    expect_degrees(spec, 1, {p.servers_per_pod, p.spines});
    expect_degrees(spec, 2, {pods * p.gpus_per_server, 0});
    const PortMap ports(spec);
    for (std::uint32_t h = 0; h < spec.hosts; ++h) {
      const std::uint32_t pod = h / p.gpus_per_server / p.servers_per_pod;
      const std::uint32_t rail = pod * p.gpus_per_server + h % p.gpus_per_server;
      ASSERT_EQ(spec.nodes[ports.port({h}, 0).peer.index()].name, "rail" + std::to_string(rail));
    }
  });
}

TEST(Shapes, SameParametersSameNetwork) {
  TopologyParameters p;
  p.leaves = 4;
  p.hosts_per_leaf = 4;
  const TopologySpec a = build_topology(p);
  const TopologySpec b = build_topology(p);
  ASSERT_EQ(a.links.size(), b.links.size());
  for (std::size_t i = 0; i < a.links.size(); ++i) EXPECT_EQ(a.links[i].a, b.links[i].a);
}

}  // namespace
}  // namespace weft
