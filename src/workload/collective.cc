#include <algorithm>
#include <array>
#include <utility>

#include "base/error.hh"
#include "base/parse.hh"
#include "collective/graph_check.hh"
#include "collective/registry.hh"
#include "workload/generators.hh"
#include "workload/participants.hh"

namespace weft {
namespace {

using collective::Request;

constexpr std::uint32_t most_repetitions = 100'000;

collective::Operation operation_of(const WorkloadParameters& parameters) {
  const auto found = std::find(collective_operations.begin(), collective_operations.end(), parameters.collective.operation);
  if (found == collective_operations.end()) {
    std::string known;
    for (const char* name : collective_operations) known += (known.empty() ? "" : ", ") + std::string(name);
    workload_error(parameters, "`operation` '" + parameters.collective.operation + "' is no collective", "one of: " + known);
  }
  return static_cast<collective::Operation>(found - collective_operations.begin());
}

void set_servers(Request& request, const WorkloadParameters& parameters) {
  const std::uint32_t each = parameters.collective.ranks_per_server;
  if (each == 0) return;
  if (request.ranks.size() % each != 0) {
    workload_error(parameters, std::to_string(request.ranks.size()) + " ranks do not divide into servers of " + std::to_string(each) +
                                   " (`ranks_per_server`)");
  }
  for (std::uint32_t member = 0; member < request.ranks.size(); ++member) request.servers.push_back(member / each);
}

void set_root(Request& request, const WorkloadParameters& parameters) {
  if (!parameters.collective.root) return;
  const collective::RankId root{*parameters.collective.root};
  const auto found = std::find(request.ranks.begin(), request.ranks.end(), root);
  if (found == request.ranks.end()) {
    workload_error(parameters, "`root` (" + std::to_string(root.v) + ") is not among the hosts that take part");
  }
  request.root = static_cast<collective::Member>(found - request.ranks.begin());
}

Request request_of(const WorkloadParameters& parameters, const Surroundings& around) {
  Request request;
  request.where = place(parameters.source, parameters.line);
  request.operation = operation_of(parameters);
  if (request.operation != collective::Operation::barrier) require_size(parameters);
  request.algorithm = parameters.collective.algorithm;
  if (request.algorithm.empty()) request.algorithm = collective::algorithm_names(request.operation).front();
  for (const std::uint32_t host : participants(parameters, around, 2)) request.ranks.push_back({host});
  request.bytes = parameters.size;
  request.channels = parameters.collective.channels;
  request.chunk = parameters.collective.chunk;
  request.parallel = parameters.parallel;
  set_servers(request, parameters);
  set_root(request, parameters);
  return request;
}

bool stays_with_ranks(const collective::TaskGraph& graph) { return graph.switch_count() == 0; }

// The algorithms of the operation that would have run here.
std::string others(Request request) {
  std::string names;
  for (const std::string& name : collective::algorithm_names(request.operation)) {
    try {
      collective::TaskGraph graph;
      request.algorithm = name;
      static_cast<void>(collective::append(graph, request));
      if (stays_with_ranks(graph)) names += (names.empty() ? "" : ", ") + name;
    } catch (const InputError&) {  // it does not go with these servers
    }
  }
  return names;
}

TaskWork work_of(const WorkloadParameters& parameters, const Request& request, std::uint32_t hosts) {
  TaskWork work;
  work.graph = collective::TaskGraph(collective::TaskGraph::Keep::sizes, max_flows);
  work.start = parameters.start;
  work.local_rate = parameters.collective.local_rate.value_or(Rate{});
  collective::Front front;
  for (std::uint32_t i = 0; i < parameters.collective.count; ++i) {
    front = collective::append(work.graph, request, front);
    if (!stays_with_ranks(work.graph)) {
      workload_error(parameters, "the algorithm '" + request.algorithm + "' computes in switches, which the simulator cannot do",
                     "these run: " + others(request));
    }
    work.collectives.push_back({.operation = request.operation,
                                .algorithm = request.algorithm,
                                .bytes = request.bytes,
                                .ranks = static_cast<std::uint32_t>(request.ranks.size()),
                                .end = static_cast<std::uint32_t>(work.graph.size())});
  }
  collective::check_graph(work.graph, hosts, request.where);
  return work;
}

FlowSpec flow_of(const collective::Task& task, std::uint32_t id, Time start) {
  FlowSpec flow;
  flow.src = {task.from};
  flow.dst = {task.to};
  flow.size = std::max(task.bytes(), Bytes{1});
  flow.start = start;
  flow.label = id;
  flow.by_task = true;
  return flow;
}

}  // namespace

Draft generate_collective(const WorkloadParameters& parameters, const Surroundings& around) {
  require_start(parameters);
  if (parameters.collective.count == 0 || parameters.collective.count > most_repetitions) {
    workload_error(parameters, "`count` must lie between 1 and " + std::to_string(most_repetitions));
  }
  Draft draft = draft_for(parameters);
  TaskWork work = work_of(parameters, request_of(parameters, around), around.hosts);
  const auto tasks = work.graph.tasks();
  for (std::uint32_t id = 0; id < tasks.size(); ++id) {
    if (tasks[id].is_message()) draft.traffic.flows.push_back(flow_of(tasks[id], id, parameters.start));
  }
  work.messages = static_cast<std::uint32_t>(draft.traffic.flows.size());
  draft.traffic.tasks.push_back(std::move(work));
  return draft;
}

}  // namespace weft
