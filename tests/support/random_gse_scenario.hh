// Small scheduled fabrics drawn from a seed: topologies, flows and link conditions as for RoCE, with narrow credits and windows, short
// timers, small containers and lost frames, so that queues come and go, requests are repeated and containers are passed over. Every
// other one has link-level retry and credits, too.
#pragma once

#include "scenario/fabric_defaults.hh"
#include "support/random_link_layers.hh"
#include "support/random_scenario.hh"

namespace weft::test {

inline GseParameters random_gse(Random& random) {
  GseParameters g;
  g.container = {pick(random, {1'024, 4'096, 16'384, 65'536})};
  g.spray = static_cast<ContainerSpray>(random.below(3));
  if (random.below(2) == 0) g.quantum = Bytes{pick(random, {256, 1'000, 4'096})};
  if (random.below(2) == 0) g.initial_credit = Bytes{pick(random, {0, 2'000, 60'000})};
  if (random.below(2) == 0) g.window = Bytes{pick(random, {9'000, 60'000, 400'000})};
  if (random.below(2) == 0) g.request_step = Bytes{pick(random, {256, 10'000, 100'000})};
  g.request_repeat = Duration{draw(random, 2'000'000, 30'000'000)};
  g.idle = {draw(random, 2'000'000, 60'000'000)};
  g.hole_timeout = Duration{draw(random, 5'000'000, 60'000'000)};
  g.credit_age = Duration{draw(random, 10'000'000, 300'000'000)};
  g.notice = static_cast<FaultNotice>(random.below(3));
  g.notice_copies = static_cast<std::uint32_t>(draw(random, 1, 4));
  g.notice_repeat = {draw(random, 200'000, 20'000'000)};
  g.join = {draw(random, 0, 40'000'000)};
  return g;
}

// Some with NICs of their own, which hosts may share; these may be the GSPs.
inline void random_gse_nics(Random& random, Scenario& s) {
  if (random.below(2) == 0) s.fabric.gse.mode = GseMode::e2e;
  s.fabric.gse.nic_buffer = {pick(random, {20'000, 100'000, 2'000'000})};
  if (random.below(3) == 0) {
    const std::uint32_t hosts = host_count(s.topology);
    ServerParameters& server = s.topology.server.emplace();
    do server.gpus = static_cast<std::uint32_t>(draw(random, 1, std::min(hosts, 4U)));
    while (hosts % server.gpus != 0);
    server.nics = static_cast<std::uint32_t>(draw(random, 1, server.gpus));
    server.pcie = PcieParameters{{pick(random, {64'000'000'000, 512'000'000'000})}, {draw(random, 50'000, 300'000)}};
  }
  if (s.fabric.gse.mode == GseMode::e2e && s.fabric.gse.spray == ContainerSpray::least_queued) s.fabric.gse.spray = ContainerSpray::random;
  give_nics(s);
}

// Pods joined by core switches, over border switches or straight from the leaves.
inline void random_gse_pods(Random& random, TopologyParameters& t) {
  t.kind = "multi-pod";
  t.radix = 16;
  t.pods = static_cast<std::uint32_t>(draw(random, 2, 3));
  t.leaves_per_pod = t.aggs_per_pod = 2;
  t.leaf_uplinks = 0;
  t.hosts_per_leaf = static_cast<std::uint32_t>(draw(random, 1, 2));
  t.borders_per_pod = static_cast<std::uint32_t>(random.below(3));
  t.core_uplinks = static_cast<std::uint32_t>(draw(random, 1, 2) * 2);
  t.cores = 0;
}

inline Scenario random_gse_scenario(std::uint64_t seed) {
  Random random(random_key(seed, RandomRoom::test, 5));
  Scenario s;
  s.name = "random gse " + std::to_string(seed);
  s.file = "random";
  s.seed = seed;
  s.topology = random_topology(random);
  s.fabric = random_fabric(random);
  s.fabric.load_balancing = LoadBalancing::ecmp;
  s.fabric.scheduling = Scheduling::gse;
  s.fabric.gse = random_gse(random);
  Random pods(random_key(seed, RandomRoom::test, 8));
  if (pods.below(3) == 0) random_gse_pods(pods, s.topology);
  Random nics(random_key(seed, RandomRoom::test, 6));
  random_gse_nics(nics, s);
  random_conditions(random, s);
  random_flows(random, s);
  s.duration = Time{random.below(6) == 0 ? draw(random, 5'000'000, 100'000'000) : 3'000'000'000};
  if (seed % 2 == 1) {
    Random layers(random_key(seed, RandomRoom::test, 7));
    constexpr double rates[] = {0, 1e-8, 1e-6, 1e-5};
    s.fabric.ber = rates[layers.below(4)];
    if (layers.below(3) != 0) random_llr(layers, s);
    random_cbfc(layers, s);
    s.duration = Time{std::min(s.duration->ps, draw(layers, 20'000'000, 400'000'000))};
  }
  return s;
}

}  // namespace weft::test
