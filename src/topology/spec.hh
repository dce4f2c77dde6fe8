// TopologySpec: a network as data. Builders are pure functions from parameters to this; routing and the simulator read it.
//
// Rules: hosts come first (nodes[0 .. hosts-1]), switches after; a link joins two different nodes and has the same rate and
// delay in both directions; ports of a node are numbered by the order in which `links` mention it. Delay must be positive.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/id.hh"
#include "base/units.hh"

namespace weft {

struct NodeSpec {
  std::string name;       // unique, e.g. "host17", "leaf3", "spine0"
  std::uint8_t tier = 0;  // 0 host, 1 access switch, 2, 3 ...
  Duration latency{};     // a switch's fixed latency from last bit in to the egress queue; 0 for hosts
};

struct LinkSpec {
  NodeId a{}, b{};
  Rate rate{};
  Duration delay{};
};

struct TopologySpec {
  std::string kind;  // as in the scenario: "leaf-spine", ...
  std::uint32_t hosts = 0;
  std::vector<NodeSpec> nodes;
  std::vector<LinkSpec> links;
};

}  // namespace weft
