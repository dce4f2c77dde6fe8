// The windowed core against the oracle: the same bytes for any window length and any number of threads.
//
// WEFT_SEED=n repeats one scenario, WEFT_SCENARIOS=n sets how many are drawn.
#include <gtest/gtest.h>

#include <cstdlib>
#include <map>
#include <string>

#include "support/oracle_comparison.hh"
#include "support/random_gse_scenario.hh"
#include "support/random_link_layers.hh"
#include "support/random_scenario.hh"
#include "support/random_uet_scenario.hh"

namespace weft {
namespace {

std::uint64_t from_environment(const char* name, std::uint64_t otherwise) {
  const char* value = std::getenv(name);
  return value == nullptr ? otherwise : std::strtoull(value, nullptr, 10);
}

struct Variant {
  unsigned threads;
  int divisor;  // of the longest window
  std::uint64_t jitter;
};

// What the drawn scenarios met: they must have met what they are to prove.
struct Met {
  std::uint64_t pauses = 0, drops = 0, reroutes = 0, trims = 0, retransmissions = 0, replays = 0, timeouts = 0, flushed = 0, healed = 0;
  std::uint64_t by_port = 0;  // windows
  std::map<std::string, std::uint64_t> gse{};
};

Met compare(Scenario (*draw)(std::uint64_t seed), std::uint64_t first, std::uint64_t last, bool only) {
  Met met;
  std::uint64_t failures = 0;
  for (std::uint64_t seed = first; seed <= last && failures < 3; ++seed) {
    const Scenario scenario = draw(seed);
    const auto [r, longest] = test::run_oracle(scenario);
    met.pauses += r.counters.pauses;
    met.drops += r.counters.drops;
    met.reroutes += r.counters.drops_down;
    met.replays += r.counters.link.replays;
    met.healed += r.counters.link.credits_healed;
    met.timeouts += r.counters.link.timeouts;
    met.flushed += r.counters.link.flushed;
    met.trims += r.counters.trims;
    met.retransmissions += r.counters.retransmissions;
    for (const NamedCount& count : r.gse) met.gse[count.name] += count.count;
    const std::string expected = test::outcome(r);
    const Variant variants[] = {{1, 1, 0}, {1, 1, seed + 1}, {1, 3, 0}, {1, 100, 0}, {2, 1, 0}, {3, 3, 0}, {7, 1, seed}};
    for (const Variant& v : variants) {
      if (v.threads > 1 && (longest.v < 500'000 || seed % 3 != 0) && !only) continue;  // threads meet at every window: dear on few cores
      const auto [actual, by_port] =
          test::run_windows(scenario, v.threads, {Duration{std::max<std::int64_t>(1, longest.v / v.divisor)}, v.jitter});
      met.by_port += by_port;
      if (actual == expected) continue;
      ++failures;
      ADD_FAILURE() << "scenario " << seed << ", " << v.threads << " threads, window / " << v.divisor << ", jitter " << v.jitter
                    << "\noracle:\n"
                    << expected << "windowed:\n"
                    << actual << "repeat with: WEFT_SEED=" << seed
                    << " ./weft_sim_test --gtest_filter=" << testing::UnitTest::GetInstance()->current_test_info()->test_suite_name() << '.'
                    << testing::UnitTest::GetInstance()->current_test_info()->name();
    }
  }
  return met;
}

TEST(SimOracle, WindowsAndThreadsGiveTheOraclesBytes) {
  const std::uint64_t only = from_environment("WEFT_SEED", 0), count = from_environment("WEFT_SCENARIOS", 220);
  const Met met = compare(test::random_scenario, only == 0 ? 1 : only, only == 0 ? count : only, only != 0);
  if (only != 0 || count < 200) return;
  EXPECT_GT(met.pauses, 100U);
  EXPECT_GT(met.drops, 100U);
  EXPECT_GT(met.reroutes, 0U);
  EXPECT_GT(met.by_port, 1000U);
}

TEST(SimOracle, UltraEthernetToo) {
  const std::uint64_t only = from_environment("WEFT_SEED", 0), count = from_environment("WEFT_SCENARIOS", 220) / 2;
  const Met met = compare(test::random_uet_scenario, only == 0 ? 1 : only, only == 0 ? count : only, only != 0);
  if (only != 0 || count < 100) return;
  EXPECT_GT(met.trims, 100U);
  EXPECT_GT(met.drops, 100U);
  EXPECT_GT(met.pauses, 100U);
  EXPECT_GT(met.retransmissions, 100U);
  EXPECT_GT(met.by_port, 1000U);
}

// Which set-ups are drawn, and how often, of a hundred.
TEST(SimOracle, AllOfUltraEthernetIsDrawn) {
  std::map<std::string, int> drawn;
  for (std::uint64_t seed = 1; seed <= 100; ++seed) {
    const Scenario scenario = test::random_uet_scenario(seed);
    const FabricParameters& f = scenario.fabric;
    ++drawn[f.uet.delivery == Delivery::rod ? "rod" : f.uet.delivery == Delivery::rudi ? "rudi" : "rud"];
    for (const FlowSpec& flow : scenario.workloads.front().flows) drawn["tagged"] += flow.operation == Operation::tagged_send ? 1 : 0;
    const std::string paused = f.lossless == Lossless::pfc ? ", paused" : "", sleek = f.recovery == Recovery::sleek ? ", sleek" : "";
    ++drawn[f.congestion + paused];
    ++drawn[f.congestion + sleek];
    EXPECT_FALSE(f.lossless != Lossless::none && (f.uet.trimming || f.queue)) << "seed " << seed;
  }
  for (const char* const kind : {"nscc, paused", "rccc, paused", "nscc+rccc, paused", "none, paused", "nscc, sleek", "nscc+rccc, sleek",
                                 "rud", "rod", "rudi", "tagged"})
    EXPECT_GE(drawn[kind], 3) << kind;
}

TEST(SimOracle, LinkLayersToo) {
  const std::uint64_t only = from_environment("WEFT_SEED", 0), count = from_environment("WEFT_SCENARIOS", 220) / 2;
  const Met met = compare(test::random_layered_scenario, only == 0 ? 1 : only, only == 0 ? count : only, only != 0);
  if (only != 0 || count < 100) return;
  EXPECT_GT(met.replays, 100U);
  EXPECT_GT(met.timeouts, 20U);
  EXPECT_GT(met.flushed, 20U);
  EXPECT_GT(met.healed, 100U);
  EXPECT_GT(met.by_port, 1000U);
}

TEST(SimOracle, ScheduledFabricsToo) {
  const std::uint64_t only = from_environment("WEFT_SEED", 0), count = from_environment("WEFT_SCENARIOS", 220) / 2;
  const Met met = compare(test::random_gse_scenario, only == 0 ? 1 : only, only == 0 ? count : only, only != 0);
  if (only != 0 || count < 100) return;
  for (const auto& [name, sum] : met.gse) EXPECT_TRUE(sum > 10 || name.rfind("drops_", 0) == 0) << name << ' ' << sum;
  EXPECT_GT(met.pauses, 50U);
  EXPECT_GT(met.drops, 100U);
  EXPECT_GT(met.replays, 50U);
  EXPECT_GT(met.healed, 50U);
  EXPECT_GT(met.by_port, 1000U);
}

// Exact ties of timers and arrivals, which no draw would hit.
TEST(SimOracle, AFlowThatStartsWhenAPacketArrives) {
  const std::uint64_t only = from_environment("WEFT_SEED", 0);
  std::size_t tied = 0;
  for (std::uint64_t seed = only == 0 ? 1 : only; seed <= (only == 0 ? 20 : only); ++seed) {
    const Scenario drawn = test::random_scenario(seed);
    const Scenario scenario = test::with_tied_starts(drawn, test::run_oracle(drawn).results);
    tied += scenario.workloads.front().flows.size() - drawn.workloads.front().flows.size();
    EXPECT_EQ(test::run_windowed(scenario, 1, {}), test::outcome(test::run_oracle(scenario).results))
        << "repeat with: WEFT_SEED=" << seed << " ./weft_sim_test --gtest_filter=SimOracle.*";
  }
  EXPECT_TRUE(only != 0 || tied > 30) << tied;
}

}  // namespace
}  // namespace weft
