// The ring of ready engines against a queue: in turn, whether few stand in it or many, and while it grows at any place of its head.
#include "sim/ready_ring.hh"

#include <gtest/gtest.h>

#include <array>
#include <deque>

#include "base/random.hh"
#include "support/seeds.hh"

namespace weft {
namespace {

TEST(SimReadyRing, ServesInTurnHoweverManyThereAre) {
  test::for_each_seed(50, [](Random& random, std::uint64_t) {
    std::array<int, 100> engines{};
    const std::uint64_t most = 1 + random.below(engines.size());
    ReadyRing<int> ring;
    std::deque<int*> expected;
    for (int step = 0; step < 2000; ++step) {
      const bool push = expected.empty() || (expected.size() < most && random.below(3) != 0);
      if (push) {
        int* const engine = &engines[random.below(engines.size())];
        ring.push(engine);
        expected.push_back(engine);
      } else if (random.below(2) == 0) {
        ring.rotate();
        expected.push_back(expected.front());
        expected.pop_front();
      } else {
        ASSERT_EQ(ring.pop(), expected.front());
        expected.pop_front();
      }
      ASSERT_EQ(ring.empty(), expected.empty());
      if (!expected.empty()) { ASSERT_EQ(ring.front(), expected.front()); }
    }
  });
}

}  // namespace
}  // namespace weft
