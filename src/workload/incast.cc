#include <algorithm>

#include "workload/generators.hh"
#include "workload/participants.hh"

namespace weft {
namespace {

std::uint32_t senders_of_group(const WorkloadParameters& parameters, std::size_t hosts) {
  const std::size_t fit = hosts / parameters.groups;
  if (fit < 2)
    workload_error(parameters, "`groups` (" + std::to_string(parameters.groups) + ") need two hosts each, but only " +
                                   std::to_string(hosts) + " take part");
  if (parameters.fan_in == 0) return static_cast<std::uint32_t>(fit - 1);
  if (parameters.fan_in > fit - 1) {
    workload_error(parameters,
                   "`fan_in` (" + std::to_string(parameters.fan_in) + ") and a receiver for each of " + std::to_string(parameters.groups) +
                       " groups do not fit into " + std::to_string(hosts) + " hosts",
                   "at most " + std::to_string(fit - 1));
  }
  return parameters.fan_in;
}

}  // namespace

Draft generate_incast(const WorkloadParameters& parameters, const Surroundings& around) {
  require_size(parameters);
  require_start(parameters);
  if (parameters.groups == 0) workload_error(parameters, "`groups` must be at least 1");
  std::vector<std::uint32_t> hosts = participants(parameters, around, 2);
  const std::uint32_t senders = senders_of_group(parameters, hosts.size());
  Random random = workload_random(around, 0);
  shuffle(hosts, random);
  if (parameters.destination) {
    if (parameters.groups != 1) workload_error(parameters, "`destination` goes with one group only", "leave `destination` or `groups` out");
    const auto found = std::find(hosts.begin(), hosts.end(), *parameters.destination);
    if (found == hosts.end()) {
      workload_error(parameters, "`destination` (" + std::to_string(*parameters.destination) + ") is not among the hosts that take part");
    }
    std::iter_swap(hosts.begin(), found);
  }
  Draft draft = draft_for(parameters);
  for (std::uint32_t group = 0; group < parameters.groups; ++group) {
    const std::size_t first = parameters.groups + std::size_t{group} * senders;
    for (std::uint32_t i = 0; i < senders; ++i) add_flow(draft, parameters, hosts[first + i], hosts[group]);
  }
  return draft;
}

}  // namespace weft
