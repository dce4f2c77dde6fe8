// Conservation over random scenarios: every packet that was put on a wire arrived, was dropped and counted, or is still there.
//
// A tap that knows nothing of queues and counters sees every frame start. For each switch, without pause frames,
//   started towards it - lost on those links - still on them = started by it + refused by it + queued in it.
// Losses count pause frames, too; where a switch's neighbours are switches that may have paused it, only bounds can be given.
#include <gtest/gtest.h>

#include "sim/simulation.hh"
#include "support/random_scenario.hh"
#include "support/seeds.hh"
#include "support/sim_runs.hh"

namespace weft {

using namespace test;

namespace {

struct Started {
  std::uint64_t packets = 0, bytes = 0, pauses = 0, pause_bytes = 0;
};

class CountingTap final : public Tap {
 public:
  explicit CountingTap(std::size_t links) : links_(links) {}
  void started(Worker&, std::uint32_t link, const Record& record, Time) override {
    Started& s = links_[link];
    const bool pause = record.kind() == RecordKind::pause;
    ++(pause ? s.pauses : s.packets);
    (pause ? s.pause_bytes : s.bytes) += record.wire_bytes;
  }
  void depth(Worker&, std::uint32_t, std::uint64_t, Time) override {}
  [[nodiscard]] const Started& on(std::uint32_t link) const { return links_[link]; }

 private:
  std::vector<Started> links_;
};

void attach(Network& network, CountingTap& tap) {
  for (HostNode* host : network.hosts) host->watch(&tap, nullptr);
  for (Switch* s : network.switches) {
    if (s != nullptr) s->set_tap(&tap);
  }
  for (std::uint32_t directed = 0; directed < network.egress.size(); ++directed) network.port_of(directed).flags |= EgressPort::tapped;
}

std::uint64_t on_the_way(const Network& network, std::uint32_t link) {
  std::uint64_t count = 0;
  network.exchange.links[link].ring.for_each([&](const Record& r) { count += r.kind() != RecordKind::pause ? 1 : 0; });
  return count;
}

struct Balance {
  std::uint64_t in = 0, lost_in = 0, pauses_in = 0, out = 0, queued = 0, refused = 0;
};

Balance balance_of(Network& network, const Results& results, const CountingTap& tap, std::uint32_t node) {
  Balance b;
  Switch& s = *network.switches[node];
  b.refused = s.drops_no_route();
  for (std::uint32_t link = 0; link < network.egress.size(); ++link) {
    const PortResult& port = results.ports[link];
    if (network.exchange.links[link].node == node) {
      b.in += tap.on(link).packets - on_the_way(network, link);
      b.pauses_in += tap.on(link).pauses;
      b.lost_in += port.drops_loss + port.drops_down;
    }
    if (network.egress[link].node != node) continue;
    b.out += tap.on(link).packets;
    b.refused += port.drops_buffer;
    for (std::uint8_t slot = 0; slot < network.classes.slots; ++slot) {
      network.queue_of(link, slot).ring.for_each([&](const Record&) { ++b.queued; });
    }
  }
  return b;
}

TEST(SimConservation, EveryPacketIsSomewhere) {
  std::uint64_t drops = 0, cut_short = 0, exact = 0;
  for_each_seed(250, [&](Random&, std::uint64_t seed) {
    const Scenario scenario = random_scenario(seed + 10'000);
    const RunOptions options;
    Simulation simulation(scenario, options);
    Network& network = simulation.network();
    CountingTap tap(network.egress.size());
    attach(network, tap);
    simulation.execute();
    const Results r = simulation.results();
    drops += r.counters.drops;
    for (std::uint32_t link = 0; link < network.egress.size(); ++link) {
      EXPECT_EQ(r.ports[link].packets, tap.on(link).packets + tap.on(link).pauses);
      EXPECT_EQ(r.ports[link].bytes, tap.on(link).bytes + tap.on(link).pause_bytes);
      cut_short += on_the_way(network, link) > 0 ? 1 : 0;
    }
    for (std::uint32_t node = network.spec.end_points(); node < network.spec.nodes.size(); ++node) {
      const Balance b = balance_of(network, r, tap, node);
      const std::uint64_t pauses_lost_at_most = std::min(b.pauses_in, b.lost_in);
      exact += pauses_lost_at_most == 0 ? 1 : 0;
      const std::uint64_t accounted = b.out + b.queued + b.refused;
      EXPECT_GE(accounted, b.in - b.lost_in) << network.spec.nodes[node].name;
      EXPECT_LE(accounted, b.in - b.lost_in + pauses_lost_at_most) << network.spec.nodes[node].name;
    }
    for (const FlowResult& flow : r.flows) {
      EXPECT_LE(flow.delivered, flow.spec.size);
      EXPECT_TRUE(flow.status != FlowStatus::completed || flow.delivered == flow.spec.size);
    }
  });
  if (std::getenv("WEFT_TEST_SEED") != nullptr) return;
  EXPECT_GT(drops, 1000U);
  EXPECT_GT(cut_short, 0U);
  EXPECT_GT(exact, 300U);
}

}  // namespace
}  // namespace weft
