// A network in words: nodes and ports by tier, links by class, bisection.
#pragma once

#include <string>
#include <vector>

#include "topology/spec.hh"

namespace weft {

[[nodiscard]] std::vector<std::string> network_lines(const TopologySpec& spec);
// "leaf0-spine3  400 Gb/s  1 us", one a link: the names that `links:` and `trace:` use.
[[nodiscard]] std::vector<std::string> link_lines(const TopologySpec& spec);

}  // namespace weft
