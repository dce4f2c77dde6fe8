// What a scheduled fabric counted, summed over its GSPs (fabric/gse_plan.hh), by name: the object `gse` of summary.json. Sums, but
// for what begins with `most_`: the largest of any GSP.
#pragma once

#include <vector>

#include "report/results.hh"

namespace weft {

struct Network;

[[nodiscard]] std::vector<NamedCount> gse_counts(const Network& network);
// GSPs where something waits that was granted nothing, and by which ports it would leave.
[[nodiscard]] std::vector<WaitEdge> waits_for_grants(const Network& network, std::size_t most);

}  // namespace weft
