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

CollectiveResult result_of(const Network& network, std::uint32_t work, std::uint32_t position) {
  const TaskWork& spec = network.tasks.spec(work);
  const CollectiveSpan& span = spec.job.collectives[position];
  CollectiveResult result{.workload = spec.workload,
                          .repetition = position,
                          .label = spec.job.labels[span.label.index()],
                          .operation = std::string(collective::operation_name(span.operation)),
                          .algorithm = span.algorithm,
                          .why = span.why,
                          .ranks = span.ranks,
                          .bytes = span.bytes,
                          .simulated = span.simulated};
  result.start = began(network, work, span.begin);
  Time ready = result.start, end{};
  for (std::uint32_t task = span.begin; task < span.begin + span.ranks; ++task) {  // where its ranks begin
    result.start = std::min(result.start, began(network, work, task));
    ready = std::max(ready, began(network, work, task));
  }
  bool over = true;
  for (std::uint32_t task = span.begin; task < span.end; ++task) {
    const Time ended = network.tasks.ended_at(work, task);
    over = over && ended != Time::never();
    if (spec.graph.task({task}).kind != collective::TaskKind::join) end = std::max(end, ended);  // a join may wait for the senders' ends
  }
  result.ready = ready;
  if (!over) return result;
  result.end = std::max(end, ready);
  if (result.end == ready) return result;
  result.algbw = collective::algorithm_bandwidth(span.bytes, result.end - ready);
  result.busbw = collective::bus_bandwidth(span.operation, span.ranks, span.bytes, result.end - ready);
  return result;
}

JobSpanResult span_of(const Network& network, std::uint32_t work, const JobSpan& span) {
  const std::uint32_t host = network.tasks.spec(work).job.hosts[span.rank];
  JobSpanResult result{span.rank, span.label.v, span.kind, Time::never(), done_at(network, work, span.last, host)};
  result.start = span.kind == SpanKind::compute ? began(network, work, span.first.v) : done_at(network, work, span.first, host);
  return result;
}

void add_iterations(const Network& network, std::uint32_t work, JobResult& result) {
  const JobRecord& job = network.tasks.spec(work).job;
  const std::size_t ranks = job.hosts.size();
  std::int64_t over = 0;
  for (std::size_t first = 0; first < job.iteration_ends.size(); first += ranks) {
    Time end{};
    for (std::size_t rank = 0; rank < ranks; ++rank) end = std::max(end, network.tasks.ended_at(work, job.iteration_ends[first + rank].v));
    result.iteration_ends.push_back(end);
    if (end != Time::never()) over = static_cast<std::int64_t>(result.iteration_ends.size());
  }
  if (over == 0) return;
  result.iteration = {(result.iteration_ends[static_cast<std::size_t>(over - 1)] - result.start).v / over};
  __int128 compute = 0;
  for (const Duration time : job.compute) compute += time.v;
  const auto shares = static_cast<__int128>(ranks) * static_cast<__int128>(result.iteration_ends.size());
  result.compute = {static_cast<std::int64_t>(compute / shares)};
}

JobResult job_of(const Network& network, std::uint32_t work) {
  const TaskWork& spec = network.tasks.spec(work);
  JobResult result{
      .workload = spec.workload, .name = spec.job.name, .hosts = spec.job.hosts, .labels = spec.job.labels, .start = spec.start};
  result.scaled = spec.job.scaled;
  add_iterations(network, work, result);
  for (const JobSpan& span : spec.job.spans) result.spans.push_back(span_of(network, work, span));
  return result;
}

}  // namespace

Time done_at(const Network& network, std::uint32_t work, TaskId task, std::uint32_t host) {
  const Task& what = network.tasks.spec(work).graph.task(task);
  if (what.to == host || !what.is_message()) return network.tasks.ended_at(work, task.v);
  const EndState& end = initiator(network, work, task.v);
  return end.failed ? Time::never() : end.done;
}

std::vector<CollectiveResult> collective_results(const Network& network) {
  std::vector<CollectiveResult> results;
  for (std::uint32_t work = 0; work < network.tasks.works(); ++work) {
    const auto collectives = static_cast<std::uint32_t>(network.tasks.spec(work).job.collectives.size());
    for (std::uint32_t i = 0; i < collectives; ++i) results.push_back(result_of(network, work, i));
  }
  return results;
}

std::vector<JobResult> job_results(const Network& network) {
  std::vector<JobResult> results;
  for (std::uint32_t work = 0; work < network.tasks.works(); ++work) {
    if (!network.tasks.spec(work).job.iteration_ends.empty()) results.push_back(job_of(network, work));
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

}  // namespace weft
