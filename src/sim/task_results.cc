#include "sim/task_results.hh"

#include <algorithm>
#include <string>

#include "collective/bandwidth.hh"

namespace weft {

using collective::Task;
using collective::TaskId;

namespace {

const EndState& initiator(const Network& network, std::uint32_t work, std::uint32_t task) {
  return network.table.ends[initiator_of(network.tasks.flow_of(work, task))];
}

// never(): it has not begun.
Time began(const Network& network, std::uint32_t work, std::uint32_t task) {
  const Task& what = network.tasks.spec(work).graph.task({task});
  if (what.is_message()) return initiator(network, work, task).began;
  const Time end = network.tasks.ended_at(work, task);
  return end == Time::never() ? end : end - network.tasks.local_time(work, task);
}

CollectiveResult result_of(const Network& network, std::uint32_t work, std::uint32_t repetition) {
  const TaskWork& spec = network.tasks.spec(work);
  const CollectiveSpan& span = spec.collectives[repetition];
  CollectiveResult result{.workload = spec.workload,
                          .repetition = repetition,
                          .operation = std::string(collective::operation_name(span.operation)),
                          .algorithm = span.algorithm,
                          .ranks = span.ranks,
                          .bytes = span.bytes};
  Time end{};
  bool over = true;
  for (std::uint32_t task = repetition == 0 ? 0 : spec.collectives[repetition - 1].end; task < span.end; ++task) {
    result.start = std::min(result.start, began(network, work, task));
    const Time ended = network.tasks.ended_at(work, task);
    over = over && ended != Time::never();
    if (spec.graph.task({task}).kind != collective::TaskKind::join) end = std::max(end, ended);  // a join may wait for the senders' ends
  }
  if (result.start == Time::never() || !over) return result;
  result.end = end;
  if (result.end == result.start) return result;
  result.algbw = collective::algorithm_bandwidth(span.bytes, result.end - result.start);
  result.busbw = collective::bus_bandwidth(span.operation, span.ranks, span.bytes, result.end - result.start);
  return result;
}

bool is_done_at(const Network& network, std::uint32_t work, TaskId task, std::uint32_t host) {
  if (network.tasks.spec(work).graph.task(task).to == host) return network.tasks.ended_at(work, task.v) != Time::never();
  const EndState& end = initiator(network, work, task.v);
  return end.done != Time::never() && !end.failed;
}

// What a task that has not begun waits for; empty: it has begun.
std::string waits_for(const Network& network, std::uint32_t work, TaskId task) {
  const collective::TaskGraph& graph = network.tasks.spec(work).graph;
  for (const TaskId before : graph.dependencies(task)) {
    if (!is_done_at(network, work, before, graph.task(task).from)) return graph.describe(before);
  }
  if (!graph.task(task).is_message() || initiator(network, work, task.v).opened) return {};
  return "an earlier message to rank " + std::to_string(graph.task(task).to) + " to leave";
}

}  // namespace

std::vector<CollectiveResult> collective_results(const Network& network) {
  std::vector<CollectiveResult> results;
  for (std::uint32_t work = 0; work < network.tasks.works(); ++work) {
    const auto repetitions = static_cast<std::uint32_t>(network.tasks.spec(work).collectives.size());
    for (std::uint32_t i = 0; i < repetitions; ++i) results.push_back(result_of(network, work, i));
  }
  return results;
}

std::vector<Time> local_ends(const Network& network) {
  std::vector<Time> ends;
  for (std::uint32_t work = 0; work < network.tasks.works(); ++work) {
    const auto tasks = network.tasks.spec(work).graph.tasks();
    for (std::uint32_t task = 0; task < tasks.size(); ++task) {
      if (!tasks[task].is_message()) ends.push_back(network.tasks.ended_at(work, task));
    }
  }
  return ends;
}

void add_waiting_tasks(const Network& network, std::size_t most, std::vector<WaitEdge>& edges) {
  for (std::uint32_t work = 0; work < network.tasks.works(); ++work) {
    const collective::TaskGraph& graph = network.tasks.spec(work).graph;
    const auto tasks = static_cast<std::uint32_t>(graph.size());
    for (std::uint32_t task = 0; task < tasks && edges.size() < most; ++task) {
      const std::string cause = waits_for(network, work, {task});
      if (!cause.empty()) edges.push_back({graph.describe({task}), cause, "never started"});
    }
  }
}

}  // namespace weft
