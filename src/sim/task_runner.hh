// TaskRunner: runs task graphs (workload/task_work.hh) on the hosts: counts what each task still waits for, and says what a host
// is to do when something ended there.
//
// Rule: a task belongs to the host where it starts; all of it is written by that host's thread, but what its receiver knows of a
// message by the receiver's. Everything that happens is a timer of one host: `ended` when a task is done there (which releases
// the tasks of that host that waited for it), `start` when a message may go, `sent` when its last packet begins to leave. At one
// instant all `ended` come first, so messages that become ready together start in the order of their ids.
// A host computes one thing at a time, in the order in which tasks become ready, all graphs together.
// Connections: messages with the same ends and channel follow each other: the next starts when the last packet of the one before
// it leaves; nothing waits for an acknowledgement. Each is a flow of its own to the transport (project profile), so its window
// and rate begin anew.
// Ids: a task's is its number in its graph plus the sizes of the graphs before it; 32 bits for all.
// Units: picoseconds. Bound: what is due at a host stands in its events: at most one for each of its tasks.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "collective/successors.hh"
#include "workload/flow.hh"

namespace weft {

enum class TaskEvent : std::uint8_t { begin, ended, start, sent };

struct TaskStep {
  Time at{};
  TaskEvent event = TaskEvent::ended;
  std::uint32_t task = 0;
};

class TaskRunner {
 public:
  TaskRunner(const Traffic& traffic, std::uint32_t hosts);

  // On the thread of `host`. What is due in consequence is appended to `steps`.
  void begin(std::uint32_t work, std::uint32_t host, Time now, std::vector<TaskStep>& steps);
  void ended(std::uint32_t task, std::uint32_t host, Time now, std::vector<TaskStep>& steps);
  // The flow to start now, if any: a message whose connection is free, or the one that waited for it.
  [[nodiscard]] std::optional<std::uint32_t> start(std::uint32_t task);
  [[nodiscard]] std::optional<std::uint32_t> sent(std::uint32_t task);

  [[nodiscard]] std::uint32_t task_of(const FlowSpec& flow) const { return works_[work_of_[flow.workload]].first_task + flow.label; }

  // Between windows.
  [[nodiscard]] bool empty() const { return works_.empty(); }
  [[nodiscard]] std::uint32_t works() const { return static_cast<std::uint32_t>(works_.size()); }
  [[nodiscard]] Time start_of(std::uint32_t work) const { return works_[work].spec->start; }
  [[nodiscard]] const TaskWork& spec(std::uint32_t work) const { return *works_[work].spec; }
  [[nodiscard]] bool takes_part(std::uint32_t work, std::uint32_t host) const { return !initial(works_[work], host).empty(); }
  [[nodiscard]] bool done() const;
  // The latest instant up to which local work is known to go on.
  [[nodiscard]] Time busy_until() const;
  // When the task's result was there (a message: at its receiver), or never().
  [[nodiscard]] Time ended_at(std::uint32_t work, std::uint32_t task) const { return works_[work].ended[task]; }
  [[nodiscard]] std::uint32_t flow_of(std::uint32_t work, std::uint32_t task) const { return works_[work].flow_of[task]; }
  // How long it takes where it is neither a message nor an extension.
  [[nodiscard]] Duration local_time(std::uint32_t work, std::uint32_t task) const { return local_time(works_[work], task); }

 private:
  static constexpr std::uint32_t none = 0xffff'ffff;
  // Messages of one connection: the first is under way, the others wait in the order in which they became ready.
  struct Connection {
    std::uint32_t last = none;  // local task ids
    bool busy = false;
  };
  struct Work {
    const TaskWork* spec = nullptr;  // not owned
    std::uint32_t first_task = 0;
    collective::Successors successors;
    std::vector<std::uint32_t> missing;     // by task
    std::vector<std::uint32_t> flow_of;     // by task; none: no message
    std::vector<Time> ended;                // by task
    std::vector<std::uint32_t> connection;  // by message: flow - first_flow
    std::vector<std::uint32_t> behind;      // by message: the task that waits behind it
    std::vector<Connection> connections;
    std::vector<std::uint32_t> first_initial;  // by host, in `initial`
    std::vector<std::uint32_t> initial;        // tasks that wait for nothing, by host
  };
  struct alignas(64) OfHost {
    Time busy_until{};
    Time computes_until{};
    std::uint64_t ended = 0;
  };

  void list_initial(Work& work) const;
  static void list_messages(Work& work);
  [[nodiscard]] Work& find(std::uint32_t task);
  void release(const Work& work, std::uint32_t task, std::uint32_t host, Time now, std::vector<TaskStep>& steps);
  [[nodiscard]] static std::span<const std::uint32_t> initial(const Work& work, std::uint32_t host) {
    return std::span(work.initial).subspan(work.first_initial[host], work.first_initial[host + 1] - work.first_initial[host]);
  }
  [[nodiscard]] static Duration local_time(const Work& work, std::uint32_t task);
  [[nodiscard]] TaskStep step(const Work& work, std::uint32_t task, std::uint32_t host, Time now);
  [[nodiscard]] static Duration extension(const Work& work, std::uint32_t task, Time now);
  [[nodiscard]] static std::uint32_t message(const Work& work, std::uint32_t task) { return work.flow_of[task] - work.spec->first_flow; }

  std::vector<Work> works_;
  std::vector<std::uint32_t> work_of_;  // by entry of `workloads`
  std::vector<OfHost> hosts_;
  std::uint64_t ends_ = 0;  // of all tasks; a message has two
};

}  // namespace weft
