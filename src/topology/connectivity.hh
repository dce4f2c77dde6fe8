// Who can reach whom: hosts of one network must, through switches alone, since hosts never forward.
#pragma once

#include <optional>
#include <utility>

#include "base/id.hh"
#include "topology/spec.hh"

namespace weft {

// Two hosts without a path between them, or nothing when all are connected. Deterministic: the lowest such pair by ids of
// the first host found cut off. A switch that no host can reach is named as the second when no host is cut off.
[[nodiscard]] std::optional<std::pair<NodeId, NodeId>> unreachable_pair(const TopologySpec& spec);

}  // namespace weft
