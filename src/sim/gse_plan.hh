// What GSPs are told at set-up (fabric/gse_plan.hh), from the topology and `fabric.gse`.
//
// Mode n2n: every switch with hosts behind it is a GSP; e2e: every NIC (topology/servers.hh). So is a switch with links to core
// switches, which themselves have no part in it (sim/gse_pods.hh); every other switch of the network is a GSF.
// Sizes: sim/gse_sizes.hh.
// Errors: InputError for hosts that hang on several GSPs: a packet's egress GSP must be known when it enters the fabric; for a
// computing switch in mode e2e, since what it adds passes no NIC; for a spray by queues where no GSP has a choice.
#pragma once

#include <memory>
#include <span>
#include <string>

#include "fabric/gse_plan.hh"
#include "sim/gse_pods.hh"
#include "sim/gse_sizes.hh"
#include "topology/ports.hh"
#include "topology/spec.hh"
#include "workload/flow.hh"

namespace weft {

struct GseSetting {
  const TopologySpec& spec;
  const PortMap& ports;
  std::span<const CoreExit> core_exits;  // none: one domain
  std::span<const FlowSpec> flows;
  Duration round_trip{};  // within a domain
  Bytes room{};           // for one exit
  std::string where;      // for messages
};

struct MadeGsePlan {
  std::unique_ptr<GsePlan> plan;
  GseRemarks remarks;
};
[[nodiscard]] MadeGsePlan make_gse_plan(const GseSetting& setting, const GseParameters& parameters);

}  // namespace weft
