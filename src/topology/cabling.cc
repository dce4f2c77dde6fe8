#include "topology/cabling.hh"

namespace weft {

Cabling cabling_of(const TopologySpec& spec, Duration copper) {
  Cabling cabling;
  for (const LinkSpec& link : spec.links) {
    if (link.role != LinkRole::network) continue;
    if (link.delay <= copper) {
      ++cabling.copper;
    } else {
      ++cabling.optical;
      cabling.transceivers[link.rate] += 2;
    }
  }
  return cabling;
}

}  // namespace weft
