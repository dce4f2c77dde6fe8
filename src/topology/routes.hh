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
    return pool_.group(entry != neighbour ? entry : neighbour_group(at, dst));
  }
  // The same for one node that asks often, with what every look-up needs at hand. Lives no longer than the tables.
  class Row {
   public:
    Row() = default;
    [[nodiscard]] std::span<const std::uint16_t> ports(NodeId dst) const noexcept {
      const std::uint32_t entry = entries_[class_of_[dst.index()]];
      const std::uint16_t* head = words_ + (entry != neighbour ? entry : tables_->neighbour_group(at_, dst));
      return {head + 1, *head};
    }

   private:
    friend class RoutingTables;
    const std::uint32_t* entries_ = nullptr;   // not owned
    const std::uint32_t* class_of_ = nullptr;  // not owned
    const std::uint16_t* words_ = nullptr;     // not owned
    const RoutingTables* tables_ = nullptr;    // not owned
    NodeId at_{};
  };
  [[nodiscard]] Row row(NodeId at) const noexcept {
    Row row;
    row.entries_ = table_.data() + row_begin_[at.index()];
    row.class_of_ = class_of_.data();
    row.words_ = pool_.words();
    row.tables_ = this;
    row.at_ = at;
    return row;
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
  [[nodiscard]] std::uint32_t neighbour_group(NodeId at, NodeId dst) const noexcept {
    std::uint32_t i = neighbours_begin_[dst.index()];
    while (neighbours_[i].node != at) ++i;
    return neighbours_[i].group;
  }

  std::vector<std::uint32_t> table_;             // [row][class]
  std::vector<std::uint32_t> row_begin_;         // by node: row * classes
  std::vector<std::uint32_t> class_of_;          // by host
  std::vector<std::uint32_t> neighbours_begin_;  // by host
  std::vector<Neighbour> neighbours_;
  PortGroupPool pool_;
  std::uint32_t classes_ = 0;
};

}  // namespace weft
