// WindowBarrier: nobody leaves before everybody came, one thread decides, and more threads than cores get on.
#include "core/barrier.hh"

#include <gtest/gtest.h>

#include <thread>
#include <vector>

namespace weft {
namespace {

void meet(std::uint32_t parties, int rounds) {
  WindowBarrier barrier(parties);
  // Written without atomics on purpose: the barrier itself must order these, and the thread sanitizer watches.
  std::vector<int> reached(parties, 0);
  int decided = 0, early = 0;
  const auto work = [&](std::uint32_t self) {
    for (int round = 1; round <= rounds; ++round) {
      reached[self] = round;
      barrier.arrive_and_wait([&] {
        ++decided;
        for (const int r : reached) early += r != round ? 1 : 0;
      });
      if (decided != round) return;
    }
  };
  std::vector<std::thread> threads;
  for (std::uint32_t i = 1; i < parties; ++i) threads.emplace_back(work, i);
  work(0);
  for (std::thread& t : threads) t.join();
  EXPECT_EQ(decided, rounds);
  EXPECT_EQ(early, 0);
}

TEST(CoreBarrier, Alone) { meet(1, 1000); }
TEST(CoreBarrier, Two) { meet(2, 2000); }
TEST(CoreBarrier, ManyMoreThanCores) { meet(4 * std::max(2U, std::thread::hardware_concurrency()), 300); }

}  // namespace
}  // namespace weft
