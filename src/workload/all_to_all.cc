#include <algorithm>

#include "workload/generators.hh"
#include "workload/participants.hh"

namespace weft {

Draft generate_all_to_all(const WorkloadParameters& parameters, const Surroundings& around) {
  require_size(parameters);
  require_start(parameters);
  const std::vector<std::uint32_t> hosts = participants(parameters, around, 2);
  const std::size_t peers = hosts.size() - 1;
  require_flow_count(parameters, static_cast<unsigned __int128>(hosts.size()) * peers);
  const bool serial = parameters.parallel != 0 && parameters.parallel < peers;
  Draft draft = draft_for(parameters);
  draft.traffic.flows.reserve(hosts.size() * peers);
  for (std::size_t i = 0; i < hosts.size(); ++i) {
    const TriggerId next{static_cast<std::uint32_t>(draft.traffic.triggers.size())};
    if (serial) draft.traffic.triggers.push_back({.kind = TriggerKind::multishot, .count = 1, .label = next.v});
    for (std::size_t step = 1; step <= peers; ++step) {
      add_flow(draft, parameters, hosts[i], hosts[(i + step) % hosts.size()]);
      if (!serial) continue;
      draft.traffic.flows.back().on_sent = next;
      if (step > parameters.parallel) draft.traffic.flows.back().after = next;
    }
  }
  return draft;
}

}  // namespace weft
