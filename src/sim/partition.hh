// Partition: which thread runs which node, in which order. Hosts stay with their access switch, and what is inside a server with
// its GPUs; a server of several access switches stands by itself. Access switches, and the switches above them, are each dealt
// out in runs of about equal weight (ports).
#pragma once

#include <cstdint>
#include <vector>

#include "topology/ports.hh"
#include "topology/spec.hh"

namespace weft {

struct Partition {
  std::vector<std::uint16_t> owner;             // by node
  std::vector<std::vector<std::uint32_t>> own;  // by thread, in the order of visits
};

[[nodiscard]] Partition make_partition(const TopologySpec& spec, const PortMap& ports, unsigned threads);

}  // namespace weft
