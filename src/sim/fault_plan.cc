#include "sim/fault_plan.hh"

#include <algorithm>
#include <tuple>

#include "sim/network.hh"

namespace weft {

namespace {

std::vector<std::uint16_t> number_devices(const Network& network) {
  std::vector<std::uint16_t> devices(network.spec.nodes.size(), FaultPlan::no_device);
  auto next = static_cast<std::uint32_t>(network.gse->host_of_gsp.size());
  for (std::uint32_t node = network.spec.end_points(); node < devices.size(); ++node) {
    if (network.gse->gsp_of_node[node] != GsePlan::nowhere)
      devices[node] = network.gse->gsp_of_node[node];
    else if (!fabric_neighbours(network, node).empty() && next < FaultPlan::no_device)
      devices[node] = static_cast<std::uint16_t>(next++);
  }
  return devices;
}

}  // namespace

std::unique_ptr<FaultPlan> make_fault_plan(const Network& network) {
  if (network.gse == nullptr || network.scenario.fabric.gse.notice == FaultNotice::none || network.routes.size() == 1) return nullptr;
  auto plan = std::make_unique<FaultPlan>();
  const GseParameters& p = network.scenario.fabric.gse;
  plan->notice = p.notice;
  plan->copies = p.notice_copies;
  plan->repeat = p.notice_repeat;
  plan->join = p.join;
  for (std::uint32_t node = network.spec.end_points(); node < network.spec.nodes.size(); ++node) {
    for (const FabricNeighbour& neighbour : fabric_neighbours(network, node)) {
      const Port& port = network.ports.port(NodeId{node}, neighbour.port);
      for (const DownInterval& d : network.plan.directions[port.out().v].down) {
        if (d.down > Time{}) plan->changes.push_back({node, neighbour.port, false, network.version_at(d.down)});
        if (d.up < Time::never()) plan->changes.push_back({node, neighbour.port, true, network.version_at(d.up)});
      }
    }
  }
  if (plan->changes.empty()) return nullptr;
  plan->device_of_node = number_devices(network);
  return plan;
}

std::uint64_t change_seen(const FaultPlan* plan, std::uint32_t node, std::uint16_t port, std::uint32_t version, bool up) {
  if (plan == nullptr) return 0;
  const auto wanted = std::make_tuple(node, port, version, up);
  const auto key = [](const FaultPlan::Change& c) { return std::make_tuple(c.reporter, c.port, c.version, c.up); };
  const auto found = std::lower_bound(plan->changes.begin(), plan->changes.end(), wanted,
                                      [&key](const FaultPlan::Change& c, const auto& value) { return key(c) < value; });
  return found == plan->changes.end() || key(*found) != wanted ? 0 : static_cast<std::uint64_t>(found - plan->changes.begin()) + 1;
}

std::vector<FabricNeighbour> fabric_neighbours(const Network& network, std::uint32_t node) {
  std::vector<FabricNeighbour> neighbours;
  const auto node_ports = network.ports.ports(NodeId{node});
  for (std::size_t i = 0; i < node_ports.size(); ++i) {
    const Port& port = node_ports[i];
    if (network.scheduled(port.link.v)) neighbours.push_back({port.peer.v, static_cast<std::uint16_t>(i), port.peer_port});
  }
  return neighbours;
}

}  // namespace weft
