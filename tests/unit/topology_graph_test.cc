#include <gtest/gtest.h>

#include "support/input_error.hh"
#include "topology/registry.hh"

namespace weft {
namespace {

using test::expect_input_error;

GraphLink link(const std::string& a, const std::string& b, int line, std::int64_t rate = 100'000'000'000, std::int64_t delay = 2'000'000) {
  return {.a = a, .b = b, .link = {.rate = {rate}, .delay = {delay}}, .line = line};
}

TopologyParameters dumbbell() {
  TopologyParameters p;
  p.kind = "graph";
  p.source = "g.yaml";
  p.line = 2;
  p.graph_hosts = {"alice", "bob"};
  p.graph_switches = {"left", "right"};
  p.graph_links = {link("alice", "left", 5), link("bob", "right", 6), link("left", "right", 7, 10'000'000'000, 5'000'000)};
  return p;
}

TEST(Graph, AsWritten) {
  TopologyParameters p = dumbbell();
  p.switch_latency = {400'000};
  const TopologySpec spec = build_topology(p);
  ASSERT_EQ(spec.hosts, 2U);
  ASSERT_EQ(spec.nodes.size(), 4U);
  EXPECT_EQ(spec.nodes[0].name, "alice");
  EXPECT_EQ(spec.nodes[0].latency, Duration{0});
  EXPECT_EQ(spec.nodes[3].name, "right");
  EXPECT_EQ(spec.nodes[3].latency, Duration{400'000});
  EXPECT_EQ(spec.links[2].a, NodeId{2});
  EXPECT_EQ(spec.links[2].b, NodeId{3});
  EXPECT_EQ(spec.links[2].rate, Rate{10'000'000'000});
  EXPECT_EQ(spec.links[2].delay, Duration{5'000'000});
}

void expect_refused(const TopologyParameters& p, const std::string& where, const std::string& part) {
  expect_input_error([&] { (void)build_topology(p); }, where, part);
}

TEST(Graph, NamesTheLinksLine) {
  TopologyParameters p = dumbbell();
  p.graph_links[1].b = "rihgt";
  expect_refused(p, "g.yaml:6", "did you mean right?");
  p = dumbbell();
  p.graph_links[2].link.delay = {0};
  expect_refused(p, "g.yaml:7", "link left - right: the delay is missing");
  p = dumbbell();
  p.graph_links[2].link.rate = {-1};
  expect_refused(p, "g.yaml:7", "link left - right: the rate is missing");
  p = dumbbell();
  p.graph_links[0].b = "alice";
  expect_refused(p, "g.yaml:5", "joins a node with itself");
}

TEST(Graph, RefusesWhatCannotBe) {
  TopologyParameters p = dumbbell();
  p.graph_links.pop_back();
  expect_refused(p, "g.yaml:2", "alice cannot reach bob");
  p = dumbbell();
  p.graph_switches.push_back("alice");
  expect_refused(p, "g.yaml:2", "two nodes are named alice");
  p = dumbbell();
  p.graph_hosts.emplace_back();
  expect_refused(p, "g.yaml:2", "empty name");
  p = dumbbell();
  p.graph_hosts.clear();
  expect_refused(p, "g.yaml:2", "`hosts` is missing");
  p = dumbbell();
  p.graph_links.clear();
  expect_refused(p, "g.yaml:2", "`links` is missing");
}

}  // namespace
}  // namespace weft
