// EnginePool: the live protocol engines of one thread. A flow holds an engine only while it runs; a finished one is reset and
// used again, so a thousand waiting flows cost their specification and nothing else.
//
// Bound: as many engines as flows are live at once. prepare() grows the pool between windows ahead of need.
#pragma once

#include <algorithm>
#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

#include "base/units.hh"
#include "sim/flow_table.hh"

namespace weft {

template <class Engine>
struct alignas(64) EngineSlot {
  template <class... Args>
  explicit EngineSlot(Args&&... args) : engine(std::forward<Args>(args)...) {}
  // The two earliest wake-ups that stand in the host's events: a pace before a timeout leaves the timeout standing.
  Time armed = Time::never(), armed_later = Time::never();
  std::uint32_t end = 0;                        // in FlowTable::ends
  std::uint32_t peer = 0;                       // host
  std::uint32_t hash = 0;                       // of the 5-tuple of what this end sends
  std::uint32_t live = 0;                       // position in the host's list of live ends
  std::uint32_t desk = 0xffffffff;              // number at the host's credit desk, if any
  std::uint32_t completions = 0, expected = 1;  // messages of the flow
  std::uint16_t port = 0;
  std::uint8_t queued = 0;  // bit l: stands in the ready ring of lane l
  bool traced = false;
  bool watched = false;                  // traced, or somebody waits for its last packet to leave
  bool sending = false;                  // counts among those of its host that send data
  bool over = false;                     // completed, failed, or (target) received
  std::uint64_t packets_until_sent = 0;  // a message of a task graph: its packets, until the last one has left
  Engine engine;
};

// Which cache lines of a slot steady traffic touches, a bit each, at the end that sends data and at the one that receives it. Found by
// tracing memory; only a hint for prefetching, so a layout that moves costs time and no result.
struct SlotLines {
  std::uint32_t sending = 0, receiving = 0;
};

template <class Engine>
class EnginePool {
 public:
  using Slot = EngineSlot<Engine>;

  // Room for the one packet that a host of this thread takes from an engine or gives to it.
  [[nodiscard]] typename Engine::Segment& segment() { return segment_; }

  [[nodiscard]] Slot& operator[](std::uint32_t i) { return *slots_[i]; }
  // An engine for a new connection: make() builds one when none is free, else reset(engine) prepares a used one.
  template <class Make, class Reset>
  std::uint32_t take(Make&& make, Reset&& reset) {
    if (free_.empty()) {
      slots_.push_back(make());
      free_.reserve(slots_.size());
      return static_cast<std::uint32_t>(slots_.size() - 1);
    }
    const std::uint32_t i = free_.back();
    free_.pop_back();
    reset(slots_[i]->engine);
    return i;
  }
  template <class Make>
  void prepare(std::size_t ready, Make&& make) {
    while (free_.size() < ready) {
      slots_.push_back(make());
      free_.reserve(slots_.size());
      free_.push_back(static_cast<std::uint32_t>(slots_.size() - 1));
    }
  }
  void give_back(std::uint32_t i) { free_.push_back(i); }
  void count_opening(bool initiator) { ++(initiator ? initiators_ : targets_); }
  [[nodiscard]] std::size_t initiators_opened() const { return initiators_; }
  [[nodiscard]] std::size_t targets_opened() const { return targets_; }
  [[nodiscard]] std::size_t live() const { return slots_.size() - free_.size(); }
  [[nodiscard]] std::size_t total() const { return slots_.size(); }

 private:
  typename Engine::Segment segment_{};
  std::vector<std::unique_ptr<Slot>> slots_;
  std::vector<std::uint32_t> free_;
  std::size_t initiators_ = 0, targets_ = 0;  // ever opened
};

}  // namespace weft
