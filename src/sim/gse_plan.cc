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

// The GSP behind which an end point is, and its port and link towards it.
struct Edge {
  NodeId node{};
  std::uint16_t port = 0;
  LinkId link{};
  Rate rate{};
  friend bool operator==(const Edge& a, const Edge& b) { return a.node == b.node && a.port == b.port; }
};

class PlanMaker {
 public:
  PlanMaker(const TopologySpec& spec, const PortMap& ports, GseMode mode, const std::string& where)
      : spec_(spec), ports_(ports), nics_(mode == GseMode::e2e), where_(where), plan_(std::make_unique<GsePlan>()) {
    plan_->mode = mode;
    plan_->gsp_of_node.assign(spec.nodes.size(), GsePlan::nowhere);
    plan_->exit_of_link.assign(spec.links.size(), GsePlan::no_exit);
  }

  void add_host(std::uint32_t host) {
    const Edge edge = edge_of(host);
    fastest_ = std::max(fastest_, edge.rate);
    const std::uint16_t gsp = number_of(edge.node, host);
    std::uint32_t& exit = plan_->exit_of_link[edge.link.index()];
    if (exit == GsePlan::no_exit) {
      exit = static_cast<std::uint32_t>(plan_->exits.size());
      plan_->exits.push_back({gsp, edge.port, host});
    }
    plan_->exit_of_host.push_back(exit);
  }
  void add_flow(const FlowSpec& flow) { plan_->ends.push_back({gsp_of(flow.src), gsp_of(flow.dst)}); }
  [[nodiscard]] Rate fastest() const { return fastest_; }
  [[nodiscard]] std::unique_ptr<GsePlan> take() { return std::move(plan_); }

 private:
  [[nodiscard]] std::uint16_t gsp_of(NodeId host) const { return plan_->exits[plan_->exit_of_host[host.index()]].gsp; }

  std::uint16_t number_of(NodeId node, std::uint32_t host) {
    std::uint16_t& number = plan_->gsp_of_node[node.index()];
    if (number != GsePlan::nowhere) return number;
    if (plan_->host_of_gsp.size() == GsePlan::nowhere) throw InputError(where_, "a scheduled fabric has at most 65535 GSPs");
    number = static_cast<std::uint16_t>(plan_->host_of_gsp.size());
    plan_->host_of_gsp.push_back(host);
    return number;
  }

  [[nodiscard]] Rate fastest_wire(NodeId nic) const {
    Rate fastest{};
    for (const Port& port : ports_.ports(nic)) {
      if (port.role == LinkRole::network) fastest = std::max(fastest, spec_.links[port.link.index()].rate);
    }
    return fastest;
  }

  [[nodiscard]] Edge edge_of(std::uint32_t host) const {
    std::vector<Edge> edges;
    const auto add = [this, &edges](const Port& port, Rate most) {
      const Edge edge{port.peer, port.peer_port, port.link, std::min(most, spec_.links[port.link.index()].rate)};
      if (std::find(edges.begin(), edges.end(), edge) == edges.end()) edges.push_back(edge);
    };
    constexpr Rate any{std::numeric_limits<std::int64_t>::max()};
    for (const Port& port : ports_.ports(NodeId{host})) {
      if (port.role == LinkRole::scale_up) continue;
      if (nics_) require_nic(host, port);
      if (port.role != LinkRole::pcie) {
        add(port, any);
      } else if (nics_) {
        add(port, fastest_wire(port.peer));
      } else {
        for (const Port& behind : ports_.ports(port.peer)) {
          if (behind.role == LinkRole::network) add(behind, any);
        }
      }
    }
    if (edges.size() == 1) return edges.front();
    throw InputError(where_,
                     spec_.nodes[host].name + " has " + std::to_string(edges.size()) +
                         " ways into the network, and a scheduled "
                         "fabric wants one: the egress of a packet must be known when it enters",
                     nics_ ? "give each host one NIC" : "write scheduling: none, or give each host one network port");
  }

  // What a switch adds and copies would pass no NIC.
  void require_nic(std::uint32_t host, const Port& port) const {
    if (port.role == LinkRole::pcie || spec_.nodes[port.peer.index()].role == NodeRole::scale_up_switch) return;
    throw InputError(
        where_, spec_.nodes[host].name + " is behind no NIC, which fabric.gse.mode: e2e schedules in",
        port.role == LinkRole::internal ? "drop topology.reduction, or write mode: n2n" : "write topology.server: { pcie: {} }");
  }

  const TopologySpec& spec_;
  const PortMap& ports_;
  bool nics_;
  const std::string& where_;
  std::unique_ptr<GsePlan> plan_;
  Rate fastest_{};
};

std::int64_t bytes_in(Duration time, Rate rate) {
  return static_cast<std::int64_t>(static_cast<__int128>(time.v) * rate.v / 8 / ps_per_second);
}

void set_sizes(GsePlan& plan, const GseParameters& p, Bytes bdp, const std::string& where) {
  plan.container = p.container;
  constexpr Bytes most_of_a_nic{65'536};
  plan.initial_credit = p.initial_credit.value_or(p.mode == GseMode::n2n ? bdp : std::min(bdp, most_of_a_nic));
  plan.window = p.window.value_or(bdp * 2 + p.quantum.value_or(p.container) * 4);
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
  PlanMaker maker(spec, ports, parameters.mode, where);
  for (std::uint32_t host = 0; host < spec.end_points(); ++host) maker.add_host(host);
  for (const FlowSpec& flow : flows) maker.add_flow(flow);
  const Bytes bdp{bytes_in(round_trip, maker.fastest())};
  auto plan = maker.take();
  plan->round_trip = round_trip;
  set_sizes(*plan, parameters, bdp, where);
  return plan;
}

bool Network::scheduled(std::uint32_t link) const {
  if (scenario.fabric.scheduling != Scheduling::gse) return false;
  const LinkSpec& ends = spec.links[link];
  const bool nics = scenario.fabric.gse.mode == GseMode::e2e;
  const auto inner = [this, nics](NodeId node) {
    const NodeRole role = spec.nodes[node.index()].role;
    return !is_end_point(node) && (role == NodeRole::plain || (nics && role == NodeRole::nic));
  };
  return ends.role == LinkRole::network && inner(ends.a) && inner(ends.b);
}

void Network::set_schedule() {
  if (scenario.fabric.scheduling != Scheduling::gse) return;
  const Duration rtt = idle_rtt(spec, ports, transport->full_packet(), transport->answer_packet());
  gse = make_gse_plan(spec, ports, scenario.fabric.gse, table.flows, rtt, scenario.file);
}

// Marking follows the queues of a GSP and the thresholds of its hosts' links; inside the fabric nothing is marked, nor in a NIC, which
// pauses its own host instead.
void Network::set_schedule_of(std::uint32_t node, SwitchParameters& p) const {
  p.scheduled = true;
  if (faults != nullptr) {
    p.faults = faults.get();
    p.neighbours = fabric_neighbours(*this, node);
  }
  if (gse->gsp_of_node[node] == GsePlan::nowhere) {
    p.mark = false;
    p.sprayed_below = spread_by_nics(node);
    return;
  }
  p.gse = gse.get();
  for (const Port& port : ports.ports(NodeId{node})) p.exit_of_port.push_back(gse->exit_of_link[port.link.index()]);
  p.headroom.resize(p.headroom.size() + classes.slots);
  if (spec.nodes[node].role == NodeRole::nic) set_nic_buffer(p);
}

// Where NICs are GSPs: over how many links those behind the switch spread containers; 0: none is behind it.
std::uint32_t Network::spread_by_nics(std::uint32_t node) const {
  std::uint32_t most = 0;
  for (const Port& port : ports.ports(NodeId{node})) {
    if (spec.nodes[port.peer.index()].role != NodeRole::nic) continue;
    std::uint32_t links = 0;
    for (const Port& of_nic : ports.ports(port.peer)) links += of_nic.role == LinkRole::network ? 1 : 0;
    most = std::max(most, links);
  }
  return most;
}

// As much for what comes as for what waits to go. A host is paused late and for long: what waits keeps the wire busy meanwhile.
void Network::set_nic_buffer(SwitchParameters& p) const {
  const Bytes each = scenario.fabric.gse.nic_buffer;
  p.buffer.static_xoff = each.v;
  p.buffer.hysteresis = each / 4;
  p.buffer.buffer = (each * 2 + gse->window) * static_cast<std::int64_t>(p.exit_of_port.size());
  for (const std::uint32_t bytes : p.headroom) p.buffer.buffer += Bytes{bytes};
}

}  // namespace weft
