// Two-tier pods that cores join. `aggs_per_pod` are the pod's spines.
//
//   with border switches   leaf - spine - border - core - border - spine - leaf      8 links from host to host
//   without (0)            leaf - core - leaf                                          4 links
//
// Border switch, or leaf, number i of every pod has core_uplinks links, as many to every core of plane i mod planes. Links to cores
// count as two for routes, so that hosts of one pod meet within it. Counts not given: as in pod_fabric.hh; border switches have half
// their ports up; core_uplinks is the pod's capacity / oversubscription, shared out; cores in the fewest planes, then the fewest,
// whose ports suffice.
#include <algorithm>
#include <vector>

#include "topology/bounds.hh"
#include "topology/builders.hh"
#include "topology/nearest_count.hh"
#include "topology/pod_fabric.hh"
#include "topology/uplinks.hh"

namespace weft {
namespace {

constexpr std::uint8_t cost_of_core = 2;

struct Shape {
  PodFabric pod;
  std::uint32_t borders_per_pod = 0, border_downlinks = 0, core_uplinks = 0, planes = 0, cores_per_plane = 0;

  [[nodiscard]] std::uint32_t exits_per_pod() const { return borders_per_pod != 0 ? borders_per_pod : pod.leaves_per_pod; }
  [[nodiscard]] std::uint32_t cores() const { return planes * cores_per_plane; }
};

std::string text(std::uint64_t number) { return std::to_string(number); }

struct Cores {
  std::uint32_t planes = 0, per_plane = 0;
  [[nodiscard]] std::uint64_t count() const { return std::uint64_t{planes} * per_plane; }
};

// Every way to arrange cores so that their ports suffice: planes divide the exits of a pod, a plane's cores the links of an exit.
// Fewer planes first, then fewer cores.
std::vector<Cores> arrangements(const TopologyParameters& p, const Shape& s) {
  std::vector<Cores> all;
  const std::uint32_t exits = s.exits_per_pod();
  for (std::uint32_t planes = divisor_from(1, exits); planes != 0; planes = divisor_from(planes + 1, exits)) {
    const std::uint64_t links = bounded_product(bounded_product(p.pods, exits / planes), s.core_uplinks);
    const std::uint64_t least = std::max<std::uint64_t>(1, links / p.radix + (links % p.radix != 0 ? 1 : 0));
    if (least > s.core_uplinks) continue;
    std::uint32_t cores = divisor_from(static_cast<std::uint32_t>(least), s.core_uplinks);
    for (; cores != 0; cores = divisor_from(cores + 1, s.core_uplinks)) all.push_back({planes, cores});
  }
  return all;
}

[[noreturn]] void refuse_cores(const TopologyParameters& p, const Shape& s, const std::vector<Cores>& all) {
  const std::string links = text(s.exits_per_pod()) + " border switches or leaves of each of " + text(p.pods) + " pods with " +
                            text(s.core_uplinks) + " links each";
  if (all.empty()) {
    topology_error(p, "no number of cores with " + text(p.radix) + " ports can join " + links, "at most " + text(p.radix) + " pods");
  }
  std::uint64_t below = 0, above = 0;
  for (const Cores& cores : all) {
    if (cores.count() < p.cores) below = std::max(below, cores.count());
    if (cores.count() > p.cores && (above == 0 || cores.count() < above)) above = cores.count();
  }
  const std::string nearest = below == 0 ? text(above) : above == 0 ? text(below) : text(below) + " or " + text(above);
  topology_error(p, "`cores` (" + text(p.cores) + ") of " + text(p.radix) + " ports cannot join " + links + " evenly",
                 "nearest: " + nearest);
}

Cores cores_of(const TopologyParameters& p, const Shape& s) {
  const std::vector<Cores> all = arrangements(p, s);
  for (const Cores& cores : all) {
    if (p.cores == 0 || cores.count() == p.cores) return cores;
  }
  refuse_cores(p, s, all);
}

Shape shape_of(const TopologyParameters& p) {
  Shape s{.pod = pod_fabric(p, p.pods, p.leaves_per_pod, false)};
  const Rate rate = s.pod.uplink.rate;
  const std::uint64_t hosts = bounded_product(s.pod.leaves_per_pod, s.pod.hosts_per_leaf);
  const std::uint32_t out = uplinks_for(p, hosts, p.link.rate, rate);
  const std::uint32_t half = std::max(1U, p.radix / 2);
  s.borders_per_pod = p.borders_per_pod.value_or((out + half - 1) / half);
  const std::uint32_t exits = s.exits_per_pod();
  s.core_uplinks = p.core_uplinks != 0 ? p.core_uplinks : (out + exits - 1) / exits;
  const std::uint32_t aggs = s.pod.aggs_per_pod, parallel = s.pod.leaf_uplinks / aggs;
  if (s.borders_per_pod != 0) {
    const std::uint32_t per_spine = (s.core_uplinks + aggs - 1) / aggs;
    s.border_downlinks = per_spine * aggs;
    require_radix(p, "a border switch", s.border_downlinks, s.core_uplinks);
    require_radix(p, "a spine", bounded_product(s.pod.leaves_per_pod, parallel), bounded_product(s.borders_per_pod, per_spine));
  } else {
    require_radix(p, "a leaf", s.pod.hosts_per_leaf, std::uint64_t{s.pod.leaf_uplinks} + s.core_uplinks);
  }
  const Cores cores = cores_of(p, s);
  s.planes = cores.planes, s.cores_per_plane = cores.per_plane;
  const std::uint64_t borders = bounded_product(p.pods, s.borders_per_pod), leaves = s.pod.leaves();
  require_buildable(p, bounded_product(p.pods, hosts), borders, 0);
  require_buildable(p, bounded_product(p.pods, hosts), leaves + s.pod.aggs() + borders + s.cores(),
                    bounded_product(p.pods, hosts) + leaves * s.pod.leaf_uplinks + bounded_product(borders, s.border_downlinks) +
                        bounded_product(bounded_product(p.pods, exits), s.core_uplinks));
  return s;
}

void connect_borders(SpecBuilder& builder, const Shape& s, NodeId borders, NodeId spines) {
  for (std::uint32_t border = 0; border < s.pod.pods * s.borders_per_pod; ++border) {
    const NodeId first = nth(spines, border / s.borders_per_pod * s.pod.aggs_per_pod);
    for (std::uint32_t i = 0; i < s.pod.aggs_per_pod; ++i) {
      builder.connect(nth(borders, border), nth(first, i), s.pod.uplink, s.border_downlinks / s.pod.aggs_per_pod);
    }
  }
}

}  // namespace

TopologySpec build_multi_pod(const TopologyParameters& p) {
  require_positive(p, {{"pods", p.pods}, {"radix", p.radix}});
  const Shape s = shape_of(p);
  const std::uint32_t host_count = s.pod.leaves() * s.pod.hosts_per_leaf, border_count = s.pod.pods * s.borders_per_pod;
  const bool straight = border_count == 0;
  SpecBuilder builder(p.kind);
  const NodeId hosts = builder.add("host", host_count, 0);
  const NodeId leaves = builder.add("leaf", s.pod.leaves(), 1, p.switch_latency);
  const NodeId spines = builder.add("agg", s.pod.aggs(), 2, p.switch_latency);
  const NodeId borders = builder.add("border", border_count, 3, p.switch_latency);
  const NodeId cores = builder.add("core", s.cores(), 4, p.switch_latency);
  builder.place(borders, border_count, SwitchPlace::border);
  builder.place(cores, s.cores(), SwitchPlace::core);
  for (std::uint32_t h = 0; h < host_count; ++h) builder.connect(nth(hosts, h), nth(leaves, h / s.pod.hosts_per_leaf), p.link);
  connect_pod_switches(builder, s.pod, leaves);
  if (!straight) connect_borders(builder, s, borders, spines);
  const NodeId exits = straight ? leaves : borders;
  for (std::uint32_t exit = 0; exit < s.pod.pods * s.exits_per_pod(); ++exit) {
    const NodeId first = nth(cores, exit % s.exits_per_pod() % s.planes * s.cores_per_plane);
    for (std::uint32_t i = 0; i < s.cores_per_plane; ++i) {
      builder.connect(nth(exits, exit), nth(first, i), s.pod.uplink, s.core_uplinks / s.cores_per_plane, cost_of_core);
    }
  }
  return builder.take();
}

}  // namespace weft
