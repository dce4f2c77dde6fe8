// In-network all-reduce: every member sends its part up to one switch, which adds and sends the sum to all of them.
//
// Rule: each chunk on its own: n uploads, one network_reduce when the last has arrived, one multicast. Each member sends S and
// receives S. Time without contention: (chunks + 1)(alpha + chunk/B), plus the switch's own delay.
// Source: Graham et al.: Scalable Hierarchical Aggregation Protocol (SHArP), COMHPC 2016.
#pragma once

#include "collective/builder.hh"

namespace weft::collective {

// Uploads of the same range of these members, and the sum of them at the switch.
struct NetworkSum {
  TaskId ready;
  Run run;
};
// `ready`: by member, what its upload waits for.
[[nodiscard]] NetworkSum sum_in_switch(Builder& builder, SwitchId where, std::span<const Member> members, Range range, Channel channel,
                                       const Front& ready);

void in_network_all_reduce(Builder& builder);

}  // namespace weft::collective
