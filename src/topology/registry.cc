#include "topology/registry.hh"

#include <array>
#include <utility>

#include "topology/bounds.hh"
#include "topology/builders.hh"
#include "topology/places.hh"
#include "topology/servers.hh"
#include "topology/validate.hh"

namespace weft {
namespace {

struct Entry {
  const char* kind;
  TopologySpec (*build)(const TopologyParameters&);
};

constexpr std::array registry{
    Entry{"switch", build_single_switch},
    Entry{"leaf-spine", build_leaf_spine},
    Entry{"clos", build_clos},
    Entry{"rail", build_rail},
    Entry{"graph", build_graph},
    Entry{"topo", build_htsim_topo},
    Entry{"three-tier", build_three_tier},
    Entry{"rail-pods", build_rail_pods},
    Entry{"multi-pod", build_multi_pod},
};

}  // namespace

std::vector<std::string> topology_kinds() {
  std::vector<std::string> kinds;
  kinds.reserve(registry.size());
  for (const Entry& entry : registry) kinds.emplace_back(entry.kind);
  return kinds;
}

TopologySpec build_topology(const TopologyParameters& parameters) {
  const std::string kind = parameters.file.empty() ? parameters.kind : "topo";
  for (const Entry& entry : registry) {
    if (kind != entry.kind) continue;
    TopologySpec network = entry.build(parameters);
    validate(network, parameters);
    mark_places(network);
    TopologySpec spec = add_servers(std::move(network), parameters);
    validate_parts(spec, parameters);
    return spec;
  }
  std::string known;
  for (const std::string& name : topology_kinds()) known += (known.empty() ? "" : ", ") + name;
  topology_error(parameters, "no such kind of topology", "known kinds: " + known);
}

}  // namespace weft
