#include "collective/task_graph.hh"

#include <array>

#include "base/check.hh"
#include "base/error.hh"

namespace weft::collective {
namespace {

constexpr std::array<const char*, 12> kind_names{"transfer", "upload",  "network reduce", "multicast", "download",      "reduce",
                                                 "copy",     "compute", "delay",          "extension", "extrapolation", "join"};

std::string name(Place place) { return (place.kind == Place::Kind::rank ? "rank " : "computing switch ") + std::to_string(place.id); }

// The part of a flat array from the mark of `index` to the next mark.
template <class Value>
std::span<const Value> part(const std::vector<Value>& all, std::size_t mark, std::size_t next_mark) {
  return std::span(all).subspan(mark, next_mark - mark);
}

}  // namespace

TaskId TaskGraph::add(Task task, std::span<const TaskId> after, std::span<const Piece> pieces) {
  if (tasks_.size() >= limit_ || dependencies_.size() + after.size() > max_dependencies) {
    throw InputError("task graph",
                     "more than " + std::to_string(limit_) + " tasks or " + std::to_string(max_dependencies) + " dependencies",
                     "larger chunks, fewer channels or fewer ranks");
  }
  task.first_dependency = static_cast<std::uint32_t>(dependencies_.size());
  for (const TaskId id : after) {
    if (id.valid()) dependencies_.push_back(id);
  }
  tasks_.push_back(task);
  if (keeps_pieces()) {
    first_piece_.push_back(pieces_.size());
    pieces_.insert(pieces_.end(), pieces.begin(), pieces.end());
  }
  return {static_cast<std::uint32_t>(tasks_.size() - 1)};
}

SwitchId TaskGraph::add_switch(ComputingSwitch::Level level, std::span<const RankId> members) {
  CHECK(!members.empty());
  switches_.push_back({level, static_cast<std::uint32_t>(members_.size()), static_cast<std::uint32_t>(members.size())});
  members_.insert(members_.end(), members.begin(), members.end());
  return {static_cast<std::uint32_t>(switches_.size() - 1)};
}

void TaskGraph::reserve(std::size_t tasks, std::size_t dependencies) {
  tasks_.reserve(tasks);
  dependencies_.reserve(dependencies);
}

std::span<const TaskId> TaskGraph::dependencies(TaskId id) const {
  const std::size_t next = id.index() + 1;
  return part(dependencies_, tasks_[id.index()].first_dependency,
              next < tasks_.size() ? tasks_[next].first_dependency : dependencies_.size());
}

std::span<const Piece> TaskGraph::pieces(TaskId id) const {
  if (!keeps_pieces()) return {};
  const std::size_t next = id.index() + 1;
  return part(pieces_, first_piece_[id.index()], next < first_piece_.size() ? first_piece_[next] : pieces_.size());
}

std::span<const RankId> TaskGraph::members(SwitchId id) const {
  const ComputingSwitch& computing_switch = switches_[id.index()];
  return std::span(members_).subspan(computing_switch.first_member, computing_switch.members);
}

std::string TaskGraph::describe(TaskId id) const {
  return describe(id, [](RankId rank) { return name(at(rank)); });
}

std::string TaskGraph::describe(TaskId id, const RankName& rank_name) const {
  const Task& task = tasks_[id.index()];
  const auto called = [&](Place place) { return place.kind == Place::Kind::rank ? rank_name({place.id}) : name(place); };
  std::string text = "task " + std::to_string(id.v) + " (" + kind_names[static_cast<std::size_t>(task.kind)];
  if (task.start() == task.end()) {
    text += " at " + called(task.start());
  } else {
    text += " from " + called(task.start()) + " to " + called(task.end());
  }
  if (task.is_timed()) return text + ", " + std::to_string(task.amount) + " ps)";
  if (task.is_extension()) return text + ", " + std::to_string(task.amount) + " millionths)";
  return text + (task.kind == TaskKind::join ? ")" : ", " + std::to_string(task.amount) + " bytes)");
}

}  // namespace weft::collective
