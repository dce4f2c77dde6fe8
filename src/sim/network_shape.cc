#include "sim/network_shape.hh"

#include <algorithm>
#include <set>

#include "topology/servers.hh"

namespace weft {
namespace {

// visit(port) for each port into the network of a host, or of the NICs before it.
template <class Visit>
void each_way_out(const PortMap& ports, NodeId host, Visit&& visit) {
  for (const Port& port : ports.ports(host)) {
    if (port.role == LinkRole::network) visit(port);
    if (port.role != LinkRole::pcie) continue;
    for (const Port& beyond : ports.ports(port.peer)) {
      if (beyond.role == LinkRole::network) visit(beyond);
    }
  }
}

Reducers reducers_of(const TopologySpec& spec, const PortMap& ports) {
  Reducers reducers;
  std::vector<std::uint32_t> of_node(spec.nodes.size(), Reducers::none);
  bool in_network = false;
  std::uint32_t end_point = spec.hosts;
  for (const NodeId at : reducer_switches(spec)) {
    reducers.switches.push_back(spec.nodes[at.index()].name);
    const bool in_server = spec.nodes[at.index()].role == NodeRole::scale_up_switch;
    if (in_server) reducers.by_server.push_back(end_point);
    in_network = in_network || !in_server;
    of_node[at.index()] = end_point++;
  }
  if (!in_network) return reducers;
  reducers.by_host.assign(spec.hosts, Reducers::none);
  for (std::uint32_t host = 0; host < spec.hosts; ++host) {
    std::set<std::uint32_t> access;
    each_way_out(ports, {host}, [&](const Port& port) { access.insert(port.peer.v); });
    if (access.size() == 1) reducers.by_host[host] = of_node[*access.begin()];
  }
  return reducers;
}

// All links of the first server to the network.
Rate rate_of_server(const TopologySpec& spec, const PortMap& ports) {
  std::set<std::uint32_t> links;
  for (std::uint32_t host = 0; host < std::max(1U, spec.gpus_per_server); ++host) {
    each_way_out(ports, {host}, [&](const Port& port) { links.insert(port.link.v); });
  }
  Rate sum{};
  for (const std::uint32_t link : links) sum += spec.links[link].rate;
  return sum;
}

collective::Machine machine_of(const TopologySpec& spec, const PortMap& ports, const Reducers& reducers) {
  collective::Machine machine;
  machine.server_rate = rate_of_server(spec, ports);
  machine.inside_rate = spec.links.empty() ? Rate{1} : spec.links[0].rate;
  for (const LinkSpec& link : spec.links) {
    if (link.role == LinkRole::scale_up) machine.inside_rate = link.rate;
  }
  const auto& by_host = reducers.by_host;
  machine.server_switch_computes = !reducers.by_server.empty();
  machine.network_switch_computes = !by_host.empty() && by_host.front() != Reducers::none &&
                                    std::all_of(by_host.begin(), by_host.end(), [&](std::uint32_t r) { return r == by_host.front(); });
  return machine;
}

}  // namespace

NetworkShape network_shape(const TopologySpec& spec, const PortMap& ports) {
  NetworkShape shape;
  shape.hosts = spec.hosts;
  shape.host_rate = spec.links.empty() ? Rate{1} : spec.links[0].rate;
  shape.gpus_per_server = spec.gpus_per_server;
  shape.reducers = reducers_of(spec, ports);
  shape.machine = machine_of(spec, ports, shape.reducers);
  if (shape.machine.server_rate.v == 0) shape.machine.server_rate = shape.host_rate;
  return shape;
}

}  // namespace weft
