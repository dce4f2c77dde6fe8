// Small Ultra Ethernet scenarios drawn from a seed: topologies, flows and link conditions as for RoCE, with everything that only
// Ultra Ethernet has: both laws, each path policy, trimming, SLEEK, ordered delivery, packets without a context, tags, narrow
// PSN windows; some of them with PFC.
#pragma once

#include "support/random_scenario.hh"

namespace weft::test {

inline bool may_infer(const FabricParameters& f) {
  return (f.congestion == "nscc" || f.congestion == "nscc+rccc") && f.uet.delivery == Delivery::rud;
}

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
  f.recovery = !f.uet.trimming && may_infer(f) && random.below(3) != 0 ? Recovery::sleek : Recovery::rto;
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

// A fourth of them is paused: then nothing is trimmed, and no queue has a limit of its own.
inline void random_uet_pauses(Random& random, FabricParameters& f) {
  if (random.below(4) != 0) return;
  f.lossless = Lossless::pfc;
  f.uet.trimming = false;
  f.queue.reset();
  f.uet.trim_queue.reset();
  f.alpha_den = static_cast<std::uint32_t>(pick(random, {1, 8, 32}));
  f.pfc.headroom = Bytes{pick(random, {5'000, 20'000, 60'000})};
  f.pfc.hysteresis = {pick(random, {0, 3'072, 20'000})};
  f.pfc.pause_quanta = static_cast<std::uint16_t>(pick(random, {65535, 4000, 2000}));
  if (random.below(3) == 0) f.pfc.xoff = Bytes{draw(random, 5'000, 40'000)};
}

// A fourth of those with a window finds its losses itself.
inline void random_uet_inference(Random& random, FabricParameters& f) {
  if (!may_infer(f) || random.below(4) != 0) return;
  f.recovery = Recovery::sleek;
  f.uet.trimming = false;
  f.uet.trim_queue.reset();
}

// Now and then SENDs have tags, and where the set-up allows it packets stand alone, which then can only write.
inline void random_uet_services(Random& random, Scenario& s) {
  FabricParameters& f = s.fabric;
  const bool alone = f.uet.delivery == Delivery::rud && f.recovery == Recovery::rto && (f.congestion == "nscc" || f.congestion == "none");
  if (alone && random.below(4) == 0) f.uet.delivery = Delivery::rudi;
  for (FlowSpec& flow : s.workloads.front().flows) {
    if (flow.operation == Operation::send && random.below(2) == 0) flow.operation = Operation::tagged_send;
    if (f.uet.delivery == Delivery::rudi) flow.operation = Operation::write;
  }
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
  Random paused(random_key(seed, RandomRoom::test, 9));
  random_uet_pauses(paused, s.fabric);
  Random inferred(random_key(seed, RandomRoom::test, 11));
  random_uet_inference(inferred, s.fabric);
  random_conditions(random, s);
  random_flows(random, s);
  Random services(random_key(seed, RandomRoom::test, 10));
  random_uet_services(services, s);
  // Timeouts that double make some of these last very long; what is left of them after 3 ms is more of the same.
  s.duration = Time{random.below(6) == 0 ? draw(random, 5'000'000, 100'000'000) : 3'000'000'000};
  return s;
}

}  // namespace weft::test
