#include <utility>

#include "workload/generators.hh"
#include "workload/participants.hh"

namespace weft {

Draft generate_permutation(const WorkloadParameters& parameters, const Surroundings& around) {
  require_size(parameters);
  require_start(parameters);
  const std::vector<std::uint32_t> hosts = participants(parameters, around, 2);
  Random random = workload_random(around, 0);
  std::vector<std::uint32_t> to = hosts;
  for (std::size_t i = to.size() - 1; i > 0; --i) std::swap(to[i], to[random.below(i)]);
  Draft draft = draft_for(parameters);
  for (std::size_t i = 0; i < hosts.size(); ++i) add_flow(draft, parameters, hosts[i], to[i]);
  return draft;
}

}  // namespace weft
