#include "workload/job_settings.hh"

#include <algorithm>
#include <map>
#include <tuple>
#include <utility>

#include "base/parse.hh"
#include "collective/graph_check.hh"
#include "workload/lower_in_network.hh"
#include "workload/number.hh"
#include "workload/participants.hh"

namespace weft {
namespace {

void set_algorithms(JobSettings& settings, const WorkloadParameters& parameters) {
  for (const auto& [word, algorithm] : parameters.job.algorithms) {
    const auto operation = operation_named(word);
    if (!operation) workload_error(parameters, "`algorithms` names '" + word + "', which is no collective", "one of: " + operation_words());
    const auto known = collective::algorithm_names(*operation);
    if (algorithm != "auto" && std::find(known.begin(), known.end(), algorithm) == known.end()) {
      std::string names = "auto";
      for (const std::string& name : known) names += ", " + name;
      workload_error(parameters, "there is no algorithm '" + algorithm + "' for " + word, "known ones: " + names);
    }
    settings.algorithms[*operation] = algorithm;
  }
}

collective::Efficiencies efficiencies_of(const JobParameters& job) {
  const auto thousandths = [](double share) { return static_cast<std::int64_t>(share * 1000 + 0.5); };
  return {.ring = thousandths(job.efficiencies.ring),
          .tree = thousandths(job.efficiencies.tree),
          .pat = thousandths(job.efficiencies.pat),
          .nvls = thousandths(job.efficiencies.nvls),
          .copies = thousandths(job.copies)};
}

void set_skew(JobSettings& settings, const WorkloadParameters& parameters) {
  for (const Straggler& straggler : parameters.job.stragglers) {
    if (straggler.rank >= settings.hosts.size()) {
      workload_error(parameters, "`stragglers` names rank " + number(straggler.rank),
                     "ranks are 0 to " + number(settings.hosts.size() - 1));
    }
    settings.slowness[straggler.rank] = static_cast<std::uint32_t>(straggler.factor * 1000 + 0.5);
  }
  settings.jitter = static_cast<std::uint32_t>(parameters.job.jitter * 1000 + 0.5);
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

std::uint32_t hosts_for(const WorkloadParameters& parameters, const Surroundings& around) {
  return parameters.hosts.empty() ? around.hosts : static_cast<std::uint32_t>(parameters.hosts.size());
}

JobSettings job_settings(const WorkloadParameters& parameters, const Surroundings& around, std::uint32_t ranks) {
  const std::vector<std::uint32_t> pool = participants(parameters, around, 1);
  if (ranks == 0) ranks = parameters.job.ranks != 0 ? parameters.job.ranks : static_cast<std::uint32_t>(pool.size());
  if (ranks > pool.size()) {
    workload_error(parameters, "it needs " + number(ranks) + " GPUs, but has " + number(pool.size()),
                   parameters.hosts.empty() ? "a larger network, or a smaller job" : "more `hosts`, or a smaller job");
  }
  JobSettings settings;
  settings.where = place(parameters.source, parameters.line);
  settings.name = parameters.job.name.empty() ? parameters.kind : parameters.job.name;
  const std::uint32_t each = parameters.collective.ranks_per_server;
  settings.gpus_per_server = each != 0 ? each : around.gpus_per_server;
  settings.hosts = place_ranks(pool, ranks, parameters.job.placement, settings.gpus_per_server, workload_random(around, 1));
  settings.machine = around.machine;
  settings.ranks_in_order = parameters.job.ranks_in_order;
  settings.channels = parameters.collective.channels;
  settings.chunk = parameters.collective.chunk;
  settings.parallel = parameters.parallel;
  settings.local_rate = parameters.collective.local_rate.value_or(Rate{});
  settings.efficiencies = efficiencies_of(parameters.job);
  settings.launch = parameters.job.launch;
  settings.message_limit = parameters.job.message_limit;
  settings.random_key = workload_random(around, 2).next();
  set_algorithms(settings, parameters);
  set_skew(settings, parameters);
  return settings;
}

Draft draft_of(const WorkloadParameters& parameters, const Surroundings& around, TaskWork work) {
  require_start(parameters);
  Draft draft = draft_for(parameters);
  work.start = parameters.start;
  const std::string where = place(parameters.source, parameters.line);
  collective::check_graph(work.graph, around.hosts, where);
  work = lower_in_network(std::move(work), around, where, max_flows);
  const auto tasks = work.graph.tasks();
  std::map<std::tuple<std::uint32_t, std::uint32_t, collective::Channel>, std::uint32_t> first;
  for (std::uint32_t id = 0; id < tasks.size(); ++id) {
    if (!tasks[id].is_message()) continue;
    FlowSpec flow = flow_of(tasks[id], id, parameters.start);
    const auto position = static_cast<std::uint32_t>(draft.traffic.flows.size());
    flow.first_of_connection = first.try_emplace({tasks[id].from, tasks[id].to, tasks[id].channel}, position).first->second;
    draft.traffic.flows.push_back(flow);
  }
  work.messages = static_cast<std::uint32_t>(draft.traffic.flows.size());
  draft.traffic.tasks.push_back(std::move(work));
  return draft;
}

}  // namespace weft
