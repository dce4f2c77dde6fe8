// Small scheduled fabrics with credits drawn from a seed, in both modes, alone and in pods: nothing is lost, every credit comes back,
// and at whatever instant a run is cut its accounts are balanced.
#include <gtest/gtest.h>

#include <cstdlib>

#include "support/credit_accounts.hh"
#include "support/gse_runs.hh"
#include "support/random_gse_scenario.hh"
#include "support/seeds.hh"

namespace weft {

using namespace test;

namespace {

Scenario drawn(Random& random, std::uint64_t seed, GseMode mode) {
  Scenario s;
  s.name = s.file = "drawn";
  s.seed = seed;
  s.topology = random_topology(random);
  s.fabric.congestion = "none";
  s.fabric.scheduling = Scheduling::gse;
  s.fabric.mtu = static_cast<std::uint32_t>(pick(random, {256, 1'024, 4'096}));
  if (random.below(2) == 0) s.fabric.ack_class = 5;
  s.fabric.gse.container = {pick(random, {1'024, 4'096, 16'384, 65'536})};
  s.fabric.gse.spray = static_cast<ContainerSpray>(random.below(3));
  if (random.below(2) == 0) s.fabric.gse.initial_credit = Bytes{pick(random, {0, 2'000, 60'000, 400'000})};
  s.fabric.gse.hole_timeout = s.fabric.gse.credit_age = Duration{10'000'000'000};  // the slowest of these networks takes long
  if (random.below(3) == 0) random_gse_pods(random, s.topology);
  random_gse_nics(random, s);
  s.fabric.gse.mode = mode;
  if (mode == GseMode::e2e && s.fabric.gse.spray == ContainerSpray::least_queued) s.fabric.gse.spray = ContainerSpray::random;
  give_nics(s);
  do random_cbfc(random, s);
  while (s.fabric.lossless != Lossless::cbfc);
  random_flows(random, s);
  return s;
}

bool one_seed() { return std::getenv("WEFT_TEST_SEED") != nullptr; }  // which alone need not meet what all of them meet

class GseDrawn : public testing::TestWithParam<GseMode> {};

TEST_P(GseDrawn, NothingIsLostAndEveryCreditComesBack) {
  Duration blocked{};
  std::uint64_t held = 0;
  for_each_seed(30, [&](Random& random, std::uint64_t seed) {
    const Results r = expect_all_credits_back(drawn(random, seed, GetParam()), 0);
    expect_order_kept(r);
    EXPECT_EQ(completed(r), r.flows.size());
    for (const char* name : {"holes_passed_over", "packets_lost", "drops_late", "drops_beyond_window"})
      EXPECT_EQ(gse_count(r, name), 0U) << name;
    blocked += r.counters.link.credit_blocked;
    held += gse_count(r, "packets_held");
  });
  if (one_seed()) return;
  EXPECT_GT(blocked.v, 0);
  EXPECT_GT(held, 100U);
}

// The end of a run compares what receivers have counted and freed with what is in queues, on wires, and held for its turn.
TEST_P(GseDrawn, AccountsAreBalancedAtAnyInstant) {
  std::uint64_t out = 0;
  for_each_seed(60, [&](Random& random, std::uint64_t seed) {
    Scenario s = drawn(random, seed, GetParam());
    s.duration = Time{draw(random, 3'000'000, 60'000'000)};
    const RunOptions options;
    Simulation simulation(s, options);
    simulation.execute();
    const Results r = simulation.results();
    EXPECT_EQ(r.counters.drops, 0U);
    for_each_account(simulation.network(), [&out](const CbfcSender& sender, const CbfcReceiver&) { out += sender.used() > 0 ? 1 : 0; });
  });
  EXPECT_TRUE(one_seed() || out > 100) << out;
}

// The header that a GSP adds costs every other frame a credit of 32 bytes, and where it is now must be known of packets that wait for
// grants, for those of their own switch, and for their turn while their link's credits stand for them: the shared part is 4 KB.
TEST(GseDrawnAccounts, HeadersAreWhereTheyAre) {
  std::uint64_t held = 0, blocked = 0;
  for_each_seed(60, [&](Random& random, std::uint64_t seed) {
    Scenario s = scenario_of(
        "topology: { kind: leaf-spine, leaves: 2, spines: 4, hosts_per_leaf: 4, link: { rate: 400Gbps, delay: 1us } }\n"
        "fabric: { congestion: none, scheduling: gse, mtu: 1024, lossless: cbfc, cbfc: { credits: 9KB, credit_size: 32B },\n"
        "  buffer: 138886B, gse: { container: 1KiB, spray: random, window: 9KB } }\n"
        "workloads: [ { kind: incast, fan_in: 7, size: 3000B, destination: 0 }, { kind: all-to-all, size: " +
        std::to_string(draw(random, 1, 4'000)) + "B } ]\n");
    s.seed = seed;
    s.fabric.gse.initial_credit = Bytes{pick(random, {0, 400'000})};
    s.duration = Time{draw(random, 1'000'000, 12'000'000)};
    const RunOptions options;
    Simulation simulation(s, options);
    simulation.execute();
    const Results r = simulation.results();
    held += gse_count(r, "packets_held");
    blocked += r.counters.link.credit_blocked.v > 0 ? 1 : 0;
  });
  EXPECT_TRUE(one_seed() || (held > 100 && blocked > 10)) << held << ' ' << blocked;
}

// Between a host and its NIC there are pauses: what they cannot hold back has room, however small the frames that get headers there.
TEST(GseDrawnNics, RoomBehindAPauseHoldsHeadersToo) {
  std::uint64_t pauses = 0;
  for_each_seed(24, [&](Random& random, std::uint64_t seed) {
    Scenario s = drawn(random, seed, GseMode::e2e);
    s.fabric.mtu = 256;
    s.fabric.gse.nic_buffer = {20'000};
    if (seed % 2 == 0) s.fabric.lossless = Lossless::pfc;
    const Results r = in_order(s);
    EXPECT_EQ(r.counters.drops_buffer, 0U);
    pauses += r.counters.pauses;
  });
  EXPECT_TRUE(one_seed() || pauses > 100) << pauses;
}

INSTANTIATE_TEST_SUITE_P(Modes, GseDrawn, testing::Values(GseMode::n2n, GseMode::e2e),
                         [](const auto& mode) { return mode.param == GseMode::n2n ? "n2n" : "e2e"; });

}  // namespace
}  // namespace weft
