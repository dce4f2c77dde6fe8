#include "topology/bounds.hh"
#include "topology/builders.hh"
#include "topology/spec_builder.hh"
#include "topology/uplinks.hh"

namespace weft {

TopologySpec build_leaf_spine(const TopologyParameters& p) {
  require_positive(p, {{"leaves", p.leaves}, {"hosts_per_leaf", p.hosts_per_leaf}});
  const LinkParameters uplink = p.uplink.value_or(p.link);
  const std::uint32_t spines = p.spines != 0 ? p.spines : uplinks_for(p, p.hosts_per_leaf, p.link.rate, uplink.rate);
  const std::uint64_t host_count = bounded_product(p.leaves, p.hosts_per_leaf);
  require_buildable(p, host_count, std::uint64_t{p.leaves} + spines, host_count + bounded_product(p.leaves, spines));

  SpecBuilder builder(p.kind);
  const NodeId hosts = builder.add("host", p.leaves * p.hosts_per_leaf, 0);
  const NodeId leaves = builder.add("leaf", p.leaves, 1, p.switch_latency);
  const NodeId tops = builder.add("spine", spines, 2, p.switch_latency);
  for (std::uint32_t h = 0; h < p.leaves * p.hosts_per_leaf; ++h) {
    builder.connect(nth(hosts, h), nth(leaves, h / p.hosts_per_leaf), p.link);
  }
  for (std::uint32_t l = 0; l < p.leaves; ++l) {
    for (std::uint32_t s = 0; s < spines; ++s) builder.connect(nth(leaves, l), nth(tops, s), uplink);
  }
  return builder.take();
}

}  // namespace weft
