#include "topology/idle_rtt.hh"

#include <algorithm>
#include <vector>

#include "base/wire_clock.hh"

namespace weft {
namespace {

constexpr std::size_t most_starts = 512;

// Hosts of one access switch see the same network beyond it: one search from the switch stands for all of them. A host
// with several ports, or linked to another host, is a start of its own.
struct Access {
  Duration slowest{}, second{};  // links to hosts

  void add(Duration link) {
    second = std::max(second, std::min(slowest, link));
    slowest = std::max(slowest, link);
  }
};

// The switch that alone links the host to the network, perhaps with a NIC between, or the host itself; and the way there and
// back.
struct Home {
  NodeId node{};
  Duration way{};
};

class Search {
 public:
  Search(const TopologySpec& spec, const PortMap& ports, Bytes there, Bytes back)
      : spec_(spec), ports_(ports), there_(there), back_(back), access_(spec.nodes.size()), time_(spec.nodes.size()) {
    find_homes();
    find_edges();
  }

  [[nodiscard]] const std::vector<NodeId>& starts() const { return starts_; }
  [[nodiscard]] const Access& access(NodeId node) const { return access_[node.index()]; }

  // The slowest round trip from a host, or from a switch to hosts that are not its own: breadth first, level by level. Hosts that
  // hang on one switch are no nodes of the search: they are reached when their switch is.
  Duration from(NodeId start) {
    steps_.assign(spec_.nodes.size(), unseen);
    queue_.assign(1, start.v);
    steps_[start.index()] = 0;
    time_[start.index()] = Duration{};
    Duration slowest{};
    for (std::size_t i = 0; i < queue_.size(); ++i) {
      const std::uint32_t at = queue_[i];
      if (at != start.v) slowest = std::max(slowest, farthest_at(at));
      if (at < spec_.end_points() && at != start.v) continue;  // hosts never forward
      for (std::uint32_t edge = begin_[at]; edge < begin_[at + 1]; ++edge) visit(at, edges_[edge]);
    }
    return slowest;
  }

 private:
  static constexpr std::uint32_t unseen = 0xffffffff;
  struct Edge {
    std::uint32_t peer = 0;
    Duration way{};  // there and back
  };

  [[nodiscard]] static bool of_network(const Port& port) { return port.role == LinkRole::network || port.role == LinkRole::pcie; }
  // Both ways over one link, as the path leads from `at`.
  [[nodiscard]] Duration round(NodeId at, const Port& port) const {
    const LinkSpec& link = spec_.links[port.link.index()];
    const WireClock clock(link.rate);
    const Duration latencies = spec_.nodes[port.peer.index()].latency + spec_.nodes[at.index()].latency;
    return link.delay * 2 + latencies + clock.estimate(there_) + clock.estimate(back_);
  }
  // A host's port to the network, a NIC's to its switch; null: none, or several.
  [[nodiscard]] const Port* only_way_out(NodeId node) const {
    const Port* found = nullptr;
    for (const Port& port : ports_.ports(node)) {
      if (!of_network(port) || (node.v >= spec_.end_points() && port.role == LinkRole::pcie)) continue;
      if (found != nullptr) return nullptr;
      found = &port;
    }
    return found;
  }
  [[nodiscard]] Home home(NodeId host) const {
    const Port* const port = only_way_out(host);
    if (port == nullptr || port->peer.v < spec_.end_points()) return {host, {}};
    const Duration way = round(host, *port);
    if (port->role != LinkRole::pcie) return {port->peer, way};
    const Port* const beyond = only_way_out(port->peer);
    return beyond == nullptr ? Home{port->peer, way} : Home{beyond->peer, way + round(port->peer, *beyond)};
  }

  void find_homes() {
    hangs_.assign(spec_.end_points(), false);
    for (std::uint32_t h = 0; h < spec_.end_points(); ++h) {
      const Home at = home({h});
      hangs_[h] = at.node.v != h;
      if (h >= spec_.hosts) continue;  // reducers are nobody's destination here
      Access& links = access_[at.node.index()];
      if (!hangs_[h] || links.slowest.v == 0) starts_.push_back(at.node);
      if (hangs_[h]) links.add(at.way);
    }
  }

  // Of parallel links only the slowest counts, and they mostly stand side by side.
  void find_edges() {
    begin_.push_back(0);
    for (std::uint32_t node = 0; node < spec_.nodes.size(); ++node) {
      const std::size_t first = edges_.size();
      for (const Port& port : ports_.ports({node})) {
        const std::uint32_t peer = port.peer.v;
        if (!of_network(port) || (node < hangs_.size() && hangs_[node]) || (peer < hangs_.size() && hangs_[peer])) continue;
        const Duration way = round({node}, port);
        if (edges_.size() > first && edges_.back().peer == peer) {
          edges_.back().way = std::max(edges_.back().way, way);
        } else {
          edges_.push_back({peer, way});
        }
      }
      begin_.push_back(static_cast<std::uint32_t>(edges_.size()));
    }
  }

  [[nodiscard]] Duration farthest_at(std::uint32_t node) const {
    const Duration host = access_[node].slowest;
    if (node < spec_.end_points()) return time_[node];
    return host.v == 0 ? Duration{} : time_[node] + host;
  }

  void visit(std::uint32_t at, const Edge& edge) {
    std::uint32_t& steps = steps_[edge.peer];
    const std::uint32_t next = steps_[at] + 1;
    if (steps == unseen) {
      steps = next;
      time_[edge.peer] = time_[at] + edge.way;
      queue_.push_back(edge.peer);
    } else if (steps == next) {
      time_[edge.peer] = std::max(time_[edge.peer], time_[at] + edge.way);
    }
  }

  const TopologySpec& spec_;
  const PortMap& ports_;
  Bytes there_, back_;
  std::vector<Access> access_;  // by node
  std::vector<NodeId> starts_;
  std::vector<bool> hangs_;  // by end point: on one switch, or NIC, alone
  std::vector<std::uint32_t> begin_;
  std::vector<Edge> edges_;
  std::vector<std::uint32_t> steps_, queue_;
  std::vector<Duration> time_;
};

}  // namespace

Duration idle_rtt(const TopologySpec& spec, const PortMap& ports, Bytes there, Bytes back) {
  Search search(spec, ports, there, back);
  Duration most{};
  for (const NodeId start : search.starts()) {
    const Access& links = search.access(start);
    if (links.second.v > 0) most = std::max(most, links.slowest + links.second);
  }
  const std::size_t stride = (search.starts().size() + most_starts - 1) / most_starts;
  for (std::size_t i = 0; i < search.starts().size(); i += stride) {
    const NodeId start = search.starts()[i];
    const Duration beyond = search.from(start);
    if (beyond.v > 0) most = std::max(most, search.access(start).slowest + beyond);
  }
  return most;
}

}  // namespace weft
