// Incast under PFC without congestion control: nothing is lost, links are paused, and the last flow ends when the receiver's
// link has carried every byte: n * size in frames of 4,178 bytes over its rate, plus the base delay; within 2 %.
#include <gtest/gtest.h>

#include "support/sim_runs.hh"

namespace weft {

using namespace test;

namespace {

void expect_incast(const std::string& topology, const std::string& buffer, int fan_in, std::int64_t size) {
  const Results r =
      run_text("topology: " + topology + "\nfabric: { congestion: none, lossless: pfc, buffer: " + buffer +
               " }\nworkloads:\n  - { kind: incast, fan_in: " + std::to_string(fan_in) + ", size: " + std::to_string(size) + "B }\n");
  ASSERT_EQ(r.status, RunStatus::done) << r.status_reason;
  EXPECT_EQ(completed(r), static_cast<std::uint64_t>(fan_in));
  EXPECT_EQ(r.counters.drops, 0U);
  EXPECT_GT(r.counters.pauses, 0U);
  EXPECT_EQ(r.counters.retransmissions, 0U);
  const auto packets = static_cast<double>((size + 4095) / 4096);
  const double on_wire = fan_in * (static_cast<double>(size) + packets * 82);
  constexpr double rate = 400e9;
  constexpr double base_us = 8 + 7 * 4178 * 8 / rate * 1e6;  // 4 links of 1 us there and back; a frame a hop on the way
  const double expected_us = on_wire * 8 / rate * 1e6 + base_us;
  Time last{};
  for (const FlowResult& flow : r.flows) last = std::max(last, flow.sender_done);
  EXPECT_NEAR(static_cast<double>(last.ps) / 1e6, expected_us, 0.02 * expected_us);
  EXPECT_EQ(r.simulated_time, last);
}

TEST(SimIncast, FortyToOneLosesNothingAndFillsTheReceiversLink) {
  expect_incast("{ kind: leaf-spine, leaves: 8, spines: 8, hosts_per_leaf: 8, link: { rate: 400Gbps, delay: 1us } }", "4MB", 40, 500'000);
}

TEST(SimIncast, HundredToOneOn1024Hosts) {
  expect_incast("{ kind: leaf-spine, leaves: 32, spines: 32, hosts_per_leaf: 32, link: { rate: 400Gbps, delay: 1us } }", "64MB", 100,
                2'000'000);
}

}  // namespace
}  // namespace weft
