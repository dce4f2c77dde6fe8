// Pods of a scheduled fabric: each is a domain of its own, core switches between them speak plain RoCE.
//
// Rule: a switch with links to core switches is a GSP, and each of its ports towards them an exit. A packet for another pod is
// scheduled to one exit of its own pod, which the flow's hash chooses (fabric/switch_gse_pods.cc), leaves there as it came from its
// NIC, is routed through the cores by its hash, and is scheduled again where it enters. Exits are destinations of their own inside a
// pod: end points + k for the k-th of core_exits() (topology/routes.hh, anchors).
// Source: fabric design of the field as reported (GSE within pods, RoCE between, BORDER and CORE switches); project profile.
#pragma once

#include <cstdint>
#include <vector>

#include "base/units.hh"
#include "topology/ports.hh"
#include "topology/spec.hh"

namespace weft {

struct CoreExit {
  NodeId node{};
  std::uint16_t port = 0;
};

// In the order of nodes and ports; none where no switch is a core.
[[nodiscard]] std::vector<CoreExit> core_exits(const TopologySpec& spec, const PortMap& ports);

// By node: nodes that are joined without a core have the same number.
[[nodiscard]] std::vector<std::uint32_t> pod_of_nodes(const TopologySpec& spec, const PortMap& ports);

// Of a network at rest, within pods (topology/idle_rtt.hh).
[[nodiscard]] Duration round_trip_in_pods(const TopologySpec& spec, Bytes there, Bytes back);

}  // namespace weft
