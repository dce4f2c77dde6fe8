#include "workload/draft.hh"

#include <utility>

#include "base/error.hh"
#include "base/parse.hh"

namespace weft {
namespace {

constexpr Bytes largest_size{std::int64_t{1} << 50};
constexpr Time latest_start{100LL * 86'400 * ps_per_second};

std::string who(const FlowSpec& flow) {
  return "flow " + std::to_string(flow.label) + " (" + std::to_string(flow.src.v) + " -> " + std::to_string(flow.dst.v) + ')';
}

}  // namespace

Draft draft_for(const WorkloadParameters& parameters) {
  return {.traffic = {}, .file = parameters.source, .line = parameters.line, .flow_lines = {}, .trigger_lines = {}};
}

std::string flow_place(const Draft& draft, std::size_t flow) {
  return place(draft.file, flow < draft.flow_lines.size() ? draft.flow_lines[flow] : draft.line);
}

std::string trigger_place(const Draft& draft, std::size_t trigger) {
  return place(draft.file, trigger < draft.trigger_lines.size() ? draft.trigger_lines[trigger] : draft.line);
}

void workload_error(const WorkloadParameters& parameters, const std::string& message, std::string hint) {
  throw InputError(place(parameters.source, parameters.line), "workload (" + parameters.kind + "): " + message, std::move(hint));
}

void add_flow(Draft& draft, const WorkloadParameters& parameters, std::uint32_t src, std::uint32_t dst) {
  const auto label = static_cast<std::uint32_t>(draft.traffic.flows.size());
  draft.traffic.flows.push_back({.src = {src},
                                 .dst = {dst},
                                 .size = parameters.size,
                                 .start = parameters.start,
                                 .after = {},
                                 .on_sent = {},
                                 .on_received = {},
                                 .label = label,
                                 .workload = 0,
                                 .operation = parameters.operation});
}

void require_size(const WorkloadParameters& parameters) {
  if (parameters.size.v <= 0 || parameters.size > largest_size) {
    workload_error(parameters, "`size` is missing, not above 0, or above 1 PiB", "for example 2MB");
  }
}

void require_start(const WorkloadParameters& parameters) {
  if (parameters.start.ps < 0 || parameters.start > latest_start) {
    workload_error(parameters, "`start` must lie between 0 and 100 days", "for example 10us");
  }
}

void require_flow_count(const WorkloadParameters& parameters, unsigned __int128 count) {
  if (count > max_flows) {
    workload_error(parameters, "it would make more than " + std::to_string(max_flows) + " flows", "fewer hosts, or a shorter time");
  }
}

void check_flows(const Draft& draft, std::uint32_t hosts, std::uint32_t reducers) {
  const auto& flows = draft.traffic.flows;
  for (std::size_t i = 0; i < flows.size(); ++i) {
    const FlowSpec& flow = flows[i];
    for (const NodeId host : {flow.src, flow.dst}) {
      if (host.v < hosts + (flow.by_task ? reducers : 0)) continue;
      throw InputError(flow_place(draft, i), who(flow) + ": there is no host " + std::to_string(host.v) + " in this network",
                       hosts == 0 ? "the network has no host" : "hosts are 0 to " + std::to_string(hosts - 1));
    }
    if (flow.src == flow.dst) throw InputError(flow_place(draft, i), who(flow) + " sends to itself", "source and destination must differ");
    if (flow.size.v <= 0 || flow.size > largest_size) {
      throw InputError(flow_place(draft, i),
                       who(flow) + ": the size must be above 0 and at most 1 PiB, not " + std::to_string(flow.size.v) + " bytes",
                       "for example 2000000");
    }
    if (!flow.after.valid() && (flow.start.ps < 0 || flow.start > latest_start)) {
      throw InputError(flow_place(draft, i), who(flow) + ": the start must lie between 0 and 100 days");
    }
    const std::size_t triggers = draft.traffic.triggers.size();
    for (const TriggerId trigger : {flow.after, flow.on_sent, flow.on_received}) {
      if (!trigger.valid() || trigger.index() < triggers) continue;
      throw InputError(flow_place(draft, i), who(flow) + " names a trigger that is not described", "list it under `triggers`");
    }
  }
}

}  // namespace weft
