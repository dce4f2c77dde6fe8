// How many uplinks an oversubscription ratio asks for, where the scenario does not give their number.
//
// Rule: oversubscription o = capacity below / capacity above, so uplinks = ceil(down_links * down_rate / (o * up_rate)).
// o is read to six decimals; a quotient within 1e-5 above an integer counts as that integer (8/3 written as 2.666666).
#pragma once

#include <cstdint>

#include "base/units.hh"
#include "topology/parameters.hh"

namespace weft {

[[nodiscard]] std::uint32_t uplinks_for(const TopologyParameters& parameters, std::uint64_t down_links, Rate down_rate, Rate up_rate,
                                        std::uint64_t divided_among = 1);

}  // namespace weft
