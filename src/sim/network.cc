#include "sim/network.hh"

#include <algorithm>
#include <limits>

#include "base/check.hh"
#include "base/error.hh"
#include "link/pfc.hh"
#include "topology/idle_rtt.hh"
#include "topology/registry.hh"
#include "wire/frame_size.hh"
#include "workload/registry.hh"

namespace weft {

namespace {

Duration trigger_latency(const Scenario& scenario, const TopologySpec& spec) {
  Duration least{Time::never().ps};
  for (const LinkSpec& link : spec.links) least = std::min(least, link.delay);
  return std::max(least, scenario.fabric.trigger_latency.value_or(least));
}

std::uint16_t trimmed_bytes(const AccountingParameters& accounting) {
  const Bytes gap = accounting.gap.value_or(wire::preamble_and_gap);
  return static_cast<std::uint16_t>((accounting.trim_size.value_or(wire::least_frame) + gap).v);
}

Rate host_rate(const TopologySpec& spec) { return spec.links.empty() ? Rate{1} : spec.links[0].rate; }

std::vector<RoutingTables> route_versions(const PortMap& ports, const LinkPlan& plan) {
  std::vector<RoutingTables> versions;
  const bool dead_from_start = !plan.changes.empty() && plan.changes.front().at <= Time{};
  versions.push_back(dead_from_start ? RoutingTables::compute(ports, plan.changes.front().dead) : RoutingTables::compute(ports));
  for (std::size_t i = dead_from_start ? 1 : 0; i < plan.changes.size(); ++i) {
    versions.push_back(RoutingTables::compute(ports, plan.changes[i].dead));
  }
  return versions;
}

}  // namespace

Network::Network(const Scenario& s, unsigned threads)
    : scenario(s),
      spec(build_topology(s.topology)),
      ports(spec),
      plan(plan_links(spec, s.links, s.file)),
      classes(make_class_table(s.fabric)),
      traffic(generate(s.workloads, spec.hosts, host_rate(spec), s.seed)),
      transport(make_transport(s, threads)),
      routes(route_versions(ports, plan)),
      triggers(traffic, trigger_latency(s, spec)),
      tasks(traffic, spec.hosts),
      partition(make_partition(spec, ports, threads)) {
  table.flows = traffic.flows;
  table.ends.resize(2 * table.flows.size());
  table.slots.assign(2 * table.flows.size(), no_slot);
  table.traced.resize(table.flows.size());
  set_round_trip();
  transport->prepare(traffic.flows, s.file, figures());
  build_exchange(threads);
  build_nodes();
  wire_ports();
  schedule_links();
  assign_flows();
  assign_tasks();
  check_lossless();
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

// Sizes follow the healthy link's rate, marking the rate a direction really has.
QueueSizes Network::queue_sizes_of(std::uint32_t directed) const {
  const Bytes packet = transport->full_packet();
  QueueSizes sizes = queue_sizes(scenario.fabric, spec.links[directed / 2].rate, round_trip, packet);
  const QueueSizes real = queue_sizes(scenario.fabric, plan.directions[directed].rate, round_trip, packet);
  sizes.kmin = real.kmin;
  sizes.kmax = real.kmax;
  return sizes;
}

NetworkFigures Network::figures() const {
  NetworkFigures figures{.round_trip = round_trip, .host_rates = {}};
  for (std::uint32_t host = 0; host < spec.hosts; ++host) {
    for (const Port& port : ports.ports(NodeId{host})) {
      const Rate rate = plan.directions[port.out().v].rate;
      if (std::find(figures.host_rates.begin(), figures.host_rates.end(), rate) == figures.host_rates.end())
        figures.host_rates.push_back(rate);
    }
  }
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

// Beside what the formula counts, there is on its way: what comes while the XOFF frame itself is sent, what passes the fixed
// latency of this switch, and what a peer sends whose latency is longer than its response.
std::uint32_t Network::headroom(std::uint32_t node, const Port& port) const {
  const Rate rate = plan.directions[port.in().v].rate;
  const Duration delay = spec.links[port.link.index()].delay;
  const Bytes mtu = transport->full_packet();
  const PfcParameters& pfc = scenario.fabric.pfc;
  if (pfc.headroom) return static_cast<std::uint32_t>(pfc.headroom->v);
  if (pfc.headroom_model == HeadroomModel::vendor) return static_cast<std::uint32_t>(vendor_headroom(rate, delay, mtu).v);
  const Duration response = std::max(pfc.response.value_or(pfc_response(rate)), spec.nodes[port.peer.index()].latency);
  const Duration xoff_sent = WireClock(plan.directions[port.out().v].rate).estimate({mtu.v + control_frame_bytes});
  const Duration beside = spec.nodes[node].latency + xoff_sent - WireClock(rate).estimate(mtu);
  return static_cast<std::uint32_t>(physical_headroom(rate, delay, response + beside, mtu).v);
}

SwitchParameters Network::switch_parameters(std::uint32_t node) const {
  const FabricParameters& fabric = scenario.fabric;
  SwitchParameters p;
  p.index = node;
  p.ports = static_cast<std::uint32_t>(ports.ports(NodeId{node}).size());
  p.classes = classes;
  p.buffer = {.buffer = fabric.buffer,
              .alpha_num = fabric.alpha_num,
              .alpha_den = fabric.alpha_den,
              .static_xoff = fabric.pfc.xoff ? fabric.pfc.xoff->v : -1,
              .hysteresis = fabric.pfc.hysteresis};
  for (const Port& port : ports.ports(NodeId{node})) {
    for (std::uint8_t slot = 0; slot < classes.slots; ++slot) p.headroom.push_back(classes.lossless(slot) ? headroom(node, port) : 0);
  }
  const QueueSizes any = queue_sizes_of(ports.port(NodeId{node}, 0).out().v);
  if (any.data != QueueSizes::no_limit || any.trimmed != QueueSizes::no_limit) {
    for (const Port& port : ports.ports(NodeId{node})) {
      const QueueSizes sizes = queue_sizes_of(port.out().v);
      for (std::uint8_t slot = 0; slot < classes.slots; ++slot) {
        p.limits.push_back(slot == classes.data_slot ? sizes.data : slot == classes.trimmed_slot ? sizes.trimmed : QueueSizes::no_limit);
      }
    }
  }
  p.trimming = {.enabled = fabric.transport == "uet" && fabric.uet.trimming,
                .size = trimmed_bytes(scenario.accounting),
                .victim = fabric.uet.trim_victim};
  p.load_balancing = fabric.load_balancing;
  p.flowlet_gap = fabric.flowlet_gap;
  p.seed = random_key(scenario.seed, RandomRoom::routing, (std::uint64_t{1} << 32) + node);
  p.mark = fabric.ecn.enabled;
  p.mark_at_enqueue = fabric.ecn.at == EcnAt::enqueue;
  p.pause_quanta = fabric.pfc.pause_quanta;
  p.reroute_queued = fabric.reroute_queued;
  return p;
}

void Network::build_nodes() {
  nodes.resize(spec.nodes.size());
  hosts.resize(spec.hosts);
  switches.resize(spec.nodes.size());
  std::vector<const RoutingTables*> versions;
  for (const RoutingTables& r : routes) versions.push_back(&r);
  std::uint32_t words = 0;
  for (std::uint32_t node = 0; node < spec.nodes.size(); ++node) {
    const auto count = static_cast<std::uint32_t>(ports.ports(NodeId{node}).size());
    if (node < spec.hosts) {
      MadeHost made = transport->make_host({node, count, words, classes, scenario.seed}, table, triggers, tasks, partition.owner[node]);
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
  const FabricParameters& fabric = scenario.fabric;
  EgressPort& out = port_of(directed);
  PortDetail& detail = detail_of(directed);
  out.clock = WireClock(direction.rate);
  out.link = directed;
  out.peer_owner = partition.owner[port.peer.index()];
  out.flight = link.delay + spec.nodes[port.peer.index()].latency;
  lookahead = lookahead.v == 0 ? out.flight : std::min(lookahead, out.flight);
  detail.link_delay = link.delay;
  detail.response = fabric.pfc.response.value_or(pfc_response(direction.rate));
  detail.quantum = quantum(link.rate);  // the same at both ends, whatever a direction is degraded to
  detail.random = Random(random_key(scenario.seed, RandomRoom::port, directed));
  detail.loss_random = Random(random_key(scenario.seed, RandomRoom::link, directed));
  if (!direction.loss.empty()) detail.loss = LossProcess(direction.loss.front());
  if (detail.loss.active()) out.flags |= EgressPort::lossy;
  detail.down = direction.down;
  if (!detail.down.empty()) out.flags |= EgressPort::scheduled;
  const bool to_host = port.peer.v < spec.hosts;
  if (to_host) out.flags |= EgressPort::to_host;
  set_marker(out, queue_sizes_of(directed), to_host);
}

void Network::set_marker(EgressPort& out, const QueueSizes& sizes, bool to_host) const {
  const EcnParameters& ecn = scenario.fabric.ecn;
  constexpr std::uint64_t never = std::numeric_limits<std::uint64_t>::max();
  const bool marks = ecn.last_hop || !to_host;
  out.marker.kmin = marks ? sizes.kmin : never;
  out.marker.kmax = marks ? sizes.kmax : never;
  out.marker.pmax = static_cast<std::uint64_t>(ecn.pmax * 4294967296.0 + 0.5);
}

void Network::wire_ports() {
  for (std::uint32_t node = 0; node < spec.nodes.size(); ++node) {
    const auto node_ports = ports.ports(NodeId{node});
    for (std::uint16_t i = 0; i < node_ports.size(); ++i) {
      wire_port(node, i, node_ports[i]);
      if (switches[node] != nullptr)
        switches[node]->set_in_link(i, node_ports[i].in().v);
      else
        hosts[node]->comes_in_by(i, node_ports[i].in().v);
    }
  }
}

// Ports learn of a change `detect` after it; all nodes use the routes without the dead links `convergence` after it.
void Network::schedule_links() {
  const auto arm = [this](std::uint32_t node, const LocalEvent& event) {
    nodes[node]->accept(event);
    exchange.next[node] = std::min(exchange.next[node], event.at);
  };
  for (std::uint32_t directed = 0; directed < plan.directions.size(); ++directed) {
    for (const DownInterval& d : plan.directions[directed].down) {
      const Egress e = egress[directed];
      const Duration detect = d.down <= Time{} ? Duration{} : scenario.fabric.detect;
      arm(e.node, {d.down + detect, EventKind::link_change, static_cast<std::uint8_t>(LocalWhat::link_down), e.port, 0});
      if (d.up < Time::never()) {
        arm(e.node, {d.up + scenario.fabric.detect, EventKind::link_change, static_cast<std::uint8_t>(LocalWhat::link_up), e.port, 0});
      }
    }
  }
  const std::size_t first = plan.changes.size() - (routes.size() - 1);
  for (std::uint32_t version = 1; version < routes.size(); ++version) {
    const Time at = plan.changes[first + version - 1].at + scenario.fabric.convergence;
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
  std::vector<std::vector<std::uint32_t>> timed(spec.hosts);
  for (std::uint32_t flow = 0; flow < table.flows.size(); ++flow) {
    const FlowSpec& f = table.flows[flow];
    require_route(spec, routes.front(), f.src, f.dst, scenario.file);
    if (!f.after.valid() && !f.by_task) timed[f.src.index()].push_back(flow);
  }
  expect_flows();
  for (std::uint32_t host = 0; host < spec.hosts; ++host) {
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
    for (std::uint32_t host = 0; host < spec.hosts; ++host) {
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

void Network::check_lossless() {
  if (scenario.fabric.lossless != Lossless::pfc) return;
  for (std::uint32_t node = spec.hosts; node < spec.nodes.size(); ++node) {
    const SharedBuffer& buffer = switches[node]->buffer();
    const std::int64_t headrooms = scenario.fabric.buffer.v - buffer.shared_limit();
    const std::int64_t ingresses = static_cast<std::int64_t>(switches[node]->port_count());
    const std::int64_t thresholds = scenario.fabric.pfc.xoff ? ingresses * scenario.fabric.pfc.xoff->v : 0;
    if (buffer.shared_limit() > 0 && headrooms + thresholds <= scenario.fabric.buffer.v) continue;
    warnings.push_back("PFC cannot keep " + spec.nodes[node].name + " lossless: the headroom and thresholds of its ports need " +
                       std::to_string(headrooms + thresholds) + " bytes of a buffer of " + std::to_string(scenario.fabric.buffer.v));
    return;
  }
}

void Network::settle(Time now) {
  for (std::size_t i = 0; i < nodes.size(); ++i) nodes[i]->settle(*workers[exchange.owner[i]], now);
}

}  // namespace weft
