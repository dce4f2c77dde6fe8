// TriggerTable: which host starts which flows when a trigger is activated, and how an activation reaches it.
//
// A trigger whose causes and waiting flows all belong to one host acts at once, at that host. Any other is replicated at
// every host with a waiting flow, and every activation takes `latency` to every replica (design rule 12), so that all
// replicas see the same activations in the same order: (time, trigger, flow and side that caused it).
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "base/units.hh"
#include "workload/flow.hh"

namespace weft {

class TriggerTable {
 public:
  struct Replica {
    std::uint32_t host = 0;
    std::uint32_t activations = 0;  // written by its host only
  };

  TriggerTable(const Traffic& traffic, Duration latency);

  [[nodiscard]] bool local(std::uint32_t trigger) const { return entries_[trigger].local; }
  [[nodiscard]] std::span<Replica> replicas(std::uint32_t trigger) {
    return {replicas_.data() + entries_[trigger].first_replica, entries_[trigger].replicas};
  }
  // Counts one activation at `host` and calls start(flow) for each of the host's flows that it starts.
  template <class Start>
  void activate(std::uint32_t trigger, std::uint32_t host, const std::vector<FlowSpec>& flows, Start&& start) {
    const Entry& entry = entries_[trigger];
    for (Replica& replica : replicas(trigger)) {
      if (replica.host != host) continue;
      const std::uint32_t number = ++replica.activations;
      for (const std::uint32_t flow : started_by(entry, number)) {
        if (flows[flow].src.v == host) start(flow);
      }
      return;
    }
  }
  [[nodiscard]] Duration latency() const { return latency_; }
  [[nodiscard]] std::uint64_t distant() const { return distant_; }  // triggers that pay the latency

 private:
  struct Entry {
    TriggerKind kind = TriggerKind::oneshot;
    std::uint32_t count = 1;
    std::uint32_t first_waiting = 0, waiting = 0, first_replica = 0, replicas = 0;
    bool local = true;
  };
  [[nodiscard]] std::span<const std::uint32_t> started_by(const Entry& entry, std::uint32_t number) const;

  std::vector<Entry> entries_;
  std::vector<std::uint32_t> waiting_;  // flows, by trigger, in flow order
  std::vector<Replica> replicas_;
  Duration latency_{};
  std::uint64_t distant_ = 0;
};

}  // namespace weft
