#include "sim/gse_plan.hh"

#include <algorithm>
#include <bit>
#include <limits>

#include "base/error.hh"
#include "sim/fault_plan.hh"
#include "sim/network.hh"
#include "topology/idle_rtt.hh"

namespace weft {

namespace {

// The switch of the network behind which an end point is, and that switch's port towards it.
struct Edge {
  NodeId node{};
  std::uint16_t port = 0;
  Rate rate{};
  friend bool operator==(const Edge& a, const Edge& b) { return a.node == b.node && a.port == b.port; }
};

Edge edge_of(const TopologySpec& spec, const PortMap& ports, std::uint32_t host, const std::string& where) {
  std::vector<Edge> edges;
  const auto add = [&edges, &spec](const Port& port) {
    const Edge edge{port.peer, port.peer_port, spec.links[port.link.index()].rate};
    if (std::find(edges.begin(), edges.end(), edge) == edges.end()) edges.push_back(edge);
  };
  for (const Port& port : ports.ports(NodeId{host})) {
    if (port.role == LinkRole::scale_up) continue;
    if (port.role != LinkRole::pcie) {
      add(port);
      continue;
    }
    for (const Port& behind : ports.ports(port.peer)) {
      if (behind.role == LinkRole::network) add(behind);
    }
  }
  if (edges.size() == 1) return edges.front();
  throw InputError(where,
                   spec.nodes[host].name + " has " + std::to_string(edges.size()) +
                       " ways into the network, and a scheduled "
                       "fabric wants one: the egress of a packet must be known when it enters",
                   "write scheduling: none, or give each host one network port");
}

std::int64_t bytes_in(Duration time, Rate rate) {
  return static_cast<std::int64_t>(static_cast<__int128>(time.v) * rate.v / 8 / ps_per_second);
}

void set_sizes(GsePlan& plan, const GseParameters& p, std::int64_t bdp, const std::string& where) {
  plan.container = p.container;
  plan.initial_credit = p.initial_credit.value_or(Bytes{bdp});
  plan.window = p.window.value_or(Bytes{2 * bdp} + p.quantum.value_or(p.container) * 4);
  plan.quantum = p.quantum.value_or(std::min(p.container, plan.window / 2));
  if (plan.quantum > plan.window / 2) {
    throw InputError(where,
                     "a grant of fabric.gse would be " + std::to_string(plan.quantum.v) + " bytes, more than half the window of " +
                         std::to_string(plan.window.v),
                     "write quantum: " + std::to_string(plan.window.v / 2) + "B or less, or a larger window");
  }
  plan.request_step = p.request_step.value_or(p.container * 4);
  plan.request_repeat = p.request_repeat;
  plan.idle = p.idle;
  plan.hole_timeout = p.hole_timeout;
  plan.credit_age = p.credit_age;
  plan.spray = p.spray;
  constexpr std::int64_t least_held = 64, most_held = 1 << 16;
  const std::int64_t ahead = (plan.initial_credit + plan.window).v / p.container.v * 2;
  plan.held_containers = std::bit_ceil(static_cast<std::uint32_t>(std::clamp(ahead, least_held, most_held)));
}

}  // namespace

std::unique_ptr<GsePlan> make_gse_plan(const TopologySpec& spec, const PortMap& ports, const GseParameters& parameters,
                                       std::span<const FlowSpec> flows, Duration round_trip, const std::string& where) {
  auto plan = std::make_unique<GsePlan>();
  plan->gsp_of_node.assign(spec.nodes.size(), GsePlan::nowhere);
  Rate fastest{};
  for (std::uint32_t host = 0; host < spec.end_points(); ++host) {
    const Edge edge = edge_of(spec, ports, host, where);
    fastest = std::max(fastest, edge.rate);
    std::uint16_t& number = plan->gsp_of_node[edge.node.index()];
    if (number == GsePlan::nowhere) {
      if (plan->host_of_gsp.size() == GsePlan::nowhere) throw InputError(where, "a scheduled fabric has at most 65535 GSPs");
      number = static_cast<std::uint16_t>(plan->host_of_gsp.size());
      plan->host_of_gsp.push_back(host);
    }
    const GsePlan::Exit exit{number, edge.port, host};
    const bool shared = !plan->exits.empty() && plan->exits.back().gsp == exit.gsp && plan->exits.back().port == exit.port;
    if (!shared) plan->exits.push_back(exit);
    plan->exit_of_host.push_back(static_cast<std::uint32_t>(plan->exits.size() - 1));
  }
  const auto gsp = [&plan](NodeId host) { return plan->exits[plan->exit_of_host[host.index()]].gsp; };
  for (const FlowSpec& flow : flows) plan->ends.push_back({gsp(flow.src), gsp(flow.dst)});
  set_sizes(*plan, parameters, bytes_in(round_trip, fastest), where);
  return plan;
}

bool Network::scheduled(std::uint32_t link) const {
  if (scenario.fabric.scheduling != Scheduling::gse) return false;
  const LinkSpec& ends = spec.links[link];
  const auto inner = [this](NodeId node) { return !is_end_point(node) && spec.nodes[node.index()].role == NodeRole::plain; };
  return ends.role == LinkRole::network && inner(ends.a) && inner(ends.b);
}

void Network::set_schedule() {
  if (scenario.fabric.scheduling != Scheduling::gse) return;
  const Duration rtt = idle_rtt(spec, ports, transport->full_packet(), transport->answer_packet());
  gse = make_gse_plan(spec, ports, scenario.fabric.gse, table.flows, rtt, scenario.file);
}

// Marking follows the queues of a GSP and the thresholds of its hosts' links; inside the fabric nothing is marked.
void Network::set_schedule_of(std::uint32_t node, SwitchParameters& p) const {
  p.scheduled = true;
  if (faults != nullptr) {
    p.faults = faults.get();
    p.neighbours = fabric_neighbours(*this, node);
  }
  if (gse->gsp_of_node[node] == GsePlan::nowhere) {
    p.mark = false;
    return;
  }
  p.gse = gse.get();
  for (const Port& port : ports.ports(NodeId{node})) p.edge_ports.push_back(scheduled(port.link.v) ? 0 : 1);
}

}  // namespace weft
