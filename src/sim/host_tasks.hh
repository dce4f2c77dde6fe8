// Host, what concerns task graphs: messages of a graph tell the runner when they have left, arrived and been acknowledged, and it
// says what starts next. See host.hh, task_runner.hh.
#pragma once

#include "sim/host.hh"

namespace weft {

template <class Transport>
void Host<Transport>::begin_tasks(std::uint32_t work, Time at) {
  Base::arm({at, EventKind::timer, what_of(TaskEvent::begin), work, 0});
}

// At the same instant, but after everything else that is due then: a timer of this host.
template <class Transport>
void Host<Transport>::message_ended(const FlowSpec& flow, Time now) {
  if (flow.by_task) Base::arm({now, EventKind::timer, what_of(TaskEvent::ended), tasks_.task_of(flow), 0});
}

template <class Transport>
void Host<Transport>::on_task(Worker& worker, const LocalEvent& event) {
  const auto start = [&](std::optional<std::uint32_t> flow) {
    if (flow) start_flow(worker, *flow, event.at);
  };
  task_steps_.clear();
  switch (static_cast<TaskEvent>(event.what - what_of(TaskEvent::begin))) {
    case TaskEvent::begin: tasks_.begin(event.id, Base::index(), event.at, task_steps_); break;
    case TaskEvent::ended: tasks_.ended(event.id, Base::index(), event.at, task_steps_); break;
    case TaskEvent::start: return start(tasks_.start(event.id));
    case TaskEvent::sent: return start(tasks_.sent(event.id));
  }
  for (const TaskStep& step : task_steps_) Base::arm({step.at, EventKind::timer, what_of(step.event), step.task, 0});
}

// A packet of data that somebody watches begins to leave.
template <class Transport>
void Host<Transport>::watched_left(Slot& slot, std::uint32_t payload, Time start) {
  const std::uint32_t flow = slot.end / 2;
  if (slot.traced) {
    trace_->sent(flow, payload, start);
    trace_->in_flight(flow, slot.engine.packets_in_flight(), start);
  }
  if (slot.packets_until_sent == 0 || slot.engine.counters().data_sent < slot.packets_until_sent) return;
  slot.packets_until_sent = 0;
  slot.watched = slot.traced;
  Base::arm({start, EventKind::timer, what_of(TaskEvent::sent), tasks_.task_of(table_.flows[flow]), 0});
}

}  // namespace weft
