#include <algorithm>

#include "topology/bounds.hh"
#include "topology/builders.hh"
#include "topology/nearest_count.hh"
#include "topology/spec_builder.hh"
#include "topology/uplinks.hh"

namespace weft {
namespace {

struct Shape {
  LinkParameters uplink;
  std::uint32_t aggs_per_pod = 0;
  std::uint32_t cores = 0;
  std::uint32_t plane = 0;  // cores that each aggregation switch of a pod is linked to
};

Shape shape_of(const TopologyParameters& p) {
  require_positive(p, {{"pods", p.pods}, {"leaves_per_pod", p.leaves_per_pod}, {"hosts_per_leaf", p.hosts_per_leaf}});
  Shape shape{.uplink = p.uplink.value_or(p.link)};
  shape.aggs_per_pod = p.aggs_per_pod != 0 ? p.aggs_per_pod : uplinks_for(p, p.hosts_per_leaf, p.link.rate, shape.uplink.rate);
  if (p.cores == 0) {
    const std::uint64_t hosts_of_pod = bounded_product(p.hosts_per_leaf, p.leaves_per_pod);
    const std::uint32_t wanted = uplinks_for(p, hosts_of_pod, p.link.rate, shape.uplink.rate, shape.aggs_per_pod);
    shape.plane = std::min(wanted, p.leaves_per_pod);
    const std::uint64_t cores = bounded_product(shape.plane, shape.aggs_per_pod);
    require_buildable(p, 1, cores, 1);
    shape.cores = static_cast<std::uint32_t>(cores);
  } else {
    if (p.cores % shape.aggs_per_pod != 0) {
      topology_error(p,
                     "`cores` (" + std::to_string(p.cores) + ") must be a multiple of the " + std::to_string(shape.aggs_per_pod) +
                         " aggregation switches of a pod",
                     multiples_near(p.cores, shape.aggs_per_pod));
    }
    shape.cores = p.cores;
    shape.plane = p.cores / shape.aggs_per_pod;
  }
  return shape;
}

void require_size(const TopologyParameters& p, const Shape& shape) {
  const std::uint64_t leaves = bounded_product(p.pods, p.leaves_per_pod);
  const std::uint64_t hosts = bounded_product(leaves, p.hosts_per_leaf);
  const std::uint64_t aggs = bounded_product(p.pods, shape.aggs_per_pod);
  require_buildable(p, hosts, leaves, hosts);
  require_buildable(p, hosts, aggs, bounded_product(leaves, shape.aggs_per_pod));
  require_buildable(p, hosts, leaves + aggs + shape.cores, hosts + leaves * shape.aggs_per_pod + bounded_product(aggs, shape.plane));
}

}  // namespace

TopologySpec build_clos(const TopologyParameters& p) {
  const Shape shape = shape_of(p);
  require_size(p, shape);
  const std::uint32_t leaf_count = p.pods * p.leaves_per_pod;
  SpecBuilder builder(p.kind);
  const NodeId hosts = builder.add("host", leaf_count * p.hosts_per_leaf, 0);
  const NodeId leaves = builder.add("leaf", leaf_count, 1, p.switch_latency);
  const NodeId aggs = builder.add("agg", p.pods * shape.aggs_per_pod, 2, p.switch_latency);
  const NodeId cores = builder.add("core", shape.cores, 3, p.switch_latency);
  for (std::uint32_t h = 0; h < leaf_count * p.hosts_per_leaf; ++h) {
    builder.connect(nth(hosts, h), nth(leaves, h / p.hosts_per_leaf), p.link);
  }
  for (std::uint32_t leaf = 0; leaf < leaf_count; ++leaf) {
    const std::uint32_t first_agg = leaf / p.leaves_per_pod * shape.aggs_per_pod;
    for (std::uint32_t j = 0; j < shape.aggs_per_pod; ++j) builder.connect(nth(leaves, leaf), nth(aggs, first_agg + j), shape.uplink);
  }
  for (std::uint32_t agg = 0; agg < p.pods * shape.aggs_per_pod; ++agg) {
    const std::uint32_t first_core = agg % shape.aggs_per_pod * shape.plane;
    for (std::uint32_t k = 0; k < shape.plane; ++k) builder.connect(nth(aggs, agg), nth(cores, first_core + k), shape.uplink);
  }
  return builder.take();
}

}  // namespace weft
