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

}  // namespace

Partition make_partition(const TopologySpec& spec, const PortMap& ports, unsigned threads) {
  const auto count = static_cast<std::uint32_t>(spec.nodes.size());
  std::vector<Cluster> by_switch(count), access, above;
  for (std::uint32_t host = 0; host < spec.hosts; ++host) {
    const NodeId home = ports.port(NodeId{host}, 0).peer;
    by_switch[home.v < spec.hosts ? host : home.v].nodes.push_back(host);  // hosts joined back to back stand alone
  }
  for (std::uint32_t node = 0; node < count; ++node) {
    Cluster& cluster = by_switch[node];
    const bool is_access = !cluster.nodes.empty();
    if (node >= spec.hosts) cluster.nodes.push_back(node);
    if (cluster.nodes.empty()) continue;
    cluster.weight = ports.ports(NodeId{node}).size() + cluster.nodes.size();
    (is_access ? access : above).push_back(std::move(cluster));
  }
  Partition partition{std::vector<std::uint16_t>(count), std::vector<std::vector<std::uint32_t>>(threads)};
  deal(access, threads, partition);
  deal(above, threads, partition);
  return partition;
}

}  // namespace weft
