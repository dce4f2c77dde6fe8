// RoutingTables: for every node and destination host, all ports that start a shortest path. One immutable version for one set
// of dead links; a run keeps one for each state of the network and says from when a node uses it.
//
// Rule: path length counts links; paths lead through switches only, hosts never forward; every port that lies on some shortest
// path is listed, in rising order; parallel links are ports of their own.
// Layout: hosts with links to the same neighbours form a class of destinations; nodes that decide alike (a switch for itself,
// hosts whose ports lead to the same peers) share a row; table[row][class] is the offset of a list of ports. At a neighbour of
// the destination the list is kept for each host instead. 8,192 hosts on 192 switches take under 2 MB.
// Bound: 2^28 table entries (InputError above: a network with that many hosts must be more regular).
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <vector>

#include "base/id.hh"
#include "topology/port_group_pool.hh"
#include "topology/ports.hh"

namespace weft {

class RoutingTables {
 public:
  [[nodiscard]] static RoutingTables compute(const PortMap& ports, std::span<const LinkId> dead = {});

  // The ports of `at` that start a shortest path to host `dst` (dst != at); empty: no route.
  [[nodiscard]] std::span<const std::uint16_t> ports(NodeId at, NodeId dst) const noexcept {
    const std::uint32_t entry = table_[row_begin_[at.index()] + class_of_[dst.index()]];
    if (entry != neighbour) [[likely]]
      return pool_.group(entry);
    std::uint32_t i = neighbours_begin_[dst.index()];
    while (neighbours_[i].node != at) ++i;
    return pool_.group(neighbours_[i].group);
  }
  [[nodiscard]] bool reachable(NodeId at, NodeId dst) const noexcept { return at == dst || !ports(at, dst).empty(); }
  [[nodiscard]] std::uint32_t class_count() const noexcept { return classes_; }
  [[nodiscard]] std::size_t bytes() const noexcept;

 private:
  friend class RouteBuilder;
  static constexpr std::uint32_t neighbour = std::numeric_limits<std::uint32_t>::max();
  struct Neighbour {
    NodeId node{};            // with a link to the host
    std::uint32_t group = 0;  // the node's ports to it
  };

  RoutingTables() = default;
  std::vector<std::uint32_t> table_;             // [row][class]
  std::vector<std::uint32_t> row_begin_;         // by node: row * classes
  std::vector<std::uint32_t> class_of_;          // by host
  std::vector<std::uint32_t> neighbours_begin_;  // by host
  std::vector<Neighbour> neighbours_;
  PortGroupPool pool_;
  std::uint32_t classes_ = 0;
};

}  // namespace weft
