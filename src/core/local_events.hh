// LocalEvents: what a node has arranged with itself (link changes, pause effects, timers), a binary heap in the total order
// (time, kind, id, argument). Every part of the key comes from the scenario, so equal runs pop equal sequences.
//
// Bound: a node arms a known number of events (one a port and class, one an engine, one a flow list); capacity is reserved
// at set-up and grows only when a node holds more engines than ever before.
#pragma once

#include <algorithm>
#include <compare>
#include <cstdint>
#include <vector>

#include "base/units.hh"

namespace weft {

// The order of things at one instant in one node. `release` and `service` belong to ports, `arrival` to links; the others
// are local events. A port that is free serves before arrivals of the same instant are seen; a pause that acts at t comes
// before a start at t; timers come last.
enum class EventKind : std::uint8_t { release, link_change, control, service, arrival, timer };

struct LocalEvent {
  Time at{};
  EventKind kind = EventKind::timer;
  std::uint8_t what = 0;  // the node's own sub-kind
  std::uint32_t id = 0;   // port, engine, ...
  std::uint64_t argument = 0;
  friend constexpr auto operator<=>(const LocalEvent&, const LocalEvent&) = default;
};

class LocalEvents {
 public:
  [[nodiscard]] bool empty() const { return heap_.empty(); }
  [[nodiscard]] const LocalEvent& top() const { return heap_.front(); }
  [[nodiscard]] Time next() const { return heap_.empty() ? Time::never() : heap_.front().at; }
  void push(const LocalEvent& event) {
    heap_.push_back(event);
    std::push_heap(heap_.begin(), heap_.end(), std::greater<>());
  }
  LocalEvent pop() {
    std::pop_heap(heap_.begin(), heap_.end(), std::greater<>());
    const LocalEvent event = heap_.back();
    heap_.pop_back();
    return event;
  }
  [[nodiscard]] const void* address() const { return heap_.data(); }  // of the next event, for prefetching
  void reserve(std::size_t count) { heap_.reserve(count); }
  [[nodiscard]] std::size_t size() const { return heap_.size(); }

 private:
  std::vector<LocalEvent> heap_;
};

}  // namespace weft
