#include "topology/places.hh"

#include <algorithm>

namespace weft {

void mark_places(TopologySpec& spec) {
  for (std::size_t node = spec.hosts; node < spec.nodes.size(); ++node) {
    if (spec.nodes[node].place == SwitchPlace::none) spec.nodes[node].place = SwitchPlace::inner;
  }
  for (const LinkSpec& link : spec.links) {
    const NodeId low{std::min(link.a.v, link.b.v)}, high{std::max(link.a.v, link.b.v)};
    if (low.v < spec.hosts && high.v >= spec.hosts && spec.nodes[high.index()].place == SwitchPlace::inner) {
      spec.nodes[high.index()].place = SwitchPlace::edge;
    }
  }
}

}  // namespace weft
