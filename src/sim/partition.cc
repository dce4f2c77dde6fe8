#include "sim/partition.hh"

namespace weft {

namespace {

struct Cluster {
  std::vector<std::uint32_t> nodes;  // hosts before their switch
  std::size_t weight = 0;
};

void deal(const std::vector<Cluster>& clusters, unsigned threads, Partition& partition) {
  std::size_t total = 0, before = 0;
  for (const Cluster& c : clusters) total += c.weight;
  for (const Cluster& c : clusters) {
    const std::size_t middle = before + c.weight / 2;
    const auto thread = static_cast<std::uint16_t>(total == 0 ? 0 : middle * threads / total);
    before += c.weight;
    for (const std::uint32_t node : c.nodes) {
      partition.owner[node] = thread;
      partition.own[thread].push_back(node);
    }
  }
}

// The node with whose thread it goes: an end point with its switch (hosts joined back to back stand alone), a NIC with its GPU.
class Homes {
 public:
  Homes(const TopologySpec& spec, const PortMap& ports) : spec_(spec), ports_(ports) {}

  [[nodiscard]] std::uint32_t of(std::uint32_t node) const {
    if (node < spec_.hosts) return of_host(node);
    if (spec_.nodes[node].role == NodeRole::plain && node >= spec_.end_points()) return node;
    for (const Port& port : ports_.ports(NodeId{node})) {
      if (port.peer.v < spec_.hosts && port.role != LinkRole::network) return of_host(port.peer.v);
    }
    const std::uint32_t peer = ports_.port(NodeId{node}, 0).peer.v;  // of a reducer
    return node < spec_.end_points() ? of(peer) : node;
  }

 private:
  [[nodiscard]] std::uint32_t switch_of(std::uint32_t host) const {
    const Port& first = ports_.port(NodeId{host}, 0);
    const NodeId peer = first.role == LinkRole::pcie ? ports_.port(first.peer, 0).peer : first.peer;
    return peer.v < spec_.end_points() ? host : peer.v;
  }
  // A server stays together: with its switch if its GPUs have only one, else by itself, under the number of its first GPU.
  [[nodiscard]] std::uint32_t of_host(std::uint32_t host) const {
    const std::uint32_t own = switch_of(host);
    if (!spec_.scale_up && (ports_.port(NodeId{host}, 0).role != LinkRole::pcie)) return own;
    const std::uint32_t first = host / spec_.gpus_per_server * spec_.gpus_per_server;
    for (std::uint32_t gpu = first; gpu < first + spec_.gpus_per_server; ++gpu) {
      if (switch_of(gpu) != own) return first;
    }
    return own;
  }

  const TopologySpec& spec_;
  const PortMap& ports_;
};

}  // namespace

Partition make_partition(const TopologySpec& spec, const PortMap& ports, unsigned threads) {
  const auto count = static_cast<std::uint32_t>(spec.nodes.size());
  std::vector<Cluster> by_home(count), access, above;
  const Homes homes(spec, ports);
  for (std::uint32_t node = 0; node < count; ++node) by_home[homes.of(node)].nodes.push_back(node);
  for (std::uint32_t node = 0; node < count; ++node) {
    Cluster& cluster = by_home[node];
    if (cluster.nodes.empty()) continue;
    cluster.weight = ports.ports(NodeId{node}).size() + cluster.nodes.size();
    (cluster.nodes.front() < spec.hosts ? access : above).push_back(std::move(cluster));
  }
  Partition partition{std::vector<std::uint16_t>(count), std::vector<std::vector<std::uint32_t>>(threads)};
  deal(access, threads, partition);
  deal(above, threads, partition);
  return partition;
}

}  // namespace weft
