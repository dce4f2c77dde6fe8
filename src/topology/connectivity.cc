#include "topology/connectivity.hh"

#include <algorithm>
#include <cstdint>
#include <map>
#include <numeric>
#include <vector>

namespace weft {
namespace {

using HostPair = std::optional<std::pair<NodeId, NodeId>>;
using Islands = std::vector<std::uint32_t>;  // sorted: the switch islands a host has a link to

// Union-find with path halving.
class Union {
 public:
  explicit Union(std::size_t count) : parent_(count) { std::iota(parent_.begin(), parent_.end(), 0U); }
  std::uint32_t find(std::uint32_t x) {
    while (parent_[x] != x) x = parent_[x] = parent_[parent_[x]];
    return x;
  }
  void join(std::uint32_t a, std::uint32_t b) { parent_[std::max(find(a), find(b))] = std::min(find(a), find(b)); }

 private:
  std::vector<std::uint32_t> parent_;
};

struct Reach {
  std::vector<Islands> islands;                                 // by host
  std::vector<std::pair<std::uint32_t, std::uint32_t>> direct;  // host pairs with a link of their own, sorted
};

Reach reach_of(const TopologySpec& spec, Union& switches) {
  Reach reach;
  reach.islands.resize(spec.hosts);
  for (const LinkSpec& link : spec.links) {
    if (link.a.v >= spec.hosts && link.b.v >= spec.hosts) switches.join(link.a.v, link.b.v);
  }
  for (const LinkSpec& link : spec.links) {
    const std::uint32_t low = std::min(link.a.v, link.b.v);
    const std::uint32_t high = std::max(link.a.v, link.b.v);
    if (low >= spec.hosts) continue;
    if (high < spec.hosts) {
      reach.direct.emplace_back(low, high);
    } else {
      reach.islands[low].push_back(switches.find(high));
    }
  }
  for (Islands& set : reach.islands) {
    std::sort(set.begin(), set.end());
    set.erase(std::unique(set.begin(), set.end()), set.end());
  }
  std::sort(reach.direct.begin(), reach.direct.end());
  return reach;
}

bool share(const Islands& a, const Islands& b) {
  auto i = a.begin();
  auto j = b.begin();
  while (i != a.end() && j != b.end()) {
    if (*i == *j) return true;
    (*i < *j) ? ++i : ++j;
  }
  return false;
}

bool linked(const Reach& reach, std::uint32_t a, std::uint32_t b) {
  return std::binary_search(reach.direct.begin(), reach.direct.end(), std::pair{std::min(a, b), std::max(a, b)});
}

HostPair first_cut(const Reach& reach, std::uint32_t from, const std::vector<std::uint32_t>& others) {
  for (const std::uint32_t other : others) {
    if (other == from || share(reach.islands[from], reach.islands[other]) || linked(reach, from, other)) continue;
    return std::pair{NodeId{std::min(from, other)}, NodeId{std::max(from, other)}};
  }
  return std::nullopt;
}

// Hosts with equal sets of islands behave alike; only sets that share nothing need a look at their members.
HostPair cut_hosts(const Reach& reach) {
  std::map<Islands, std::vector<std::uint32_t>> groups;
  for (std::uint32_t h = 0; h < reach.islands.size(); ++h) groups[reach.islands[h]].push_back(h);
  for (auto a = groups.begin(); a != groups.end(); ++a) {
    for (auto b = a; b != groups.end(); ++b) {
      if (share(a->first, b->first)) continue;
      for (const std::uint32_t host : a->second) {
        if (const HostPair cut = first_cut(reach, host, b->second)) return cut;
      }
    }
  }
  return std::nullopt;
}

HostPair cut_switch(const TopologySpec& spec, const Reach& reach, Union& switches) {
  std::vector<bool> used(spec.nodes.size(), false);
  for (const Islands& set : reach.islands) {
    for (const std::uint32_t island : set) used[island] = true;
  }
  for (std::uint32_t s = spec.hosts; s < spec.nodes.size(); ++s) {
    if (!used[switches.find(s)]) return std::pair{NodeId{0}, NodeId{s}};
  }
  return std::nullopt;
}

}  // namespace

HostPair unreachable_pair(const TopologySpec& spec) {
  Union switches(spec.nodes.size());
  const Reach reach = reach_of(spec, switches);
  if (const HostPair cut = cut_hosts(reach)) return cut;
  return cut_switch(spec, reach, switches);
}

}  // namespace weft
