#include "sim/gse_plan.hh"

#include <algorithm>
#include <limits>
#include <numeric>

#include "base/error.hh"
#include "base/wire_clock.hh"
#include "sim/addresses.hh"
#include "sim/fault_plan.hh"
#include "sim/gse_sizes.hh"
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
  PlanMaker(const GseSetting& setting, GseMode mode)
      : spec_(setting.spec), ports_(setting.ports), nics_(mode == GseMode::e2e), where_(setting.where) {
    plan_->mode = mode;
    plan_->gsp_of_node.assign(spec_.nodes.size(), GsePlan::nowhere);
    plan_->exit_of_link.assign(spec_.links.size(), GsePlan::no_exit);
  }

  // A GSF remembers nothing, so it cannot send the rest of a container after a first packet that went by the queues.
  void check_spray(ContainerSpray spray) const {
    if (!nics_ || spray != ContainerSpray::least_queued) return;
    for (std::uint32_t node = 0; node < spec_.nodes.size(); ++node) {
      if (spec_.nodes[node].role == NodeRole::nic && wires_of(NodeId{node}) > 1) return;
    }
    throw InputError(where_,
                     "'spray: least-queued' in fabric.gse with mode 'e2e', where NICs have one wire: leaves spread their containers by "
                     "number, since all packets of one take one port and a leaf remembers none",
                     "write spray: round-robin or random, or mode: n2n");
  }
  void add_host(std::uint32_t host) { add_exit(edge_of(host), host); }
  void add_core_exit(const CoreExit& exit, std::uint32_t number) {
    const Port& port = ports_.port(exit.node, exit.port);
    add_exit({exit.node, exit.port, port.link, spec_.links[port.link.index()].rate}, number);
    if (plan_->borders.empty() || plan_->borders.back().node != exit.node) {
      plan_->borders.push_back({exit.node, 0, std::vector<std::uint32_t>(ports_.ports(exit.node).size(), GsePlan::no_exit)});
    }
    plan_->borders.back().exit_of_port[exit.port] = plan_->exit_of_host.back();
  }
  void find_pods() {
    const std::vector<std::uint32_t> pods = pod_of_nodes(spec_, ports_);
    plan_->joined = true;
    plan_->pod_of_gsp.resize(plan_->host_of_gsp.size());
    for (std::size_t node = 0; node < pods.size(); ++node) {
      if (plan_->gsp_of_node[node] != GsePlan::nowhere) plan_->pod_of_gsp[plan_->gsp_of_node[node]] = pods[node];
    }
    for (GsePlan::Border& border : plan_->borders) border.pod = pods[border.node.index()];
  }
  void add_flow(const FlowSpec& flow) {
    const std::uint16_t src = gsp_of(flow.src), dst = gsp_of(flow.dst);
    const bool one_pod = !plan_->joined || plan_->pod_of_gsp[src] == plan_->pod_of_gsp[dst];
    plan_->ends.push_back(one_pod ? GsePlan::FlowEnds{src, dst} : GsePlan::FlowEnds{GsePlan::nowhere, GsePlan::nowhere});
  }
  [[nodiscard]] Rate fastest() const { return fastest_; }
  [[nodiscard]] std::unique_ptr<GsePlan> take() { return std::move(plan_); }

 private:
  [[nodiscard]] std::uint16_t gsp_of(NodeId host) const { return plan_->exits[plan_->exit_of_host[host.index()]].gsp; }

  void add_exit(const Edge& edge, std::uint32_t host) {
    fastest_ = std::max(fastest_, edge.rate);
    const std::uint16_t gsp = number_of(edge.node, host);
    std::uint32_t& exit = plan_->exit_of_link[edge.link.index()];
    if (exit == GsePlan::no_exit) {
      exit = static_cast<std::uint32_t>(plan_->exits.size());
      plan_->exits.push_back({gsp, edge.port, host});
    }
    plan_->exit_of_host.push_back(exit);
  }

  std::uint16_t number_of(NodeId node, std::uint32_t host) {
    std::uint16_t& number = plan_->gsp_of_node[node.index()];
    if (number != GsePlan::nowhere) return number;
    if (plan_->host_of_gsp.size() == GsePlan::nowhere) {
      throw InputError(where_, "a scheduled fabric has at most 65535 GSPs, whose numbers have 16 bits in its frames",
                       nics_ ? "with fabric.gse.mode: e2e every NIC is one: write mode: n2n, or make it smaller"
                             : "every switch with hosts behind it is one: make it smaller");
    }
    number = static_cast<std::uint16_t>(plan_->host_of_gsp.size());
    plan_->host_of_gsp.push_back(host);
    return number;
  }

  [[nodiscard]] std::size_t wires_of(NodeId nic) const {
    const auto all = ports_.ports(nic);
    return static_cast<std::size_t>(std::count_if(all.begin(), all.end(), [](const Port& p) { return p.role == LinkRole::network; }));
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
  std::unique_ptr<GsePlan> plan_ = std::make_unique<GsePlan>();
  Rate fastest_{};
};

// What the ports of a GSP into the fabric carry under each version of the routes; 0: all of them are used, or its exits take less.
std::vector<Rate> uplinks_by_version(const Network& network, std::uint32_t node, const std::vector<std::uint32_t>& exits) {
  const auto node_ports = network.ports.ports(NodeId{node});
  std::vector<Rate> uplinks;
  for (std::uint32_t version = 0; version < network.routes.size(); ++version) {
    const std::span<const LinkId> dead = network.dead_links(version);
    std::int64_t up = 0, out = 0;
    bool whole = true;
    for (std::size_t i = 0; i < node_ports.size(); ++i) {
      const std::int64_t rate = network.plan.directions[node_ports[i].out().v].rate.v;
      const bool alive = !std::binary_search(dead.begin(), dead.end(), node_ports[i].link);
      if (exits[i] != GsePlan::no_exit)
        out += rate;
      else
        up += alive ? rate : 0, whole = whole && alive;
    }
    uplinks.push_back({whole || up >= out ? 0 : up});
  }
  return uplinks;
}

}  // namespace

MadeGsePlan make_gse_plan(const GseSetting& setting, const GseParameters& parameters) {
  PlanMaker maker(setting, parameters.mode);
  maker.check_spray(parameters.spray);
  std::uint32_t number = 0;
  while (number < setting.spec.end_points()) maker.add_host(number++);
  for (const CoreExit& exit : setting.core_exits) maker.add_core_exit(exit, number++);
  if (!setting.core_exits.empty()) maker.find_pods();
  for (const FlowSpec& flow : setting.flows) maker.add_flow(flow);
  const GseSizing sizing{parameters, setting.flows, bytes_in(setting.round_trip, maker.fastest()), setting.room, setting.where};
  auto plan = maker.take();
  if (plan->exits.size() < plan->exit_of_host.size()) {
    for (const std::uint32_t exit : plan->exit_of_host) plan->first_of_exit.push_back(plan->exits[exit].host);
  }
  plan->round_trip = setting.round_trip;
  set_gse_sizes(*plan, sizing);
  GseRemarks remarks = remarks_on(*plan, sizing);
  return {std::move(plan), std::move(remarks)};
}

// Half of what the fullest of the switches that drop shares; sim/gse_sizes.hh. A leaf of NICs that are GSPs counts like a GSP.
Bytes Network::room_of_exits() const {
  const FabricParameters& fabric = scenario.fabric;
  Bytes room{std::numeric_limits<std::int64_t>::max() / 2};
  if (fabric.lossless == Lossless::cbfc) return room;
  for (std::uint32_t node = spec.end_points(); node < spec.nodes.size(); ++node) {
    if (spec.nodes[node].role != NodeRole::plain || spec.nodes[node].place == SwitchPlace::core) continue;
    const std::vector<std::uint32_t> kept = headrooms(node);
    const Bytes shared{std::max<std::int64_t>(0, fabric.buffer.v - std::accumulate(kept.begin(), kept.end(), std::int64_t{0}))};
    room = std::min(room, shared / 2);
    if (!classes.lossless(classes.data_slot) && !fabric.pfc.xoff)
      room = std::min(room, shared * fabric.alpha_num / (fabric.alpha_num + fabric.alpha_den));
  }
  return room;
}

bool Network::scheduled(std::uint32_t link) const {
  if (scenario.fabric.scheduling != Scheduling::gse) return false;
  const LinkSpec& ends = spec.links[link];
  const bool nics = scenario.fabric.gse.mode == GseMode::e2e;
  const auto inner = [this, nics](NodeId node) {
    const NodeRole role = spec.nodes[node.index()].role;
    if (spec.nodes[node.index()].place == SwitchPlace::core) return false;
    return !is_end_point(node) && (role == NodeRole::plain || (nics && role == NodeRole::nic));
  };
  return ends.role == LinkRole::network && inner(ends.a) && inner(ends.b);
}

void Network::set_schedule() {
  if (scenario.fabric.scheduling != Scheduling::gse) return;
  const Bytes packet = transport->full_packet(), answer = transport->answer_packet();
  const Duration rtt = pod_exits.empty() ? idle_rtt(spec, ports, packet, answer) : round_trip_in_pods(spec, packet, answer);
  MadeGsePlan made = make_gse_plan({spec, ports, pod_exits, table.flows, rtt, room_of_exits(), scenario.file}, scenario.fabric.gse);
  gse = std::move(made.plan);
  warnings.insert(warnings.end(), made.remarks.warnings.begin(), made.remarks.warnings.end());
  notes.insert(notes.end(), made.remarks.notes.begin(), made.remarks.notes.end());
  if (gse->joined) set_flow_hosts();
}

void Network::set_flow_hosts() {
  const auto hash = [this](std::uint32_t from, std::uint32_t to, std::uint32_t end) {
    return tuple_hash(from, to, source_port(scenario.seed, addressing_end(table.flows, end)));
  };
  for (std::uint32_t flow = 0; flow < table.flows.size(); ++flow) {
    const std::uint32_t src = table.flows[flow].src.v, dst = table.flows[flow].dst.v;
    gse->hosts.push_back({src, dst, hash(src, dst, initiator_of(flow)), hash(dst, src, target_of(flow))});
  }
}

// Marking follows the queues of a GSP and the thresholds of its hosts' links; inside the fabric nothing is marked, nor in a NIC, which
// pauses its own host instead.
void Network::set_schedule_of(std::uint32_t node, SwitchParameters& p) const {
  if (spec.nodes[node].place == SwitchPlace::core) return;
  p.scheduled = true;
  p.spray_at_random = gse->spray == ContainerSpray::random;
  p.first_of_exit = gse->first_of_exit;
  if (faults != nullptr) {
    p.faults = faults.get();
    p.neighbours = fabric_neighbours(*this, node);
  }
  if (gse->mode == GseMode::e2e) p.sprayed_below = spread_by_nics(node);
  if (gse->gsp_of_node[node] == GsePlan::nowhere) {
    p.mark = false;
    return;
  }
  p.gse = gse.get();
  for (const Port& port : ports.ports(NodeId{node})) p.exit_of_port.push_back(gse->exit_of_link[port.link.index()]);
  if (!plan.changes.empty()) p.uplinks = uplinks_by_version(*this, node, p.exit_of_port);
  p.headroom.resize(p.headroom.size() + classes.slots);
  if (gse->joined) set_ways_out(node, p);
  if (spec.nodes[node].role == NodeRole::nic) set_nic_buffer(p);
}

// Nearest: the GSP itself, or switches next to it (of a NIC); else all borders of its pod are equally near.
void Network::set_ways_out(std::uint32_t node, SwitchParameters& p) const {
  const auto is_near = [this, node](NodeId border) {
    const auto own = ports.ports(NodeId{node});
    return border.v == node || std::any_of(own.begin(), own.end(), [border](const Port& port) { return port.peer == border; });
  };
  const std::uint32_t pod = gse->pod_of_gsp[gse->gsp_of_node[node]];
  for (std::uint32_t i = 0; i < gse->borders.size(); ++i) {
    if (gse->borders[i].pod == pod) p.ways_out.push_back(i);
  }
  const auto others =
      std::stable_partition(p.ways_out.begin(), p.ways_out.end(), [&](std::uint32_t i) { return is_near(gse->borders[i].node); });
  p.nearest_ways_out = static_cast<std::size_t>(others - p.ways_out.begin());
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
