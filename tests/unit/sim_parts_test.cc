// What a simulation is put together from: link plans, threads' shares, triggers, sizes on the wire.
#include <gtest/gtest.h>

#include <set>

#include "sim/accounting.hh"
#include "sim/link_plan.hh"
#include "sim/partition.hh"
#include "sim/trigger_table.hh"
#include "support/input_error.hh"
#include "topology/registry.hh"
#include "wire/frame_size.hh"

namespace weft {
namespace {

TopologySpec small_fabric() {
  TopologyParameters t;
  t.kind = "leaf-spine";
  t.leaves = 3;
  t.spines = 2;
  t.hosts_per_leaf = 4;
  return build_topology(t);
}

// ---- selectors and plans --------------------------------------------------------------------------------------------

TEST(SimLinkPlan, StarStandsForAnyRun) {
  for (const auto& [pattern, name] : {std::pair{"", ""},
                                      {"*", ""},
                                      {"*", "leaf0-spine1"},
                                      {"leaf0-spine1", "leaf0-spine1"},
                                      {"leaf*", "leaf0"},
                                      {"*0-*1", "leaf0-spine1"},
                                      {"l*f*", "leaf"},
                                      {"**e*", "leaf"},
                                      {"*ab", "aab"},
                                      {"*aab*", "aaabaab"}}) {
    EXPECT_TRUE(fits_pattern(pattern, name)) << pattern << ' ' << name;
  }
  for (const auto& [pattern, name] : {std::pair{"", "a"},
                                      {"a", ""},
                                      {"leaf", "leaf0"},
                                      {"eaf0", "leaf0"},
                                      {"leaf?", "leaf0"},
                                      {"*1", "leaf10"},
                                      {"leaf1*", "leaf2"},
                                      {"*a*b", "bba"},
                                      {"LEAF0", "leaf0"}}) {
    EXPECT_FALSE(fits_pattern(pattern, name)) << pattern << ' ' << name;
  }
}

TEST(SimLinkPlan, SelectorsNameDirections) {
  const TopologySpec spec = small_fabric();
  const auto both = select_links(spec, "leaf0-spine1");
  ASSERT_EQ(both.size(), 2U);
  EXPECT_EQ(both[0] / 2, both[1] / 2);
  EXPECT_EQ(select_links(spec, "spine1-leaf0"), both);
  const auto down = select_links(spec, "spine1>leaf0"), up = select_links(spec, "leaf0>spine1");
  ASSERT_EQ(down.size(), 1U);
  ASSERT_EQ(up.size(), 1U);
  EXPECT_EQ((std::set<std::uint32_t>{down[0], up[0]}), (std::set<std::uint32_t>(both.begin(), both.end())));
  EXPECT_EQ(select_links(spec, "*").size(), spec.links.size() * 2);
  EXPECT_EQ(select_links(spec, "leaf*>spine0").size(), 3U);
  EXPECT_EQ(select_links(spec, "spine*-leaf*").size(), 12U);
  EXPECT_TRUE(select_links(spec, "leaf0-leaf1").empty());
}

LinkCondition down(const std::string& link, std::int64_t from, std::optional<std::int64_t> to, int line = 1) {
  LinkCondition c;
  c.link = link;
  c.down = Time{from};
  if (to) c.up = Time{*to};
  c.line = line;
  return c;
}

TEST(SimLinkPlan, OverlappingFailuresBecomeOne) {
  const TopologySpec spec = small_fabric();
  const std::string link = "leaf0>spine0";
  const LinkPlan plan = plan_links(
      spec, {down(link, 50, 60), down(link, 10, 20), down(link, 15, 30), down(link, 30, 40), down(link, 100, std::nullopt)}, "f");
  const DirectionPlan& d = plan.directions[select_links(spec, link)[0]];
  ASSERT_EQ(d.down.size(), 3U);
  EXPECT_EQ(d.down[0].down, Time{10});
  EXPECT_EQ(d.down[0].up, Time{40});
  EXPECT_EQ(d.down[1].down, Time{50});
  EXPECT_EQ(d.down[2].up, Time::never());
  const LinkId id{select_links(spec, link)[0] / 2};
  ASSERT_EQ(plan.changes.size(), 5U);  // 10, 40, 50, 60, 100
  for (std::size_t i = 0; i < plan.changes.size(); ++i) {
    EXPECT_TRUE(i == 0 || plan.changes[i - 1].at < plan.changes[i].at);
    const bool dead = i % 2 == 0;
    EXPECT_EQ(plan.changes[i].dead, dead ? std::vector<LinkId>{id} : std::vector<LinkId>{}) << i;
  }
}

TEST(SimLinkPlan, ALinkDeadInBothDirectionsIsNamedOnce) {
  const LinkPlan plan = plan_links(small_fabric(), {down("leaf0-spine0", 10, std::nullopt), down("leaf1>spine0", 10, std::nullopt)}, "f");
  ASSERT_EQ(plan.changes.size(), 1U);
  EXPECT_EQ(plan.changes[0].dead.size(), 2U);
}

TEST(SimLinkPlan, LaterConditionsWin) {
  const TopologySpec spec = small_fabric();
  LinkCondition all, one;
  all.link = "*";
  all.rate = Rate{10'000'000'000};
  all.loss = LossParameters{LossKind::uniform, 0.1};
  one.link = "leaf0>spine0";
  one.rate = Rate{1'000'000'000};
  const LinkPlan plan = plan_links(spec, {all, one}, "f");
  const std::uint32_t chosen = select_links(spec, "leaf0>spine0")[0];
  for (std::uint32_t i = 0; i < plan.directions.size(); ++i) {
    EXPECT_EQ(plan.directions[i].rate.v, i == chosen ? 1'000'000'000 : 10'000'000'000);
    EXPECT_EQ(plan.directions[i].loss.size(), 1U);
  }
  EXPECT_TRUE(plan.changes.empty());
}

TEST(SimLinkPlan, ErrorsNameTheLine) {
  const TopologySpec spec = small_fabric();
  test::expect_input_error([&] { static_cast<void>(plan_links(spec, {down("leaf0-spine9", 1, 2, 12)}, "f.yaml")); }, "f.yaml:12", "leaf0-");
  test::expect_input_error([&] { static_cast<void>(plan_links(spec, {down("leaf0-spine0", 5, 5, 7)}, "f.yaml")); }, "f.yaml:7",
                           "comes up before");
}

// ---- threads --------------------------------------------------------------------------------------------------------

TEST(SimPartition, EveryNodeOnceAndHostsWithTheirSwitch) {
  for (const char* kind : {"leaf-spine", "clos", "switch", "rail"}) {
    TopologyParameters t;
    t.kind = kind;
    t.hosts = 9;
    t.leaves = 5;
    t.spines = 3;
    t.hosts_per_leaf = 4;
    if (t.kind == "clos") t.leaves = t.spines = 0, t.hosts = 0, t.pods = 3, t.leaves_per_pod = 2, t.aggs_per_pod = 2, t.cores = 4;
    if (t.kind == "leaf-spine") t.hosts = 0;
    if (t.kind == "switch") t.leaves = t.spines = t.hosts_per_leaf = 0;
    if (t.kind == "rail") t.hosts = t.leaves = t.hosts_per_leaf = 0, t.servers = 4, t.gpus_per_server = 4;
    const TopologySpec spec = build_topology(t);
    const PortMap ports(spec);
    for (const unsigned threads : {1U, 2U, 3U, 7U, 64U}) {
      const Partition p = make_partition(spec, ports, threads);
      ASSERT_EQ(p.owner.size(), spec.nodes.size());
      ASSERT_EQ(p.own.size(), threads);
      std::multiset<std::uint32_t> seen;
      for (unsigned thread = 0; thread < threads; ++thread) {
        for (const std::uint32_t node : p.own[thread]) {
          seen.insert(node);
          EXPECT_EQ(p.owner[node], thread);
        }
      }
      EXPECT_EQ(seen.size(), spec.nodes.size()) << kind << ' ' << threads;
      for (std::uint32_t node = 0; node < spec.nodes.size(); ++node) EXPECT_EQ(seen.count(node), 1U);
      for (std::uint32_t host = 0; host < spec.hosts; ++host) {
        EXPECT_EQ(p.owner[host], p.owner[ports.port(NodeId{host}, 0).peer.index()]) << kind << ' ' << threads;
      }
    }
  }
}

TEST(SimPartition, ThreadsGetAboutTheSame) {
  TopologyParameters t;
  t.kind = "leaf-spine";
  t.leaves = t.spines = 16;
  t.hosts_per_leaf = 16;
  const TopologySpec spec = build_topology(t);
  const Partition p = make_partition(spec, PortMap(spec), 4);
  for (const auto& own : p.own) EXPECT_EQ(own.size(), spec.nodes.size() / 4);
}

// ---- triggers -------------------------------------------------------------------------------------------------------

FlowSpec flow(std::uint32_t src, std::uint32_t dst) {
  FlowSpec f;
  f.src = NodeId{src};
  f.dst = NodeId{dst};
  f.size = {1};
  return f;
}

// Flow 0 (0 to 1) activates trigger 0 at its receiver, host 1; flows 1 to 3 of host 1 wait for it, flow 4 of host `other` too.
Traffic waiting_traffic(TriggerKind kind, std::uint32_t count, std::uint32_t other) {
  Traffic t;
  t.triggers.push_back({kind, count, 0});
  t.flows = {flow(0, 1), flow(1, 2), flow(1, 3), flow(1, 4), flow(other, 0)};
  t.flows[0].on_received = TriggerId{0};
  for (std::size_t i = 1; i < t.flows.size(); ++i) t.flows[i].after = TriggerId{0};
  return t;
}

std::vector<std::uint32_t> activate(TriggerTable& table, const Traffic& traffic, std::uint32_t host) {
  std::vector<std::uint32_t> started;
  table.activate(0, host, traffic.flows, [&](std::uint32_t f) { started.push_back(f); });
  return started;
}
using Flows = std::vector<std::uint32_t>;

TEST(SimTriggerTable, OneshotStartsAllOnce) {
  const Traffic traffic = waiting_traffic(TriggerKind::oneshot, 1, 1);
  TriggerTable table(traffic, Duration{1000});
  EXPECT_TRUE(table.local(0));
  EXPECT_EQ(table.distant(), 0U);
  EXPECT_EQ(activate(table, traffic, 1), (Flows{1, 2, 3, 4}));
  EXPECT_EQ(activate(table, traffic, 1), Flows{});
}

TEST(SimTriggerTable, MultishotStartsTheNextEachTime) {
  const Traffic traffic = waiting_traffic(TriggerKind::multishot, 1, 1);
  TriggerTable table(traffic, Duration{1000});
  for (std::uint32_t i = 1; i <= 4; ++i) EXPECT_EQ(activate(table, traffic, 1), Flows{i});
  EXPECT_EQ(activate(table, traffic, 1), Flows{}) << "further activations are ignored";
}

TEST(SimTriggerTable, BarrierStartsAllAtItsCount) {
  const Traffic traffic = waiting_traffic(TriggerKind::barrier, 3, 1);
  TriggerTable table(traffic, Duration{1000});
  EXPECT_EQ(activate(table, traffic, 1), Flows{});
  EXPECT_EQ(activate(table, traffic, 1), Flows{});
  EXPECT_EQ(activate(table, traffic, 1), (Flows{1, 2, 3, 4}));
  EXPECT_EQ(activate(table, traffic, 1), Flows{});
}

// With waiting flows at two hosts each has a replica that counts for itself and starts its own flows only.
TEST(SimTriggerTable, ReplicasAgree) {
  for (const TriggerKind kind : {TriggerKind::oneshot, TriggerKind::multishot, TriggerKind::barrier}) {
    const Traffic traffic = waiting_traffic(kind, 2, 5);
    TriggerTable table(traffic, Duration{1000});
    EXPECT_FALSE(table.local(0));
    EXPECT_EQ(table.distant(), 1U);
    ASSERT_EQ(table.replicas(0).size(), 2U);
    Flows all;
    for (int i = 0; i < 6; ++i) {
      for (const std::uint32_t host : {1U, 5U}) {
        for (const std::uint32_t f : activate(table, traffic, host)) {
          EXPECT_EQ(traffic.flows[f].src.v, host);
          all.push_back(f);
        }
      }
    }
    EXPECT_EQ(all, (Flows{1, 2, 3, 4})) << static_cast<int>(kind);
    EXPECT_TRUE(activate(table, traffic, 3).empty()) << "a host without a replica";
  }
}

TEST(SimTriggerTable, AReadIsReceivedByWhoAsked) {
  Traffic traffic = waiting_traffic(TriggerKind::oneshot, 1, 1);
  traffic.flows[0].operation = Operation::read;
  EXPECT_FALSE(TriggerTable(traffic, Duration{1}).local(0));
  traffic.flows[0] = flow(1, 0);
  traffic.flows[0].operation = Operation::read;
  traffic.flows[0].on_received = TriggerId{0};
  EXPECT_TRUE(TriggerTable(traffic, Duration{1}).local(0));
}

// ---- sizes ----------------------------------------------------------------------------------------------------------

TEST(SimAccounting, IsWhatPacketsReallyAre) {
  const Accounting accounting{AccountingParameters{}};
  using wire::RoceOpcode;
  for (const RoceOpcode opcode : {RoceOpcode::send_only, RoceOpcode::write_first, RoceOpcode::write_middle,
                                  RoceOpcode::write_last_immediate, RoceOpcode::read_response_only, RoceOpcode::read_response_middle}) {
    for (const std::uint32_t payload : {0U, 1U, 3U, 4U, 5U, 64U, 255U, 256U, 4096U}) {
      EXPECT_EQ(accounting.bytes(opcode, payload), wire::wire_bytes(opcode, payload).v) << static_cast<int>(opcode) << ' ' << payload;
    }
  }
  for (const RoceOpcode opcode : {RoceOpcode::acknowledge, RoceOpcode::read_request, RoceOpcode::cnp, RoceOpcode::compare_swap}) {
    EXPECT_EQ(accounting.bytes(opcode, 0), wire::wire_bytes(opcode, 0).v) << static_cast<int>(opcode);
  }
}

// As the UEC group's simulator counts: 64 bytes beside the payload, 64 an ACK, no gap.
TEST(SimAccounting, Overrides) {
  AccountingParameters p;
  p.data_overhead = Bytes{64};
  p.ack_size = Bytes{64};
  p.gap = Bytes{0};
  const Accounting uec(p);
  EXPECT_EQ(uec.bytes(wire::RoceOpcode::write_first, 4096), 4160);
  EXPECT_EQ(uec.bytes(wire::RoceOpcode::write_middle, 4096), 4160) << "the same for every packet of a message";
  EXPECT_EQ(uec.bytes(wire::RoceOpcode::read_response_last, 4), 68);
  EXPECT_EQ(uec.bytes(wire::RoceOpcode::acknowledge, 0), 64);
  AccountingParameters gap;
  gap.gap = Bytes{12};
  EXPECT_EQ(Accounting(gap).bytes(wire::RoceOpcode::write_middle, 4096), 4170);
}

}  // namespace
}  // namespace weft
