// FlowTable: what a run knows of each flow, apart for its two ends, because they may live on different threads.
//
// End 2*flow is the initiator's (the host that asks), 2*flow+1 the target's. Each entry is written by its own host only.
#pragma once

#include <cstdint>
#include <limits>
#include <string_view>
#include <vector>

#include "base/units.hh"
#include "workload/flow.hh"

namespace weft {

inline constexpr std::uint32_t no_slot = std::numeric_limits<std::uint32_t>::max();

struct EndState {
  bool opened = false, closed = false, failed = false;
  Time began = Time::never();  // initiator: the flow's start
  Time done = Time::never();   // initiator: completion; target: last byte
  std::string_view error;      // the transport's words; a literal
  std::uint64_t digest = 0;    // of the engine's final states
  // Sums over the engines that served this end.
  std::uint64_t packets = 0, retransmissions = 0, timeouts = 0, naks = 0, cnps = 0, ecn_marked = 0, accepted = 0;
};

// The end whose UDP source port this one has: messages of a connection share theirs, so that they are hashed alike.
[[nodiscard]] inline std::uint32_t addressing_end(const std::vector<FlowSpec>& flows, std::uint32_t end) {
  const FlowSpec& flow = flows[end / 2];
  return flow.by_task ? 2 * flow.first_of_connection + end % 2 : end;
}

struct FlowTable {
  std::vector<FlowSpec> flows;
  std::vector<std::uint32_t> slots;  // by end: the engine in its thread's pool, or no_slot
  std::vector<EndState> ends;        // 2 * flow + side
  std::vector<std::uint8_t> traced;  // by flow
  std::vector<std::uint8_t> inside;  // by flow: both ends are in one server that has a network inside; empty: none is

  [[nodiscard]] bool stays_inside(std::uint32_t flow) const { return !inside.empty() && inside[flow] != 0; }
};

constexpr std::uint32_t initiator_of(std::uint32_t flow) { return 2 * flow; }
constexpr std::uint32_t target_of(std::uint32_t flow) { return 2 * flow + 1; }

}  // namespace weft
