#include "topology/path.hh"

#include "base/check.hh"
#include "base/error.hh"

namespace weft {

std::vector<DirectedLinkId> path(const PortMap& ports, const RoutingTables& routes, NodeId src, NodeId dst) {
  std::vector<DirectedLinkId> links;
  for (NodeId at = src; at != dst;) {
    const auto choices = routes.ports(at, dst);
    if (choices.empty()) return {};
    const Port& port = ports.port(at, choices.front());
    links.push_back(port.out());
    at = port.peer;
    CHECK(links.size() <= ports.node_count(), "src", src.v, "dst", dst.v);
  }
  return links;
}

void require_route(const TopologySpec& spec, const RoutingTables& routes, NodeId src, NodeId dst, const std::string& where) {
  if (routes.reachable(src, dst) && routes.reachable(dst, src)) return;
  const bool rail = spec.kind == "rail";
  throw InputError(where, spec.nodes[src.index()].name + " cannot reach " + spec.nodes[dst.index()].name + " in this network",
                   rail ? "rail switches without spines join only GPUs of one rail and pod; set `spines`"
                        : "add a link, or take it out of the links that are down from the start");
}

}  // namespace weft
