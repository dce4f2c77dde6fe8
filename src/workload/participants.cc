#include "workload/participants.hh"

#include <numeric>
#include <utility>

namespace weft {

std::vector<std::uint32_t> participants(const WorkloadParameters& parameters, const Surroundings& around, std::size_t least) {
  std::vector<std::uint32_t> hosts = parameters.hosts;
  if (hosts.empty()) {
    hosts.resize(around.hosts);
    std::iota(hosts.begin(), hosts.end(), 0U);
  }
  std::vector<bool> seen(around.hosts, false);
  for (const std::uint32_t host : hosts) {
    if (host >= around.hosts) {
      workload_error(parameters, "`hosts` names host " + std::to_string(host) + ", which is not in this network",
                     around.hosts == 0 ? "the network has no host" : "hosts are 0 to " + std::to_string(around.hosts - 1));
    }
    if (seen[host]) workload_error(parameters, "`hosts` names host " + std::to_string(host) + " twice");
    seen[host] = true;
  }
  if (hosts.size() < least) {
    workload_error(parameters,
                   "it needs at least " + std::to_string(least) + " hosts, but only " + std::to_string(hosts.size()) + " take part");
  }
  return hosts;
}

Random workload_random(const Surroundings& around, std::uint32_t stream) {
  return Random(random_key(around.seed, RandomRoom::workload, (std::uint64_t{around.index} << 32) | stream));
}

void shuffle(std::vector<std::uint32_t>& values, Random& random) {
  for (std::size_t i = values.size(); i > 1; --i) std::swap(values[i - 1], values[random.below(i)]);
}

}  // namespace weft
