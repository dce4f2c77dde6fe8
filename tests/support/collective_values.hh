// Runs a task graph on whole numbers: is what the members hold in the end what the collective promises?
//
// Strict on purpose. Any task that may start can be next, drawn at random. A message spoils the place it will land on when it
// starts and reads its payload only when it arrives; its ends, and each copy of a multicast, come in any order. A graph that
// forgets a dependency, lets a buffer be overwritten that is still being sent, or receives over sums in progress, ends wrong.
// The exception: a write that changes nothing spoils nothing.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <set>
#include <utility>
#include <vector>

#include "base/random.hh"
#include "collective/successors.hh"
#include "collective/task_graph.hh"

namespace weft::test {

class CollectiveValues {
 public:
  using Values = std::vector<std::int64_t>;
  explicit CollectiveValues(const collective::TaskGraph& graph) : graph_(graph), successors_(graph), missing_(graph.size()) {}

  Values& data(collective::RankId rank) { return values(collective::at(rank), collective::Buffer::data); }
  Values& result(collective::RankId rank) { return values(collective::at(rank), collective::Buffer::result); }

  // Called when a task starts.
  std::function<void(collective::TaskId)> watch = [](collective::TaskId) {};
  [[nodiscard]] bool ended(collective::TaskId local) const { return ended_local_.count(local) != 0; }

  // How many tasks ended everywhere; less than the graph has when some never could.
  std::size_t run(Random& random) {
    for (std::uint32_t i = 0; i < graph_.size(); ++i) {
      missing_[i] = graph_.dependencies({i}).size();
      if (missing_[i] == 0) events_.push_back({.task = {i}});
    }
    while (!events_.empty()) {
      std::swap(events_[random.below(events_.size())], events_.back());
      const Event event = events_.back();
      events_.pop_back();
      event.ends ? end(event) : start(event.task);
    }
    return ended_;
  }

 private:
  struct Event {
    collective::TaskId task;
    collective::Place place{};  // where it ends
    bool ends = false;
    bool writes = false;
  };
  static constexpr std::int64_t spoilt = -0x5a5a5a5a5a5a5a;

  Values& values(collective::Place place, collective::Buffer buffer) { return values_[{place, buffer}]; }

  std::int64_t& element(collective::Place place, collective::Run run, std::int64_t i) {
    Values& all = values(place, run.buffer);
    const auto index = static_cast<std::size_t>(run.offset + i);
    if (all.size() <= index) all.resize(index + 1);
    return all[index];
  }

  [[nodiscard]] std::vector<collective::Place> targets(const collective::Task& task) const {
    std::vector<collective::Place> places;
    if (task.kind != collective::TaskKind::multicast) return {task.end()};
    for (const collective::RankId member : graph_.members({task.from})) places.push_back(collective::at(member));
    return places;
  }

  void start(collective::TaskId id) {
    const collective::Task& task = graph_.task(id);
    watch(id);
    if (!task.is_message()) {
      work(id, task);
      events_.push_back({id, task.start(), true});
      return;
    }
    events_.push_back({id, task.start(), true});
    for (const collective::Place place : targets(task)) {
      for (const collective::Piece& piece : graph_.pieces(id)) spoil(task.start(), place, piece);
      events_.push_back({id, place, true, true});
      ++ends_expected_[id.v];
    }
  }

  void spoil(collective::Place from, collective::Place to, const collective::Piece& piece) {
    for (std::int64_t i = 0; i < piece.elements; ++i) {
      const std::int64_t coming = element(from, piece.from, i);
      std::int64_t& there = element(to, piece.to, i);
      if (there != coming) there = spoilt;
    }
  }

  void work(collective::TaskId id, const collective::Task& task) {
    const bool adds = task.kind == collective::TaskKind::reduce || task.kind == collective::TaskKind::network_reduce;
    for (const collective::Piece& piece : graph_.pieces(id)) {
      for (std::int64_t i = 0; i < piece.elements; ++i) {
        const std::int64_t value = element(task.start(), piece.from, i);
        std::int64_t& there = element(task.start(), piece.to, i);
        there = adds ? there + value : value;
      }
    }
  }

  void end(const Event& event) {
    const collective::Task& task = graph_.task(event.task);
    if (event.writes) {
      for (const collective::Piece& piece : graph_.pieces(event.task)) {
        for (std::int64_t i = 0; i < piece.elements; ++i) {
          const std::int64_t value = element(task.start(), piece.from, i);
          element(event.place, piece.to, i) = value;
        }
      }
      if (--ends_expected_[event.task.v] == 0) ++ended_;
    } else if (!task.is_message()) {
      ++ended_;
      ended_local_.insert(event.task);
    }
    for (const collective::TaskId next : successors_.of(event.task)) {
      if (graph_.task(next).start() == event.place && --missing_[next.index()] == 0) events_.push_back({.task = next});
    }
  }

  const collective::TaskGraph& graph_;
  collective::Successors successors_;
  std::vector<std::size_t> missing_;
  std::vector<Event> events_;
  std::map<std::pair<collective::Place, collective::Buffer>, Values> values_;
  std::map<std::uint32_t, std::size_t> ends_expected_;  // copies still to come, by task
  std::set<collective::TaskId> ended_local_;
  std::size_t ended_ = 0;
};

}  // namespace weft::test
