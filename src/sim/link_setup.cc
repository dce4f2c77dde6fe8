// Network, what concerns link layers: which ports have link-level retry, and with which limits.
#include "base/error.hh"
#include "fabric/link_envelope.hh"
#include "sim/network.hh"

namespace weft {

void Network::set_link_layer(const Port& port) {
  const std::uint32_t out = port.out().v, in = port.in().v;
  const DirectionPlan& there = plan.directions[out];
  const bool protects = there.llr, protected_from = plan.directions[in].llr;
  if (!protects && !protected_from) return;
  const LlrParameters& llr = scenario.fabric.llr;
  EgressPort& egress_port = port_of(out);
  PortDetail& detail = detail_of(out);
  detail.layer = std::make_unique<LinkLayer>();
  LinkLayer& layer = *detail.layer;
  const WireClock clock(there.rate);
  layer.llr_out = protects;
  layer.llr_in = protected_from;
  layer.init_action = llr.init_action;
  layer.flush_action = llr.flush_action;
  layer.full_frame = transport->full_packet();
  layer.peer_node = egress[in].node;
  layer.peer_port = egress[in].port;
  layer.spacing = clock.estimate(llr.spacing);
  layer.offset = clock.estimate(control_set_offset);
  if (protects) {
    const LlrLink link{there.rate, egress_port.flight, port_of(in).flight, layer.full_frame};
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
  if (protected_from) layer.rx.begin();
  egress_port.flags |= EgressPort::layered;
}

// Both ends have been trained before the run begins.
void Network::set_link_layers() {
  bool any = false;
  for (std::uint32_t node = 0; node < spec.nodes.size(); ++node) {
    for (const Port& port : ports.ports(NodeId{node})) {
      set_link_layer(port);
      any = any || detail_of(port.out().v).layer;
    }
  }
  if (!any || (spec.end_points() <= envelope::most_end_points && table.flows.size() <= envelope::most_flows)) return;
  throw InputError(scenario.file, "link-level retry simulates at most 2^20 hosts and 2^24 flows", "leave out fabric.llr and links.llr");
}

}  // namespace weft
