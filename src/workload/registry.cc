#include "workload/registry.hh"

#include <array>
#include <utility>

#include "base/error.hh"
#include "base/parse.hh"
#include "workload/generators.hh"
#include "workload/trigger_check.hh"

namespace weft {
namespace {

struct Entry {
  const char* kind;
  Draft (*generate)(const WorkloadParameters&, const Surroundings&);
};

constexpr std::array registry{
    Entry{"flows", generate_flows},           Entry{"matrix", generate_matrix},         Entry{"permutation", generate_permutation},
    Entry{"incast", generate_incast},         Entry{"all-to-all", generate_all_to_all}, Entry{"poisson", generate_poisson},
    Entry{"collective", generate_collective}, Entry{"simai", generate_simai},           Entry{"training", generate_training},
    Entry{"chakra", generate_chakra},
};

constexpr std::size_t max_workloads = 65535;

Draft draft_of(const WorkloadParameters& parameters, const Surroundings& around) {
  const std::string kind = parameters.matrix.empty() ? parameters.kind : "matrix";
  for (const Entry& entry : registry) {
    if (kind == entry.kind) return entry.generate(parameters, around);
  }
  std::string known;
  for (const std::string& name : workload_kinds()) known += (known.empty() ? "" : ", ") + name;
  workload_error(parameters, "no such kind of workload", "known kinds: " + known);
}

void move_on(TriggerId& trigger, std::uint32_t by) {
  if (trigger.valid()) trigger.v += by;
}

void merge(Traffic& all, Traffic&& part, std::uint16_t index) {
  const auto by = static_cast<std::uint32_t>(all.triggers.size());
  for (FlowSpec& flow : part.flows) {
    flow.workload = index;
    flow.first_of_connection += static_cast<std::uint32_t>(all.flows.size());
    move_on(flow.after, by);
    move_on(flow.on_sent, by);
    move_on(flow.on_received, by);
  }
  for (TaskWork& work : part.tasks) {
    work.workload = index;
    work.first_flow += static_cast<std::uint32_t>(all.flows.size());
    all.tasks.push_back(std::move(work));
  }
  if (all.flows.empty()) {
    all.flows = std::move(part.flows);
  } else {
    all.flows.insert(all.flows.end(), part.flows.begin(), part.flows.end());
  }
  all.triggers.insert(all.triggers.end(), part.triggers.begin(), part.triggers.end());
}

}  // namespace

std::vector<std::string> workload_kinds() {
  std::vector<std::string> kinds;
  kinds.reserve(registry.size());
  for (const Entry& entry : registry) kinds.emplace_back(entry.kind);
  return kinds;
}

Traffic generate(const std::vector<WorkloadParameters>& workloads, std::uint32_t hosts, Rate host_rate, std::uint64_t seed) {
  NetworkShape network{.hosts = hosts, .host_rate = host_rate, .gpus_per_server = 0, .machine = {}, .reducers = {}};
  network.machine.inside_rate = network.machine.server_rate = host_rate;
  return generate(workloads, network, seed);
}

Traffic generate(const std::vector<WorkloadParameters>& workloads, const NetworkShape& network, std::uint64_t seed) {
  if (workloads.size() > max_workloads) throw InputError("workloads", "more than " + std::to_string(max_workloads) + " entries");
  Traffic all;
  for (std::size_t i = 0; i < workloads.size(); ++i) {
    const auto index = static_cast<std::uint16_t>(i);
    Surroundings around{network, seed, index};
    Draft draft = draft_of(workloads[i], around);
    check_flows(draft, network.hosts, network.end_points() - network.hosts);
    check_triggers(draft);
    require_flow_count(workloads[i], all.flows.size() + draft.traffic.flows.size());
    merge(all, std::move(draft.traffic), index);
  }
  return all;
}

}  // namespace weft
