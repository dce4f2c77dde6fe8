#include "topology/bounds.hh"
#include "topology/builders.hh"
#include "topology/spec_builder.hh"

namespace weft {

TopologySpec build_single_switch(const TopologyParameters& parameters) {
  require_positive(parameters, {{"hosts", parameters.hosts}});
  require_buildable(parameters, parameters.hosts, 1, parameters.hosts);
  SpecBuilder builder(parameters.kind);
  const NodeId hosts = builder.add("host", parameters.hosts, 0);
  const NodeId access = builder.add("switch", 1, 1, parameters.switch_latency);
  for (std::uint32_t h = 0; h < parameters.hosts; ++h) builder.connect(nth(hosts, h), access, parameters.link);
  return builder.take();
}

}  // namespace weft
