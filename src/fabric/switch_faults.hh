// Switch::Faults: fault notices of a scheduled fabric, at one of its switches.
//
// A switch whose own port has lost its link uses the routes without it at once and floods a notice: to every neighbour in the
// fabric, who does likewise once and hands it on. Notices are frames of the highest class, which wait for the frame that is being
// sent, or 66-bit blocks of the physical coding layer, which wait for nothing; the reporter sends them several times. A link that
// comes up is announced after `join`, in which the control plane gives ids. What waits at a dead port is routed again.
// A notice ends where it has been heard before, and after FaultPlan::most_hops.
// Time of a block: 66 bits at the link's rate, rounded up, the link's delay and the receiver's latency.
// Source: project profile; wire/gse_messages.hh (GseFault), wire/gse_fault_block.hh.
#pragma once

#include <vector>

#include "fabric/fault_plan.hh"
#include "fabric/gse_message.hh"
#include "fabric/switch.hh"

namespace weft {

class Switch::Faults {
 public:
  Faults(Switch& node, const FaultPlan& plan, std::vector<FabricNeighbour> neighbours);

  // A port of this switch has seen its link change.
  void found(Worker& worker, std::uint32_t change, Instant at);
  void message(Worker& worker, const Record& record, Time now);
  void on_event(Worker& worker, const LocalEvent& event);
  [[nodiscard]] const std::vector<Time>& heard() const { return heard_; }  // by change; never: not yet
  [[nodiscard]] std::uint64_t sent() const { return sent_; }

 private:
  static constexpr std::uint16_t own = 0xffff;  // from no port

  void announce(Worker& worker, std::uint32_t change, std::uint64_t copies, Instant at);
  void hear(Worker& worker, const GseMessage& notice, std::uint16_t from, Instant at);
  void learn(Worker& worker, std::uint32_t change, Instant at);
  void flood(Worker& worker, std::uint32_t change, std::uint8_t hops, std::uint16_t except, Instant at);
  void send_block(Worker& worker, const FabricNeighbour& to, const GseMessage& notice, Instant at);

  Switch& node_;
  const FaultPlan& plan_;
  std::vector<FabricNeighbour> neighbours_;
  std::vector<Time> heard_;
  std::uint64_t sent_ = 0;
};

}  // namespace weft
