#include "workload/registry.hh"

#include <gtest/gtest.h>

namespace weft {
namespace {

WorkloadParameters sized(const std::string& kind) {
  WorkloadParameters p;
  p.kind = kind;
  p.size = {2'000'000};
  return p;
}

TEST(Generators, MergingMovesTriggersOn) {
  WorkloadParameters listed = sized("flows");
  listed.triggers = {{TriggerKind::oneshot, 1, 4}, {TriggerKind::barrier, 2, 5}};
  for (std::uint32_t i = 0; i < 4; ++i) {
    FlowSpec flow;
    flow.src = {i};
    flow.dst = {i + 1};
    flow.size = {100};
    flow.label = i;
    listed.flows.push_back(flow);
  }
  listed.flows[0].on_sent = {0};
  listed.flows[1].after = {0};
  listed.flows[1].on_received = {1};
  listed.flows[2].on_sent = {1};
  listed.flows[3].after = {1};
  WorkloadParameters other = sized("permutation");
  other.operation = Operation::read;
  other.start = {77};
  const Traffic all = generate({listed, other, listed}, 8, Rate{1}, 1);
  ASSERT_EQ(all.flows.size(), 4U + 8 + 4);
  ASSERT_EQ(all.triggers.size(), 4U);
  EXPECT_EQ(all.flows[4].workload, 1);
  EXPECT_EQ(all.flows[4].operation, Operation::read);
  EXPECT_EQ(all.flows[4].start, Time{77});
  EXPECT_FALSE(all.flows[4].after.valid());
  EXPECT_EQ(all.flows[12].workload, 2);
  EXPECT_EQ(all.flows[12].on_sent, TriggerId{2});
  EXPECT_EQ(all.flows[13].after, TriggerId{2});
  EXPECT_EQ(all.flows[13].on_received, TriggerId{3});
  EXPECT_EQ(all.flows[15].after, TriggerId{3});
  EXPECT_EQ(all.triggers[3].label, 5U);
}

TEST(Generators, NoWorkloadNoTraffic) { EXPECT_TRUE(generate({}, 8, Rate{1}, 1).flows.empty()); }

TEST(Generators, IncastToOneChosenHost) {
  WorkloadParameters p = sized("incast");
  p.fan_in = 100;
  p.destination = 17;
  const Traffic traffic = generate({p}, 1024, Rate{1}, 1);
  ASSERT_EQ(traffic.flows.size(), 100U);
  for (const FlowSpec& flow : traffic.flows) EXPECT_EQ(flow.dst, NodeId{17});
}

TEST(Generators, AllToAllInTurns) {
  WorkloadParameters p = sized("all-to-all");
  p.parallel = 2;
  p.hosts = {3, 5, 1, 7};
  const Traffic traffic = generate({p}, 8, Rate{1}, 1);
  ASSERT_EQ(traffic.flows.size(), 12U);
  ASSERT_EQ(traffic.triggers.size(), 4U);
  EXPECT_EQ(traffic.triggers[0].kind, TriggerKind::multishot);
  EXPECT_EQ(traffic.flows[3].src, NodeId{5});
  EXPECT_EQ(traffic.flows[3].dst, NodeId{1});
  EXPECT_FALSE(traffic.flows[4].after.valid());
  EXPECT_EQ(traffic.flows[5].after, TriggerId{1});
  EXPECT_EQ(traffic.flows[5].on_sent, TriggerId{1});
  p.parallel = 3;  // as many as there are: no trigger needed
  EXPECT_TRUE(generate({p}, 8, Rate{1}, 1).triggers.empty());
}

}  // namespace
}  // namespace weft
