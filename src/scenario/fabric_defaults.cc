#include "scenario/fabric_defaults.hh"

#include <algorithm>

namespace weft {

FabricParameters fabric_defaults(const std::string& transport, Profile profile) {
  FabricParameters fabric;
  fabric.profile = profile;
  fabric.transport = transport;
  if (transport != "uet") return fabric;
  fabric.congestion = "nscc";
  fabric.load_balancing = LoadBalancing::mixed;
  fabric.lossless = Lossless::none;
  fabric.recovery = Recovery::rto;
  fabric.ecn.pmax = 1;
  fabric.ecn.at = EcnAt::dequeue;
  fabric.ack_class = fabric.notify_class = 6;
  fabric.retry_count = 8;
  if (profile != Profile::uec_table) return fabric;
  fabric.mtu = 4086;
  fabric.buffer = {1'000'000'000};
  fabric.uet.trimmed_class = 6;
  fabric.uet.trim_victim = TrimVictim::either;
  return fabric;
}

void apply_profile(Scenario& scenario, Profile profile) {
  if (profile == Profile::none) return;
  scenario.fabric = fabric_defaults("uet", profile);
  scenario.accounting = {.data_overhead = Bytes{64}, .ack_size = Bytes{64}, .trim_size = Bytes{64}, .gap = Bytes{0}};
  scenario.topology.link.rate = Rate{100'000'000'000};
}

void give_nics(Scenario& scenario) {
  if (scenario.fabric.scheduling != Scheduling::gse || scenario.fabric.gse.mode != GseMode::e2e) return;
  TopologyParameters& network = scenario.topology;
  if (!network.server) {
    const bool grouped = network.kind == "rail" || network.kind == "rail-pods";
    network.server.emplace();
    network.server->gpus = grouped ? 0 : 1;
  }
  if (network.server->pcie) return;
  Rate fastest = network.link.rate;
  for (const GraphLink& link : network.graph_links) fastest = std::max(fastest, link.link.rate);
  PcieParameters& pcie = network.server->pcie.emplace();
  pcie.rate = std::max(pcie.rate, fastest * 32 / 25);
}

}  // namespace weft
