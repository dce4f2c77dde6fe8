// Small scenarios drawn from a seed: every mechanism of the fabric and of RoCE, in combinations nobody would write down.
#pragma once

#include "base/random.hh"
#include "scenario/scenario.hh"

namespace weft::test {

inline std::int64_t draw(Random& random, std::int64_t least, std::int64_t most) {
  return least + static_cast<std::int64_t>(random.below(static_cast<std::uint64_t>(most - least + 1)));
}
template <std::size_t N>
std::int64_t pick(Random& random, const std::int64_t (&values)[N]) {
  return values[random.below(N)];
}

inline TopologyParameters random_topology(Random& random) {
  TopologyParameters t;
  t.link.rate = {pick(random, {25'000'000'000, 100'000'000'000, 400'000'000'000, 3'200'000'000'000})};
  t.link.delay = {pick(random, {50'000, 333'333, 1'000'000, 2'500'000})};
  if (random.chance(1ULL << 30)) t.switch_latency = {draw(random, 1, 400'000)};
  if (random.below(2) == 0)
    t.uplink = LinkParameters{{pick(random, {100'000'000'000, 400'000'000'000})}, {pick(random, {500'000, 1'000'000, 7'000'001})}};
  switch (random.below(3)) {
    case 0:
      t.kind = "switch";
      t.hosts = static_cast<std::uint32_t>(draw(random, 2, 9));
      break;
    case 1:
      t.kind = "leaf-spine";
      t.leaves = static_cast<std::uint32_t>(draw(random, 2, 4));
      t.spines = static_cast<std::uint32_t>(draw(random, 1, 4));
      t.hosts_per_leaf = static_cast<std::uint32_t>(draw(random, 1, 4));
      break;
    default:
      t.kind = "clos";
      t.pods = 2;
      t.leaves_per_pod = 2;
      t.aggs_per_pod = 2;
      t.cores = 4;
      t.hosts_per_leaf = static_cast<std::uint32_t>(draw(random, 1, 3));
  }
  return t;
}

inline std::uint32_t host_count(const TopologyParameters& t) {
  if (t.kind == "switch") return t.hosts;
  if (t.kind == "leaf-spine") return t.leaves * t.hosts_per_leaf;
  return t.pods * t.leaves_per_pod * t.hosts_per_leaf;
}

inline ScaleUpParameters random_scale_up(Random& random) {
  ScaleUpParameters p;
  p.kind = random.below(3) == 0 ? ScaleUpParameters::Kind::mesh : ScaleUpParameters::Kind::through_switch;
  p.rate = {pick(random, {200'000'000'000, 900'000'000'000, 3'600'000'000'000})};
  p.delay = {pick(random, {60'000, 300'000})};
  p.latency = {draw(random, 0, 200'000)};
  p.buffer = {pick(random, {2'000'000, 8'000'000, 64'000'000})};
  p.reduces = random.below(2) == 0;
  return p;
}

// Servers in one of three networks, and switches that compute.
inline void random_servers(Random& random, TopologyParameters& t) {
  if (random.below(6) == 0) t.reduction = Reduction::access;
  t.reduction_delay = {pick(random, {50'000, 250'000})};
  if (random.below(3) != 0) return;
  const std::uint32_t hosts = host_count(t);
  t.server.emplace();
  ServerParameters& server = *t.server;
  do server.gpus = static_cast<std::uint32_t>(draw(random, 1, std::min(hosts, 4U)));
  while (hosts % server.gpus != 0);
  if (random.below(3) != 0) server.scale_up = random_scale_up(random);
  if (random.below(3) == 0)
    server.pcie = PcieParameters{{pick(random, {64'000'000'000, 512'000'000'000})}, {draw(random, 50'000, 300'000)}};
  if (random.below(4) == 0) server.nics = server.gpus * 2;
}

inline FabricParameters random_fabric(Random& random) {
  FabricParameters f;
  f.congestion = random.below(2) == 0 ? "none" : "dcqcn";
  f.load_balancing = static_cast<LoadBalancing>(random.below(6));
  f.flowlet_gap = {draw(random, 1'000, 5'000'000)};
  f.lossless = random.below(3) == 0 ? Lossless::none : Lossless::pfc;
  f.recovery = random.below(2) == 0 ? Recovery::go_back_n : Recovery::selective;
  f.mtu = static_cast<std::uint32_t>(pick(random, {256, 1024, 4096}));
  f.buffer = {pick(random, {300'000, 1'000'000, 3'000'000, 64'000'000})};
  f.alpha_num = 1;
  f.alpha_den = static_cast<std::uint32_t>(pick(random, {1, 2, 8, 32}));
  f.ecn.kmin = Bytes{draw(random, 0, 60'000)};
  f.ecn.kmax = Bytes{f.ecn.kmin->v + draw(random, 1, 200'000)};
  f.ecn.at = random.below(2) == 0 ? EcnAt::enqueue : EcnAt::dequeue;
  f.pfc.headroom = Bytes{pick(random, {5'000, 20'000, 60'000})};
  f.pfc.hysteresis = {pick(random, {0, 3'072, 20'000})};
  f.pfc.pause_quanta = static_cast<std::uint16_t>(pick(random, {65535, 4000, 2000}));
  if (random.below(3) == 0) f.pfc.xoff = Bytes{draw(random, 5'000, 40'000)};
  if (f.lossless != Lossless::pfc) f.pfc = {};
  f.ack_every = static_cast<std::uint32_t>(draw(random, 1, 6));
  f.timeout_exponent = static_cast<std::uint32_t>(draw(random, 4, 7));
  if (random.below(3) == 0) f.window = static_cast<std::uint32_t>(draw(random, 4, 64));
  if (random.below(2) == 0) f.ack_class = 5;
  if (random.below(2) == 0) f.dwrr_weight[3] = 2, f.dwrr_weight[5] = 1, f.dwrr_weight[6] = 3;
  f.convergence = {pick(random, {0, 20'000'000, 300'000'000})};
  f.detect = {pick(random, {0, 1'000'000, 15'000'000})};
  f.reroute_queued = random.below(2) == 0;
  f.stall = Duration{2'000'000'000};  // a deadlock is recognised soon: the oracle is slow
  return f;
}

inline void random_conditions(Random& random, Scenario& s) {
  if (random.below(3) == 0) {
    LinkCondition c;
    c.link = "*";
    LossParameters loss;
    if (random.below(2) == 0) {
      loss.p = static_cast<double>(draw(random, 1, 200)) * 1e-4;
    } else {
      loss.kind = LossKind::gilbert_elliott;
      loss.good_to_bad = 0.01;
      loss.bad_to_good = 0.3;
    }
    c.loss = loss;
    s.links.push_back(c);
  }
  const bool spined = s.topology.kind == "leaf-spine" && s.topology.spines > 1;
  if (spined && random.below(2) == 0) {
    LinkCondition c;
    c.link = random.below(2) == 0 ? "leaf0-spine0" : "leaf1>spine0";
    c.down = Time{draw(random, 0, 60'000'000)};
    if (random.below(2) == 0) c.up = *c.down + Duration{draw(random, 1, 80'000'000)};
    s.links.push_back(c);
  }
  if (spined && random.below(3) == 0) {
    LinkCondition c;
    c.link = "spine1-leaf*";
    c.rate = Rate{33'000'000'000};
    s.links.push_back(c);
  }
}

inline void random_flows(Random& random, Scenario& s) {
  const std::uint32_t hosts = host_count(s.topology);
  WorkloadParameters w;
  w.kind = "flows";
  const auto count = static_cast<std::uint32_t>(draw(random, 1, 24));
  const std::uint32_t victim = static_cast<std::uint32_t>(random.below(hosts));
  const bool incast = random.below(2) == 0;
  for (std::uint32_t i = 0; i < count; ++i) {
    FlowSpec f;
    f.src = NodeId{static_cast<std::uint32_t>(random.below(hosts))};
    f.dst = incast ? NodeId{victim} : NodeId{static_cast<std::uint32_t>(random.below(hosts))};
    if (f.src == f.dst) f.src = NodeId{(f.dst.v + 1) % hosts};
    f.size = {random.below(4) == 0 ? draw(random, 1, 5000) : draw(random, 1, 250'000)};
    f.start = Time{random.below(2) == 0 ? 0 : draw(random, 0, 40'000'000)};
    f.operation = static_cast<Operation>(random.below(3));
    f.label = i;
    w.flows.push_back(f);
    w.flow_lines.push_back(0);
  }
  if (count > 6 && random.below(2) == 0) {  // the first flow starts others through a trigger; a barrier waits for two
    w.triggers.push_back({TriggerKind::oneshot, 1, 1});
    w.triggers.push_back({TriggerKind::barrier, 2, 2});
    w.triggers.push_back({TriggerKind::multishot, 1, 3});
    w.flows[0].on_sent = TriggerId{0};
    w.flows[1].after = w.flows[2].after = TriggerId{0};
    w.flows[1].on_received = w.flows[3].on_sent = TriggerId{1};
    w.flows[4].after = TriggerId{1};
    w.flows[4].on_sent = w.flows[2].on_received = TriggerId{2};
    w.flows[5].after = w.flows[6].after = TriggerId{2};
  }
  s.workloads.push_back(w);
}

inline Scenario random_scenario(std::uint64_t seed) {
  Random random(random_key(seed, RandomRoom::test, 1));
  Scenario s;
  s.name = "random " + std::to_string(seed);
  s.file = "random";
  s.seed = seed;
  s.topology = random_topology(random);
  Random inside(random_key(seed, RandomRoom::test, 3));
  random_servers(inside, s.topology);
  s.fabric = random_fabric(random);
  random_conditions(random, s);
  random_flows(random, s);
  if (random.below(6) == 0) s.duration = Time{draw(random, 5'000'000, 100'000'000)};
  return s;
}

}  // namespace weft::test
