#include <algorithm>

#include "topology/bounds.hh"
#include "topology/builders.hh"
#include "topology/nearest_count.hh"
#include "topology/pod_fabric.hh"

namespace weft {

TopologySpec build_rail_pods(const TopologyParameters& p) {
  require_positive(p, {{"servers", p.servers}, {"gpus_per_server", p.gpus_per_server}, {"radix", p.radix}});
  const std::uint32_t rails = p.rails != 0 ? p.rails : p.gpus_per_server;
  if (p.gpus_per_server % rails != 0) {
    topology_error(p, "`rails` (" + std::to_string(rails) + ") must divide the " + std::to_string(p.gpus_per_server) + " GPUs of a server",
                   divisors_near(rails, p.gpus_per_server));
  }
  const std::uint64_t host_count = bounded_product(p.servers, p.gpus_per_server);
  require_buildable(p, host_count, rails, host_count);
  const auto of_rail = static_cast<std::uint32_t>(host_count / rails);
  const std::uint32_t per_leaf = p.hosts_per_leaf != 0 ? p.hosts_per_leaf : std::min(of_rail, std::max(1U, p.radix / 2));
  if (of_rail % per_leaf != 0) {
    topology_error(
        p, "the " + std::to_string(of_rail) + " GPUs of a rail do not fill leaves of " + std::to_string(per_leaf) + " (`hosts_per_leaf`)",
        divisors_near(per_leaf, of_rail) + ", or another number of servers");
  }
  TopologyParameters with_leaves = p;
  with_leaves.hosts_per_leaf = per_leaf;
  const PodFabric fabric = pod_fabric(with_leaves, rails, of_rail / per_leaf, false);

  SpecBuilder builder(p.kind);
  const NodeId hosts = builder.add("host", of_rail * rails, 0);
  const NodeId leaves = add_pod_switches(builder, p, fabric, "rail");
  const std::uint32_t share = p.gpus_per_server / rails;  // of a server on each rail
  for (std::uint32_t h = 0; h < of_rail * rails; ++h) {
    const std::uint32_t gpu = h % p.gpus_per_server, in_rail = h / p.gpus_per_server * share + gpu / rails;
    builder.connect(nth(hosts, h), nth(leaves, gpu % rails * fabric.leaves_per_pod + in_rail / per_leaf), p.link);
  }
  connect_pod_switches(builder, fabric, leaves);
  TopologySpec spec = builder.take();
  spec.apart = rails > 1 && fabric.tops_per_plane == 0;
  return spec;
}

}  // namespace weft
