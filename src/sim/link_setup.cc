// Network, what concerns link layers: which ports have link-level retry or credits, and with which limits.
#include "base/error.hh"
#include "fabric/link_envelope.hh"
#include "sim/network.hh"
#include "wire/frame_size.hh"

namespace weft {

void Network::set_retry(LinkLayer& layer, const Port& port) {
  const LlrParameters& llr = scenario.fabric.llr;
  layer.llr_out = plan.directions[port.out().v].llr;
  layer.llr_in = plan.directions[port.in().v].llr;
  layer.init_action = llr.init_action;
  layer.flush_action = llr.flush_action;
  if (layer.llr_in) layer.rx.begin();
  if (!layer.llr_out) return;
  const LlrLink link{plan.directions[port.out().v].rate, port_of(port.out().v).flight, port_of(port.in().v).flight, layer.full_frame};
  const LlrLimits limits = llr_limits(llr, link);
  if (const Duration least = llr_loop(link, llr.spacing); limits.timer < least) {
    throw InputError(scenario.file,
                     "fabric.llr.replay_timer is " + std::to_string(limits.timer.v / 1000) + " ns, but an answer may take " +
                         std::to_string(least.v / 1000 + 1) + " ns on a link",
                     "leave it out: it is twice that then");
  }
  if (limits.bytes < layer.full_frame * 2) {
    throw InputError(scenario.file, "fabric.llr.outstanding_bytes has no room for two full frames",
                     "a frame takes " + std::to_string(layer.full_frame.v) + " bytes");
  }
  layer.tx = LlrTransmitter(limits);
  layer.tx.begin();
}

void Network::set_credits(LinkLayer& layer, const Port& port) {
  const CbfcParameters& cbfc = scenario.fabric.cbfc;
  const WireClock clock(plan.directions[port.out().v].rate);
  layer.cbfc = true;
  layer.cost = CreditCost(cbfc, scenario.accounting.gap.value_or(wire::preamble_and_gap));
  layer.channels = classes.lossless_mask;
  const std::uint32_t limit = credits_of(port.out().v);
  if (limit < layer.cost.of(static_cast<std::uint32_t>(layer.full_frame.v))) {
    throw InputError(scenario.file, "fabric.cbfc.credits has no room for a full frame",
                     "a frame takes " + std::to_string(layer.full_frame.v) + " bytes");
  }
  for (std::uint8_t slot = 0; slot < classes.slots; ++slot) layer.credits[slot] = CbfcSender(limit);
  layer.credit_spacing = clock.estimate(cbfc.spacing);
  layer.credit_most_spacing = clock.estimate(cbfc.most_spacing);
  layer.credit_timer = cbfc.update_timer;
}

void Network::set_link_layer(std::uint32_t node, std::size_t number, const Port& port) {
  const std::uint32_t out = port.out().v, in = port.in().v;
  if (!plan.directions[out].llr && !plan.directions[in].llr && !has_credits(port)) return;
  PortDetail& detail = detail_of(out);
  detail.layer = std::make_unique<LinkLayer>();
  LinkLayer& layer = *detail.layer;
  const WireClock clock(plan.directions[out].rate);
  layer.full_frame = full_frame_on(port.link.v);
  layer.peer_node = egress[in].node;
  layer.peer_port = egress[in].port;
  layer.spacing = clock.estimate(scenario.fabric.llr.spacing);
  layer.offset = clock.estimate(control_set_offset);
  set_retry(layer, port);
  if (has_credits(port)) {
    set_credits(layer, port);
    if (switches[node] != nullptr) switches[node]->give_credits(number);
  }
  port_of(out).flags |= EgressPort::layered;
}

// Both ends have been trained before the run begins.
void Network::set_link_layers() {
  bool any = false;
  for (std::uint32_t node = 0; node < spec.nodes.size(); ++node) {
    const auto node_ports = ports.ports(NodeId{node});
    for (std::size_t i = 0; i < node_ports.size(); ++i) {
      set_link_layer(node, i, node_ports[i]);
      any = any || detail_of(node_ports[i].out().v).layer;
    }
  }
  if (!any || (spec.end_points() <= envelope::most_end_points && table.flows.size() <= envelope::most_flows)) return;
  throw InputError(scenario.file, "link layers (LLR, CBFC) are simulated for at most 2^20 hosts and 2^24 flows",
                   "leave out llr, and write lossless: pfc");
}

}  // namespace weft
