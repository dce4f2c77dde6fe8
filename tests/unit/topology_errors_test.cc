// Networks that cannot be: each message names the place, the key or the nodes, and the way out.
#include <gtest/gtest.h>

#include <cmath>

#include "support/input_error.hh"
#include "topology/path.hh"
#include "topology/registry.hh"
#include "topology/validate.hh"

namespace weft {
namespace {

using test::expect_input_error;

TopologyParameters base(const std::string& kind) {
  TopologyParameters p;
  p.kind = kind;
  p.source = "s.yaml";
  p.line = 3;
  p.leaves = 2;
  p.hosts_per_leaf = 2;
  p.pods = 2;
  p.leaves_per_pod = 2;
  p.servers = 2;
  p.hosts = 2;
  return p;
}

void expect_refused(const TopologyParameters& p, const std::string& part) {
  expect_input_error([&] { (void)build_topology(p); }, "s.yaml:3", part);
}

TEST(TopologyErrors, UnknownKind) { expect_refused(base("leafspine"), "known kinds: switch, leaf-spine, clos"); }

TEST(TopologyErrors, MissingCounts) {
  for (const auto& [kind, key] : {std::pair{"switch", "hosts"}, {"leaf-spine", "leaves"}, {"clos", "pods"}, {"rail", "servers"}}) {
    TopologyParameters p = base(kind);
    p.hosts = p.leaves = p.pods = p.servers = 0;
    expect_refused(p, '`' + std::string(key) + "` is missing");
  }
}

TEST(TopologyErrors, MissingDelayAndRate) {
  TopologyParameters p = base("leaf-spine");
  p.link.delay = {0};
  expect_refused(p, "link host0 - leaf0: the delay is missing");
  p = base("leaf-spine");
  p.link.delay = {-1};
  expect_refused(p, "the delay is missing, not above 0");
  p = base("leaf-spine");
  p.spines = 1;
  p.link.rate = {0};
  expect_refused(p, "link host0 - leaf0: the rate is missing");
  p = base("leaf-spine");
  p.uplink = LinkParameters{.rate = {400'000'000'000}, .delay = {0}};
  expect_refused(p, "link leaf0 - spine0: the delay is missing");
}

TEST(TopologyErrors, Oversubscription) {
  TopologyParameters p = base("leaf-spine");
  for (const double ratio : {0.0, -1.0, 1e9, static_cast<double>(NAN)}) {
    p.oversubscription = ratio;
    expect_refused(p, "`oversubscription` must lie between");
  }
}

TEST(TopologyErrors, TooLarge) {
  TopologyParameters p = base("leaf-spine");
  p.leaves = 4'000'000'000U;
  p.hosts_per_leaf = 4'000'000'000U;
  expect_refused(p, "more than 1048576 hosts");
  p = base("clos");
  p.pods = p.leaves_per_pod = p.hosts_per_leaf = 4'000'000'000U;
  expect_refused(p, "more than");
  p = base("rail");
  p.servers = 4'000'000'000U;
  p.gpus_per_server = 4'000'000'000U;
  expect_refused(p, "more than 1048576 hosts");
  p = base("switch");
  p.hosts = 70'000;
  expect_refused(p, "switch0 has more than 65535 ports");
}

TEST(TopologyErrors, ClosCoresNotAMultiple) {
  TopologyParameters p = base("clos");
  p.aggs_per_pod = 4;
  p.cores = 6;
  expect_refused(p, "nearest: 4 or 8");
}

TEST(TopologyErrors, MoreRailsThanGpus) {
  TopologyParameters p = base("rail");
  p.rails = 9;
  expect_refused(p, "at most 8");
}

TEST(TopologyErrors, RailWithoutSpineNamesThePair) {
  const TopologySpec spec = build_topology(base("rail"));  // legal: traffic may stay within rails
  const PortMap ports(spec);
  const RoutingTables routes = RoutingTables::compute(ports);
  EXPECT_TRUE(routes.reachable({0}, {8}));
  EXPECT_FALSE(routes.reachable({0}, {9}));
  EXPECT_NO_THROW(require_route(spec, routes, {0}, {8}, "s.yaml:9"));
  expect_input_error([&] { require_route(spec, routes, {0}, {9}, "s.yaml:9"); }, "s.yaml:9", "host0 cannot reach host9");
  expect_input_error([&] { require_route(spec, routes, {0}, {9}, "s.yaml:9"); }, "s.yaml:9", "set `spines`");
}

TEST(TopologyErrors, SpecsThatBreakTheRules) {
  const LinkSpec good{.a = {0}, .b = {2}, .rate = Rate{1'000'000'000}, .delay = Duration{1000}};
  TopologySpec spec{.kind = "x", .hosts = 2, .nodes = {{"a", 0, {}}, {"b", 0, {}}, {"s", 1, {}}}, .links = {good}};
  const auto refused = [](TopologySpec bad, const std::string& part) {
    expect_input_error([&] { validate(bad, base("x")); }, "s.yaml:3", part);
  };
  refused(spec, "a cannot reach b through switches");
  spec.links.push_back({.a = {1}, .b = {2}, .rate = good.rate, .delay = good.delay});
  EXPECT_NO_THROW(validate(spec, base("x")));
  TopologySpec bad = spec;
  bad.links[0].b = {9};
  refused(bad, "a link ends at a node that does not exist");
  bad = spec;
  bad.links[0].b = {0};
  refused(bad, "link a - a joins a node with itself");
  bad = spec;
  bad.nodes[1].name = "a";
  refused(bad, "two nodes are named a");
  bad = spec;
  bad.nodes[1].tier = 1;
  refused(bad, "hosts come first");
  bad = spec;
  bad.nodes.push_back({"t", 1, {}});
  refused(bad, "cannot reach t");
  bad = spec;
  bad.nodes[2].latency = {-5};
  refused(bad, "s: the switch latency");
  bad = spec;
  bad.hosts = 0;
  refused(bad, "no host");
}

TEST(TopologyErrors, PodsThatNeedMorePortsThanASwitchHas) {
  TopologyParameters p;
  p.kind = "three-tier", p.source = "s.yaml", p.line = 3, p.pods = 4, p.radix = 16;
  p.hosts_per_leaf = 12;
  expect_refused(p, "a leaf would need 12 down and 12 up, more than the 16 ports of `radix` | at most 4 up, or radix: 24");
  p.hosts_per_leaf = 8, p.leaf_uplinks = 7, p.aggs_per_pod = 3;
  expect_refused(p, "`leaf_uplinks` (7) must be a multiple of the 3 aggregation switches of a pod | nearest: 6 or 9");
  p.leaf_uplinks = 6, p.leaves_per_pod = 4, p.agg_uplinks = 9;
  expect_refused(p, "an aggregation switch would need 8 down and 9 up");
  p.agg_uplinks = 8, p.tops_per_plane = 3;
  expect_refused(p, "`tops_per_plane` (3) must divide the 8 uplinks of an aggregation switch | nearest: 2 or 4");
  p.tops_per_plane = 1;
  expect_refused(p, "a top switch of 16 ports cannot take 8 links from each of 4 pods | at least 2 tops_per_plane, or at most 2 pods");
  p.tops_per_plane = 0, p.pods = 17;
  expect_refused(p, "a top switch of 16 ports cannot take 1 link from each of 17 pods | at most 16 pods");
}

TEST(TopologyErrors, RailsThatDoNotFill) {
  TopologyParameters p;
  p.kind = "rail-pods", p.source = "s.yaml", p.line = 3;
  p.servers = 10, p.gpus_per_server = 8, p.rails = 3;
  expect_refused(p, "`rails` (3) must divide the 8 GPUs of a server | nearest: 2 or 4");
  p.rails = 8, p.hosts_per_leaf = 4;
  expect_refused(p, "the 10 GPUs of a rail do not fill leaves of 4 (`hosts_per_leaf`) | nearest: 2 or 5, or another number of servers");
}

TEST(TopologyErrors, CoresThatCannotJoinThePods) {
  TopologyParameters p;
  p.kind = "multi-pod", p.source = "s.yaml", p.line = 3;
  p.pods = 4, p.radix = 16, p.leaves_per_pod = 4, p.hosts_per_leaf = 4, p.aggs_per_pod = 4;
  p.borders_per_pod = 2, p.core_uplinks = 4, p.cores = 3;
  expect_refused(
      p, "`cores` (3) of 16 ports cannot join 2 border switches or leaves of each of 4 pods with 4 links each evenly | nearest: 2 or 4");
  p.cores = 0, p.pods = 17;
  expect_refused(p, "no number of cores with 16 ports can join 2 border switches or leaves of each of 17 pods with 4 links each");
  p.pods = 4, p.borders_per_pod = 20;
  expect_refused(p, "a spine would need 4 down and 20 up");
  p.borders_per_pod = 0, p.core_uplinks = 9;
  expect_refused(p, "a leaf would need 4 down and 13 up");
}

}  // namespace
}  // namespace weft
