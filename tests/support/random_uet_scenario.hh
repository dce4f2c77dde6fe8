// Small Ultra Ethernet scenarios drawn from a seed: topologies, flows and link conditions as for RoCE, with everything that only
// Ultra Ethernet has: both laws, each path policy, trimming, SLEEK, ordered delivery, narrow PSN windows.
#pragma once

#include "support/random_scenario.hh"

namespace weft::test {

inline FabricParameters random_uet_fabric(Random& random) {
  static constexpr const char* laws[] = {"nscc", "rccc", "nscc+rccc", "none"};
  FabricParameters f;
  f.transport = "uet";
  f.lossless = Lossless::none;
  f.congestion = laws[random.below(4)];
  f.uet.delivery = random.below(4) == 0 && f.congestion != "rccc" && f.congestion != "nscc+rccc" ? Delivery::rod : Delivery::rud;
  f.load_balancing = static_cast<LoadBalancing>(random.below(3) == 0 ? random.below(6) : 6 + random.below(4));
  f.flowlet_gap = {draw(random, 1'000, 5'000'000)};
  f.uet.paths = static_cast<std::uint32_t>(pick(random, {1, 4, 16, 128}));
  f.uet.trimming = random.below(3) != 0;
  f.recovery = !f.uet.trimming && f.congestion == "nscc" && f.uet.delivery == Delivery::rud && random.below(2) == 0 ? Recovery::sleek
                                                                                                                    : Recovery::rto;
  f.mtu = static_cast<std::uint32_t>(pick(random, {256, 1024, 4086}));
  f.buffer = {pick(random, {300'000, 1'000'000, 64'000'000})};
  f.queue = Bytes{pick(random, {10'000, 30'000, 180'000})};
  if (random.below(2) == 0) f.uet.trim_queue = Bytes{draw(random, 500, 5'000)};
  f.uet.trim_victim = random.below(2) == 0 ? TrimVictim::arriving : TrimVictim::either;
  f.ecn.kmin = Bytes{draw(random, 0, 20'000)};
  f.ecn.kmax = Bytes{f.ecn.kmin->v + draw(random, 1, 40'000)};
  f.ecn.pmax = 1;
  f.ecn.at = random.below(2) == 0 ? EcnAt::enqueue : EcnAt::dequeue;
  f.ecn.last_hop = random.below(2) == 0;
  f.uet.ack_bytes = Bytes{pick(random, {1, 4'096, 16'384})};
  f.uet.least_rto = Duration{draw(random, 20'000'000, 100'000'000)};
  if (random.below(3) == 0) f.uet.psn_range = static_cast<std::uint32_t>(draw(random, 4, 64));
  if (random.below(2) == 0) f.dwrr_weight[3] = 2, f.dwrr_weight[5] = 1;
  f.convergence = {pick(random, {0, 20'000'000, 300'000'000})};
  f.detect = {pick(random, {0, 1'000'000, 15'000'000})};
  f.stall = Duration{30'000'000'000};
  return f;
}

inline Scenario random_uet_scenario(std::uint64_t seed) {
  Random random(random_key(seed, RandomRoom::test, 2));
  Scenario s;
  s.name = "random uet " + std::to_string(seed);
  s.file = "random";
  s.seed = seed;
  s.topology = random_topology(random);
  Random inside(random_key(seed, RandomRoom::test, 4));
  random_servers(inside, s.topology);
  s.fabric = random_uet_fabric(random);
  random_conditions(random, s);
  random_flows(random, s);
  // Timeouts that double make some of these last very long; what is left of them after 3 ms is more of the same.
  s.duration = Time{random.below(6) == 0 ? draw(random, 5'000'000, 100'000'000) : 3'000'000'000};
  return s;
}

}  // namespace weft::test
