// A list scheduler for task graphs: a message takes alpha + bytes * ps_per_byte, and occupies its sender's and its receiver's
// side for all of that time. What may start does so at once if both sides are free, the longest ready first, then the lower id.
// Reductions, copies and joins take no time. Integers only, so closed forms can be met exactly.
//
// Sides: of a whole rank (one NIC), of a pair of ranks (an edge of its own for each neighbour), by lane: messages of different
// lanes (inside a server, between servers) do not share a side. A computing switch has a side of its own for every member.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <set>
#include <tuple>
#include <vector>

#include "collective/successors.hh"
#include "collective/task_graph.hh"

namespace weft::test {

struct LaneCost {
  std::int64_t alpha_ps = 0;
  std::int64_t ps_per_byte = 0;
  std::uint32_t lane = 0;
};

class CollectiveSchedule {
 public:
  enum class Side : std::uint8_t { rank, pair };
  using Cost = std::function<LaneCost(const collective::Task&)>;

  CollectiveSchedule(const collective::TaskGraph& graph, Side side, Cost cost)
      : graph_(graph), successors_(graph), side_(side), cost_(std::move(cost)), missing_(graph.size()) {}

  // When the last task is done; -1 when some task never starts.
  std::int64_t run() {
    std::vector<collective::TaskId> first;
    for (std::uint32_t i = 0; i < graph_.size(); ++i) {
      missing_[i] = graph_.dependencies({i}).size();
      if (missing_[i] == 0) first.push_back({i});
    }
    for (const collective::TaskId id : first) release(id);
    start_what_can();
    while (!under_way_.empty()) {
      now_ = std::get<0>(*under_way_.begin());
      while (!under_way_.empty() && std::get<0>(*under_way_.begin()) == now_) {
        const auto [time, id, place] = *under_way_.begin();
        under_way_.erase(under_way_.begin());
        finish(id, place);
      }
      start_what_can();
    }
    return started_ == expected_ && released_ == graph_.size() ? now_ : -1;
  }

 private:
  using Key = std::tuple<int, std::uint32_t, std::uint32_t, std::uint32_t>;  // sends or receives, rank, peer or 0, lane

  void release(collective::TaskId id) {
    ++released_;
    const collective::Task& task = graph_.task(id);
    if (task.kind == collective::TaskKind::multicast) {
      for (const collective::RankId member : graph_.members({task.from})) wait_to_start(id, collective::at(member));
    } else if (task.is_message()) {
      wait_to_start(id, task.end());
    } else if (task.duration().v > 0) {
      under_way_.insert({now_ + task.duration().v, id, task.end()});
    } else {
      pass_on(id, task.start());
    }
  }

  void wait_to_start(collective::TaskId id, collective::Place place) {
    ready_.insert({now_, id, place});
    ++expected_;
  }

  [[nodiscard]] std::vector<Key> sides(const collective::Task& task, collective::Place place, std::uint32_t lane) const {
    std::vector<Key> keys;
    const bool pairs = side_ == Side::pair;
    if (task.start().kind == collective::Place::Kind::rank) keys.push_back({0, task.from, pairs ? place.id : 0, lane});
    if (place.kind == collective::Place::Kind::rank) keys.push_back({1, place.id, pairs ? task.from : 0, lane});
    return keys;
  }

  void start_what_can() {
    for (auto at = ready_.begin(); at != ready_.end();) {
      const auto [since, id, place] = *at;
      const collective::Task& task = graph_.task(id);
      const LaneCost cost = cost_(task);
      const std::vector<Key> keys = sides(task, place, cost.lane);
      bool free = true;
      for (const Key& key : keys) free = free && busy_until_[key] <= now_;
      if (!free) {
        ++at;
        continue;
      }
      const std::int64_t end = now_ + cost.alpha_ps + task.bytes().v * cost.ps_per_byte;
      for (const Key& key : keys) busy_until_[key] = end;
      under_way_.insert({end, id, place});
      ++started_;
      at = ready_.erase(at);
    }
  }

  void finish(collective::TaskId id, collective::Place place) {
    const collective::Task& task = graph_.task(id);
    pass_on(id, place);
    if (task.is_message() && task.kind != collective::TaskKind::multicast) pass_on(id, task.start());
  }

  void pass_on(collective::TaskId id, collective::Place place) {
    for (const collective::TaskId next : successors_.of(id)) {
      if (graph_.task(next).start() == place && --missing_[next.index()] == 0) release(next);
    }
  }

  const collective::TaskGraph& graph_;
  collective::Successors successors_;
  Side side_;
  Cost cost_;
  std::vector<std::size_t> missing_;
  std::set<std::tuple<std::int64_t, collective::TaskId, collective::Place>> ready_;      // since when
  std::set<std::tuple<std::int64_t, collective::TaskId, collective::Place>> under_way_;  // until when
  std::map<Key, std::int64_t> busy_until_;
  std::int64_t now_ = 0;
  std::size_t released_ = 0, expected_ = 0, started_ = 0;
};

}  // namespace weft::test
