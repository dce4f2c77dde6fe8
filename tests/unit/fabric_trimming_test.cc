// What a switch cuts, drops and passes on when a port has no room, against times worked out by hand; and that nothing is lost
// sight of, whatever arrives.
#include <gtest/gtest.h>

#include <map>
#include <vector>

#include "support/lone_switch.hh"
#include "support/seeds.hh"

namespace weft {

using namespace test;

namespace {

constexpr std::uint16_t full = 4178, cut_size = 84;
constexpr std::int64_t byte_time = 80;  // picoseconds at 100 Gb/s

struct Left {
  Time at{};
  Record record;
};

// The packets that a test makes are as long as it likes; mtu only says which queue would be refused as too short.
std::string uet(const std::string& more) { return "{ transport: uet, mtu: 256, ecn: { enabled: false }, " + more + " }"; }

Record data(const LoneSwitch& lone, std::uint32_t flow, std::uint16_t size = full) {
  Record r;
  r.dst = 1;
  r.flow = flow;
  r.wire_bytes = size;
  r.payload = static_cast<std::uint16_t>(size - cut_size);
  r.slot = lone.classes().data_slot;
  r.bits = Record::ect;
  return r;
}

std::vector<Left> leave(LoneSwitch& lone, Time until = Time{1'000'000'000'000}) {
  std::vector<Left> all;
  lone.run(until);
  lone.take([&](Time at, const Record& r) { all.push_back({at, r}); });
  return all;
}

// Twelve at once where five fit: one is sent, four wait, seven are cut. The cut ones overtake those that wait.
TEST(FabricTrimming, WhatDoesNotFitIsCutAndOvertakes) {
  LoneSwitch lone("100Gbps", uet("queue: 20890B"));  // five packets of 4178
  for (std::uint32_t i = 0; i < 12; ++i) lone.arrive(Time{0}, data(lone, i));
  const auto left = leave(lone);
  ASSERT_EQ(left.size(), 12U);
  std::int64_t at = 0;
  const std::uint32_t order[] = {0, 5, 6, 7, 8, 9, 10, 11, 1, 2, 3, 4};
  for (std::size_t i = 0; i < left.size(); ++i) {
    const bool cut = i >= 1 && i <= 7;
    const Record& r = left[i].record;
    EXPECT_EQ(r.flow, order[i]);
    EXPECT_EQ(r.wire_bytes, cut ? cut_size : full);
    EXPECT_EQ(r.payload, cut ? 0 : full - cut_size);
    EXPECT_EQ(r.slot, cut ? lone.classes().trimmed_slot : lone.classes().data_slot);
    EXPECT_EQ(r.has(Record::trimmed), cut);
    EXPECT_EQ(r.has(Record::trimmed_last_hop), cut);
    EXPECT_EQ(r.has(Record::ect), !cut);
    at += r.wire_bytes * byte_time;
    EXPECT_EQ(left[i].at, Time{at});
  }
  EXPECT_EQ(lone.out().counters.trims, 7U);
  EXPECT_EQ(lone.out().counters.drops_buffer, 0U);
  EXPECT_EQ(lone.alive(), 0U);
  EXPECT_EQ(lone.buffer().shared_used(), 0);
}

TEST(FabricTrimming, TheLastHopIsToldFromTheFabric) {
  LoneSwitch lone("100Gbps", uet("queue: 4178B"));
  lone.port().flags = static_cast<std::uint8_t>(lone.port().flags & ~EgressPort::to_host);
  for (std::uint32_t i = 0; i < 2; ++i) lone.arrive(Time{0}, data(lone, i));
  const auto left = leave(lone);
  ASSERT_EQ(left.size(), 2U);
  EXPECT_TRUE(left[1].record.has(Record::trimmed));
  EXPECT_FALSE(left[1].record.has(Record::trimmed_last_hop));
}

TEST(FabricTrimming, AMarkStays) {
  LoneSwitch lone("100Gbps", uet("queue: 4178B"));
  lone.arrive(Time{0}, data(lone, 0));
  Record marked = data(lone, 1);
  marked.bits |= Record::ce;
  lone.arrive(Time{0}, marked);
  const auto left = leave(lone);
  ASSERT_EQ(left.size(), 2U);
  EXPECT_TRUE(left[1].record.has(Record::trimmed));
  EXPECT_TRUE(left[1].record.has(Record::ce));
}

// Room for two cut packets; the third is dropped, whole or cut as it came.
TEST(FabricTrimming, CutPacketsWithoutRoomAreDropped) {
  LoneSwitch lone("100Gbps", uet("queue: 4178B, trim_queue: 200B"));
  for (std::uint32_t i = 0; i < 6; ++i) lone.arrive(Time{0}, data(lone, i));
  const auto left = leave(lone);
  EXPECT_EQ(left.size(), 3U);
  EXPECT_EQ(lone.out().counters.trims, 5U);
  EXPECT_EQ(lone.out().counters.drops_buffer, 3U);
  EXPECT_EQ(lone.out().counters.lost_bytes, 3U * cut_size);
  EXPECT_EQ(lone.alive(), 0U);
}

TEST(FabricTrimming, AcknowledgementsAndWhatIsCutAlreadyAreDroppedNotCut) {
  LoneSwitch lone("100Gbps", uet("queue: 4178B, buffer: 6KB, alpha: 1/8"));
  Record answer = data(lone, 0, 700);
  answer.slot = lone.classes().respond_slot;
  answer.bits = static_cast<std::uint8_t>(RecordKind::respond);
  for (std::uint32_t i = 0; i < 4; ++i) lone.arrive(Time{0}, answer);  // an eighth of 6 KB: one is sent, none may wait
  Record cut = data(lone, 1, 500);
  cut.bits = Record::trimmed;
  lone.arrive(Time{0}, data(lone, 2));
  lone.arrive(Time{0}, cut);
  const auto left = leave(lone);
  EXPECT_EQ(lone.out().counters.trims, 0U);
  EXPECT_EQ(left.size() + lone.out().counters.drops_buffer, 6U);
  EXPECT_GT(lone.out().counters.drops_buffer, 0U);
}

TEST(FabricTrimming, WithoutItThePacketIsDropped) {
  LoneSwitch lone("100Gbps", uet("queue: 4178B, trimming: false"));
  for (std::uint32_t i = 0; i < 3; ++i) lone.arrive(Time{0}, data(lone, i));
  EXPECT_EQ(leave(lone).size(), 1U);
  EXPECT_EQ(lone.out().counters.trims, 0U);
  EXPECT_EQ(lone.out().counters.drops_buffer, 2U);
}

// A private limit counts what is being sent until its last bit has left, and gives way to nothing but itself.
TEST(FabricTrimming, ThePrivateLimitCountsWhatIsBeingSent) {
  const std::string fabrics[] = {uet("queue: 8356B"), "{ lossless: none, queue: 8356B, ecn: { enabled: false } }"};
  for (const std::string& fabric : fabrics) {
    LoneSwitch lone("100Gbps", fabric);
    const std::int64_t service = full * byte_time;
    lone.arrive(Time{0}, data(lone, 0));
    lone.arrive(Time{1}, data(lone, 1));
    lone.arrive(Time{service - 1}, data(lone, 2));  // two are there: no room
    lone.arrive(Time{service}, data(lone, 3));      // one has left
    std::vector<std::uint32_t> whole;
    for (const Left& l : leave(lone)) {
      if (!l.record.has(Record::trimmed)) whole.push_back(l.record.flow);
    }
    EXPECT_EQ(whole, (std::vector<std::uint32_t>{0, 1, 3})) << fabric;
  }
}

// The published simulator's way: a coin decides between the newcomer and the last of the queue, whose place it takes.
TEST(FabricTrimming, EitherIsCutByTheTossOfACoin) {
  std::uint64_t newcomers = 0, cuts = 0;
  LoneSwitch lone("100Gbps", uet("queue: 12534B, trim_victim: either"));  // three packets
  constexpr std::uint32_t bursts = 2000;
  for (std::uint32_t burst = 0; burst < bursts; ++burst) {
    const Time at{std::int64_t{burst} * 2'000'000};
    for (std::uint32_t i = 0; i < 4; ++i) lone.arrive(at, data(lone, 4 * burst + i));
    std::vector<std::uint32_t> whole;
    for (const Left& l : leave(lone, Time{at.ps + 2'000'000})) {
      if (!l.record.has(Record::trimmed)) {
        whole.push_back(l.record.flow % 4);
        continue;
      }
      ++cuts;
      newcomers += l.record.flow % 4 == 3 ? 1 : 0;
      EXPECT_TRUE(l.record.flow % 4 >= 2) << "neither the newcomer nor the last of the queue";
    }
    const bool newcomer_waits = whole == std::vector<std::uint32_t>{0, 1, 3};
    EXPECT_TRUE(newcomer_waits || whole == (std::vector<std::uint32_t>{0, 1, 2}));
  }
  EXPECT_EQ(cuts, bursts);
  EXPECT_NEAR(static_cast<double>(newcomers), bursts / 2.0, 6 * 0.5 * 44.8);  // six standard deviations
  EXPECT_EQ(lone.alive(), 0U);
  EXPECT_EQ(lone.buffer().shared_used(), 0);
}

TEST(FabricTrimming, TheCutPacketsClassHasItsPlaceBetweenTheOthers) {
  LoneSwitch lone("100Gbps", uet("queue: 1MB"));
  const ClassTable& t = lone.classes();
  EXPECT_EQ(t.slots, 3);
  EXPECT_LT(t.respond_slot, t.trimmed_slot);
  EXPECT_LT(t.trimmed_slot, t.data_slot);
  EXPECT_EQ(t.lossless_mask, 0);
  LoneSwitch shared("100Gbps", uet("trimmed_class: 6"));
  EXPECT_EQ(shared.classes().slots, 2);
  EXPECT_EQ(shared.classes().trimmed_slot, shared.classes().respond_slot);
  LoneSwitch apart("100Gbps", uet("ack_class: 6, notify_class: 7, trimmed_class: 5"));
  EXPECT_EQ(apart.classes().slots, 4);
}

// Random bursts of random sizes and kinds: every packet leaves whole, leaves cut, or is counted as dropped, once; whole packets
// of the data class keep their order; and windows of any length give the same.
TEST(FabricTrimming, NothingIsLostSightOf) {
  std::uint64_t trims = 0, drops = 0;
  for_each_seed(200, [&](Random& random, std::uint64_t) {
    const std::string fabric =
        uet("queue: " + std::to_string(random.below(30'000) + 400) + "B, trim_queue: " + std::to_string(random.below(2'000) + 84) +
            "B, buffer: " + std::to_string(random.below(90'000) + 10'000) +
            "B, trim_victim: " + (random.below(2) == 0 ? "either" : "arriving"));
    LoneSwitch coarse("100Gbps", fabric), fine("100Gbps", fabric);
    const std::uint32_t count = 300;
    std::int64_t at = 0;
    for (std::uint32_t i = 0; i < count; ++i) {
      Record r = data(coarse, i, static_cast<std::uint16_t>(random.below(2) == 0 ? full : 90 + random.below(4000)));
      if (random.below(8) == 0) {
        r.slot = coarse.classes().respond_slot;
        r.bits = static_cast<std::uint8_t>(RecordKind::respond);
      }
      if (random.below(3) == 0) at += static_cast<std::int64_t>(random.below(1'200'000));
      coarse.arrive(Time{at}, r);
      fine.arrive(Time{at}, r);
    }
    const auto left = leave(coarse);
    std::vector<Left> again;
    for (std::int64_t t = 0; again.size() < left.size() && t < 2 * at + 100'000'000; t += 77'777) {
      for (const Left& l : leave(fine, Time{t})) again.push_back(l);
    }
    ASSERT_EQ(again.size(), left.size());
    std::map<std::uint32_t, int> seen;
    std::uint32_t last_whole = 0;
    for (std::size_t i = 0; i < left.size(); ++i) {
      EXPECT_EQ(left[i].at, again[i].at);
      EXPECT_EQ(left[i].record.bits, again[i].record.bits);
      EXPECT_EQ(left[i].record.flow, again[i].record.flow);
      ++seen[left[i].record.flow];
      if (left[i].record.slot != coarse.classes().data_slot) continue;
      EXPECT_FALSE(left[i].record.has(Record::trimmed));
      EXPECT_TRUE(left[i].record.flow >= last_whole);
      last_whole = left[i].record.flow;
    }
    for (const auto& [flow, times] : seen) EXPECT_EQ(times, 1) << flow;
    EXPECT_EQ(left.size() + coarse.out().counters.drops_buffer, count);
    EXPECT_EQ(coarse.alive(), 0U);
    EXPECT_EQ(coarse.buffer().shared_used(), 0);
    for (std::uint8_t slot = 0; slot < coarse.classes().slots; ++slot) EXPECT_EQ(coarse.queued(slot), 0U);
    trims += coarse.out().counters.trims;
    drops += coarse.out().counters.drops_buffer;
  });
  if (std::getenv("WEFT_TEST_SEED") != nullptr) return;
  EXPECT_GT(trims, 1000U);
  EXPECT_GT(drops, 1000U);
}

}  // namespace
}  // namespace weft
