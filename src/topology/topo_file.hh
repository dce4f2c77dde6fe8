// The `.topo` files of the htsim simulators (ultraethernet/uet-htsim, sim/datacenter/topologies): 2- and 3-tier fat trees.
//
// Text: `Nodes N`, `Tiers 2|3`, `Podsize H` (hosts a pod), then for each tier 0 .. Tiers-1 a line `Tier T` and its keys
// Downlink_speed_Gbps, Radix_Down, Radix_Up (not in the top tier), Downlink_Latency_ns, Switch_Latency_ns (0), Oversubscribed
// (1), Bundle (1: parallel links down to each switch), Queue_Up, Queue_Down (bytes; not used here: buffers are the fabric's).
// Keys in any case; `#` begins a comment line. Speed and latency of tier t are those of the links below its switches.
// Rules, checked: Podsize divides Nodes and is all of them with 2 tiers; Radix_Down 0 divides Podsize; a switch of tier t has
// Radix_Up t links up, Bundle t+1 to each; capacity down = Oversubscribed * capacity up; counts of ports below and above agree.
// Errors: InputError with file:line.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/units.hh"
#include "topology/spec.hh"

namespace weft {

struct TopoTier {
  std::uint32_t radix_down = 0, radix_up = 0, bundle = 1, oversubscribed = 1;
  Rate rate{};  // of the links below
  Duration delay{}, switch_latency{};
  int line = 0;  // of `Tier T`
};

struct TopoFile {
  std::uint32_t nodes = 0, tiers = 0, pod_size = 0;
  int nodes_line = 0, tiers_line = 0, pod_line = 0;
  std::array<TopoTier, 3> tier;
};

// `name` is the file's, for messages.
[[nodiscard]] TopoFile parse_topo(std::string_view text, const std::string& name);
[[nodiscard]] TopologySpec build_topo(const TopoFile& file, const std::string& name);

}  // namespace weft
