// One shortest path between two hosts, for ideal completion times: at every node the first of the ports that routing offers.
//
// Units: directed links in the order in which a packet crosses them.
#pragma once

#include <string>
#include <vector>

#include "base/id.hh"
#include "topology/ports.hh"
#include "topology/routes.hh"
#include "topology/spec.hh"

namespace weft {

// Empty when src == dst or when there is no route.
[[nodiscard]] std::vector<DirectedLinkId> path(const PortMap& ports, const RoutingTables& routes, NodeId src, NodeId dst);

// InputError when src cannot reach dst (or dst src): a rail network without spines, or links that are down from the start.
// `where` is the place of what asked for the flow.
void require_route(const TopologySpec& spec, const RoutingTables& routes, NodeId src, NodeId dst, const std::string& where);

}  // namespace weft
