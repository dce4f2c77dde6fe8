#include "sim/network.hh"

#include <algorithm>
#include <limits>

#include "base/check.hh"
#include "base/error.hh"
#include "link/pfc.hh"
#include "sim/fault_plan.hh"
#include "sim/network_shape.hh"
#include "topology/idle_rtt.hh"
#include "topology/registry.hh"
#include "topology/servers.hh"
#include "wire/frame_size.hh"
#include "workload/registry.hh"

namespace weft {

namespace {

Duration trigger_latency(const Scenario& scenario, const TopologySpec& spec) {
  Duration least{Time::never().ps};
  for (const LinkSpec& link : spec.links) least = std::min(least, link.delay);
  return std::max(least, scenario.fabric.trigger_latency.value_or(least));
}

std::vector<RoutingTables> route_versions(const PortMap& ports, const LinkPlan& plan, const std::vector<CoreExit>& pod_exits) {
  std::vector<RoutingTables> versions;
  std::vector<NodeId> anchors;
  for (const CoreExit& exit : pod_exits) anchors.push_back(exit.node);
  const auto compute = [&](std::span<const LinkId> dead) { return RoutingTables::compute(ports, dead, RouteColumns::by_size, anchors); };
  const bool dead_from_start = !plan.changes.empty() && plan.changes.front().at <= Time{};
  versions.push_back(compute(dead_from_start ? std::span<const LinkId>(plan.changes.front().dead) : std::span<const LinkId>()));
  for (std::size_t i = dead_from_start ? 1 : 0; i < plan.changes.size(); ++i) { versions.push_back(compute(plan.changes[i].dead)); }
  return versions;
}

}  // namespace

Network::Network(const Scenario& s, unsigned threads)
    : scenario(s),
      spec(build_topology(s.topology)),
      ports(spec),
      plan(plan_links(spec, s.links, s.file, {s.fabric.ber, s.fabric.llr.enabled})),
      classes(make_class_table(s.fabric)),
      traffic(generate(s.workloads, network_shape(spec, ports), s.seed)),
      transport(make_transport(s, threads)),
      computing(reducer_switches(spec)),
      pod_exits(s.fabric.scheduling == Scheduling::gse ? core_exits(spec, ports) : std::vector<CoreExit>{}),
      routes(route_versions(ports, plan, pod_exits)),
      triggers(traffic, trigger_latency(s, spec)),
      tasks(traffic, spec.end_points()),
      partition(make_partition(spec, ports, threads)) {
  table.flows = traffic.flows;
  table.ends.resize(2 * table.flows.size());
  table.slots.assign(2 * table.flows.size(), no_slot);
  table.traced.resize(table.flows.size());
  mark_inside_flows();
  set_round_trip();
  set_schedule();
  faults = make_fault_plan(*this);
  transport->prepare(traffic.flows, s.file, figures());
  build_exchange(threads);
  build_nodes();
  wire_ports();
  schedule_links();
  assign_flows();
  assign_tasks();
  check_lossless();
  check_lossy();
  if (triggers.distant() > 0) {
    notes.push_back(std::to_string(triggers.distant()) + " triggers act on other hosts than their cause: each activation takes " +
                    std::to_string(triggers.latency().v / 1000) + " ns (fabric.trigger_latency)");
  }
}

// One figure for the whole network: what congestion control, queues and marking are scaled by must agree.
void Network::set_round_trip() {
  if (scenario.fabric.transport != "uet") return;
  const Bytes answer = transport->answer_packet();
  round_trip = scenario.fabric.uet.base_rtt ? *scenario.fabric.uet.base_rtt : idle_rtt(spec, ports, transport->full_packet(), answer);
  if (scenario.fabric.profile == Profile::uec_table) {
    notes.push_back(
        "profile uec-table: 64 bytes around a payload, ACKs of 64, no preamble and gap; queues of one bandwidth-delay product, ECN, "
        "trimming and timeouts as the UEC group's simulator sets them, where the scenario does not say otherwise");
  }
}

// Behind PCIe a connection is paced for the NIC's wire; a reducer's for one member of those that it serves.
PortLine Network::line_of(const Port& port) const {
  const Rate own = plan.directions[port.out().v].rate;
  if (port.role == LinkRole::network || port.role == LinkRole::scale_up) return {own, own};
  Rate fastest{};
  for (const Port& other : ports.ports(port.peer)) {
    const bool counts =
        port.role == LinkRole::pcie ? other.role == LinkRole::network : other.role != LinkRole::internal && leads_to_host(other);
    if (counts) fastest = std::max(fastest, plan.directions[other.out().v].rate);
  }
  const Rate line = std::min(own, fastest);
  return {line, port.role == LinkRole::pcie ? line : own};
}

void Network::mark_inside_flows() {
  if (!spec.scale_up) return;
  for (const FlowSpec& flow : table.flows) table.inside.push_back(inside_server(spec, computing, flow.src, flow.dst));
}

NetworkFigures Network::figures() const {
  NetworkFigures figures;
  figures.round_trip = round_trip;
  Rate slowest{std::numeric_limits<std::int64_t>::max()};
  for (std::uint32_t host = 0; host < spec.end_points(); ++host) {
    for (const Port& port : ports.ports(NodeId{host})) {
      const Rate rate = line_of(port).line;
      if (std::find(figures.line_rates.begin(), figures.line_rates.end(), rate) == figures.line_rates.end())
        figures.line_rates.push_back(rate);
      if (port.role == LinkRole::scale_up) slowest = std::min(slowest, rate);
    }
  }
  if (!spec.scale_up) return figures;
  const ScaleUpParameters& inside = *scenario.topology.server->scale_up;
  const bool switched = inside.kind == ScaleUpParameters::Kind::through_switch;
  const WireClock clock(slowest);
  const Duration one_link = inside.delay * 2 + clock.estimate(transport->full_packet()) + clock.estimate(transport->answer_packet());
  figures.inside_round_trip = switched ? (one_link + inside.latency) * 2 : one_link;
  // All that a switch holds may have to leave before a packet does, and before its answer does, which may be paused as long.
  constexpr Duration least{15'000'000};
  figures.inside_timeout = least + figures.inside_round_trip + (switched ? clock.estimate(inside.buffer) * 4 : Duration{});
  return figures;
}

void Network::build_exchange(unsigned threads) {
  const std::size_t directed = spec.links.size() * 2;
  exchange.links.resize(directed);
  egress.resize(directed);
  exchange.next.assign(spec.nodes.size(), Time::never());
  exchange.owner = partition.owner;
  for (std::uint32_t node = 0; node < spec.nodes.size(); ++node) exchange.first_link.push_back(ports.port(NodeId{node}, 0).in().v);
  // A block for the ring of each link and for the queue before it, unless there are fewer packets than links.
  const std::size_t blocks = std::min(2 * directed, 64 + 16 * table.flows.size()) / threads;
  for (unsigned t = 0; t < threads; ++t) {
    const auto id = static_cast<std::uint16_t>(t);
    workers.push_back(std::make_unique<Worker>(id, static_cast<std::uint16_t>(threads), exchange));
    workers.back()->blocks.reserve(blocks);
  }
}

void Network::build_nodes() {
  nodes.resize(spec.nodes.size());
  hosts.resize(spec.end_points());
  switches.resize(spec.nodes.size());
  std::vector<const RoutingTables*> versions;
  for (const RoutingTables& r : routes) versions.push_back(&r);
  std::uint32_t words = 0;
  for (std::uint32_t node = 0; node < spec.nodes.size(); ++node) {
    const auto count = static_cast<std::uint32_t>(ports.ports(NodeId{node}).size());
    if (is_end_point({node})) {
      HostParameters parameters{node, words, classes, scenario.seed, {}};
      for (const Port& port : ports.ports(NodeId{node})) parameters.lines.push_back(line_of(port));
      MadeHost made = transport->make_host(parameters, table, triggers, tasks, partition.owner[node]);
      made.host->use_routes(versions);
      hosts[node] = made.host;
      nodes[node] = std::move(made.node);
    } else {
      SwitchParameters parameters = switch_parameters(node);
      parameters.first_word = words;
      auto made = std::make_unique<Switch>(parameters);
      made->set_routes(versions);
      made->set_latency(spec.nodes[node].latency);
      switches[node] = made.get();
      nodes[node] = std::move(made);
    }
    for (std::uint32_t i = 0; i < count; ++i) {
      InLink& in = exchange.links[ports.port(NodeId{node}, static_cast<std::uint16_t>(i)).in().v];
      in.node = node;
      in.bit = words * 64 + i;
    }
    words += (count + 63) / 64;
  }
  exchange.waiting.assign(words, 0);
}

EgressPort& Network::port_of(std::uint32_t directed) {
  const Egress e = egress[directed];
  return switches[e.node] != nullptr ? switches[e.node]->port(e.port) : hosts[e.node]->egress(e.port);
}

PortDetail& Network::detail_of(std::uint32_t directed) {
  const Egress e = egress[directed];
  return switches[e.node] != nullptr ? switches[e.node]->detail(e.port) : hosts[e.node]->egress_detail(e.port);
}

ClassQueue& Network::queue_of(std::uint32_t directed, std::uint8_t slot) {
  const Egress e = egress[directed];
  return switches[e.node] != nullptr ? switches[e.node]->queue(e.port, slot) : hosts[e.node]->egress_queue(e.port, slot);
}

void Network::wire_port(std::uint32_t node, std::uint16_t number, const Port& port) {
  const std::uint32_t directed = port.out().v;
  egress[directed] = {node, number};
  const DirectionPlan& direction = plan.directions[directed];
  const LinkSpec& link = spec.links[port.link.index()];
  EgressPort& out = port_of(directed);
  PortDetail& detail = detail_of(directed);
  out.clock = WireClock(direction.rate);
  out.link = directed;
  out.peer_owner = partition.owner[port.peer.index()];
  out.flight = link.delay + spec.nodes[port.peer.index()].latency;
  lookahead = lookahead.v == 0 ? out.flight : std::min(lookahead, out.flight);
  detail.link_delay = link.delay;
  detail.response = pause_response(port.link, direction.rate);
  detail.quantum = quantum(link.rate);  // the same at both ends, whatever a direction is degraded to
  detail.random = Random(random_key(scenario.seed, RandomRoom::port, directed));
  detail.loss_random = Random(random_key(scenario.seed, RandomRoom::link, directed));
  if (!direction.loss.empty()) detail.loss = LossProcess(direction.loss.front());
  detail.bit_errors = BitErrors(direction.ber);
  detail.gap = scenario.accounting.gap.value_or(wire::preamble_and_gap);
  if (detail.loss.active() || detail.bit_errors.active()) out.flags |= EgressPort::lossy;
  detail.down = direction.down;
  if (!detail.down.empty()) {
    out.flags |= EgressPort::scheduled;
    detail.down_losses.resize(detail.down.size());
    detail.hurt_flows.reserve(std::min<std::size_t>(table.flows.size(), 4096));
  }
  const bool to_host = leads_to_host(port);
  if (to_host) out.flags |= EgressPort::to_host;
  set_marker(out, queue_sizes_of(directed), port);
}

void Network::wire_ports() {
  for (std::uint32_t node = 0; node < spec.nodes.size(); ++node) {
    const auto node_ports = ports.ports(NodeId{node});
    for (std::size_t number = 0; number < node_ports.size(); ++number) {
      const auto i = static_cast<std::uint16_t>(number);
      wire_port(node, i, node_ports[i]);
      if (switches[node] != nullptr)
        switches[node]->set_in_link(i, node_ports[i].in().v);
      else
        hosts[node]->comes_in_by(i, node_ports[i].in().v);
    }
  }
  set_link_layers();
}

std::uint32_t Network::version_at(Time t) const {
  std::uint32_t version = 0;
  while (version + 1 < routes.size() && change_of(version + 1) <= t) ++version;
  return version;
}

// Ports learn of a change `detect` after it; all nodes use the routes without the dead links `convergence` after it, or when a
// notice of it has come.
void Network::schedule_links() {
  const auto arm = [this](const Egress& e, Time at, bool up, Time change) {
    const std::uint64_t seen = at == Time{} ? 0 : change_seen(faults.get(), e.node, e.port, version_at(change), up);
    const LocalWhat what = up ? LocalWhat::link_up : LocalWhat::link_down;
    nodes[e.node]->accept({at, EventKind::link_change, static_cast<std::uint8_t>(what), e.port, seen});
    exchange.next[e.node] = std::min(exchange.next[e.node], at);
  };
  const Duration detect = scenario.fabric.detect;
  for (std::uint32_t directed = 0; directed < plan.directions.size(); ++directed) {
    for (const DownInterval& d : plan.directions[directed].down) {
      arm(egress[directed], d.down <= Time{} ? d.down : d.down + detect, false, d.down);
      if (d.up < Time::never()) arm(egress[directed], d.up + detect, true, d.up);
    }
  }
  for (std::uint32_t version = 1; version < routes.size(); ++version) {
    const Time at = change_of(version) + scenario.fabric.convergence;
    for (std::uint32_t node = 0; node < nodes.size(); ++node) {
      if (switches[node] != nullptr)
        switches[node]->arm_routes(at, version);
      else
        hosts[node]->use_routes_from(at, version);
      exchange.next[node] = std::min(exchange.next[node], at);
    }
  }
}

void Network::assign_flows() {
  std::vector<std::vector<std::uint32_t>> timed(spec.end_points());
  for (std::uint32_t flow = 0; flow < table.flows.size(); ++flow) {
    const FlowSpec& f = table.flows[flow];
    require_route(spec, routes.front(), f.src, f.dst, scenario.file);
    if (!f.after.valid() && !f.by_task) timed[f.src.index()].push_back(flow);
  }
  expect_flows();
  for (std::uint32_t host = 0; host < spec.end_points(); ++host) {
    if (timed[host].empty()) continue;
    std::stable_sort(timed[host].begin(), timed[host].end(), [&](auto a, auto b) { return table.flows[a].start < table.flows[b].start; });
    const Time first = table.flows[timed[host].front()].start;
    exchange.next[host] = std::min(exchange.next[host], first);
    hosts[host]->set_timed_flows(std::move(timed[host]));
  }
}

void Network::assign_tasks() {
  for (std::uint32_t work = 0; work < tasks.works(); ++work) {
    const Time start = tasks.start_of(work);
    for (std::uint32_t host = 0; host < spec.end_points(); ++host) {
      if (!tasks.takes_part(work, host)) continue;
      hosts[host]->begin_tasks(work, start);
      exchange.next[host] = std::min(exchange.next[host], start);
    }
  }
  if (tasks.works() == 0) return;
  notes.push_back(
      "task graphs: each message is a connection of its own to the transport, whose window and rate begin anew; messages of one "
      "channel between two hosts follow each other without a gap");
}

void Network::expect_flows() {
  std::vector<std::size_t> initiators(workers.size()), targets(workers.size());
  for (const FlowSpec& flow : table.flows) {
    ++initiators[partition.owner[flow.src.index()]];
    ++targets[partition.owner[flow.dst.index()]];
  }
  for (std::size_t t = 0; t < workers.size(); ++t) transport->expect(static_cast<std::uint16_t>(t), initiators[t], targets[t]);
}

void Network::settle(Time now) {
  for (std::size_t i = 0; i < nodes.size(); ++i) nodes[i]->settle(*workers[exchange.owner[i]], now);
}

}  // namespace weft
