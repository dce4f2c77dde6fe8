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

  // The slowest round trip from a host, or from a switch that has hosts: breadth first, level by level.
  Duration from(NodeId start) {
    std::fill(steps_.begin(), steps_.end(), unseen);
    std::fill(time_.begin(), time_.end(), Duration{});
    queue_.assign(1, start);
    steps_[start.index()] = 0;
    Duration slowest{};
    for (std::size_t i = 0; i < queue_.size(); ++i) {
      const NodeId at = queue_[i];
      const bool host = at.v < spec_.hosts;
      if (host) slowest = std::max(slowest, time_[at.index()]);
      if (host && at != start) continue;  // hosts never forward
      for (const Port& port : ports_.ports(at)) visit(at, port);
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

}  // namespace

// Hosts of one access switch see the same network beyond it: one search from the switch stands for all of them. A host
// with several ports, or linked to another host, is a start of its own.
Duration idle_rtt(const TopologySpec& spec, const PortMap& ports, Bytes there, Bytes back) {
  Search search(spec, ports, there, back);
  std::vector<Duration> access(spec.nodes.size());  // the slowest link to a host, by its switch
  std::vector<NodeId> starts;
  for (std::uint32_t h = 0; h < spec.hosts; ++h) {
    const auto host_ports = ports.ports(NodeId{h});
    if (host_ports.size() != 1 || host_ports[0].peer.v < spec.hosts) {
      starts.push_back(NodeId{h});
      continue;
    }
    Duration& slowest = access[host_ports[0].peer.index()];
    if (slowest.v == 0) starts.push_back(host_ports[0].peer);
    slowest = std::max(slowest, search.round(NodeId{h}, host_ports[0]));
  }
  Duration most{};
  const std::size_t stride = (starts.size() + most_starts - 1) / most_starts;
  for (std::size_t i = 0; i < starts.size(); i += stride) {
    const Duration beyond = search.from(starts[i]);
    if (beyond.v > 0) most = std::max(most, access[starts[i].index()] + beyond);
  }
  return most;
}

}  // namespace weft
