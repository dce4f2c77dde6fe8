#include "sim/task_runner.hh"

#include <algorithm>
#include <numeric>
#include <tuple>

#include "base/check.hh"
#include "base/error.hh"
#include "base/wire_clock.hh"
#include "collective/extension.hh"

namespace weft {

using collective::Task;
using collective::TaskId;

TaskRunner::TaskRunner(const Traffic& traffic, std::uint32_t hosts) : hosts_(hosts) {
  std::uint64_t tasks = 0;
  works_.reserve(traffic.tasks.size());
  for (const TaskWork& spec : traffic.tasks) {
    const std::size_t size = spec.graph.size();
    works_.push_back({&spec, static_cast<std::uint32_t>(tasks), collective::Successors(spec.graph), {}, {}, {}, {}, {}, {}, {}, {}});
    Work& work = works_.back();
    if (work_of_.size() <= spec.workload) work_of_.resize(std::size_t{spec.workload} + 1, none);
    work_of_[spec.workload] = static_cast<std::uint32_t>(works_.size() - 1);
    for (std::uint32_t task = 0; task < size; ++task) {
      work.missing.push_back(static_cast<std::uint32_t>(spec.graph.dependencies({task}).size()));
    }
    work.ended.assign(size, Time::never());
    list_messages(work);
    list_initial(work);
    tasks += size;
    ends_ += size + spec.messages;
  }
  if (tasks >= none)
    throw InputError("workloads", "more than " + std::to_string(none) + " tasks in all", "fewer collectives, or larger chunks");
}

void TaskRunner::list_messages(Work& work) {
  const auto tasks = work.spec->graph.tasks();
  std::vector<std::uint32_t> messages;
  work.flow_of.assign(tasks.size(), none);
  for (std::uint32_t task = 0; task < tasks.size(); ++task) {
    if (!tasks[task].is_message()) continue;
    work.flow_of[task] = work.spec->first_flow + static_cast<std::uint32_t>(messages.size());
    messages.push_back(task);
  }
  CHECK(messages.size() == work.spec->messages, "messages", messages.size(), "flows", work.spec->messages);
  work.behind.assign(messages.size(), none);
  work.connection.resize(messages.size());
  const auto key = [&](std::uint32_t m) {
    const Task& task = tasks[messages[m]];
    return std::tuple(task.from, task.to, task.channel);
  };
  std::vector<std::uint32_t> order(messages.size());
  std::iota(order.begin(), order.end(), 0U);
  std::stable_sort(order.begin(), order.end(), [&](std::uint32_t a, std::uint32_t b) { return key(a) < key(b); });
  for (std::size_t i = 0; i < order.size(); ++i) {
    if (i == 0 || key(order[i]) != key(order[i - 1])) work.connections.emplace_back();
    work.connection[order[i]] = static_cast<std::uint32_t>(work.connections.size() - 1);
  }
}

void TaskRunner::list_initial(Work& work) const {
  const auto tasks = work.spec->graph.tasks();
  work.first_initial.assign(hosts_.size() + 1, 0);
  for (std::size_t task = 0; task < tasks.size(); ++task) {
    if (work.missing[task] == 0) ++work.first_initial[tasks[task].from + 1];
  }
  for (std::size_t host = 0; host < hosts_.size(); ++host) work.first_initial[host + 1] += work.first_initial[host];
  work.initial.resize(work.first_initial.back());
  std::vector<std::uint32_t> next(work.first_initial.begin(), work.first_initial.end() - 1);
  for (std::uint32_t task = 0; task < tasks.size(); ++task) {
    if (work.missing[task] == 0) work.initial[next[tasks[task].from]++] = task;
  }
}

TaskRunner::Work& TaskRunner::find(std::uint32_t task) {
  const auto after =
      std::upper_bound(works_.begin(), works_.end(), task, [](std::uint32_t id, const Work& work) { return id < work.first_task; });
  return *(after - 1);
}

// What a task does once it waits for nothing more.
TaskStep TaskRunner::step(const Work& work, std::uint32_t task, std::uint32_t host, Time now) {
  const std::uint32_t id = work.first_task + task;
  const Task& what = work.spec->graph.task({task});
  if (what.is_message()) return {now, TaskEvent::start, id};
  if (what.is_extension()) return {now + extension(work, task, now), TaskEvent::ended, id};
  if (what.kind != collective::TaskKind::compute) return {now + local_time(work, task), TaskEvent::ended, id};
  Time& free = hosts_[host].computes_until;
  free = std::max(free, now) + what.duration();
  return {free, TaskEvent::ended, id};
}

Duration TaskRunner::extension(const Work& work, std::uint32_t task, Time now) {
  const Task& what = work.spec->graph.task({task});
  const std::span<const TaskId> marks = work.spec->graph.dependencies({task});
  const Time first = work.ended[marks[0].index()];
  if (what.kind == collective::TaskKind::extend) return collective::extension(what, first, now);
  return collective::extrapolation(what, first, work.ended[marks[1].index()], now);
}

Duration TaskRunner::local_time(const Work& work, std::uint32_t task) {
  const Task& what = work.spec->graph.task({task});
  const bool moves = what.kind == collective::TaskKind::reduce || what.kind == collective::TaskKind::copy;
  if (moves && work.spec->local_rate.v > 0) return WireClock(work.spec->local_rate).estimate(what.bytes());
  return what.duration();
}

void TaskRunner::release(const Work& work, std::uint32_t task, std::uint32_t host, Time now, std::vector<TaskStep>& steps) {
  steps.push_back(step(work, task, host, now));
  hosts_[host].busy_until = std::max(hosts_[host].busy_until, steps.back().at);
}

void TaskRunner::begin(std::uint32_t number, std::uint32_t host, Time now, std::vector<TaskStep>& steps) {
  const Work& work = works_[number];
  for (const std::uint32_t task : initial(work, host)) release(work, task, host, now, steps);
}

void TaskRunner::ended(std::uint32_t id, std::uint32_t host, Time now, std::vector<TaskStep>& steps) {
  Work& work = find(id);
  const TaskId task{id - work.first_task};
  if (work.spec->graph.task(task).to == host) work.ended[task.index()] = now;
  ++hosts_[host].ended;
  for (const TaskId next : work.successors.of(task)) {
    if (work.spec->graph.task(next).from == host && --work.missing[next.index()] == 0) release(work, next.v, host, now, steps);
  }
}

std::optional<std::uint32_t> TaskRunner::start(std::uint32_t id) {
  Work& work = find(id);
  const std::uint32_t task = id - work.first_task;
  Connection& connection = work.connections[work.connection[message(work, task)]];
  const bool waits = connection.busy;
  if (waits) work.behind[message(work, connection.last)] = task;
  connection.last = task;
  connection.busy = true;
  if (waits) return std::nullopt;
  return work.flow_of[task];
}

std::optional<std::uint32_t> TaskRunner::sent(std::uint32_t id) {
  Work& work = find(id);
  const std::uint32_t task = id - work.first_task;
  const std::uint32_t next = work.behind[message(work, task)];
  if (next != none) return work.flow_of[next];
  work.connections[work.connection[message(work, task)]].busy = false;
  return std::nullopt;
}

bool TaskRunner::done() const {
  std::uint64_t ended = 0;
  for (const OfHost& host : hosts_) ended += host.ended;
  return ended == ends_;
}

Time TaskRunner::busy_until() const {
  Time latest{};
  for (const OfHost& host : hosts_) latest = std::max(latest, host.busy_until);
  return latest;
}

}  // namespace weft
