#include "topology/ports.hh"

#include "base/check.hh"

namespace weft {

PortMap::PortMap(const TopologySpec& spec)
    : begin_(spec.nodes.size() + 1, 0), ports_(2 * spec.links.size()), hosts_(spec.hosts), end_points_(spec.end_points()) {
  for (const LinkSpec& link : spec.links) {
    ++begin_[link.a.index() + 1];
    ++begin_[link.b.index() + 1];
  }
  for (std::size_t node = 1; node < begin_.size(); ++node) {
    CHECK(begin_[node] <= 65535, "node", node - 1, "ports", begin_[node]);
    begin_[node] += begin_[node - 1];
  }
  std::vector<std::uint32_t> next(begin_.begin(), begin_.end() - 1);
  for (std::uint32_t i = 0; i < spec.links.size(); ++i) {
    const NodeId a = spec.links[i].a;
    const NodeId b = spec.links[i].b;
    const std::uint32_t at_a = next[a.index()]++;
    const std::uint32_t at_b = next[b.index()]++;
    const auto number_a = static_cast<std::uint16_t>(at_a - begin_[a.index()]);
    const auto number_b = static_cast<std::uint16_t>(at_b - begin_[b.index()]);
    const std::uint8_t cost = spec.links[i].cost;
    ports_[at_a] = {.link = {i}, .peer = b, .peer_port = number_b, .towards_b = true, .cost = cost, .role = spec.links[i].role};
    ports_[at_b] = {.link = {i}, .peer = a, .peer_port = number_a, .towards_b = false, .cost = cost, .role = spec.links[i].role};
  }
}

}  // namespace weft
