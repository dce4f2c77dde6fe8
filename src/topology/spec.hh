// TopologySpec: a network as data. Builders are pure functions from parameters to this; routing and the simulator read it.
//
// Rules: hosts come first (nodes[0 .. hosts-1]), then reducers, then all that forwards; a link joins two different nodes and has
// the same rate and delay in both directions; ports of a node are numbered by the order in which `links` mentions it. Delay must
// be positive.
// Servers (servers.hh): host h is GPU h % gpus_per_server of server h / gpus_per_server. What is inside a server has a role of
// its own; the network's shape is told by the links and nodes without one.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/id.hh"
#include "base/units.hh"

namespace weft {

enum class NodeRole : std::uint8_t { plain, nic, scale_up_switch };        // plain: a host, a reducer, a switch of the network
enum class LinkRole : std::uint8_t { network, scale_up, pcie, internal };  // internal: between a switch and its reducer

// Where a switch of the network stands, which scheduled fabrics ask: edge, with hosts (GSP in GSE); border, the same towards
// switches that join pods; inner, with neither (GSF); core, outside every pod, which schedules nothing. none: no such switch.
enum class SwitchPlace : std::uint8_t { none, inner, edge, border, core };

struct NodeSpec {
  std::string name;       // unique, e.g. "host17", "leaf3", "spine0"
  std::uint8_t tier = 0;  // 0 host, reducer; 1 access switch and what is inside servers; 2, 3 ...
  Duration latency{};     // a switch's fixed latency from last bit in to the egress queue; 0 for hosts
  NodeRole role = NodeRole::plain;
  SwitchPlace place = SwitchPlace::none;  // builders say border and core, places.hh finds the others
};

struct LinkSpec {
  NodeId a{}, b{};
  Rate rate{};
  Duration delay{};
  LinkRole role = LinkRole::network;
  std::uint8_t cost = 1;  // for routes, 1 to 15: how many links it counts as
};

struct TopologySpec {
  std::string kind;         // as in the scenario: "leaf-spine", ...
  std::uint32_t hosts = 0;  // those that users see and number
  std::vector<NodeSpec> nodes;
  std::vector<LinkSpec> links;
  std::uint32_t reducers = 0;         // end points inside computing switches (servers.hh)
  std::uint32_t gpus_per_server = 0;  // 0: hosts are not grouped
  bool scale_up = false;              // servers have a network of their own inside
  bool apart = false;                 // rails that no switch joins, so that not every host reaches every other

  // Hosts and reducers: what connections begin and end at.
  [[nodiscard]] std::uint32_t end_points() const { return hosts + reducers; }
};

}  // namespace weft
