// LoadBalancer: the registry of policies by which a switch spreads packets over equal-cost ports. Add a policy: its file, a
// line in the variant, a line in make_load_balancer(), its name in scenario/, its test.
#pragma once

#include <cstdint>
#include <variant>

#include "fabric/load_balancing/adaptive.hh"
#include "fabric/load_balancing/ecmp.hh"
#include "fabric/load_balancing/flowlet.hh"
#include "fabric/load_balancing/spray_containers.hh"
#include "fabric/load_balancing/spray_least_queued.hh"
#include "fabric/load_balancing/spray_random.hh"
#include "fabric/load_balancing/spray_round_robin.hh"
#include "fabric/parameters.hh"

namespace weft {

using LoadBalancer = std::variant<Ecmp, SprayRandom, SprayRoundRobin, SprayLeastQueued, Adaptive, Flowlet, SprayContainers>;

inline LoadBalancer make_load_balancer(LoadBalancing kind, std::uint64_t switch_seed, Duration flowlet_gap) {
  switch (kind) {
    case LoadBalancing::spray_random: return SprayRandom{Random(mix64(switch_seed))};
    case LoadBalancing::spray_round_robin: return SprayRoundRobin{switch_seed};
    case LoadBalancing::spray_least_queued: return SprayLeastQueued{switch_seed};
    case LoadBalancing::adaptive: return Adaptive{Random(mix64(switch_seed))};
    case LoadBalancing::flowlet: return Flowlet(flowlet_gap, Random(mix64(switch_seed)));
    case LoadBalancing::ecmp:
    case LoadBalancing::oblivious:
    case LoadBalancing::bitmap:
    case LoadBalancing::reps:
    case LoadBalancing::mixed: break;
  }
  return Ecmp{};  // what end points choose reaches the switch in the packet's hash
}

// True when the policy wants the true depth of every port.
inline bool looks_at_depth(const LoadBalancer& balancer) {
  return std::holds_alternative<SprayLeastQueued>(balancer) || std::holds_alternative<Adaptive>(balancer) ||
         std::holds_alternative<Flowlet>(balancer);
}

}  // namespace weft
