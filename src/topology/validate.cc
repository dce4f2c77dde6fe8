#include "topology/validate.hh"

#include <string_view>
#include <unordered_set>

#include "base/check.hh"
#include "topology/bounds.hh"
#include "topology/connectivity.hh"

namespace weft {
namespace {

void check_nodes(const TopologySpec& spec, const TopologyParameters& from) {
  if (spec.hosts == 0) topology_error(from, "the network has no host");
  require_buildable(from, spec.end_points(), spec.nodes.size() - spec.end_points(), spec.links.size());
  std::unordered_set<std::string_view> names;
  for (std::size_t i = 0; i < spec.nodes.size(); ++i) {
    const NodeSpec& node = spec.nodes[i];
    if (node.name.empty()) topology_error(from, "a node has an empty name");
    if (!names.insert(node.name).second) topology_error(from, "two nodes are named " + node.name, "names must be unique");
    if ((node.tier == 0) != (i < spec.end_points())) topology_error(from, node.name + " stands among the wrong nodes: hosts come first");
    if (node.latency.v < 0 || node.latency > largest_delay) {
      topology_error(from, node.name + ": the switch latency must lie between 0 and 10 s");
    }
  }
}

std::string link_name(const TopologySpec& spec, const LinkSpec& link) {
  return "link " + spec.nodes[link.a.index()].name + " - " + spec.nodes[link.b.index()].name;
}

void check_links(const TopologySpec& spec, const TopologyParameters& from) {
  std::vector<std::uint32_t> degree(spec.nodes.size(), 0);
  for (const LinkSpec& link : spec.links) {
    if (link.a.index() >= spec.nodes.size() || link.b.index() >= spec.nodes.size()) {
      topology_error(from, "a link ends at a node that does not exist");
    }
    if (link.a == link.b) topology_error(from, link_name(spec, link) + " joins a node with itself");
    if (link.rate < least_rate || link.rate > largest_rate) {
      topology_error(from, link_name(spec, link) + ": the rate is missing or not between 1kbps and 100Tbps", "for example 400Gbps");
    }
    if (link.delay.v <= 0 || link.delay > largest_delay) {
      topology_error(from, link_name(spec, link) + ": the delay is missing, not above 0, or above 10 s", "for example 1us");
    }
    CHECK(link.cost >= 1 && link.cost <= max_link_cost, "cost", int{link.cost});
    ++degree[link.a.index()];
    ++degree[link.b.index()];
  }
  for (std::size_t i = 0; i < degree.size(); ++i) {
    if (degree[i] > max_ports) topology_error(from, spec.nodes[i].name + " has more than " + std::to_string(max_ports) + " ports");
  }
}

}  // namespace

void validate_parts(const TopologySpec& spec, const TopologyParameters& from) {
  check_nodes(spec, from);
  check_links(spec, from);
}

void validate(const TopologySpec& spec, const TopologyParameters& from) {
  validate_parts(spec, from);
  if (spec.apart) return;
  if (const auto pair = unreachable_pair(spec)) {
    topology_error(from,
                   "the network is not connected: " + spec.nodes[pair->first.index()].name + " cannot reach " +
                       spec.nodes[pair->second.index()].name + " through switches",
                   "hosts do not forward; add a link between the two parts");
  }
}

}  // namespace weft
