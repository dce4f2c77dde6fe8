// Task graphs under the oracle: the same bytes for any window length and any number of threads, beside other traffic.
//
// WEFT_SEED=n repeats one scenario, WEFT_SCENARIOS=n sets how many are drawn.
#include <gtest/gtest.h>

#include <cstdlib>

#include "support/oracle_comparison.hh"
#include "support/random_scenario.hh"

namespace weft {
namespace {

struct Sample {
  const char* operation;
  const char* algorithm;
};

constexpr Sample samples[] = {{"all-reduce", "ring"},       {"all-reduce", "tree"},    {"all-reduce", "halving-doubling"},
                              {"all-gather", "bruck"},      {"reduce-scatter", "pat"}, {"all-to-all", "direct"},
                              {"barrier", "dissemination"}, {"broadcast", "tree"},     {"reduce", "ring"}};

WorkloadParameters random_collective(Random& random, std::uint32_t hosts) {
  WorkloadParameters w;
  w.kind = "collective";
  const Sample sample = samples[random.below(std::size(samples))];
  w.collective.operation = sample.operation;
  w.collective.algorithm = sample.algorithm;
  const auto n = static_cast<std::uint32_t>(test::draw(random, 2, hosts));
  for (std::uint32_t host = 0; host < n; ++host) w.hosts.push_back((host * 5 + n) % hosts);
  std::sort(w.hosts.begin(), w.hosts.end());
  w.hosts.erase(std::unique(w.hosts.begin(), w.hosts.end()), w.hosts.end());
  if (w.hosts.size() < 2) w.hosts = {0, 1};
  w.size = {4 * test::draw(random, 1, 40'000)};
  w.start = Time{random.below(2) == 0 ? 0 : test::draw(random, 0, 20'000'000)};
  w.collective.channels = static_cast<std::uint16_t>(test::draw(random, 1, 3));
  if (random.below(2) == 0) w.collective.chunk = {4 * test::draw(random, 500, 5'000)};
  w.collective.count = static_cast<std::uint32_t>(test::draw(random, 1, 3));
  if (random.below(2) == 0) w.collective.local_rate = Rate{test::pick(random, {10'000'000'000, 400'000'000'000})};
  if (w.collective.operation == "all-to-all") w.parallel = static_cast<std::uint32_t>(random.below(3));
  if (w.collective.operation == "barrier") w.size = {};
  return w;
}

// All hosts, and their switches: those of their servers, or the one of the network.
void reduce_in_switches(Scenario& s, Random& random) {
  WorkloadParameters w;
  w.kind = "collective";
  w.collective.operation = "all-reduce";
  w.collective.algorithm = s.topology.server ? (random.below(2) == 0 ? "nvls" : "nvls-tree") : "in-network";
  w.size = {4 * test::draw(random, 1, 40'000)};
  w.collective.chunk = {4 * test::draw(random, 500, 5'000)};
  s.workloads.push_back(w);
}

Scenario random_collectives(std::uint64_t seed) {
  Scenario s = test::random_scenario(seed);
  Random random(random_key(seed, RandomRoom::test, 2));
  if (random.below(2) == 0) s.workloads.clear();
  const std::uint64_t count = 1 + random.below(2);
  for (std::uint64_t i = 0; i < count; ++i) s.workloads.push_back(random_collective(random, test::host_count(s.topology)));
  const auto& server = s.topology.server;
  const bool in_servers = server && server->scale_up && server->scale_up->kind == ScaleUpParameters::Kind::through_switch &&
                          server->scale_up->reduces && server->gpus > 1;
  if (in_servers || (!server && s.topology.kind == "switch" && s.topology.reduction == Reduction::access)) reduce_in_switches(s, random);
  return s;
}

std::uint64_t from_environment(const char* name, std::uint64_t otherwise) {
  const char* value = std::getenv(name);
  return value == nullptr ? otherwise : std::strtoull(value, nullptr, 10);
}

TEST(SimCollectiveOracle, WindowsAndThreadsGiveTheOraclesBytes) {
  const std::uint64_t only = from_environment("WEFT_SEED", 0), count = from_environment("WEFT_SCENARIOS", 40);
  std::size_t over = 0, in_switches = 0;
  for (std::uint64_t seed = only == 0 ? 1 : only; seed <= (only == 0 ? count : only); ++seed) {
    const Scenario scenario = random_collectives(seed);
    const auto [r, longest] = test::run_oracle(scenario);
    for (const CollectiveResult& c : r.collectives) {
      over += c.end != Time::never() ? 1 : 0;
      in_switches += c.end != Time::never() && (c.algorithm == "in-network" || c.algorithm.rfind("nvls", 0) == 0) ? 1 : 0;
    }
    const std::string expected = test::outcome(r);
    struct Variant {
      unsigned threads;
      int divisor;
      std::uint64_t jitter;
    };
    for (const Variant v : {Variant{1, 1, 0}, Variant{1, 1, seed}, Variant{1, 7, 0}, Variant{2, 1, 0}, Variant{3, 3, seed}}) {
      if (v.threads > 1 && (longest.v < 500'000 || seed % 3 != 0) && only == 0) continue;
      EXPECT_EQ(test::run_windowed(scenario, v.threads, {Duration{std::max<std::int64_t>(1, longest.v / v.divisor)}, v.jitter}), expected)
          << v.threads << " threads, window / " << v.divisor << ", jitter " << v.jitter << "\nrepeat with: WEFT_SEED=" << seed
          << " ./weft_sim_test --gtest_filter=SimCollectiveOracle.*";
    }
    if (testing::Test::HasFailure()) return;
  }
  EXPECT_TRUE(only != 0 || over > count / 2) << over;
  EXPECT_TRUE(only != 0 || count < 40 || in_switches > 2) << in_switches;
}

}  // namespace
}  // namespace weft
