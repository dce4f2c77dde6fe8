// DCQCN, the set of the paper, under PFC: 2, 8 and 32 endless flows into one 100 Gb/s host share it fairly. Over the last half
// of 200 ms: Jain's index (sum x)^2 / (n sum x^2) at least 0.95, utilisation at least 0.9.
#include <gtest/gtest.h>

#include <sstream>

#include "support/sim_runs.hh"

namespace weft {

using namespace test;

namespace {

std::string text_for(int flows) {
  std::ostringstream text;
  text << "topology: { kind: switch, hosts: " << flows + 1 << ", link: { rate: 100Gbps, delay: 1us } }\n"
       << "fabric: { congestion: dcqcn, dcqcn_set: paper, lossless: pfc }\nduration: 200ms\n"
       << "trace: { flows: [ 0-" << flows - 1 << " ], interval: 1ms }\nworkloads:\n  - kind: flows\n    flows:\n";
  for (int i = 0; i < flows; ++i) text << "      - { id: " << i << ", src: " << i << ", dst: " << flows << ", size: 100GB }\n";
  return text.str();
}

class DcqcnFairness : public ::testing::TestWithParam<int> {};

TEST_P(DcqcnFairness, SharesOneLink) {
  const Results r = run_text(text_for(GetParam()));
  EXPECT_EQ(r.counters.drops, 0U);
  double sum = 0, squares = 0;
  int flows = 0;
  for (const TraceSeries& trace : r.traces) {
    if (trace.what != "rate") continue;
    double rate = 0;
    for (std::size_t i = 0; i < trace.at.size(); ++i) {
      if (trace.at[i] >= Time{100'000'000'000}) rate += trace.value[i] / 100;
    }
    sum += rate;
    squares += rate * rate;
    ++flows;
  }
  ASSERT_EQ(flows, GetParam());
  const double jain = sum * sum / (flows * squares), utilisation = sum / (100.0 * 4096 / 4178);
  RecordProperty("jain", std::to_string(jain));
  RecordProperty("utilisation", std::to_string(utilisation));
  EXPECT_GE(jain, 0.95);
  EXPECT_GE(utilisation, 0.9);
}

INSTANTIATE_TEST_SUITE_P(Flows, DcqcnFairness, ::testing::Values(2, 8, 32), [](const auto& p) { return std::to_string(p.param); });

}  // namespace
}  // namespace weft
