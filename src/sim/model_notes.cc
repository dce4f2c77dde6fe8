#include "sim/model_notes.hh"

#include <algorithm>

#include "report/decimal.hh"
#include "sim/network.hh"

namespace weft {

namespace {

std::string size_text(Bytes size) { return bytes_text(static_cast<std::uint64_t>(size.v)); }

const char* spray_text(ContainerSpray spray) {
  switch (spray) {
    case ContainerSpray::round_robin: return "round-robin";
    case ContainerSpray::random: return "random";
    case ContainerSpray::least_queued: return "least-queued";
  }
  return "";
}

std::size_t links_with_retry(const Network& network) {
  const std::vector<DirectionPlan>& directions = network.plan.directions;
  std::size_t count = 0;
  for (std::size_t i = 0; i + 1 < directions.size(); i += 2) count += directions[i].llr || directions[i + 1].llr ? 1 : 0;
  return count;
}

bool has_cbfc(const Network& network) { return network.scenario.fabric.lossless == Lossless::cbfc; }

std::string switches_text(const Network& network) {
  const FabricParameters& fabric = network.scenario.fabric;
  std::string text = "modelled, packet by packet: store-and-forward switches with a shared buffer, per-port class queues, ";
  if (fabric.lossless == Lossless::cbfc) text += "CBFC with credits of each class and link, ";
  if (fabric.lossless == Lossless::none) text += "tail drop, ";
  if (fabric.lossless == Lossless::pfc) {
    text += "PFC with headroom and response time";
    text += network.gse == nullptr ? ", " : " (not on links that are scheduled), ";
  }
  if (fabric.ecn.enabled) text += "ECN marking, ";
  return text + network.transport->description();
}

void add_profiles(const Network& network, std::vector<std::string>& notes) {
  if (network.gse != nullptr) {
    notes.push_back("project profile: the network is scheduled, " + schedule_text(network) +
                    "; header (EtherType 0x88b5), messages, sizes and timers are this project's, since the operators' standard of GSE "
                    "is not public");
  }
  if (links_with_retry(network) > 0) {
    notes.push_back("link-level retry (LLR) on " + plural(links_with_retry(network), "link") +
                    "; project profile: what is not public of its ordered sets and timers");
  }
  if (has_cbfc(network)) {
    notes.push_back(
        "credit-based flow control (CBFC) of each lossless class on every link of the network; project profile: the frame CC_Update "
        "(EtherType 0x88b6), whose layout is not public, and how many credits there are by default");
  }
  if (network.spec.reducers > 0) {
    notes.push_back(
        "project profile: a switch that adds and copies is an end point behind a link of the sum of its other rates, which takes no time "
        "to add");
  }
}

}  // namespace

std::string schedule_text(const Network& network) {
  const GsePlan& plan = *network.gse;
  std::string text = plan.mode == GseMode::n2n ? "GSE in mode n2n (edge switches schedule)" : "GSE in mode e2e (NICs schedule)";
  text += ", containers of " + size_text(plan.container) + " (" + spray_text(plan.spray) + "), initial credit " +
          size_text(plan.initial_credit) + ", window " + size_text(plan.window) + ", grants of " + size_text(plan.quantum);
  return text;
}

std::string link_layer_text(const Network& network) {
  std::string text;
  if (const std::size_t links = links_with_retry(network); links > 0) text = "LLR on " + plural(links, "link");
  if (has_cbfc(network)) text += (text.empty() ? "" : ", ") + std::string("CBFC of each lossless class");
  return text;
}

std::vector<std::string> what_was_modelled(const Network& network) {
  std::vector<std::string> notes{switches_text(network)};
  add_profiles(network, notes);
  if (network.spec.scale_up) {
    notes.push_back(
        "inside servers, packet by packet too: a lossless scale-up network of links with packets, no flits; connections there run without "
        "congestion control");
  }
  const bool pcie = network.scenario.topology.server && network.scenario.topology.server->pcie;
  notes.push_back(std::string("not modelled: ") + (pcie ? "PCIe beyond its rate and delay, memory" : "PCIe and memory") +
                  " of hosts (a NIC sends and drains at line rate), connection set-up, routing protocols "
                  "(new routes come fabric.convergence after a change), forward error correction (bit errors are those left after it)");
  return notes;
}

}  // namespace weft
