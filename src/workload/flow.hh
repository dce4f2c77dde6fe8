// FlowSpec and TriggerSpec: traffic as data, whatever it was generated from or read from.
//
// A flow is one message over one connection from src to dst. It starts at `start`, or when `after` fires. Triggers: oneshot
// starts all its waiting flows at the first activation; multishot starts
// the next waiting flow (in flow order) at each activation, further activations are ignored; barrier starts all its waiting
// flows at the `count`-th activation. A trigger is activated by flows that name it in on_sent (sender saw the last ACK) or
// on_received (receiver has the last byte).
//
// A flow of a task graph (task_work.hh) starts by neither: whoever runs the graph starts it.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/id.hh"
#include "base/units.hh"
#include "workload/task_work.hh"

namespace weft {

enum class Operation : std::uint8_t { write, read, send, tagged_send };  // the last one: of Ultra Ethernet
// Whether the bytes go where the target has posted a receive.
[[nodiscard]] constexpr bool takes_receive(Operation operation) {
  return operation == Operation::send || operation == Operation::tagged_send;
}

struct FlowSpec {
  NodeId src{}, dst{};  // for read: src asks and gets the bytes from dst
  Bytes size{};
  Time start{};  // ignored when `after` is valid
  TriggerId after{};
  TriggerId on_sent{};
  TriggerId on_received{};
  std::uint32_t label = 0;     // the id a .cm file gave, else the position in its workload
  std::uint16_t workload = 0;  // index in Scenario::workloads
  Operation operation = Operation::write;
  bool by_task = false;                   // a message of a task graph: `label` is its task there; `start` and `after` are ignored
  std::uint32_t first_of_connection = 0;  // by_task: the first flow with the same ends and channel, whose UDP ports it has
};

enum class TriggerKind : std::uint8_t { oneshot, multishot, barrier };

struct TriggerSpec {
  TriggerKind kind = TriggerKind::oneshot;
  std::uint32_t count = 1;  // barrier: activations needed
  std::uint32_t label = 0;  // the id a .cm file gave
};

struct Traffic {
  std::vector<FlowSpec> flows;
  std::vector<TriggerSpec> triggers;
  std::vector<TaskWork> tasks{};
};

}  // namespace weft
