#include "sim/gse_pods.hh"

#include <algorithm>

#include "topology/idle_rtt.hh"

namespace weft {

namespace {

bool is_core(const TopologySpec& spec, NodeId node) { return spec.nodes[node.index()].place == SwitchPlace::core; }

}  // namespace

std::vector<CoreExit> core_exits(const TopologySpec& spec, const PortMap& ports) {
  std::vector<CoreExit> exits;
  for (std::uint32_t node = spec.end_points(); node < spec.nodes.size(); ++node) {
    if (is_core(spec, {node})) continue;
    std::uint16_t number = 0;
    for (const Port& port : ports.ports({node})) {
      if (is_core(spec, port.peer)) exits.push_back({{node}, number});
      ++number;
    }
  }
  return exits;
}

std::vector<std::uint32_t> pod_of_nodes(const TopologySpec& spec, const PortMap& ports) {
  constexpr std::uint32_t unseen = 0xffffffff;
  std::vector<std::uint32_t> pods(spec.nodes.size(), unseen), reached;
  std::uint32_t next = 0;
  for (std::uint32_t start = 0; start < spec.nodes.size(); ++start) {
    if (pods[start] != unseen || is_core(spec, {start})) continue;
    reached.assign(1, start);
    pods[start] = next;
    while (!reached.empty()) {
      const NodeId at{reached.back()};
      reached.pop_back();
      for (const Port& port : ports.ports(at)) {
        if (pods[port.peer.index()] != unseen || is_core(spec, port.peer)) continue;
        pods[port.peer.index()] = next;
        reached.push_back(port.peer.v);
      }
    }
    ++next;
  }
  return pods;
}

Duration round_trip_in_pods(const TopologySpec& spec, Bytes there, Bytes back) {
  TopologySpec pods = spec;
  const auto leads_out = [&spec](const LinkSpec& link) { return is_core(spec, link.a) || is_core(spec, link.b); };
  pods.links.erase(std::remove_if(pods.links.begin(), pods.links.end(), leads_out), pods.links.end());
  return idle_rtt(pods, PortMap(pods), there, back);
}

}  // namespace weft
