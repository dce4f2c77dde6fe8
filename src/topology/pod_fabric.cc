#include "topology/pod_fabric.hh"

#include <algorithm>

#include "topology/bounds.hh"
#include "topology/nearest_count.hh"
#include "topology/uplinks.hh"

namespace weft {
namespace {

std::string text(std::uint64_t number) { return std::to_string(number); }

// The key, or what takes its place when it is 0.
std::uint32_t given(std::uint32_t key, std::uint32_t otherwise) { return key != 0 ? key : otherwise; }

void require_multiple(const TopologyParameters& p, const PodFabric& f) {
  if (f.leaf_uplinks % f.aggs_per_pod == 0) return;
  topology_error(
      p,
      "`leaf_uplinks` (" + text(f.leaf_uplinks) + ") must be a multiple of the " + text(f.aggs_per_pod) + " aggregation switches of a pod",
      multiples_near(f.leaf_uplinks, f.aggs_per_pod));
}

void set_tops(const TopologyParameters& p, PodFabric& f) {
  const std::uint64_t of_plane = bounded_product(f.pods, f.agg_uplinks);
  const auto least = static_cast<std::uint32_t>(std::min<std::uint64_t>((of_plane + p.radix - 1) / p.radix, max_switches));
  const std::uint32_t fewest = divisor_from(least, f.agg_uplinks);
  f.tops_per_plane = given(p.tops_per_plane, fewest);
  if (f.tops_per_plane != 0 && f.agg_uplinks % f.tops_per_plane != 0) {
    topology_error(
        p, "`tops_per_plane` (" + text(f.tops_per_plane) + ") must divide the " + text(f.agg_uplinks) + " uplinks of an aggregation switch",
        divisors_near(f.tops_per_plane, f.agg_uplinks));
  }
  if (fewest == 0 || f.tops_per_plane < fewest) {
    const std::uint32_t most = f.tops_per_plane == 0 ? f.agg_uplinks : f.tops_per_plane;
    const std::uint32_t parallel = f.agg_uplinks / most;
    topology_error(
        p,
        "a top switch of " + text(p.radix) + " ports cannot take " + text(parallel) + (parallel == 1 ? " link" : " links") +
            " from each of " + text(f.pods) + " pods",
        (fewest == 0 ? "" : "at least " + text(fewest) + " tops_per_plane, or ") + ("at most " + text(p.radix / parallel)) + " pods");
  }
}

}  // namespace

void require_radix(const TopologyParameters& p, const char* what, std::uint64_t down, std::uint64_t up) {
  if (down + up <= p.radix) return;
  const std::string ports = text(down) + " down and " + text(up) + " up";
  topology_error(p, std::string(what) + " would need " + ports + ", more than the " + text(p.radix) + " ports of `radix`",
                 down < p.radix ? "at most " + text(p.radix - down) + " up, or radix: " + text(down + up) : "radix: " + text(down + up));
}

PodFabric pod_fabric(const TopologyParameters& p, std::uint32_t pods, std::uint32_t leaves_per_pod, bool joined) {
  require_positive(p, {{"pods", pods}, {"radix", p.radix}});
  PodFabric f{.pods = pods, .uplink = p.uplink.value_or(p.link)};
  const std::uint32_t half = std::max(1U, p.radix / 2);
  f.hosts_per_leaf = given(p.hosts_per_leaf, half);
  f.leaves_per_pod = given(leaves_per_pod, half);
  TopologyParameters full = p;
  full.oversubscription = 1;
  const std::uint32_t carrying = uplinks_for(full, f.hosts_per_leaf, p.link.rate, f.uplink.rate);
  f.leaf_uplinks = given(p.leaf_uplinks, given(p.aggs_per_pod, carrying));
  f.aggs_per_pod = given(p.aggs_per_pod, f.leaf_uplinks);
  require_multiple(p, f);
  require_radix(p, "a leaf", f.hosts_per_leaf, f.leaf_uplinks);
  const std::uint64_t agg_down = bounded_product(f.leaves_per_pod, f.leaf_uplinks / f.aggs_per_pod);
  if (p.agg_uplinks != 0 || p.tops_per_plane != 0 || joined)
    f.agg_uplinks = given(p.agg_uplinks, uplinks_for(p, agg_down, f.uplink.rate, f.uplink.rate));
  require_radix(p, "an aggregation switch", agg_down, f.agg_uplinks);
  if (f.agg_uplinks != 0) set_tops(p, f);
  const std::uint64_t leaves = bounded_product(pods, f.leaves_per_pod), hosts = bounded_product(leaves, f.hosts_per_leaf);
  const std::uint64_t aggs = bounded_product(pods, f.aggs_per_pod), tops = bounded_product(f.aggs_per_pod, f.tops_per_plane);
  require_buildable(p, hosts, leaves, 0);
  require_buildable(p, hosts, aggs, 0);
  require_buildable(p, hosts, leaves + aggs + tops, hosts + bounded_product(leaves, f.leaf_uplinks) + bounded_product(aggs, f.agg_uplinks));
  return f;
}

NodeId add_pod_switches(SpecBuilder& builder, const TopologyParameters& p, const PodFabric& f, const char* leaf_name) {
  const NodeId leaves = builder.add(leaf_name, f.leaves(), 1, p.switch_latency);
  builder.add("agg", f.aggs(), 2, p.switch_latency);
  builder.add("top", f.tops(), 3, p.switch_latency);
  return leaves;
}

void connect_pod_switches(SpecBuilder& builder, const PodFabric& f, NodeId leaves) {
  const NodeId aggs = nth(leaves, f.leaves()), tops = nth(aggs, f.aggs());
  for (std::uint32_t leaf = 0; leaf < f.leaves(); ++leaf) {
    const NodeId first = nth(aggs, leaf / f.leaves_per_pod * f.aggs_per_pod);
    for (std::uint32_t i = 0; i < f.aggs_per_pod; ++i) {
      builder.connect(nth(leaves, leaf), nth(first, i), f.uplink, f.leaf_uplinks / f.aggs_per_pod);
    }
  }
  for (std::uint32_t agg = 0; f.tops_per_plane != 0 && agg < f.aggs(); ++agg) {
    const NodeId first = nth(tops, agg % f.aggs_per_pod * f.tops_per_plane);
    for (std::uint32_t i = 0; i < f.tops_per_plane; ++i) {
      builder.connect(nth(aggs, agg), nth(first, i), f.uplink, f.agg_uplinks / f.tops_per_plane);
    }
  }
}

}  // namespace weft
