#include "topology/routes.hh"

#include <algorithm>
#include <map>
#include <utility>

#include "base/error.hh"

namespace weft {
namespace {

constexpr std::uint64_t max_entries = 1U << 28;
constexpr std::uint16_t unreached = std::numeric_limits<std::uint16_t>::max();

// A port and where it leads: for an end point behind a NIC, what is behind that.
struct Way {
  std::uint32_t peer = 0;  // node
  std::uint16_t port = 0;
  friend auto operator<=>(const Way&, const Way&) = default;
};

// What a node is for routing. Hosts are all end points, reducers too.
enum class Part : std::uint8_t { host, plain_switch, nic, scale_up };

}  // namespace

// Computes one RoutingTables. Distances are found class by class, breadth first from the destination's neighbours.
class RouteBuilder {
 public:
  RouteBuilder(const PortMap& ports, std::span<const LinkId> dead) : ports_(ports), alive_(ports.link_count(), true) {
    for (const LinkId link : dead) alive_[link.index()] = false;
  }

  RoutingTables build() {
    find_parts();
    find_ways();
    find_neighbours();
    find_inside();
    find_classes();
    find_rows();
    const std::uint64_t entries = std::uint64_t{row_nodes_.size()} * result_.classes_;
    if (entries > max_entries) {
      throw InputError("topology", "the routing table would need " + std::to_string(entries) + " entries",
                       "give more hosts the same neighbours, or make the network smaller");
    }
    for (std::uint32_t& begin : result_.row_begin_) begin *= result_.classes_;
    result_.table_.assign(entries, 0);
    for (std::uint32_t c = 0; c < result_.classes_; ++c) fill_class(c);
    result_.pool_.finish();
    return std::move(result_);
  }

 private:
  [[nodiscard]] bool is_host(std::uint32_t node) const { return node < ports_.end_point_count(); }
  [[nodiscard]] bool forwards(std::uint32_t node) const { return parts_[node] == Part::plain_switch; }
  [[nodiscard]] bool alive(const Port& port) const { return alive_[port.link.index()]; }
  [[nodiscard]] std::span<const Way> ways(std::uint32_t node) const {
    return {ways_.data() + ways_begin_[node], ways_begin_[node + 1] - ways_begin_[node]};
  }

  void find_parts() {
    for (std::uint32_t node = 0; node < ports_.node_count(); ++node) {
      Part part = is_host(node) ? Part::host : Part::plain_switch;
      for (const Port& port : ports_.ports({node})) {
        if (part == Part::plain_switch && port.role == LinkRole::pcie) part = Part::nic;
        if (part == Part::plain_switch && port.role == LinkRole::scale_up) part = Part::scale_up;
      }
      parts_.push_back(part);
    }
  }

  // A port of the network as a node sees it, dead or alive: not one that stays inside a server.
  [[nodiscard]] bool leads_out(const Port& port) const {
    return port.role != LinkRole::scale_up && parts_[port.peer.index()] != Part::scale_up;
  }

  // Each node's living ports into the network and where they lead.
  void find_ways() {
    ways_.reserve(ports_.port_count());
    ways_begin_.push_back(0);
    for (std::uint32_t node = 0; node < ports_.node_count(); ++node) {
      if (parts_[node] != Part::scale_up) add_ways(node);
      ways_begin_.push_back(static_cast<std::uint32_t>(ways_.size()));
    }
  }

  void add_ways(std::uint32_t node) {
    std::uint16_t number = 0;
    for (const Port& port : ports_.ports({node})) {
      const std::uint16_t own = number++;
      if (!alive(port) || !leads_out(port)) continue;
      if (port.role != LinkRole::pcie) {
        ways_.push_back({.peer = port.peer.v, .port = own});
      } else if (is_host(node)) {
        for (const Port& beyond : ports_.ports(port.peer)) {
          if (alive(beyond) && beyond.role == LinkRole::network) ways_.push_back({.peer = beyond.peer.v, .port = own});
        }
      }
    }
  }

  // For each host the nodes it hangs on, those of the network in rising order before those inside its server, with their ports
  // towards it.
  void find_neighbours() {
    result_.neighbours_begin_.push_back(0);
    std::vector<Way> back, inside;
    for (std::uint32_t host = 0; host < ports_.end_point_count(); ++host) {
      back.clear();
      inside.clear();
      for (const Port& port : ports_.ports({host})) {
        if (!alive(port)) continue;
        if (port.role == LinkRole::pcie) add_behind_nic(port, back);
        (leads_out(port) && port.role != LinkRole::pcie ? back : inside).push_back({.peer = port.peer.v, .port = port.peer_port});
      }
      add_neighbours(back);
      add_neighbours(inside);
      result_.neighbours_begin_.push_back(static_cast<std::uint32_t>(result_.neighbours_.size()));
    }
  }

  void add_behind_nic(const Port& pcie, std::vector<Way>& back) const {
    for (const Port& beyond : ports_.ports(pcie.peer)) {
      if (alive(beyond) && beyond.role == LinkRole::network) back.push_back({.peer = beyond.peer.v, .port = beyond.peer_port});
    }
  }

  void add_neighbours(std::vector<Way>& back) {
    std::sort(back.begin(), back.end());
    for (std::size_t i = 0; i < back.size();) {
      const std::uint32_t node = back[i].peer;
      group_.clear();
      for (; i < back.size() && back[i].peer == node; ++i) group_.push_back(back[i].port);
      result_.neighbours_.push_back({.node = {node}, .group = result_.pool_.intern(group_)});
    }
  }

  // What each end point hangs on inside its server: the scale-up switch, and its NIC, which others may share.
  void find_inside() {
    bool any = false;
    std::vector<RoutingTables::Inside> inside(ports_.end_point_count());
    for (std::uint32_t host = 0; host < ports_.end_point_count(); ++host) {
      inside[host] = {hold(host, Part::scale_up), hold(host, Part::nic)};
      for (const Port& port : ports_.ports({host})) {
        result_.mesh_ = result_.mesh_ || (port.role == LinkRole::scale_up && is_host(port.peer.v));
      }
      any = any || inside[host].scale_up.group != 0 || inside[host].nic.group != 0;
    }
    if (any || result_.mesh_) result_.inside_ = std::move(inside);
  }

  RoutingTables::Hold hold(std::uint32_t host, Part part) {
    RoutingTables::Hold found;
    group_.clear();
    std::uint16_t number = 0;
    for (const Port& port : ports_.ports({host})) {
      const std::uint16_t own = number++;
      if (!alive(port) || parts_[port.peer.index()] != part) continue;
      if (found.on.valid() && found.on != port.peer) return {};  // several NICs, of which none is shared
      found.on = port.peer;
      group_.push_back(own);
    }
    found.group = result_.pool_.intern(group_);
    return found;
  }

  void find_classes() {
    std::map<std::vector<std::uint32_t>, std::uint32_t> classes;
    std::vector<std::uint32_t> key;
    for (std::uint32_t host = 0; host < ports_.end_point_count(); ++host) {
      key.clear();
      for (const Way& way : ways(host)) key.push_back(way.peer);
      std::sort(key.begin(), key.end());
      key.erase(std::unique(key.begin(), key.end()), key.end());
      const auto [place, added] = classes.try_emplace(key, static_cast<std::uint32_t>(classes.size()));
      if (added) class_hosts_.push_back(host);
      result_.class_of_.push_back(place->second);
    }
    result_.classes_ = static_cast<std::uint32_t>(class_hosts_.size());
  }

  // Switches have a row each; hosts, or NICs, whose living ports lead to the same peers share one; scale-up switches share one.
  void find_rows() {
    std::map<std::pair<Part, std::vector<Way>>, std::uint32_t> rows;
    for (std::uint32_t node = 0; node < ports_.node_count(); ++node) {
      const auto next = static_cast<std::uint32_t>(row_nodes_.size());
      std::uint32_t row = next;
      if (!forwards(node)) {
        const auto key = ways(node);
        row = rows.try_emplace({parts_[node], {key.begin(), key.end()}}, next).first->second;
      }
      if (row == next) row_nodes_.push_back(node);
      result_.row_begin_.push_back(row);
    }
  }

  // Distances in links from every switch to the class; neighbours that are hosts do not forward and are no source.
  void measure(std::span<const Way> from) {
    distance_.assign(ports_.node_count(), unreached);
    queue_.clear();
    for (const Way& way : from) {
      if (distance_[way.peer] == unreached && forwards(way.peer)) queue_.push_back(way.peer);
      distance_[way.peer] = 1;
    }
    for (std::size_t head = 0; head < queue_.size(); ++head) {
      const std::uint32_t node = queue_[head];
      for (const Way& way : ways(node)) {
        if (!forwards(way.peer) || distance_[way.peer] != unreached) continue;
        distance_[way.peer] = static_cast<std::uint16_t>(distance_[node] + 1);
        queue_.push_back(way.peer);
      }
    }
  }

  // The ports of `node` whose peers are nearest to the class.
  std::span<const std::uint16_t> nearest(std::uint32_t node) {
    group_.clear();
    std::uint16_t best = unreached;
    for (const Way& way : ways(node)) {
      if (!forwards(way.peer) || distance_[way.peer] == unreached || distance_[way.peer] > best) continue;
      if (distance_[way.peer] < best) group_.clear();
      best = distance_[way.peer];
      if (group_.empty() || group_.back() != way.port) group_.push_back(way.port);
    }
    return group_;
  }

  void fill_class(std::uint32_t c) {
    const std::span<const Way> around = ways(class_hosts_[c]);
    measure(around);
    for (std::size_t row = 0; row < row_nodes_.size(); ++row) {
      const std::uint32_t node = row_nodes_[row];
      const bool next_to = distance_[node] == 1, exceptions = parts_[node] == Part::nic || parts_[node] == Part::scale_up;
      const std::uint32_t group = next_to ? 0 : result_.pool_.intern(nearest(node));
      result_.table_[row * result_.classes_ + c] = group | (next_to || exceptions ? RoutingTables::neighbour : 0);
    }
  }

  const PortMap& ports_;
  std::vector<bool> alive_;
  std::vector<Part> parts_;  // by node
  std::vector<Way> ways_;
  std::vector<std::uint32_t> ways_begin_;
  std::vector<std::uint32_t> class_hosts_;  // one host of each class
  std::vector<std::uint32_t> row_nodes_;    // one node of each row
  std::vector<std::uint16_t> distance_;
  std::vector<std::uint32_t> queue_;
  std::vector<std::uint16_t> group_;
  RoutingTables result_;
};

RoutingTables RoutingTables::compute(const PortMap& ports, std::span<const LinkId> dead) { return RouteBuilder(ports, dead).build(); }

std::size_t RoutingTables::bytes() const noexcept {
  return pool_.bytes() + neighbours_.capacity() * sizeof(Neighbour) + inside_.capacity() * sizeof(Inside) +
         sizeof(std::uint32_t) * (table_.capacity() + row_begin_.capacity() + class_of_.capacity() + neighbours_begin_.capacity());
}

}  // namespace weft
