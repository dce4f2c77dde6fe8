// When each task of a graph ends on ideal hardware: a message of n bytes takes n ns and keeps nobody waiting, a rank computes any
// number of things at once, extensions take what they say. For graphs whose tasks come after those they wait for.
#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

#include "collective/task_graph.hh"
#include "workload/task_work.hh"

namespace weft::test {

// Picoseconds, by task.
inline std::vector<std::int64_t> ideal_ends(const collective::TaskGraph& graph) {
  std::vector<std::int64_t> end;
  for (std::uint32_t i = 0; i < graph.size(); ++i) {
    const collective::Task& task = graph.task({i});
    std::int64_t start = 0;
    for (const collective::TaskId before : graph.dependencies({i})) start = std::max(start, end[before.index()]);
    std::int64_t took = task.is_message() ? task.bytes().v * 1000 : task.duration().v;
    if (task.kind == collective::TaskKind::extend) {
      const std::int64_t since = start - end[graph.dependencies({i}).front().index()];
      took = static_cast<std::int64_t>(static_cast<__int128>(since) * task.amount / 1'000'000);
    }
    end.push_back(start + took);
  }
  return end;
}

// Nanoseconds until the last rank's last iteration ends.
inline double ideal_time(const TaskWork& work) {
  const std::vector<std::int64_t> ends = ideal_ends(work.graph);
  std::int64_t last = 0;
  for (const collective::TaskId id : work.job.iteration_ends) last = std::max(last, ends[id.index()]);
  return static_cast<double>(last) / 1e3;
}

}  // namespace weft::test
