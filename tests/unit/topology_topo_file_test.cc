#include "topology/topo_file.hh"

#include <gtest/gtest.h>

#include "support/input_error.hh"
#include "support/real_data.hh"
#include "support/topo_samples.hh"
#include "topology/path.hh"
#include "topology/registry.hh"
#include "topology/validate.hh"

namespace weft {
namespace {

using test::expect_input_error;

TopologySpec build(const std::string& text) { return build_topo(parse_topo(text, "f.topo"), "f.topo"); }

std::string replaced(std::string text, const std::string& from, const std::string& to) {
  const std::size_t at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  return text.replace(at, from.size(), to);
}

// The sample with one change, refused at this line.
void expect_refused(const std::string& from, const std::string& to, int line, const std::string& part) {
  expect_input_error([&] { (void)build(replaced(test::topo_sample, from, to)); }, "f.topo:" + std::to_string(line), part);
}

TEST(TopoFile, ThreeTiersWithBundles) {
  const TopologySpec spec = build(test::topo_sample);
  validate(spec, {});
  ASSERT_EQ(spec.hosts, 16U);
  ASSERT_EQ(spec.nodes.size(), 16U + 4 + 4 + 4);  // 4 leaves, 2 aggs a pod, 2 * 4 / 2 cores
  const PortMap ports(spec);
  const NodeId agg2{16 + 4 + 2}, core1{16 + 4 + 4 + 1};
  EXPECT_EQ(spec.nodes[agg2.index()].name, "agg2");
  ASSERT_EQ(ports.ports(agg2).size(), 6U);  // 2 leaves, 2 cores twice
  EXPECT_EQ(ports.port(agg2, 2).peer, ports.port(agg2, 3).peer);
  EXPECT_EQ(spec.nodes[ports.port(agg2, 2).peer.index()].name, "core0");
  EXPECT_EQ(spec.nodes[ports.port(agg2, 4).peer.index()].name, "core2");
  ASSERT_EQ(ports.ports(core1).size(), 4U);
  EXPECT_EQ(spec.nodes[agg2.index()].latency, Duration{300'000});
  EXPECT_EQ(spec.links[0].rate, Rate{200'000'000'000});
  EXPECT_EQ(spec.links[16].delay, Duration{1'500'500});
  EXPECT_EQ(spec.links.back().rate, Rate{100'000'000'000});
  EXPECT_EQ(spec.links.back().delay, Duration{2'000'000});
}

TEST(TopoFile, RefusesWhatIsMissing) {
  expect_refused("Nodes 16\n", "\n", 27, "Nodes is missing");
  expect_refused("Tiers 3\n", "\n", 27, "Tiers is missing");
  expect_refused("Podsize 8\n", "\n", 27, "Podsize is missing");
  expect_refused("Downlink_speed_Gbps 200\n", "\n", 6, "Downlink_speed_Gbps of tier 0 is missing");
  expect_refused("Downlink_Latency_ns 1500.5\n", "\n", 13, "Downlink_Latency_ns of tier 1 is missing");
  expect_refused("Radix_Up 4\n", "\n", 13, "Radix_Up of tier 1 is missing");
  expect_refused("Radix_Down 4\nRadix_Up", "Radix_Up", 6, "Radix_Down of tier 0 is missing");
  expect_input_error([] { (void)build("Nodes 4\nTiers 2\nPodsize 4\n"); }, "f.topo:3", "Tier of tier 0 is missing");
  expect_input_error([] { (void)build(""); }, "f.topo", "Nodes is missing");
}

TEST(TopoFile, RefusesWhatIsNotANumber) {
  expect_refused("Nodes 16", "Nodes sixteen", 2, "Nodes needs a number from 1 to");
  expect_refused("Nodes 16", "Nodes -16", 2, "Nodes needs a number");
  expect_refused("Nodes 16", "Nodes", 2, "Nodes needs a number");
  expect_refused("Tiers 3", "Tiers 4", 3, "Tiers needs a number from 2 to 3");
  expect_refused("Tier 1", "Tier 7", 13, "Tier needs a number from 0 to 2");
  expect_refused("Downlink_Latency_ns 1000", "Downlink_Latency_ns 0", 10, "no usable value");
  expect_refused("Downlink_speed_Gbps 200", "Downlink_speed_Gbps 200G", 7, "no usable value");
  expect_refused("Bundle 1", "Bundle 1 2", 19, "a line is a key and one value");
}

TEST(TopoFile, RefusesWhatIsUnknownOrRepeated) {
  expect_refused("Podsize 8", "Pod_size 8", 4, "unknown key Pod_size");
  expect_refused("Bundle 1", "Bundel 1", 19, "unknown key Bundel");
  expect_refused("Bundle 1", "Radix_Up 4", 19, "Radix_Up is given twice for tier 1");
  expect_refused("Tier 1", "Tier 0", 13, "Tier is given twice for tier 0");
  expect_refused("Podsize 8", "Tiers 3", 4, "Tiers is given twice");
}

TEST(TopoFile, RefusesWhatDoesNotFit) {
  expect_refused("Podsize 8", "Podsize 5", 4, "Podsize must divide Nodes (16)");
  expect_refused("Tiers 3", "Tiers 2", 21, "Tier 2 is described, but Tiers is 2");
  expect_refused("Queue_Down 9000", "Radix_Up 4", 21, "the top tier");
  expect_refused("Oversubscribed 2", "Oversubscribed 4", 6, "Oversubscribed 2");
  expect_refused("Oversubscribed 2", "Bundle 2", 6, "Bundle of tier 0 must be 1");
  expect_refused("Bundle 1", "Bundle 3", 6, "must be a multiple of Bundle of tier 1 (3)");
  expect_refused("Bundle 2", "Bundle 1", 21, "Radix_Down 2");
  expect_refused("Radix_Down 2", "Radix_Down 3", 13, "Radix_Down 2");
  expect_refused("Radix_Down 4", "Radix_Down 3", 6, "must divide Podsize");
  expect_input_error(
      [] {
        (void)build(
            "Nodes 8\nTiers 2\nPodsize 4\nTier 0\nDownlink_speed_Gbps 1\nRadix_Down 2\nRadix_Up 2\n"
            "Downlink_Latency_ns 5\nTier 1\nDownlink_speed_Gbps 1\nRadix_Down 4\nDownlink_Latency_ns 5\n");
      },
      "f.topo:3", "Podsize 8");
}

TEST(TopoFile, UnreadableFile) {
  TopologyParameters p;
  p.file = "/nowhere/x.topo";
  expect_input_error([&] { (void)build_topology(p); }, "/nowhere/x.topo", "cannot read the file: No such file");
  p.file = "/";
  expect_input_error([&] { (void)build_topology(p); }, "/", "cannot read the file");
}

struct RealTopology {
  const char* file;
  std::uint32_t hosts, switches;
  std::size_t links;
  std::uint32_t far_hops;
};

TEST(TopoFile, RealFiles) {
  if (!test::has_real_data()) GTEST_SKIP() << test::no_real_data;
  for (const RealTopology& real :
       {RealTopology{"leaf_spine_1024_400g.topo", 1024, 64, 2048, 4}, RealTopology{"leaf_spine_8192_400g.topo", 8192, 192, 16384, 4},
        RealTopology{"fat_tree_128_1os.topo", 128, 32 + 32 + 16, 384, 6},
        RealTopology{"fat_tree_1024_1os_400g.topo", 1024, 128 + 128 + 64, 3072, 6}}) {
    TopologyParameters p;
    p.file = test::real_data(std::string("uet-htsim/") + real.file);
    const TopologySpec spec = build_topology(p);
    EXPECT_EQ(spec.hosts, real.hosts) << real.file;
    EXPECT_EQ(spec.nodes.size() - spec.hosts, real.switches) << real.file;
    EXPECT_EQ(spec.links.size(), real.links) << real.file;
    EXPECT_EQ(spec.links.front().delay, Duration{1'000'000}) << real.file;
    const PortMap ports(spec);
    EXPECT_EQ(path(ports, RoutingTables::compute(ports), {0}, {real.hosts - 1}).size(), real.far_hops) << real.file;
  }
}

}  // namespace
}  // namespace weft
