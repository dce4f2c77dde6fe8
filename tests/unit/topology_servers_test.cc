// Servers added to networks: who is joined to whom, by which name and number.
#include "topology/servers.hh"

#include <gtest/gtest.h>

#include "base/error.hh"
#include "topology/idle_rtt.hh"
#include "topology/path.hh"
#include "topology/registry.hh"

namespace weft {
namespace {

TopologyParameters leaf_spine(std::uint32_t leaves, std::uint32_t hosts_per_leaf) {
  TopologyParameters p;
  p.leaves = leaves;
  p.spines = 1;
  p.hosts_per_leaf = hosts_per_leaf;
  p.server.emplace();
  return p;
}

std::vector<std::string> links_of(const TopologySpec& spec, LinkRole role) {
  std::vector<std::string> names;
  for (const LinkSpec& link : spec.links) {
    if (link.role == role) names.push_back(spec.nodes[link.a.index()].name + "-" + spec.nodes[link.b.index()].name);
  }
  return names;
}

using Names = std::vector<std::string>;

TEST(Servers, NothingAskedForChangesNothing) {
  TopologyParameters p = leaf_spine(2, 4);
  p.server.reset();
  const TopologySpec spec = build_topology(p);
  EXPECT_EQ(spec.gpus_per_server, 0U);
  EXPECT_EQ(spec.end_points(), 8U);
  EXPECT_EQ(spec.links.size(), 10U);
  EXPECT_FALSE(inside_server(spec, {}, {0}, {1}));
}

TEST(Servers, ScaleUpSwitchesJoinTheGpusOfAServer) {
  TopologyParameters p = leaf_spine(1, 4);
  p.server->gpus = 2;
  p.server->scale_up.emplace();
  p.server->scale_up->reduces = true;
  p.reduction = Reduction::access;
  const TopologySpec spec = build_topology(p);
  EXPECT_EQ(links_of(spec, LinkRole::scale_up), (Names{"host0-scaleup0", "host1-scaleup0", "host2-scaleup1", "host3-scaleup1"}));
  EXPECT_EQ(links_of(spec, LinkRole::internal), (Names{"reducer0-scaleup0", "reducer1-scaleup1", "reducer2-leaf0"}));
  EXPECT_EQ(spec.hosts, 4U);
  EXPECT_EQ(spec.reducers, 3U);
  EXPECT_EQ(spec.links.back().rate, (Rate{5 * 400'000'000'000}));
  const auto switches = reducer_switches(spec);
  ASSERT_EQ(switches.size(), 3U);
  EXPECT_EQ(spec.nodes[switches[1].index()].name, "scaleup1");
  EXPECT_TRUE(inside_server(spec, switches, {2}, {3}));
  EXPECT_FALSE(inside_server(spec, switches, {1}, {2}));
  EXPECT_TRUE(inside_server(spec, switches, {4}, {0}));
  EXPECT_FALSE(inside_server(spec, switches, {0}, {6}));
}

TEST(Servers, AMeshJoinsAnyTwo) {
  TopologyParameters p = leaf_spine(1, 6);
  p.server->gpus = 3;
  p.server->scale_up.emplace();
  p.server->scale_up->kind = ScaleUpParameters::Kind::mesh;
  EXPECT_EQ(links_of(build_topology(p), LinkRole::scale_up),
            (Names{"host0-host1", "host0-host2", "host1-host2", "host3-host4", "host3-host5", "host4-host5"}));
}

TEST(Servers, NicsStandBetween) {
  TopologyParameters p = leaf_spine(1, 4);
  p.server->gpus = 4;
  p.server->nics = 2;
  p.server->pcie.emplace();
  const TopologySpec shared = build_topology(p);
  EXPECT_EQ(links_of(shared, LinkRole::network), (Names{"nic0-leaf0", "nic1-leaf0", "leaf0-spine0"}));
  EXPECT_EQ(links_of(shared, LinkRole::pcie), (Names{"host0-nic0", "host1-nic1", "host2-nic0", "host3-nic1"}));
  p.server->nics = 8;
  const TopologySpec twice = build_topology(p);
  EXPECT_EQ(links_of(twice, LinkRole::pcie).size(), 8U);
  EXPECT_EQ(links_of(twice, LinkRole::pcie)[3], "host1-nic3");
  EXPECT_EQ(links_of(twice, LinkRole::network)[3], "nic3-leaf0");
  p.server->pcie.reset();
  EXPECT_EQ(links_of(build_topology(p), LinkRole::network).size(), 9U);
}

// NICs behind PCIe count as switches: who is refused for it must be told so.
TEST(Servers, SoManyNicsAreTooManyDevices) {
  TopologyParameters p = leaf_spine(4, 35'000);
  p.server->gpus = 1;
  p.server->pcie.emplace();
  try {
    (void)build_topology(p);
    ADD_FAILURE() << "accepted";
  } catch (const InputError& error) {
    const std::string said = std::string(error.what()) + " | " + error.hint();
    for (const char* part : {"131072 switches", "140000 NICs", "counted", "65535", "mode: n2n"}) {
      EXPECT_NE(said.find(part), std::string::npos) << part << "\n" << said;
    }
  }
}

// The round trip is the network's, with PCIe, and without what is inside servers.
TEST(Servers, IdleRoundTrip) {
  TopologyParameters p = leaf_spine(2, 4);
  p.server->gpus = 4;
  const auto of = [&] {
    const TopologySpec spec = build_topology(p);
    return idle_rtt(spec, PortMap(spec), {4178}, {84}).v;
  };
  const std::int64_t plain = of();
  p.server->scale_up.emplace();
  p.server->scale_up->delay = {50'000'000};
  p.reduction = Reduction::access;
  EXPECT_EQ(of(), plain);
  p.server->pcie.emplace();
  EXPECT_EQ(of(), plain + 4 * 200'000 + 2 * (65'281 + 1'312));  // 4178 and 84 bytes at 512 Gb/s
}

// Nothing grows with the square of the hosts.
TEST(Servers, TablesOfEightThousandGpusAreSmall) {
  TopologyParameters p;
  p.kind = "rail";
  p.servers = 1024;
  p.servers_per_pod = 128;
  p.spines = 64;
  p.server.emplace();
  p.server->scale_up.emplace();
  p.server->scale_up->reduces = true;
  p.server->pcie.emplace();
  const TopologySpec spec = build_topology(p);
  const PortMap ports(spec);
  const RoutingTables routes = RoutingTables::compute(ports);
  EXPECT_EQ(spec.hosts, 8192U);
  EXPECT_EQ(routes.class_count(), 64U + 1U);  // a rail of a pod each, and the reducers
  EXPECT_LT(routes.bytes(), 2'000'000U);
  EXPECT_EQ(path(ports, routes, {0}, {7}).size(), 2U);
  EXPECT_EQ(path(ports, routes, {0}, {8}).size(), 4U);
  EXPECT_EQ(path(ports, routes, {0}, {8191}).size(), 6U);
}

}  // namespace
}  // namespace weft
