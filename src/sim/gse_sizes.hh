// Sizes and timers of a scheduled fabric, where `fabric.gse` does not say them: from the round trip at rest, the fastest host link and
// the buffers.
//
//   BDP             what that link carries in the round trip
//   room            half of what a switch shares among its ports: of its buffer, less all headroom; a lossy class alone may fill
//                   alpha / (1 + alpha) of it, and its room is no more; no limit with credits, which lose nothing
//   window          2 BDP and 4 quanta, at most 3/4 of the room, at least 4 quanta
//   initial credit  1 BDP, where NICs are GSPs at most 64 KiB; at most (room - window) / senders
//   senders         GSPs that may send to one exit: all others of the domain; where that is too many for the room, those that flows
//                   lead from
//   timers          request_repeat 20 us, hole_timeout 40 us (NICs: 400 us), at least 2 round trips; credit_age 200 us (NICs: 1 ms),
//                   at least 4
// So what comes before grants can slow it fits beside what is granted, though all send at once; two ports of a switch may be so filled.
// Errors: InputError for a quantum of more than half the window. Source: project profile.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "fabric/gse_plan.hh"
#include "workload/flow.hh"

namespace weft {

struct GseSizing {
  const GseParameters& parameters;
  std::span<const FlowSpec> flows;
  Bytes bdp{}, room{};
  const std::string& where;
};

void set_gse_sizes(GsePlan& plan, const GseSizing& sizing);
// What must be said of them: packets may be dropped, or the window follows the buffer and limits the rate.
struct GseRemarks {
  std::vector<std::string> warnings, notes;
};
[[nodiscard]] GseRemarks remarks_on(const GsePlan& plan, const GseSizing& sizing);

}  // namespace weft
