// The oracle: a plain binary-heap loop over the same nodes, one event at a time in global order of time. No windows, no
// sorting of arrivals, no lazily served ports, no threads: slow, and hard to get wrong.
#pragma once

#include <queue>
#include <vector>

#include "sim/simulation.hh"

namespace weft::test {

class Oracle {
 public:
  explicit Oracle(Simulation& simulation) : simulation_(simulation), network_(simulation.network()), worker_(*network_.workers.front()) {}

  void run() {
    for (std::uint32_t node = 0; node < network_.nodes.size(); ++node) offer(node);
    const Time stop = network_.scenario.duration.value_or(Time::never());
    Time now{};
    started_ = false;
    while (!heap_.empty()) {
      const Entry entry = heap_.top();
      heap_.pop();
      Node& node = *network_.nodes[entry.node];
      const auto least = node.least_event(worker_);
      if (!least || least->at != entry.at) continue;  // an older offer
      if (!go_on_to(entry.at)) return;
      if (entry.at >= stop) {
        simulation_.inspect({stop, false});
        return;
      }
      now = entry.at;
      node.do_event(worker_, *least);
      offer(entry.node);
      for (const Notice& notice : worker_.local_notices) {
        network_.nodes[notice.node]->accept(notice.event);
        offer(notice.node);
      }
      worker_.local_notices.clear();
      for (const Port& port : network_.ports.ports(NodeId{entry.node})) offer(port.peer.v);
    }
    simulation_.inspect({now, true});
  }

 private:
  struct Entry {
    Time at{};
    std::uint32_t node = 0;
    friend bool operator>(const Entry& x, const Entry& y) { return x.at != y.at ? x.at > y.at : x.node > y.node; }
  };
  // The inspections that are due before anything at `next` happens.
  bool go_on_to(Time next) {
    const std::int64_t step = Simulation::inspection.v;
    if (!started_) inspected_ = Time{next.ps / step * step};
    started_ = true;
    while (next >= inspected_ + Simulation::inspection &&
           inspected_ + Simulation::inspection <= network_.scenario.duration.value_or(Time::never())) {
      inspected_ = inspected_ + Simulation::inspection;
      if (simulation_.inspect({inspected_, false}) == Verdict::stop) return false;
    }
    return true;
  }
  void offer(std::uint32_t node) {
    if (const auto least = network_.nodes[node]->least_event(worker_)) heap_.push({least->at, node});
  }

  Simulation& simulation_;
  Network& network_;
  Worker& worker_;
  Time inspected_{};
  bool started_ = false;
  std::priority_queue<Entry, std::vector<Entry>, std::greater<>> heap_;
};

}  // namespace weft::test
