// One long flow over a lossy link, simulated whole: 100 Gb/s, RTT 100 us, timeout n = 8 (1.05 ms), loss in the data direction.
//   go-back-N         U = (1-p) / (1-p + p(W+1) + p^2 RTO C / (8 MTU)), W = C RTT / (8 MTU): within 10 %
//   selective repeat  U >= 0.98 (1-p)
// U is the share of the link's payload rate, averaged over seeds.
#include <gtest/gtest.h>

#include "support/sim_runs.hh"

namespace weft {

using namespace test;

namespace {

constexpr double line = 100e9, mtu = 4096, rtt = 100e-6, timeout = 4.096e-6 * 256;

double utilisation(const std::string& recovery, double p, double bytes, int seeds) {
  double sum = 0;
  for (int seed = 1; seed <= seeds; ++seed) {
    char text[600];
    // 24.8 us a link: four of them, two frames and two ACKs on the wire make 100 us.
    std::snprintf(text, sizeof text, R"(
topology: { kind: switch, hosts: 2, link: { rate: 100Gbps, delay: 24830ns } }
fabric: { congestion: none, lossless: none, buffer: 1GB, recovery: %s, timeout_exponent: 8 }
links: [ { link: host0>switch0, loss: %g } ]
workloads: [ { kind: flows, flows: [ { src: 0, dst: 1, size: %.0fB } ] } ]
seed: %d
)",
                  recovery.c_str(), p, bytes, seed);
    const Results r = run_text(text);
    EXPECT_EQ(r.status, RunStatus::done) << r.status_reason;
    const FlowResult& flow = r.flows.at(0);
    sum += bytes * 8 / (seconds(flow.sender_done - flow.start) - rtt) / (line * 4096 / 4178);
  }
  return sum / seeds;
}

struct Case {
  double p;
  double packets;
  int seeds;
};

// At 1e-6 the formula says 0.9997: there a few losses say little, and the tolerance is wide.
class SimGoodput : public ::testing::TestWithParam<Case> {
 protected:
  [[nodiscard]] double bytes() const { return GetParam().packets * mtu * (full() ? 10 : 1); }
};

TEST_P(SimGoodput, GoBackNFollowsItsFormula) {
  const double p = GetParam().p, window = line * rtt / (8 * mtu);
  const double formula = (1 - p) / (1 - p + p * (window + 1) + p * p * timeout * line / (8 * mtu));
  const double measured = utilisation("go-back-n", p, bytes(), GetParam().seeds);
  RecordProperty("measured_over_formula", std::to_string(measured / formula));
  EXPECT_NEAR(measured / formula, 1, 0.1) << "formula " << formula;
}

TEST_P(SimGoodput, SelectiveRepeatLosesNoMoreThanTheLink) {
  const double measured = utilisation("selective", GetParam().p, bytes(), GetParam().seeds);
  RecordProperty("utilisation", std::to_string(measured));
  EXPECT_GE(measured, 0.98 * (1 - GetParam().p));
}

INSTANTIATE_TEST_SUITE_P(Loss, SimGoodput,
                         ::testing::Values(Case{1e-6, 200'000, 2}, Case{1e-5, 200'000, 3}, Case{1e-4, 200'000, 3}, Case{1e-3, 200'000, 3}),
                         [](const auto& p) { return "Case" + std::to_string(p.index); });

}  // namespace
}  // namespace weft
