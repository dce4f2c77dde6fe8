#include "topology/idle_rtt.hh"

#include <algorithm>
#include <vector>

#include "base/wire_clock.hh"

namespace weft {
namespace {

constexpr std::size_t most_starts = 512;

class Search {
 public:
  Search(const TopologySpec& spec, const PortMap& ports, Bytes there, Bytes back)
      : spec_(spec), ports_(ports), there_(there), back_(back), steps_(spec.nodes.size()), time_(spec.nodes.size()) {}

  // The switch that alone links the host to the network, perhaps with a NIC between, or the host itself; and the way there and
  // back.
  struct Home {
    NodeId node{};
    Duration way{};
  };
  [[nodiscard]] Home home(NodeId host) const {
    const Port* const port = only_way_out(host);
    if (port == nullptr || port->peer.v < spec_.end_points()) return {host, {}};
    const Duration way = round(host, *port);
    if (port->role != LinkRole::pcie) return {port->peer, way};
    const Port* const beyond = only_way_out(port->peer);
    return beyond == nullptr ? Home{port->peer, way} : Home{beyond->peer, way + round(port->peer, *beyond)};
  }
  // The slowest round trip from a host, or from a switch to hosts that are not its own: breadth first, level by level.
  Duration from(NodeId start) {
    std::fill(steps_.begin(), steps_.end(), unseen);
    std::fill(time_.begin(), time_.end(), Duration{});
    queue_.assign(1, start);
    steps_[start.index()] = 0;
    Duration slowest{};
    for (std::size_t i = 0; i < queue_.size(); ++i) {
      const NodeId at = queue_[i];
      const bool host = at.v < spec_.end_points();
      if (host && home(at).node != start) slowest = std::max(slowest, time_[at.index()]);
      if (host && at != start) continue;  // hosts never forward
      for (const Port& port : ports_.ports(at)) {
        if (of_network(port)) visit(at, port);
      }
    }
    return slowest;
  }
  // Both ways over one link, as the path leads from `at`.
  [[nodiscard]] Duration round(NodeId at, const Port& port) const {
    const LinkSpec& link = spec_.links[port.link.index()];
    const WireClock clock(link.rate);
    const Duration latencies = spec_.nodes[port.peer.index()].latency + spec_.nodes[at.index()].latency;
    return link.delay * 2 + latencies + clock.estimate(there_) + clock.estimate(back_);
  }

 private:
  static constexpr std::uint32_t unseen = 0xffffffff;
  [[nodiscard]] static bool of_network(const Port& port) { return port.role == LinkRole::network || port.role == LinkRole::pcie; }
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
  void visit(NodeId at, const Port& port) {
    std::uint32_t& steps = steps_[port.peer.index()];
    const std::uint32_t next = steps_[at.index()] + 1;
    if (steps == unseen) {
      steps = next;
      queue_.push_back(port.peer);
    }
    if (steps == next) time_[port.peer.index()] = std::max(time_[port.peer.index()], time_[at.index()] + round(at, port));
  }

  const TopologySpec& spec_;
  const PortMap& ports_;
  Bytes there_, back_;
  std::vector<std::uint32_t> steps_;
  std::vector<Duration> time_;
  std::vector<NodeId> queue_;
};

// Hosts of one access switch see the same network beyond it: one search from the switch stands for all of them. A host
// with several ports, or linked to another host, is a start of its own.
struct Access {
  Duration slowest{}, second{};  // links to hosts

  void add(Duration link) {
    second = std::max(second, std::min(slowest, link));
    slowest = std::max(slowest, link);
  }
};

}  // namespace

Duration idle_rtt(const TopologySpec& spec, const PortMap& ports, Bytes there, Bytes back) {
  Search search(spec, ports, there, back);
  std::vector<Access> access(spec.nodes.size());
  std::vector<NodeId> starts;
  Duration most{};
  for (std::uint32_t h = 0; h < spec.hosts; ++h) {
    const NodeId host{h};
    const Search::Home home = search.home(host);
    Access& links = access[home.node.index()];
    if (home.node == host || links.slowest.v == 0) starts.push_back(home.node);
    if (home.node == host) continue;
    links.add(home.way);
    if (links.second.v > 0) most = std::max(most, links.slowest + links.second);
  }
  const std::size_t stride = (starts.size() + most_starts - 1) / most_starts;
  for (std::size_t i = 0; i < starts.size(); i += stride) {
    const Duration beyond = search.from(starts[i]);
    if (beyond.v > 0) most = std::max(most, access[starts[i].index()].slowest + beyond);
  }
  return most;
}

}  // namespace weft
