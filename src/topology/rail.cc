#include "topology/bounds.hh"
#include "topology/builders.hh"
#include "topology/spec_builder.hh"

namespace weft {

TopologySpec build_rail(const TopologyParameters& p) {
  require_positive(p, {{"servers", p.servers}, {"gpus_per_server", p.gpus_per_server}});
  const std::uint32_t rails = p.rails != 0 ? p.rails : p.gpus_per_server;
  if (rails > p.gpus_per_server) {
    topology_error(p, "`rails` (" + std::to_string(rails) + ") is more than `gpus_per_server`",
                   "at most " + std::to_string(p.gpus_per_server));
  }
  const std::uint32_t pod = p.servers_per_pod != 0 ? p.servers_per_pod : p.servers;
  const std::uint32_t pods = p.servers / pod + (p.servers % pod != 0 ? 1 : 0);
  const std::uint64_t host_count = bounded_product(p.servers, p.gpus_per_server);
  const std::uint64_t switches = bounded_product(pods, rails);
  require_buildable(p, host_count, switches, host_count);
  require_buildable(p, host_count, switches + p.spines, host_count + bounded_product(switches, p.spines));

  SpecBuilder builder(p.kind);
  const NodeId hosts = builder.add("host", p.servers * p.gpus_per_server, 0);
  const NodeId rail_switches = builder.add("rail", pods * rails, 1, p.switch_latency);
  const NodeId spines = builder.add("spine", p.spines, 2, p.switch_latency);
  for (std::uint32_t server = 0; server < p.servers; ++server) {
    for (std::uint32_t gpu = 0; gpu < p.gpus_per_server; ++gpu) {
      const std::uint32_t rail = server / pod * rails + gpu % rails;
      builder.connect(nth(hosts, server * p.gpus_per_server + gpu), nth(rail_switches, rail), p.link);
    }
  }
  for (std::uint32_t r = 0; r < pods * rails; ++r) {
    for (std::uint32_t s = 0; s < p.spines; ++s) builder.connect(nth(rail_switches, r), nth(spines, s), p.uplink.value_or(p.link));
  }
  TopologySpec spec = builder.take();
  spec.apart = p.spines == 0;
  return spec;
}

}  // namespace weft
