// A network in words: nodes and ports by tier, how much narrower each is above than below, links by class, optics, bisection.
#pragma once

#include <string>
#include <vector>

#include "topology/parameters.hh"
#include "topology/spec.hh"

namespace weft {

// `copper`: see topology/cabling.hh.
[[nodiscard]] std::vector<std::string> network_lines(const TopologySpec& spec, Duration copper = TopologyParameters{}.copper);
// "leaf0-spine3  400 Gb/s  1 us", one a link: the names that `links:` and `trace:` use.
[[nodiscard]] std::vector<std::string> link_lines(const TopologySpec& spec);

}  // namespace weft
