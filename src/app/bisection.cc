#include "app/bisection.hh"

#include <algorithm>
#include <cstdint>
#include <limits>
#include <vector>

namespace weft {
namespace {

// Edges come in pairs: edge e and its reverse e ^ 1.
struct Edge {
  std::uint32_t to = 0;
  std::int64_t room = 0;
};

class MaximumFlow {
 public:
  explicit MaximumFlow(std::size_t nodes) : out_(nodes) {}

  void connect(std::uint32_t from, std::uint32_t to, std::int64_t room, std::int64_t reverse_room) {
    out_[from].push_back(static_cast<std::uint32_t>(edges_.size()));
    edges_.push_back({to, room});
    out_[to].push_back(static_cast<std::uint32_t>(edges_.size()));
    edges_.push_back({from, reverse_room});
  }

  std::int64_t value(std::uint32_t source, std::uint32_t sink) {
    std::int64_t total = 0;
    while (find_levels(source, sink)) {
      next_.assign(out_.size(), 0);
      while (const std::int64_t more = push(source, sink)) total += more;
    }
    return total;
  }

 private:
  bool find_levels(std::uint32_t source, std::uint32_t sink) {
    level_.assign(out_.size(), -1);
    level_[source] = 0;
    std::vector<std::uint32_t> queue{source};
    for (std::size_t head = 0; head < queue.size(); ++head) {
      for (const std::uint32_t edge : out_[queue[head]]) {
        const std::uint32_t to = edges_[edge].to;
        if (edges_[edge].room <= 0 || level_[to] >= 0) continue;
        level_[to] = level_[queue[head]] + 1;
        queue.push_back(to);
      }
    }
    return level_[sink] >= 0;
  }

  // One augmenting path along rising levels, without recursion.
  std::int64_t push(std::uint32_t source, std::uint32_t sink) {
    std::vector<std::uint32_t> path;
    std::uint32_t at = source;
    while (at != sink) {
      if (const auto edge = usable(at)) {
        path.push_back(*edge);
        at = edges_[*edge].to;
      } else {
        if (path.empty()) return 0;
        at = edges_[path.back() ^ 1U].to;
        path.pop_back();
        ++next_[at];
      }
    }
    std::int64_t least = std::numeric_limits<std::int64_t>::max();
    for (const std::uint32_t edge : path) least = std::min(least, edges_[edge].room);
    for (const std::uint32_t edge : path) {
      edges_[edge].room -= least;
      edges_[edge ^ 1U].room += least;
    }
    return least;
  }

  const std::uint32_t* usable(std::uint32_t at) {
    for (; next_[at] < out_[at].size(); ++next_[at]) {
      const std::uint32_t edge = out_[at][next_[at]];
      if (edges_[edge].room > 0 && level_[edges_[edge].to] == level_[at] + 1) return &out_[at][next_[at]];
    }
    return nullptr;
  }

  std::vector<Edge> edges_;
  std::vector<std::vector<std::uint32_t>> out_;
  std::vector<int> level_;
  std::vector<std::size_t> next_;
};

}  // namespace

Rate bisection_bandwidth(const TopologySpec& spec) {
  const std::uint32_t half = spec.hosts / 2;
  const auto source = static_cast<std::uint32_t>(spec.nodes.size());
  const std::uint32_t sink = source + 1;
  MaximumFlow flow(spec.nodes.size() + 2);
  // A host is one node that either sends or receives: its links count in that direction only, so that it cannot forward.
  for (const LinkSpec& link : spec.links) {
    const auto room = [&](NodeId from, NodeId to) {
      const bool sends = from.v >= spec.hosts || from.v < half;
      const bool receives = to.v >= spec.hosts || to.v >= half;
      return sends && receives ? link.rate.v : 0;
    };
    flow.connect(link.a.v, link.b.v, room(link.a, link.b), room(link.b, link.a));
  }
  constexpr std::int64_t no_limit = std::numeric_limits<std::int64_t>::max() / 4;
  for (std::uint32_t host = 0; host < spec.hosts; ++host) {
    if (host < half)
      flow.connect(source, host, no_limit, 0);
    else
      flow.connect(host, sink, no_limit, 0);
  }
  return {flow.value(source, sink)};
}

}  // namespace weft
