#include "base/parse.hh"
#include "collective/registry.hh"
#include "workload/generators.hh"
#include "workload/job_settings.hh"
#include "workload/participants.hh"

namespace weft {
namespace {

constexpr std::uint32_t most_repetitions = 100'000;

collective::Operation known_operation(const WorkloadParameters& parameters) {
  const auto operation = operation_named(parameters.collective.operation);
  if (!operation) {
    workload_error(parameters, "`operation` '" + parameters.collective.operation + "' is no collective", "one of: " + operation_words());
  }
  return *operation;
}

void check_servers(const WorkloadParameters& parameters, std::size_t ranks) {
  const std::uint32_t each = parameters.collective.ranks_per_server;
  if (each == 0 || ranks % each == 0) return;
  workload_error(parameters,
                 std::to_string(ranks) + " ranks do not divide into servers of " + std::to_string(each) + " (`ranks_per_server`)");
}

// The rank that stands on the host that `root` names.
std::uint32_t root_of(const WorkloadParameters& parameters, const JobSettings& settings) {
  if (!parameters.collective.root) return 0;
  const std::uint32_t root = *parameters.collective.root;
  for (std::uint32_t rank = 0; rank < settings.hosts.size(); ++rank) {
    if (settings.hosts[rank] == root) return rank;
  }
  workload_error(parameters, "`root` (" + std::to_string(root) + ") is not among the hosts that take part");
}

}  // namespace

Draft generate_collective(const WorkloadParameters& parameters, const Surroundings& around) {
  if (parameters.collective.count == 0 || parameters.collective.count > most_repetitions) {
    workload_error(parameters, "`count` must lie between 1 and " + std::to_string(most_repetitions));
  }
  const collective::Operation operation = known_operation(parameters);
  if (operation != collective::Operation::barrier) require_size(parameters);
  static_cast<void>(participants(parameters, around, 2));
  JobSettings settings = job_settings(parameters, around, 0);
  check_servers(parameters, settings.hosts.size());
  const std::uint32_t root = root_of(parameters, settings);
  std::vector<std::uint32_t> ranks;
  for (std::uint32_t rank = 0; rank < settings.hosts.size(); ++rank) ranks.push_back(rank);
  std::string algorithm = parameters.collective.algorithm;
  if (algorithm.empty() && settings.algorithms.count(operation) == 0) algorithm = collective::algorithm_names(operation).front();
  JobBuilder builder(std::move(settings));
  const LabelId label = builder.label(parameters.collective.operation);
  for (std::uint32_t i = 0; i < parameters.collective.count; ++i) {
    static_cast<void>(builder.collective({.operation = operation,
                                          .bytes = parameters.size,
                                          .ranks = ranks,
                                          .stream = 1,
                                          .label = label,
                                          .after = {},
                                          .root = root,
                                          .matrix = {},
                                          .algorithm = algorithm}));
  }
  return draft_of(parameters, around, builder.finish());
}

}  // namespace weft
