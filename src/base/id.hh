// Handles instead of pointers: 4 bytes, typed by what they name, valid across copies and threads.
#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <limits>

namespace weft {

template <class Tag>
struct Id {
  std::uint32_t v = std::numeric_limits<std::uint32_t>::max();
  [[nodiscard]] constexpr bool valid() const { return v != std::numeric_limits<std::uint32_t>::max(); }
  [[nodiscard]] constexpr std::size_t index() const { return v; }
  friend constexpr auto operator<=>(Id, Id) = default;
};

using NodeId = Id<struct NodeTag>;  // hosts first (0 .. hosts-1), then switches
using LinkId = Id<struct LinkTag>;  // an undirected link of the topology; its directions are 2*id (a to b) and 2*id+1
using FlowId = Id<struct FlowTag>;  // position in the run's list of flows
using TriggerId = Id<struct TriggerTag>;
using PathId = Id<struct PathTag>;
using BufferId = Id<struct BufferTag>;

}  // namespace weft
