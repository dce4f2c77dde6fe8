#include "workload/lower_in_network.hh"

#include <algorithm>
#include <array>
#include <map>
#include <utility>

#include "base/check.hh"
#include "base/error.hh"
#include "workload/number.hh"

namespace weft {
namespace {

using collective::ComputingSwitch;
using collective::Place;
using collective::RankId;
using collective::SwitchId;
using collective::Task;
using collective::TaskGraph;
using collective::TaskId;
using collective::TaskKind;

// The end point that each computing switch of a graph becomes.
class Placement {
 public:
  Placement(const TaskGraph& graph, const NetworkShape& network, const std::string& where)
      : graph_(graph), network_(network), where_(where) {}

  [[nodiscard]] std::uint32_t reducer_of(SwitchId id) const {
    return graph_.level(id) == ComputingSwitch::Level::server ? in_server(id) : in_network(id);
  }

 private:
  [[noreturn]] void fail(const std::string& what, const std::string& hint) const { throw InputError(where_, what, hint); }

  [[nodiscard]] std::string what_computes() const {
    const auto& names = network_.reducers.switches;
    if (names.empty()) return "no switch of this network computes";
    return "what computes here: " + names.front() + (names.size() > 1 ? " to " + names.back() : "");
  }

  [[nodiscard]] std::uint32_t in_server(SwitchId id) const {
    const auto members = graph_.members(id);
    if (network_.reducers.by_server.empty()) {
      fail("the algorithm needs switches in the servers that compute; " + what_computes(),
           "topology: { server: { scale_up: { kind: switch, reduces: true } } }");
    }
    const std::uint32_t server = members.front().v / network_.gpus_per_server;
    for (const RankId member : members) {
      if (member.v / network_.gpus_per_server == server) continue;
      fail("the algorithm would have the hosts " + number(members.front().v) + " and " + number(member.v) +
               " meet in the switch of a server, but they stand in servers " + number(server) + " and " +
               number(member.v / network_.gpus_per_server),
           "`ranks_per_server` of at most " + number(network_.gpus_per_server) + ", with hosts numbered server by server");
    }
    return network_.reducers.by_server[server];
  }

  [[nodiscard]] std::string access_of(std::uint32_t host) const {
    const std::uint32_t reducer = network_.reducers.by_host[host];
    return reducer == Reducers::none ? "several access switches" : network_.reducers.switches[reducer - network_.hosts];
  }

  [[nodiscard]] std::uint32_t in_network(SwitchId id) const {
    const auto members = graph_.members(id);
    if (network_.reducers.by_host.empty()) {
      fail("the algorithm needs an access switch that computes; " + what_computes(), "topology: { reduction: access }");
    }
    const auto& by_host = network_.reducers.by_host;
    const std::uint32_t reducer = by_host[members.front().v];
    for (const RankId member : members) {
      if (by_host[member.v] == reducer && reducer != Reducers::none) continue;
      fail("the algorithm computes in one access switch, but host " + number(members.front().v) + " hangs on " +
               access_of(members.front().v) + " and host " + number(member.v) + " on " + access_of(member.v) + "; " + what_computes(),
           "`hosts` that share an access switch, or another algorithm");
    }
    return reducer;
  }

  const TaskGraph& graph_;
  const NetworkShape& network_;
  const std::string& where_;
};

class Lowering {
 public:
  Lowering(TaskWork work, const NetworkShape& network, const std::string& where, std::size_t limit)
      : work_(std::move(work)), lowered_(TaskGraph::Keep::sizes, limit) {
    const Placement placement(old(), network, where);
    for (std::uint32_t i = 0; i < old().switch_count(); ++i) {
      reducers_.push_back(placement.reducer_of({i}));
      std::map<std::uint32_t, std::uint32_t>& positions = positions_.emplace_back();
      for (const RankId member : old().members({i})) positions.emplace(member.v, static_cast<std::uint32_t>(positions.size()));
    }
    number_tasks();
  }

  TaskWork run() {
    for (std::uint32_t id = 0; id < old().size(); ++id) add({id});
    CHECK(lowered_.size() == first_.back(), "tasks", lowered_.size(), "counted", first_.back());
    move_record();
    work_.graph = std::move(lowered_);
    return std::move(work_);
  }

 private:
  [[nodiscard]] const TaskGraph& old() const { return work_.graph; }

  void number_tasks() {
    std::uint64_t next = 0;
    for (const Task& task : old().tasks()) {
      first_.push_back(static_cast<std::uint32_t>(next));
      next += task.kind == TaskKind::multicast ? old().members({task.from}).size() : 1;
      if (next > TaskGraph::max_tasks) throw InputError("task graph", "too many copies for one graph", "larger chunks, or fewer ranks");
    }
    first_.push_back(static_cast<std::uint32_t>(next));
  }

  // What stands for `id` at a rank.
  [[nodiscard]] TaskId at_rank(TaskId id, std::uint32_t rank) const {
    if (!id.valid() || id.index() >= old().size()) return id;
    const Task& task = old().task(id);
    if (task.kind != TaskKind::multicast) return {first_[id.index()]};
    return {first_[id.index()] + positions_[task.from].at(rank)};
  }

  void wait_for(TaskId before, Place place) {
    const std::uint32_t first = first_[before.index()], end = first_[before.index() + 1];
    if (place.kind == Place::Kind::rank) return after_.push_back(at_rank(before, place.id));
    for (std::uint32_t id = first; id < end; ++id) after_.push_back({id});
  }

  void add(TaskId id) {
    const Task& task = old().task(id);
    after_.clear();
    for (const TaskId before : old().dependencies(id)) wait_for(before, task.start());
    switch (task.kind) {
      case TaskKind::upload:
        lowered_.add(collective::transfer({task.from}, {reducers_[task.to]}, task.bytes(), task.channel), after_);
        break;
      case TaskKind::download:
        lowered_.add(collective::transfer({reducers_[task.from]}, {task.to}, task.bytes(), task.channel), after_);
        break;
      case TaskKind::network_reduce: lowered_.add(collective::delay({reducers_[task.from]}, Duration{}), after_); break;
      case TaskKind::multicast:
        for (const RankId member : old().members({task.from})) {
          lowered_.add(collective::transfer({reducers_[task.from]}, member, task.bytes(), task.channel), after_);
        }
        break;
      default: lowered_.add(task, after_);
    }
  }

  void move_record() {
    JobRecord& job = work_.job;
    for (CollectiveSpan& span : job.collectives) {
      span.begin = first_[span.begin];
      span.end = first_[span.end];
    }
    for (JobSpan& span : job.spans) {
      span.first = at_rank(span.first, job.hosts[span.rank]);
      span.last = at_rank(span.last, job.hosts[span.rank]);
    }
    for (TaskId& end : job.iteration_ends) end = {first_[end.index()]};
  }

  TaskWork work_;
  TaskGraph lowered_;
  std::vector<std::uint32_t> reducers_;                            // by computing switch
  std::vector<std::map<std::uint32_t, std::uint32_t>> positions_;  // likewise: of a member among its members
  std::vector<std::uint32_t> first_;                               // by task, and one past the last: its new number
  std::vector<TaskId> after_;                                      // scratch
};

}  // namespace

TaskWork lower_in_network(TaskWork work, const NetworkShape& network, const std::string& where, std::size_t limit) {
  if (work.graph.switch_count() == 0) return work;
  return Lowering(std::move(work), network, where, limit).run();
}

}  // namespace weft
