// Random numbers are fixed by their key alone, differ between entities, and are as uniform as they claim.
#include "base/random.hh"

#include <gtest/gtest.h>

#include <array>
#include <set>

namespace weft {
namespace {

// splitmix64 as published, from state 0: a counter-based generator with key 0 must draw the same numbers.
TEST(Random, DrawsThePublishedSplitmixSequence) {
  Random random(0);
  EXPECT_EQ(random.next(), 0xe220a8397b1dcdafULL);
  EXPECT_EQ(random.next(), 0x6e789e6aa1b965f4ULL);
  EXPECT_EQ(random.next(), 0x06c45d188009454fULL);
  EXPECT_EQ(random.drawn(), 3u);
}

TEST(Random, TheSameKeyDrawsTheSame) {
  Random a(random_key(1, RandomRoom::flow, 5));
  Random b(random_key(1, RandomRoom::flow, 5));
  for (int i = 0; i < 100; ++i) EXPECT_EQ(a.next(), b.next());
}

TEST(Random, EveryPartOfTheKeyMatters) {
  std::set<std::uint64_t> keys;
  for (std::uint64_t seed = 0; seed < 10; ++seed) {
    for (const RandomRoom room : {RandomRoom::port, RandomRoom::link, RandomRoom::routing, RandomRoom::flow, RandomRoom::workload,
                                  RandomRoom::engine, RandomRoom::nic, RandomRoom::test}) {
      for (std::uint64_t entity = 0; entity < 100; ++entity) keys.insert(random_key(seed, room, entity));
    }
  }
  EXPECT_EQ(keys.size(), 10u * 8 * 100);
}

TEST(Random, IsUsableAtCompileTime) {
  constexpr std::uint64_t first = Random(1).next();
  EXPECT_EQ(first, Random(1).next());
}

// 100,000 draws below 10: each count has mean 10,000 and standard deviation 95; the draws are fixed, so this cannot flake.
TEST(Random, BelowIsUniformAndStaysBelow) {
  Random random(random_key(7, RandomRoom::test, 1));
  std::array<int, 10> counts{};
  for (int i = 0; i < 100'000; ++i) {
    const std::uint64_t drawn = random.below(10);
    ASSERT_LT(drawn, 10u);
    ++counts[drawn];
  }
  for (const int count : counts) EXPECT_NEAR(count, 10'000, 5 * 95);
  EXPECT_EQ(random.below(1), 0u);
}

TEST(Random, ChanceIsItsProbability) {
  Random random(random_key(7, RandomRoom::test, 2));
  const std::uint64_t tenth = (1ULL << 32) / 10;
  int hits = 0;
  for (int i = 0; i < 100'000; ++i) hits += random.chance(tenth) ? 1 : 0;
  EXPECT_NEAR(hits, 10'000, 5 * 95);
  for (int i = 0; i < 1000; ++i) {
    EXPECT_FALSE(random.chance(0));
    EXPECT_TRUE(random.chance(1ULL << 32));
  }
}

// Entities next to each other must not draw alike: the sign bits of two neighbours agree in half of all draws.
TEST(Random, NeighboursAreIndependent) {
  Random a(random_key(3, RandomRoom::port, 10));
  Random b(random_key(3, RandomRoom::port, 11));
  int alike = 0;
  for (int i = 0; i < 10'000; ++i) alike += (a.next() >> 63) == (b.next() >> 63) ? 1 : 0;
  EXPECT_NEAR(alike, 5'000, 5 * 50);
}

}  // namespace
}  // namespace weft
