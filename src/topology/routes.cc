#include "topology/routes.hh"

#include <algorithm>
#include <map>

#include "base/error.hh"

namespace weft {
namespace {

constexpr std::uint64_t max_entries = 1U << 28;
constexpr std::uint16_t unreached = std::numeric_limits<std::uint16_t>::max();

struct Way {
  std::uint32_t peer = 0;  // node
  std::uint16_t port = 0;
  friend auto operator<=>(const Way&, const Way&) = default;
};

}  // namespace

// Computes one RoutingTables. Distances are found class by class, breadth first from the destination's neighbours.
class RouteBuilder {
 public:
  RouteBuilder(const PortMap& ports, std::span<const LinkId> dead) : ports_(ports), alive_(ports.link_count(), true) {
    for (const LinkId link : dead) alive_[link.index()] = false;
  }

  RoutingTables build() {
    find_ways();
    find_neighbours();
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
  [[nodiscard]] bool is_host(std::uint32_t node) const { return node < ports_.host_count(); }
  [[nodiscard]] std::span<const Way> ways(std::uint32_t node) const {
    return {ways_.data() + ways_begin_[node], ways_begin_[node + 1] - ways_begin_[node]};
  }

  // Each node's living ports and where they lead.
  void find_ways() {
    ways_.reserve(ports_.port_count());
    ways_begin_.push_back(0);
    for (std::uint32_t node = 0; node < ports_.node_count(); ++node) {
      std::uint16_t number = 0;
      for (const Port& port : ports_.ports({node})) {
        if (alive_[port.link.index()]) ways_.push_back({.peer = port.peer.v, .port = number});
        ++number;
      }
      ways_begin_.push_back(static_cast<std::uint32_t>(ways_.size()));
    }
  }

  // For each host the nodes it hangs on, in rising order, with their ports towards it.
  void find_neighbours() {
    result_.neighbours_begin_.push_back(0);
    std::vector<Way> back;
    std::vector<std::uint16_t> group;
    for (std::uint32_t host = 0; host < ports_.host_count(); ++host) {
      back.clear();
      for (const Way& way : ways(host)) back.push_back({.peer = way.peer, .port = ports_.port({host}, way.port).peer_port});
      std::sort(back.begin(), back.end());
      for (std::size_t i = 0; i < back.size();) {
        const std::uint32_t node = back[i].peer;
        group.clear();
        for (; i < back.size() && back[i].peer == node; ++i) group.push_back(back[i].port);
        result_.neighbours_.push_back({.node = {node}, .group = result_.pool_.intern(group)});
      }
      result_.neighbours_begin_.push_back(static_cast<std::uint32_t>(result_.neighbours_.size()));
    }
  }

  void find_classes() {
    std::map<std::vector<std::uint32_t>, std::uint32_t> classes;
    std::vector<std::uint32_t> key;
    for (std::uint32_t host = 0; host < ports_.host_count(); ++host) {
      key.clear();
      for (std::uint32_t i = result_.neighbours_begin_[host]; i < result_.neighbours_begin_[host + 1]; ++i) {
        key.push_back(result_.neighbours_[i].node.v);
      }
      const auto [place, added] = classes.try_emplace(key, static_cast<std::uint32_t>(classes.size()));
      if (added) class_hosts_.push_back(host);
      result_.class_of_.push_back(place->second);
    }
    result_.classes_ = static_cast<std::uint32_t>(class_hosts_.size());
  }

  // Switches have a row each; hosts whose living ports lead to the same peers share one.
  void find_rows() {
    std::map<std::vector<Way>, std::uint32_t> rows;
    for (std::uint32_t node = 0; node < ports_.node_count(); ++node) {
      const auto next = static_cast<std::uint32_t>(row_nodes_.size());
      std::uint32_t row = next;
      if (is_host(node)) {
        const auto key = ways(node);
        row = rows.try_emplace({key.begin(), key.end()}, next).first->second;
      }
      if (row == next) row_nodes_.push_back(node);
      result_.row_begin_.push_back(row);
    }
  }

  // Distances in links from every switch to the class; neighbours that are hosts do not forward and are no source.
  void measure(std::span<const RoutingTables::Neighbour> from) {
    distance_.assign(ports_.node_count(), unreached);
    queue_.clear();
    for (const auto& entry : from) {
      distance_[entry.node.index()] = 1;
      if (!is_host(entry.node.v)) queue_.push_back(entry.node.v);
    }
    for (std::size_t head = 0; head < queue_.size(); ++head) {
      const std::uint32_t node = queue_[head];
      for (const Way& way : ways(node)) {
        if (is_host(way.peer) || distance_[way.peer] != unreached) continue;
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
      if (is_host(way.peer) || distance_[way.peer] == unreached || distance_[way.peer] > best) continue;
      if (distance_[way.peer] < best) group_.clear();
      best = distance_[way.peer];
      group_.push_back(way.port);
    }
    return group_;
  }

  void fill_class(std::uint32_t c) {
    const std::uint32_t host = class_hosts_[c];
    const std::uint32_t begin = result_.neighbours_begin_[host];
    const std::span<const RoutingTables::Neighbour> around{result_.neighbours_.data() + begin, result_.neighbours_begin_[host + 1] - begin};
    if (around.empty()) return;
    measure(around);
    for (std::size_t row = 0; row < row_nodes_.size(); ++row) {
      const std::uint32_t node = row_nodes_[row];
      std::uint32_t& entry = result_.table_[row * result_.classes_ + c];
      const bool next_to = distance_[node] == 1;
      entry = next_to ? RoutingTables::neighbour : result_.pool_.intern(nearest(node));
    }
  }

  const PortMap& ports_;
  std::vector<bool> alive_;
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
  return pool_.bytes() + neighbours_.capacity() * sizeof(Neighbour) +
         sizeof(std::uint32_t) * (table_.capacity() + row_begin_.capacity() + class_of_.capacity() + neighbours_begin_.capacity());
}

}  // namespace weft
