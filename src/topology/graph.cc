#include <string_view>
#include <unordered_map>

#include "base/error.hh"
#include "base/parse.hh"
#include "topology/bounds.hh"
#include "topology/builders.hh"
#include "topology/spec_builder.hh"

namespace weft {
namespace {

using Names = std::unordered_map<std::string_view, NodeId>;

std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) row[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t replaced = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
      diagonal = row[j];
      row[j] = std::min({row[j] + 1, row[j - 1] + 1, replaced});
    }
  }
  return row[b.size()];
}

// The name most like `wanted`, the first in the order of the scenario where several are.
std::string nearest_name(const TopologyParameters& p, const std::string& wanted) {
  const std::string* best = nullptr;
  std::size_t least = wanted.size() + 1;
  for (const auto* list : {&p.graph_hosts, &p.graph_switches}) {
    for (const std::string& name : *list) {
      const std::size_t distance = edit_distance(wanted.substr(0, 64), std::string_view(name).substr(0, 64));
      if (distance >= least) continue;
      least = distance;
      best = &name;
    }
  }
  return best == nullptr ? "list it under `hosts` or `switches`" : "did you mean " + *best + "?";
}

NodeId find_node(const TopologyParameters& p, const Names& names, const std::string& name, int line) {
  const auto found = names.find(name);
  if (found != names.end()) return found->second;
  throw InputError(place(p.source, line != 0 ? line : p.line), "topology (graph): a link names the unknown node " + name,
                   nearest_name(p, name));
}

void add_node(const TopologyParameters& p, SpecBuilder& builder, Names& names, const std::string& name, std::uint8_t tier) {
  if (name.empty()) topology_error(p, "a node has an empty name");
  const NodeId id = builder.add_named(name, tier, p.switch_latency);
  if (!names.emplace(name, id).second) topology_error(p, "two nodes are named " + name, "names must be unique");
}

}  // namespace

TopologySpec build_graph(const TopologyParameters& p) {
  require_positive(p, {{"hosts", p.graph_hosts.size()}, {"links", p.graph_links.size()}});
  require_buildable(p, p.graph_hosts.size(), p.graph_switches.size(), p.graph_links.size());
  SpecBuilder builder(p.kind);
  Names names;
  for (const std::string& name : p.graph_hosts) add_node(p, builder, names, name, 0);
  for (const std::string& name : p.graph_switches) add_node(p, builder, names, name, 1);
  for (const GraphLink& link : p.graph_links) {
    const NodeId a = find_node(p, names, link.a, link.line);
    const NodeId b = find_node(p, names, link.b, link.line);
    const std::string where = place(p.source, link.line != 0 ? link.line : p.line);
    const std::string who = "topology (graph): link " + link.a + " - " + link.b;
    if (a == b) throw InputError(where, who + " joins a node with itself");
    if (link.link.rate < least_rate || link.link.rate > largest_rate) {
      throw InputError(where, who + ": the rate is missing or not between 1kbps and 100Tbps", "for example 400Gbps");
    }
    if (link.link.delay.v <= 0 || link.link.delay > largest_delay) {
      throw InputError(where, who + ": the delay is missing, not above 0, or above 10 s", "for example 1us, or a length such as 200m");
    }
    builder.connect(a, b, link.link);
  }
  return builder.take();
}

}  // namespace weft
