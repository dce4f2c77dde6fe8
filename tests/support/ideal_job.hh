// When each task of a job would be done if nobody were in anybody's way: a message takes alpha + bytes * ps_per_byte, a compute task
// its time, all else nothing. Integers only, so closed forms can be met exactly. Tasks depend on earlier ones alone, as a
// JobBuilder makes them.
#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

#include "collective/extension.hh"
#include "workload/task_work.hh"

namespace weft::test {

struct IdealNetwork {
  std::int64_t alpha_ps = 0;
  std::int64_t ps_per_byte = 0;
};

inline std::vector<std::int64_t> ideal_ends(const TaskWork& work, const IdealNetwork& network = {}) {
  using collective::TaskKind;
  std::vector<std::int64_t> done(work.graph.size(), 0);
  for (std::uint32_t id = 0; id < work.graph.size(); ++id) {
    const collective::Task& task = work.graph.task({id});
    const auto dependencies = work.graph.dependencies({id});
    std::int64_t start = 0;
    for (const collective::TaskId before : dependencies) start = std::max(start, done[before.index()]);
    std::int64_t takes = task.is_timed() ? task.duration().v : 0;
    if (task.is_message()) takes = network.alpha_ps + task.bytes().v * network.ps_per_byte;
    const auto mark = [&](std::size_t number) { return Time{done[dependencies[number].index()]}; };
    if (task.kind == TaskKind::extend) takes = collective::extension(task, mark(0), {start}).v;
    if (task.kind == TaskKind::extrapolate) takes = collective::extrapolation(task, mark(0), mark(1), {start}).v;
    done[id] = start + takes;
  }
  return done;
}

// The last rank's end of the last iteration.
inline std::int64_t ideal_time(const TaskWork& work, const IdealNetwork& network = {}) {
  const std::vector<std::int64_t> done = ideal_ends(work, network);
  std::int64_t last = 0;
  for (const collective::TaskId end : work.job.iteration_ends) last = std::max(last, done[end.index()]);
  return last;
}

}  // namespace weft::test
