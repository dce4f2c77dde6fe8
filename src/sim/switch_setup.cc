// Network, what concerns the set-up of switches: those of the network follow `fabric`; those inside servers have settings of
// their own (network.hh).
#include <algorithm>
#include <limits>

#include "base/error.hh"
#include "base/wire_clock.hh"
#include "link/cbfc.hh"
#include "link/pfc.hh"
#include "sim/network.hh"
#include "wire/frame_size.hh"
#include "wire/gse_frame.hh"

namespace weft {

namespace {

constexpr Bytes nic_pool{1'000'000};  // of a NIC, beside what its ports keep

// A NIC that schedules keeps its host's frames with the headers that it adds: most of them where all frames are the least.
std::uint32_t with_headers(std::uint32_t bytes, Bytes least) {
  return bytes + static_cast<std::uint32_t>((bytes / least.v + 1) * wire::gse_overhead.v);
}

}  // namespace

// Inside a server PFC acts at once; so it does between a switch and its reducer.
Duration Network::pause_response(LinkId link, Rate rate) const {
  if (spec.links[link.index()].role != LinkRole::network) return {};
  return scenario.fabric.pfc.response.value_or(pfc_response(rate));
}

ClassTable Network::classes_at(std::uint32_t node) const {
  ClassTable result = classes;
  if (spec.nodes[node].role == NodeRole::plain) return result;
  result.lossless_mask |= static_cast<std::uint8_t>(1U << result.data_slot | 1U << result.respond_slot);
  return result;
}

Bytes Network::full_frame_on(std::uint32_t link) const {
  return scheduled(link) ? wire::gse_frame_bytes(transport->full_packet()) : transport->full_packet();
}

Bytes Network::trimmed_packet() const {
  const AccountingParameters& accounting = scenario.accounting;
  return accounting.trim_size.value_or(wire::least_frame) + accounting.gap.value_or(wire::preamble_and_gap);
}

// What enters a scheduled fabric over the link waits for grants, which makes the loop of its credits longer.
bool Network::enters_schedule(std::uint32_t directed) const {
  const LinkSpec& link = spec.links[directed / 2];
  const NodeId to = directed % 2 == 0 ? link.b : link.a;
  return gse != nullptr && !scheduled(directed / 2) && gse->gsp_of_node[to.index()] != GsePlan::nowhere;
}

// Credits of each class for what is sent over a directed link.
std::uint32_t Network::credits_of(std::uint32_t directed) const {
  const LinkSpec& link = spec.links[directed / 2];
  const Duration a = spec.nodes[link.a.index()].latency, b = spec.nodes[link.b.index()].latency;
  const CreditCost cost(scenario.fabric.cbfc, scenario.accounting.gap.value_or(wire::preamble_and_gap));
  CbfcLink both{plan.directions[directed].rate, link.delay + a, link.delay + b, full_frame_on(directed / 2)};
  if (enters_schedule(directed)) both.flight_back += gse->round_trip + WireClock(both.rate).estimate(gse->request_step + gse->quantum);
  return cbfc_credits(scenario.fabric.cbfc, both, cost);
}

// A GSP keeps a host's frame with the header that it adds.
std::uint32_t Network::credit_room(const Port& port) const {
  const Bytes gap = scenario.accounting.gap.value_or(wire::preamble_and_gap);
  const Bytes added = enters_schedule(port.in().v) ? wire::gse_overhead : Bytes{};
  return static_cast<std::uint32_t>(cbfc_room(scenario.fabric.cbfc, credits_of(port.in().v), gap + added).v);
}

bool Network::has_credits(const Port& port) const { return port.role == LinkRole::network && scenario.fabric.lossless == Lossless::cbfc; }

// A NIC of a fabric without PFC sends none: what it has no room for is lost.
bool Network::sends_pauses(std::uint32_t node, const Port& port) const {
  if (scheduled(port.link.v) || has_credits(port)) return false;
  return spec.nodes[node].role != NodeRole::nic || port.role == LinkRole::pcie || scenario.fabric.lossless == Lossless::pfc;
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

// Beside what the formula counts, there is on its way: what comes while the XOFF frame itself is sent, what passes the fixed
// latency of this switch, and what a peer sends whose latency is longer than its response.
std::uint32_t Network::headroom(std::uint32_t node, const Port& port) const {
  const Rate rate = plan.directions[port.in().v].rate;
  const Duration delay = spec.links[port.link.index()].delay;
  const Bytes mtu = transport->full_packet();
  const PfcParameters& pfc = scenario.fabric.pfc;
  if (port.role == LinkRole::network) {
    if (pfc.headroom) return static_cast<std::uint32_t>(pfc.headroom->v);
    if (pfc.headroom_model == HeadroomModel::vendor) return static_cast<std::uint32_t>(vendor_headroom(rate, delay, mtu).v);
  }
  const Duration response = std::max(pause_response(port.link, rate), spec.nodes[port.peer.index()].latency);
  const Duration xoff_sent = WireClock(plan.directions[port.out().v].rate).estimate({mtu.v + control_frame_bytes});
  const Duration beside = spec.nodes[node].latency + xoff_sent - WireClock(rate).estimate(mtu);
  const auto bytes = static_cast<std::uint32_t>(physical_headroom(rate, delay, response + beside, mtu).v);
  const Bytes least = scenario.accounting.gap.value_or(wire::preamble_and_gap) + wire::least_frame;
  return enters_schedule(port.in().v) && spec.nodes[node].role == NodeRole::nic ? with_headers(bytes, least) : bytes;
}

// What a NIC's port may hold before it pauses its peer: enough that a sender, stopped and started, keeps the other side busy, and
// no more, since a NIC fetches what it sends. The network has to keep PCIe busy only where PCIe is the slower side.
std::int64_t Network::nic_threshold(std::uint32_t node) const {
  std::int64_t of_pcie = 0, of_network = 0;
  Rate slowest_pcie{std::numeric_limits<std::int64_t>::max()}, fastest_network{};
  for (const Port& port : ports.ports(NodeId{node})) {
    const Rate rate = plan.directions[port.in().v].rate;
    const Duration round = spec.links[port.link.index()].delay * 2 + pause_response(port.link, rate);
    const std::int64_t need = bytes_in(round, rate).v + 4 * transport->full_packet().v;
    if (port.role == LinkRole::pcie) {
      of_pcie = std::max(of_pcie, need);
      slowest_pcie = std::min(slowest_pcie, rate);
    } else {
      of_network = std::max(of_network, need);
      fastest_network = std::max(fastest_network, rate);
    }
  }
  return slowest_pcie < fastest_network ? std::max(of_pcie, of_network) : of_pcie;
}

void Network::set_inside_server(SwitchParameters& p) const {
  constexpr PfcParameters pfc;
  p.load_balancing = spec.nodes[p.index].role == NodeRole::nic ? scenario.fabric.load_balancing : LoadBalancing::ecmp;
  p.mark = false;
  p.pause_quanta = pfc.pause_quanta;
  p.buffer = {};
  p.buffer.hysteresis = pfc.hysteresis;
  if (spec.nodes[p.index].role == NodeRole::scale_up_switch) {
    p.buffer.buffer = scenario.topology.server->scale_up->buffer;
    return;
  }
  const std::int64_t threshold = nic_threshold(p.index);
  p.buffer.static_xoff = threshold;
  p.buffer.hysteresis = {std::min(pfc.hysteresis.v, threshold / 2)};
  p.buffer.buffer = nic_pool + Bytes{threshold * p.ports};
  for (const std::uint32_t bytes : p.headroom) p.buffer.buffer += Bytes{bytes};
}

void Network::set_of_network(SwitchParameters& p) const {
  const FabricParameters& fabric = scenario.fabric;
  p.buffer = {.buffer = fabric.buffer,
              .alpha_num = fabric.alpha_num,
              .alpha_den = fabric.alpha_den,
              .static_xoff = fabric.pfc.xoff ? fabric.pfc.xoff->v : -1,
              .hysteresis = fabric.pfc.hysteresis};
  const QueueSizes any = queue_sizes_of(ports.port(NodeId{p.index}, 0).out().v);
  if (any.data != QueueSizes::no_limit || any.trimmed != QueueSizes::no_limit) {
    for (const Port& port : ports.ports(NodeId{p.index})) {
      const QueueSizes sizes = queue_sizes_of(port.out().v);
      for (std::uint8_t slot = 0; slot < classes.slots; ++slot) {
        p.limits.push_back(slot == classes.data_slot ? sizes.data : slot == classes.trimmed_slot ? sizes.trimmed : QueueSizes::no_limit);
      }
    }
  }
  p.trimming = {.enabled = fabric.transport == "uet" && fabric.uet.trimming,
                .size = static_cast<std::uint16_t>(trimmed_packet().v),
                .victim = fabric.uet.trim_victim};
  p.load_balancing = fabric.load_balancing;
  p.flowlet_gap = fabric.flowlet_gap;
  p.mark = fabric.ecn.enabled;
  p.mark_at_enqueue = fabric.ecn.at == EcnAt::enqueue;
  p.pause_quanta = fabric.pfc.pause_quanta;
}

// By port and slot.
std::vector<std::uint32_t> Network::headrooms(std::uint32_t node) const {
  std::vector<std::uint32_t> result;
  const ClassTable own = classes_at(node);
  for (const Port& port : ports.ports(NodeId{node})) {
    const bool pauses = sends_pauses(node, port);
    for (std::uint8_t slot = 0; slot < classes.slots; ++slot) {
      const bool lossless = own.lossless(slot);
      result.push_back(!lossless ? 0 : has_credits(port) ? credit_room(port) : pauses ? headroom(node, port) : 0);
    }
  }
  return result;
}

SwitchParameters Network::switch_parameters(std::uint32_t node) const {
  SwitchParameters p;
  p.index = node;
  p.ports = static_cast<std::uint32_t>(ports.ports(NodeId{node}).size());
  p.classes = classes_at(node);
  p.headroom = headrooms(node);
  for (const Port& port : ports.ports(NodeId{node})) p.silent.push_back(!sends_pauses(node, port));
  p.seed = random_key(scenario.seed, RandomRoom::routing, (std::uint64_t{1} << 32) + node);
  p.reroute_queued = scenario.fabric.reroute_queued;
  spec.nodes[node].role == NodeRole::plain ? set_of_network(p) : set_inside_server(p);
  const NodeRole role = spec.nodes[node].role;
  if (gse != nullptr && (role == NodeRole::plain || (role == NodeRole::nic && gse->mode == GseMode::e2e))) set_schedule_of(node, p);
  return p;
}

void Network::set_marker(EgressPort& out, const QueueSizes& sizes, const Port& port) const {
  const EcnParameters& ecn = scenario.fabric.ecn;
  constexpr std::uint64_t never = std::numeric_limits<std::uint64_t>::max();
  const bool marks = gse != nullptr ? !scheduled(port.link.v) : ecn.last_hop || !leads_to_host(port);
  out.marker.kmin = marks ? sizes.kmin : never;
  out.marker.kmax = marks ? sizes.kmax : never;
  out.marker.pmax = static_cast<std::uint64_t>(ecn.pmax * 4294967296.0 + 0.5);
}

void Network::check_lossless() {
  for (std::uint32_t node = spec.end_points(); node < spec.nodes.size(); ++node) {
    const bool plain = spec.nodes[node].role == NodeRole::plain;
    if (plain ? scenario.fabric.lossless == Lossless::none : spec.nodes[node].role == NodeRole::nic) continue;
    const Bytes whole = plain ? scenario.fabric.buffer : scenario.topology.server->scale_up->buffer;
    const SharedBuffer& buffer = switches[node]->buffer();
    const std::int64_t headrooms = whole.v - buffer.shared_limit();
    const std::int64_t ingresses = static_cast<std::int64_t>(switches[node]->port_count());
    const std::int64_t thresholds = plain && scenario.fabric.pfc.xoff ? ingresses * scenario.fabric.pfc.xoff->v : 0;
    if (buffer.shared_limit() > 0 && headrooms + thresholds <= whole.v) continue;
    if (plain && scenario.fabric.lossless == Lossless::cbfc) {
      throw InputError(scenario.file,
                       "the credits of " + spec.nodes[node].name + "'s ports stand for " + std::to_string(headrooms) +
                           " bytes of a buffer of " + std::to_string(whole.v),
                       "give fabric.buffer more, or write smaller fabric.cbfc.credits");
    }
    warnings.push_back("PFC cannot keep " + spec.nodes[node].name + " lossless: the headroom and thresholds of its ports need " +
                       std::to_string(headrooms + thresholds) + " bytes of a buffer of " + std::to_string(whole.v));
    return;
  }
}

}  // namespace weft
