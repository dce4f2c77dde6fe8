// TaskGraph: tasks, what each depends on, and the switches that compute, as flat arrays. What a task is and when it may start:
// task.hh. A collective appends to it (registry.hh), a job adds compute tasks between, an executor runs it.
//
// Cost: 24 bytes a task, 4 a dependency. Ids are positions in the order of building. Dependencies may point at later tasks
// (an importer meets them); check_graph (graph_check.hh) refuses circles and dependencies that no end of a task could satisfy.
// Errors: InputError when there would be more tasks than the graph's limit (at most max_tasks) or max_dependencies dependencies.
#pragma once

#include <cstdint>
#include <functional>
#include <initializer_list>
#include <span>
#include <string>
#include <vector>

#include "collective/ids.hh"
#include "collective/piece.hh"
#include "collective/task.hh"

namespace weft::collective {

// A switch that adds or copies for a set of ranks: in a server (NVLS) or in the network (SHARP). Which real switch that is, the
// executor decides.
struct ComputingSwitch {
  enum class Level : std::uint8_t { server, network };
  Level level = Level::network;
  std::uint32_t first_member = 0;  // in the graph's list of members, `members` of them
  std::uint32_t members = 0;
};

class TaskGraph {
 public:
  enum class Keep : std::uint8_t { sizes, pieces };
  static constexpr std::size_t max_tasks = 1U << 27U;  // 3.2 GB
  static constexpr std::size_t max_dependencies = 0xffff'ffff;

  explicit TaskGraph(Keep keep = Keep::sizes, std::size_t limit = max_tasks) : keep_(keep), limit_(limit) {}

  // Invalid ids in `after` are left out. `pieces` are dropped unless the graph keeps them.
  TaskId add(Task task, std::span<const TaskId> after = {}, std::span<const Piece> pieces = {});
  TaskId add(Task task, std::initializer_list<TaskId> after, std::span<const Piece> pieces = {}) {
    return add(task, std::span(after.begin(), after.size()), pieces);
  }
  SwitchId add_switch(ComputingSwitch::Level level, std::span<const RankId> members);
  void reserve(std::size_t tasks, std::size_t dependencies);

  [[nodiscard]] std::size_t size() const { return tasks_.size(); }
  [[nodiscard]] std::span<const Task> tasks() const { return tasks_; }
  [[nodiscard]] const Task& task(TaskId id) const { return tasks_[id.index()]; }
  [[nodiscard]] std::size_t dependency_count() const { return dependencies_.size(); }
  [[nodiscard]] std::span<const TaskId> dependencies(TaskId id) const;
  [[nodiscard]] std::span<const Piece> pieces(TaskId id) const;
  [[nodiscard]] bool keeps_pieces() const { return keep_ == Keep::pieces; }
  [[nodiscard]] std::size_t switch_count() const { return switches_.size(); }
  [[nodiscard]] ComputingSwitch::Level level(SwitchId id) const { return switches_[id.index()].level; }
  [[nodiscard]] std::span<const RankId> members(SwitchId id) const;

  // "task 17 (transfer from rank 3 to rank 4, 1000 bytes)".
  [[nodiscard]] std::string describe(TaskId id) const;
  using RankName = std::function<std::string(RankId)>;
  [[nodiscard]] std::string describe(TaskId id, const RankName& rank_name) const;

 private:
  Keep keep_;
  std::size_t limit_;
  std::vector<Task> tasks_;
  std::vector<TaskId> dependencies_;
  std::vector<ComputingSwitch> switches_;
  std::vector<RankId> members_;
  std::vector<Piece> pieces_;
  std::vector<std::size_t> first_piece_;  // by task
};

}  // namespace weft::collective
