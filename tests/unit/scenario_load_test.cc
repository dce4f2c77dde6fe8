// A scenario file becomes the Scenario it describes; --set changes it as if the file had said so.
#include <gtest/gtest.h>

#include "base/error.hh"
#include "scenario/load.hh"
#include "scenario_everything.hh"

namespace weft {
namespace {

constexpr const char* small = R"(topology: { kind: switch, hosts: 4, link: { delay: 1us } }
workloads:
  - { kind: permutation, size: 2MB }
)";

Scenario everything_else() { return parse_scenario(everything_leaf_spine, "in/some/folder/all.yaml"); }

TEST(ScenarioLoad, DefaultsAreThoseOfTheStructs) {
  const Scenario s = parse_scenario(small, "small.yaml");
  EXPECT_EQ(s.name, "unnamed");
  EXPECT_EQ(s.seed, 1U);
  EXPECT_FALSE(s.duration.has_value());
  EXPECT_EQ(s.topology.link.rate.v, 400'000'000'000);
  EXPECT_EQ(s.fabric.mtu, FabricParameters{}.mtu);
  EXPECT_EQ(s.fabric.congestion, "dcqcn");
  EXPECT_EQ(s.file, "small.yaml");
  EXPECT_EQ(s.text, small);
  EXPECT_EQ(s.topology.line, 1);
  EXPECT_EQ(s.topology.source, "small.yaml");
  ASSERT_EQ(s.workloads.size(), 1U);
  EXPECT_EQ(s.workloads[0].line, 3);
  EXPECT_EQ(s.workloads[0].size.v, 2'000'000);
}

TEST(ScenarioLoad, Topology) {
  const TopologyParameters t = everything_else().topology;
  EXPECT_EQ(t.kind, "leaf-spine");
  EXPECT_EQ(t.leaves, 4U);
  EXPECT_EQ(t.spines, 2U);
  EXPECT_EQ(t.hosts_per_leaf, 8U);
  EXPECT_EQ(t.oversubscription, 2.0);
  EXPECT_EQ(t.switch_latency.v, 300'000);
  EXPECT_EQ(t.link.delay.v, 500'000);
  ASSERT_TRUE(t.uplink.has_value());
  EXPECT_EQ(t.uplink->rate.v, 800'000'000'000);
  EXPECT_EQ(t.uplink->delay.v, 500'000);
  const TopologyParameters g = parse_scenario(everything_graph, "g.yaml").topology;
  ASSERT_EQ(g.graph_links.size(), 3U);
  EXPECT_EQ(g.graph_hosts, (std::vector<std::string>{"a", "b"}));
  EXPECT_EQ(g.graph_links[0].link.rate.v, 100'000'000'000);
  EXPECT_EQ(g.graph_links[0].line, 9);
  EXPECT_EQ(g.graph_links[1].link.delay.v, 50'000'000);
  EXPECT_EQ(g.graph_links[2].link.delay.v, 7'000'000);
}

TEST(ScenarioLoad, Fabric) {
  const FabricParameters f = everything_else().fabric;
  EXPECT_EQ(f.congestion, "none");
  EXPECT_EQ(f.dcqcn_set, "htsim");
  EXPECT_EQ(f.load_balancing, LoadBalancing::spray_least_queued);
  EXPECT_EQ(f.lossless, Lossless::pfc);
  EXPECT_EQ(f.recovery, Recovery::selective);
  EXPECT_EQ(f.mtu, 1024U);
  EXPECT_EQ(f.buffer.v, 33'554'432);
  EXPECT_EQ(f.alpha_num, 1U);
  EXPECT_EQ(f.alpha_den, 4U);
  EXPECT_FALSE(f.ecn.enabled);
  EXPECT_EQ(f.ecn.kmax->v, 20'000);
  EXPECT_EQ(f.ecn.pmax, 0.5);
  EXPECT_EQ(f.ecn.at, EcnAt::dequeue);
  EXPECT_EQ(f.pfc.headroom_model, HeadroomModel::vendor);
  EXPECT_EQ(f.pfc.response->v, 1'000'000);
  EXPECT_EQ(f.pfc.pause_quanta, 1000);
  EXPECT_EQ(f.notify_class, 7);
  EXPECT_EQ(f.dwrr_weight[7], 7U);
  EXPECT_TRUE(f.reroute_queued);
  EXPECT_EQ(f.stall->v, 30'000'000'000);
}

TEST(ScenarioLoad, Links) {
  const std::vector<LinkCondition> links = everything_else().links;
  ASSERT_EQ(links.size(), 3U);
  EXPECT_EQ(links[0].loss->p, 1e-4);
  EXPECT_EQ(links[0].rate->v, 100'000'000'000);
  EXPECT_EQ(links[0].down->ps, 20'000'000);
  EXPECT_EQ(links[0].up->ps, 40'000'000);
  EXPECT_EQ(links[1].loss->kind, LossKind::gilbert_elliott);
  EXPECT_EQ(links[1].loss->bad_to_good, 0.25);
  EXPECT_EQ(links[1].link, "leaf1>spine*");
  EXPECT_EQ(links[1].line, 52);
}

TEST(ScenarioLoad, Workloads) {
  const std::vector<WorkloadParameters> w = everything_else().workloads;
  ASSERT_EQ(w.size(), 10U);
  EXPECT_EQ(w[0].hosts, (std::vector<std::uint32_t>{0, 1, 2, 3, 8, 12, 13}));
  EXPECT_EQ(w[0].operation, Operation::read);
  EXPECT_EQ(*w[1].destination, 5U);
  EXPECT_EQ(w[2].size.v, 65'536);
  EXPECT_EQ(w[3].sizes, "web-search");
  ASSERT_EQ(w[4].flows.size(), 3U);
  EXPECT_EQ(w[4].flows[0].label, 3U);
  EXPECT_EQ(w[4].flows[0].start.ps, 9'000'000);
  EXPECT_EQ(w[4].flows[0].on_sent.v, 1U);
  EXPECT_EQ(w[4].flows[1].after.v, 1U);
  EXPECT_EQ(w[4].flows[1].on_received.v, 0U);
  EXPECT_EQ(w[4].flows[2].label, 2U);
  EXPECT_EQ(w[4].triggers[1].kind, TriggerKind::barrier);
  EXPECT_EQ(w[4].triggers[1].count, 2U);
  EXPECT_EQ(w[4].flow_lines.size(), 3U);
  EXPECT_EQ(w[5].kind, "matrix");
  EXPECT_EQ(w[5].matrix, "in/some/folder/traffic.cm");
  EXPECT_EQ(w[6].kind, "matrix");
  EXPECT_EQ(w[6].matrix, "in/some/folder/more/traffic.cm");
  EXPECT_EQ(w[6].size.v, 0);
  const CollectiveParameters& collective = w[7].collective;
  EXPECT_EQ(w[7].kind, "collective");
  EXPECT_EQ(w[7].size.v, 8'000'000);
  EXPECT_EQ(collective.operation, "broadcast");
  EXPECT_EQ(collective.algorithm, "tree");
  EXPECT_EQ(*collective.root, 3U);
  EXPECT_EQ(collective.channels, 2U);
  EXPECT_EQ(collective.chunk.v, 65'536);
  EXPECT_EQ(collective.count, 5U);
  EXPECT_EQ(collective.ranks_per_server, 4U);
  EXPECT_EQ(collective.local_rate->v, 1'000'000'000'000);
}

TEST(ScenarioLoad, TraceAndAccounting) {
  const Scenario s = everything_else();
  EXPECT_EQ(s.trace.flows, (std::vector<std::uint32_t>{3, 10, 11, 12}));
  EXPECT_EQ(s.trace.ports, (std::vector<std::string>{"leaf0>spine1"}));
  EXPECT_EQ(s.accounting.data_overhead->v, 64);
  EXPECT_EQ(s.accounting.gap->v, 0);
}

TEST(ScenarioSet, ChangesAddsAndSteps) {
  const Scenario s = parse_scenario(small, "small.yaml",
                                    {"fabric.pfc.headroom=12KB", "workloads.0.size=5MB", "seed=9", "name='two words'",
                                     "links=[{link: host0-switch0, loss: 0.5}]", "workloads.0.size=6MB"});
  EXPECT_EQ(s.fabric.pfc.headroom->v, 12'000);
  EXPECT_EQ(s.workloads[0].size.v, 6'000'000);
  EXPECT_EQ(s.seed, 9U);
  EXPECT_EQ(s.name, "two words");
  ASSERT_EQ(s.links.size(), 1U);
}

TEST(ScenarioSet, EffectiveTextSaysTheSame) {
  const std::vector<std::string> sets = {"fabric.mtu=1024", "workloads.1.fan_in=4", "trace.ports=['leaf1>spine*', 'x: y']"};
  const Scenario once = parse_scenario(everything_leaf_spine, "all.yaml", sets);
  const Scenario again = parse_scenario(once.text, "all.yaml");
  EXPECT_EQ(again.fabric.mtu, 1024U);
  EXPECT_EQ(again.workloads[1].fan_in, 4U);
  EXPECT_EQ(again.trace.ports, once.trace.ports);
  EXPECT_EQ(again.links.size(), once.links.size());
  EXPECT_EQ(parse_scenario(again.text, "all.yaml", {"seed=7"}).text, parse_scenario(once.text, "all.yaml", {"seed=7"}).text);
}

TEST(ScenarioSet, FilesReplaceTheirMappingAndStartAtTheWorkingDirectory) {
  const Scenario s = parse_scenario(small, "in/folder/small.yaml", {"workloads.0.matrix=a.cm", "topology.file=../b.topo"});
  EXPECT_EQ(s.workloads[0].kind, "matrix");
  EXPECT_EQ(s.workloads[0].matrix, "a.cm");
  EXPECT_EQ(s.workloads[0].size.v, 0);
  EXPECT_EQ(s.topology.file, "../b.topo");
  EXPECT_EQ(s.topology.hosts, 0U);
}

}  // namespace
}  // namespace weft
