// RouteSearch: what routes are found with: which ports of a node lead where through a network, and how far every switch is from a
// set of hosts. The rules are those of routes.hh.
//
// Distances are sums of link costs (1 to 15), found with a ring of buckets, one a distance (Dial, 1969).
#pragma once

#include <array>
#include <cstdint>
#include <limits>
#include <span>
#include <vector>

#include "base/id.hh"
#include "topology/ports.hh"

namespace weft {

// A port and where it leads: for an end point behind a NIC, what is behind that.
struct Way {
  std::uint32_t peer = 0;  // node
  std::uint16_t port = 0;
  std::uint16_t cost = 1;
  friend auto operator<=>(const Way&, const Way&) = default;
};

class RouteSearch {
 public:
  // What a node is for routing. Hosts are all end points, reducers too.
  enum class Part : std::uint8_t { host, plain_switch, nic, scale_up };
  static constexpr std::uint16_t unreached = std::numeric_limits<std::uint16_t>::max();

  RouteSearch(const PortMap& ports, std::span<const LinkId> dead);

  [[nodiscard]] bool is_host(std::uint32_t node) const { return node < ports_.end_point_count(); }
  [[nodiscard]] Part part(std::uint32_t node) const { return parts_[node]; }
  [[nodiscard]] bool forwards(std::uint32_t node) const { return parts_[node] == Part::plain_switch; }
  [[nodiscard]] bool alive(const Port& port) const { return alive_[port.link.index()]; }
  // A port of the network as a node sees it, dead or alive: not one that stays inside a server.
  [[nodiscard]] bool leads_out(const Port& port) const {
    return port.role != LinkRole::scale_up && parts_[port.peer.index()] != Part::scale_up;
  }
  // Each node's living ports into the network and where they lead.
  [[nodiscard]] std::span<const Way> ways(std::uint32_t node) const {
    return {ways_.data() + ways_begin_[node], ways_begin_[node + 1] - ways_begin_[node]};
  }

  // Distances from every switch to hosts with these ways; neighbours that are hosts do not forward and are no source.
  void measure(std::span<const Way> from);
  [[nodiscard]] std::uint16_t distance(std::uint32_t node) const { return distance_[node]; }
  // What measuring from the one instead of the other would have found, where both have the same peers above.
  void exchange(std::uint32_t a, std::uint32_t b) { std::swap(distance_[a], distance_[b]); }
  // The ports of `node` that start a shortest path, as measured. Good until the next call.
  [[nodiscard]] std::span<const std::uint16_t> nearest(std::uint32_t node);

 private:
  void find_parts();
  void add_ways(std::uint32_t node);
  void reach(std::uint32_t node, std::uint32_t distance);

  const PortMap& ports_;
  std::vector<bool> alive_;  // by link
  std::vector<Part> parts_;  // by node
  std::vector<Way> ways_;
  std::vector<std::uint32_t> ways_begin_;
  std::vector<std::uint16_t> distance_;
  std::array<std::vector<std::uint32_t>, 16> buckets_;  // nodes by distance, modulo
  std::size_t waiting_ = 0;                             // in buckets
  std::vector<std::uint16_t> group_;
};

}  // namespace weft
