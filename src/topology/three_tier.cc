#include "topology/builders.hh"
#include "topology/pod_fabric.hh"

namespace weft {

TopologySpec build_three_tier(const TopologyParameters& p) {
  const PodFabric fabric = pod_fabric(p, p.pods, p.leaves_per_pod, p.pods > 1);
  const std::uint32_t host_count = fabric.leaves() * fabric.hosts_per_leaf;
  SpecBuilder builder(p.kind);
  const NodeId hosts = builder.add("host", host_count, 0);
  const NodeId leaves = add_pod_switches(builder, p, fabric, "leaf");
  for (std::uint32_t h = 0; h < host_count; ++h) builder.connect(nth(hosts, h), nth(leaves, h / fabric.hosts_per_leaf), p.link);
  connect_pod_switches(builder, fabric, leaves);
  return builder.take();
}

}  // namespace weft
