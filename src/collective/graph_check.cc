#include "collective/graph_check.hh"

#include <algorithm>

#include "base/error.hh"
#include "collective/successors.hh"

namespace weft::collective {
namespace {

class Checker {
 public:
  Checker(const TaskGraph& graph, std::uint32_t ranks, const std::string& where) : graph_(graph), ranks_(ranks), where_(where) {
    for (std::uint32_t s = 0; s < graph.switch_count(); ++s) {
      const std::span<const RankId> members = graph.members({s});
      sorted_members_.emplace_back(members.begin(), members.end());
      std::sort(sorted_members_.back().begin(), sorted_members_.back().end());
    }
  }

  void check() {
    bool forward = false;
    const auto tasks = static_cast<std::uint32_t>(graph_.size());
    for (std::uint32_t i = 0; i < tasks; ++i) check_task({i});
    for (std::uint32_t i = 0; i < tasks; ++i) {
      for (const TaskId before : graph_.dependencies({i})) {
        check_dependency({i}, before);
        forward = forward || before.v >= i;
      }
    }
    if (forward) check_circles();  // otherwise the order of building is one that works
  }

 private:
  [[noreturn]] void fail(TaskId id, const std::string& what) const { throw InputError(where_, graph_.describe(id) + ": " + what); }

  [[nodiscard]] bool exists(Place place) const { return place.id < (place.kind == Place::Kind::rank ? ranks_ : graph_.switch_count()); }

  [[nodiscard]] bool is_member(std::uint32_t computing_switch, std::uint32_t rank) const {
    const std::vector<RankId>& members = sorted_members_[computing_switch];
    return std::binary_search(members.begin(), members.end(), RankId{rank});
  }

  void check_task(TaskId id) const {
    const Task& task = graph_.task(id);
    if (!exists(task.start()) || !exists(task.end())) fail(id, "no such rank or switch; there are " + std::to_string(ranks_) + " ranks");
    if (task.amount < 0) fail(id, "a negative size or duration");
    if (task.kind == TaskKind::transfer && task.from == task.to) fail(id, "sends to itself; inside a rank it is a copy");
    const std::size_t marks = task.kind == TaskKind::extrapolate ? 2 : task.kind == TaskKind::extend ? 1 : 0;
    if (graph_.dependencies(id).size() < marks) fail(id, "nothing to count from");
    if (task.kind == TaskKind::upload && !is_member(task.to, task.from)) fail(id, "the rank is no member of this switch");
    if (task.kind == TaskKind::download && !is_member(task.from, task.to)) fail(id, "the rank is no member of this switch");
  }

  void check_dependency(TaskId id, TaskId before) const {
    if (before.index() >= graph_.size()) fail(id, "waits for task " + std::to_string(before.v) + ", which does not exist");
    const Task& task = graph_.task(before);
    const Place place = graph_.task(id).start();
    const bool copied = task.kind == TaskKind::multicast && place.kind == Place::Kind::rank && is_member(task.from, place.id);
    if (place != task.start() && place != task.end() && !copied)
      fail(id, "waits for " + graph_.describe(before) + ", which never ends there");
  }

  void check_circles() const {
    const Successors successors(graph_);
    std::vector<std::size_t> missing(graph_.size());
    std::vector<TaskId> ready;
    const auto tasks = static_cast<std::uint32_t>(graph_.size());
    for (std::uint32_t i = 0; i < tasks; ++i) {
      missing[i] = graph_.dependencies({i}).size();
      if (missing[i] == 0) ready.push_back({i});
    }
    std::size_t done = 0;
    for (; !ready.empty(); ++done) {
      const TaskId id = ready.back();
      ready.pop_back();
      for (const TaskId next : successors.of(id)) {
        if (--missing[next.index()] == 0) ready.push_back(next);
      }
    }
    if (done == graph_.size()) return;
    const auto left = std::find_if(missing.begin(), missing.end(), [](std::size_t n) { return n != 0; });
    report_circle({static_cast<std::uint32_t>(left - missing.begin())}, missing);
  }

  // From a task that never starts, back along dependencies that never start either, until one comes up again.
  [[noreturn]] void report_circle(TaskId id, const std::vector<std::size_t>& missing) const {
    std::vector<bool> seen(graph_.size());
    std::vector<TaskId> path;
    while (!seen[id.index()]) {
      seen[id.index()] = true;
      path.push_back(id);
      const std::span<const TaskId> before = graph_.dependencies(id);
      id = *std::find_if(before.begin(), before.end(), [&](TaskId task) { return missing[task.index()] != 0; });
    }
    constexpr std::size_t most = 8;
    std::string text;
    std::size_t shown = 0;
    for (auto at = std::find(path.begin(), path.end(), id); at != path.end() && shown < most; ++at, ++shown) {
      text += (shown == 0 ? "" : " waits for ") + graph_.describe(*at);
    }
    throw InputError(where_, "a circle of dependencies: " + text + (shown == most ? " waits for ..." : " waits for the first"));
  }

  const TaskGraph& graph_;
  std::uint32_t ranks_;
  const std::string& where_;
  std::vector<std::vector<RankId>> sorted_members_;
};

}  // namespace

void check_graph(const TaskGraph& graph, std::uint32_t ranks, const std::string& where) { Checker(graph, ranks, where).check(); }

}  // namespace weft::collective
