// Scheduled fabrics run as a whole: what their tests look at.
#pragma once

#include <string>

#include "support/sim_runs.hh"

namespace weft::test {

inline std::uint64_t gse_count(const Results& results, const std::string& name) {
  for (const NamedCount& count : results.gse) {
    if (count.name == name) return count.count;
  }
  ADD_FAILURE() << "no count " << name;
  return 0;
}

// A RoCE responder that sees a gap answers with a NAK.
inline void expect_order_kept(const Results& results) {
  EXPECT_EQ(results.status, RunStatus::done) << results.status_reason;
  for (const FlowResult& flow : results.flows) {
    EXPECT_EQ(flow.naks, 0U) << flow.spec.label;
    EXPECT_EQ(flow.retransmissions, 0U) << flow.spec.label;
  }
  EXPECT_EQ(results.counters.drops, 0U);
  EXPECT_EQ(gse_count(results, "queues_made"), gse_count(results, "queues_released"));
}

}  // namespace weft::test
