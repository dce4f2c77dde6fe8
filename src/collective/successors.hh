// Successors: for each task, the tasks that depend on it, in id order; how many dependencies each still waits for is the
// executor's own count, starting with TaskGraph::dependencies(id).size().
//
// Rule: when a task is done at a place, those of its successors that start at that place lose one dependency.
// Cost: 4 bytes a task and 4 a dependency.
#pragma once

#include <span>
#include <vector>

#include "collective/task_graph.hh"

namespace weft::collective {

class Successors {
 public:
  explicit Successors(const TaskGraph& graph);
  [[nodiscard]] std::span<const TaskId> of(TaskId id) const {
    return std::span(successors_).subspan(first_[id.index()], first_[id.index() + 1] - first_[id.index()]);
  }

 private:
  std::vector<std::uint32_t> first_;
  std::vector<TaskId> successors_;
};

}  // namespace weft::collective
