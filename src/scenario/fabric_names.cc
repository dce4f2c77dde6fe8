#include "scenario/fabric_names.hh"

#include "base/check.hh"

namespace weft {
namespace {

template <class E>
std::string find_name(const std::vector<std::pair<std::string, E>>& names, E value) {
  for (const auto& [name, meaning] : names) {
    if (meaning == value) return name;
  }
  CHECK(false, "no name for", static_cast<unsigned>(value));
  return {};
}

}  // namespace

std::vector<std::pair<std::string, LoadBalancing>> load_balancing_names() {
  return {{"ecmp", LoadBalancing::ecmp},
          {"spray-random", LoadBalancing::spray_random},
          {"spray-round-robin", LoadBalancing::spray_round_robin},
          {"spray-least-queued", LoadBalancing::spray_least_queued},
          {"adaptive", LoadBalancing::adaptive},
          {"flowlet", LoadBalancing::flowlet},
          {"oblivious", LoadBalancing::oblivious},
          {"bitmap", LoadBalancing::bitmap},
          {"reps", LoadBalancing::reps},
          {"mixed", LoadBalancing::mixed}};
}

std::vector<std::pair<std::string, Recovery>> recovery_names() {
  return {{"go-back-n", Recovery::go_back_n}, {"selective", Recovery::selective}, {"sleek", Recovery::sleek}, {"rto", Recovery::rto}};
}

std::string name_of(LoadBalancing kind) { return find_name(load_balancing_names(), kind); }
std::string name_of(Recovery kind) { return find_name(recovery_names(), kind); }

}  // namespace weft
