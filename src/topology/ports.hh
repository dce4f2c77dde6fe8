// PortMap: every node's ports, numbered by the order in which TopologySpec::links mentions the node.
//
// Rule: link i joins a port of a and a port of b; its directions are the directed links 2*i (a to b) and 2*i+1 (b to a).
// Bound: 65,535 ports a node (validate() refuses more).
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "base/id.hh"
#include "topology/spec.hh"

namespace weft {

using DirectedLinkId = Id<struct DirectedLinkTag>;

struct Port {
  LinkId link{};
  NodeId peer{};
  std::uint16_t peer_port = 0;
  bool towards_b = false;  // this end is the link's `a`
  std::uint8_t cost = 1;   // of the link, for routes
  LinkRole role = LinkRole::network;
  // What this port sends, and what it receives.
  [[nodiscard]] constexpr DirectedLinkId out() const { return {2 * link.v + (towards_b ? 0U : 1U)}; }
  [[nodiscard]] constexpr DirectedLinkId in() const { return {2 * link.v + (towards_b ? 1U : 0U)}; }
};

class PortMap {
 public:
  explicit PortMap(const TopologySpec& spec);

  [[nodiscard]] std::span<const Port> ports(NodeId node) const noexcept {
    return {ports_.data() + begin_[node.index()], begin_[node.index() + 1] - begin_[node.index()]};
  }
  [[nodiscard]] const Port& port(NodeId node, std::uint16_t number) const noexcept { return ports_[begin_[node.index()] + number]; }
  // The port's position among all ports of the network, in node order: an index for arrays with one entry a port.
  [[nodiscard]] std::uint32_t position(NodeId node, std::uint16_t number) const noexcept { return begin_[node.index()] + number; }
  [[nodiscard]] std::uint32_t port_count() const noexcept { return static_cast<std::uint32_t>(ports_.size()); }
  [[nodiscard]] std::uint32_t node_count() const noexcept { return static_cast<std::uint32_t>(begin_.size() - 1); }
  [[nodiscard]] std::uint32_t host_count() const noexcept { return hosts_; }
  [[nodiscard]] std::uint32_t end_point_count() const noexcept { return end_points_; }  // hosts and reducers
  [[nodiscard]] std::uint32_t link_count() const noexcept { return port_count() / 2; }

 private:
  std::vector<std::uint32_t> begin_;  // by node, and one past the last
  std::vector<Port> ports_;
  std::uint32_t hosts_ = 0, end_points_ = 0;
};

}  // namespace weft
