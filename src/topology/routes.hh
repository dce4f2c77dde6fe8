// RoutingTables: for every node and destination host, all ports that start a shortest path. One immutable version for one set
// of dead links; a run keeps one for each state of the network and says from when a node uses it.
//
// Rule: path length is the sum of link costs, which are 1 but where a builder says otherwise (never of a host's link); paths lead
// through switches only, hosts never forward; every port that lies on some shortest path is listed, in rising order; parallel
// links are ports of their own. Servers (servers.hh): what is inside them is no part of those paths. End points that
// hang on one scale-up switch, or are neighbours in a mesh, use that alone while their links to it live; NICs forward for their own
// GPUs only, as if these hung on the switches behind.
// Layout: hosts with links to the same neighbours form a class of destinations; nodes whose ports lead to the same peers share a
// row; table[row][column] is the offset of a list of ports, with a column for each class. At a neighbour of the destination the
// list is kept for each host instead. 8,192 hosts on 192 switches take under 2 MB. Where that table would have more than 2^22
// entries, classes on access switches with the same peers above (those of a pod) are kin and share a column; where they differ,
// the entry leads to a list with one entry for each of them. 524,288 hosts on 20,480 switches take 32 MB. A row of a NIC or scale-up
// switch has an exception where a host of the class may hang on it: the list for that host, or else the one of the entry.
// Anchors: switches that are destinations themselves, one each time a switch is named. Destination end points + k is the switch of
// the k-th; it does not ask for itself. For schedules that end where pods are joined.
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

// Which layout; all answer alike.
enum class RouteColumns : std::uint8_t { by_size, one_each, shared };

class RoutingTables {
 public:
  [[nodiscard]] static RoutingTables compute(const PortMap& ports, std::span<const LinkId> dead = {},
                                             RouteColumns columns = RouteColumns::by_size, std::span<const NodeId> anchors = {});

  // The ports of `at` that start a shortest path to host `dst` (dst != at); empty: no route.
  [[nodiscard]] std::span<const std::uint16_t> ports(NodeId at, NodeId dst) const noexcept {
    if (at.index() < inside_.size()) {
      if (const std::uint32_t group = group_inside(at, dst); group != 0) return pool_.group(group);
    }
    const std::uint32_t entry = table_[row_begin_[at.index()] + column_of_[dst.index()]];
    return pool_.group((entry & flags) == 0 ? entry : special_group(at, dst, entry));
  }
  // The same for one switch that asks often, with what every look-up needs at hand. Lives no longer than the tables.
  class Row {
   public:
    Row() = default;
    [[nodiscard]] std::span<const std::uint16_t> ports(NodeId dst) const noexcept {
      const std::uint32_t entry = entries_[column_of_[dst.index()]];
      const std::uint16_t* head = words_ + ((entry & flags) == 0 ? entry : tables_->special_group(at_, dst, entry));
      return {head + 1, *head};
    }

   private:
    friend class RoutingTables;
    const std::uint32_t* entries_ = nullptr;    // not owned
    const std::uint32_t* column_of_ = nullptr;  // not owned
    const std::uint16_t* words_ = nullptr;      // not owned
    const RoutingTables* tables_ = nullptr;     // not owned
    NodeId at_{};
  };
  [[nodiscard]] Row row(NodeId at) const noexcept {
    Row row;
    row.entries_ = table_.data() + row_begin_[at.index()];
    row.column_of_ = column_of_.data();
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
  static constexpr std::uint32_t neighbour = 1U << 31;  // flag of an entry: ask neighbour_group() first
  static constexpr std::uint32_t apart = 1U << 30;      // flag of an entry: the rest is where the list of the column's classes begins
  static constexpr std::uint32_t flags = neighbour | apart;
  struct Neighbour {
    NodeId node{};            // with a link to the host
    std::uint32_t group = 0;  // the node's ports to it
  };

  // What an end point hangs on inside its server, and its ports to it.
  struct Hold {
    NodeId on{};  // not valid: nothing
    std::uint32_t group = 0;
  };
  struct Inside {
    Hold scale_up, nic;
  };

  RoutingTables() = default;
  [[nodiscard]] std::uint32_t special_group(NodeId at, NodeId dst, std::uint32_t entry) const noexcept {
    if ((entry & apart) != 0) entry = apart_[(entry & ~apart) + member_of_[dst.index()]];
    return (entry & neighbour) == 0 ? entry : neighbour_group(at, dst, entry & ~neighbour);
  }
  [[nodiscard]] std::uint32_t neighbour_group(NodeId at, NodeId dst, std::uint32_t otherwise) const noexcept {
    const std::uint32_t end = neighbours_begin_[dst.index() + 1];
    for (std::uint32_t i = neighbours_begin_[dst.index()]; i < end; ++i) {
      if (neighbours_[i].node == at) return neighbours_[i].group;
    }
    return otherwise;
  }
  [[nodiscard]] std::uint32_t group_inside(NodeId at, NodeId dst) const noexcept {
    const Inside& here = inside_[at.index()];
    const Inside& there = inside_[dst.index()];
    if (here.scale_up.on.valid() && here.scale_up.on == there.scale_up.on) return here.scale_up.group;
    const std::uint32_t link = mesh_ ? neighbour_group(at, dst, 0) : 0;
    return link == 0 && here.nic.on.valid() && here.nic.on == there.nic.on ? here.nic.group : link;
  }

  std::vector<std::uint32_t> table_;             // [row][column]
  std::vector<std::uint32_t> apart_;             // lists of entries, one for each class of a column
  std::vector<std::uint32_t> row_begin_;         // by node: row * columns
  std::vector<std::uint32_t> column_of_;         // by destination
  std::vector<std::uint32_t> member_of_;         // by destination: its class among those of the column; empty: a column is a class
  std::vector<std::uint32_t> neighbours_begin_;  // by destination
  std::vector<Neighbour> neighbours_;
  std::vector<Inside> inside_;  // by end point; empty: no two meet inside a server
  PortGroupPool pool_;
  std::uint32_t classes_ = 0;
  bool mesh_ = false;
};

}  // namespace weft
