// Rings, blocks and headers: what lies at the borders of blocks, what is used again, what is grown.
#include "core/ring.hh"

#include <gtest/gtest.h>

#include <deque>
#include <set>

#include "base/random.hh"
#include "core/header_pool.hh"
#include "support/seeds.hh"

namespace weft {
namespace {

void release_all(BlockPool& pool, Block*& spent) {
  while (spent != nullptr) {
    Block* next = spent->next;
    pool.release(spent);
    spent = next;
  }
}

void push(Ring& ring, BlockPool& pool, std::int64_t at) {
  Record record;
  record.at = at;
  ring.push(pool) = record;
}

std::vector<std::int64_t> drain(Ring& ring, BlockPool& pool, std::int64_t end) {
  std::vector<std::int64_t> seen;
  Block* spent = nullptr;
  ring.drain_before(end, spent, [&](const Record& r) { seen.push_back(r.at); });
  release_all(pool, spent);
  return seen;
}

// Around every multiple of a block's size: what went in comes out, in order, and only the last block is kept.
TEST(CoreRing, KeepsOrderAcrossBlocks) {
  BlockPool pool;
  pool.reserve(1);
  const std::size_t all = pool.free_count();
  constexpr int full = records_per_block;
  for (const int count : {1, full - 1, full, full + 1, 2 * full - 1, 2 * full, 2 * full + 1, 3 * full, 3 * full + 1, 1000}) {
    Ring ring;
    for (int i = 0; i < count; ++i) push(ring, pool, i);
    std::int64_t visited = 0;
    ring.for_each([&](const Record& r) { EXPECT_EQ(r.at, visited++); });
    EXPECT_EQ(visited, count);
    for (int i = 0; i < count; ++i) {
      ASSERT_FALSE(ring.empty());
      EXPECT_EQ(ring.front().at, i);
      EXPECT_EQ(ring.pop(pool), i + 1 == count) << i << " of " << count;
    }
    EXPECT_TRUE(ring.empty());
    EXPECT_GE(pool.free_count() + 1, all) << count << " records: all blocks but one are given back";
    push(ring, pool, 7);
    EXPECT_EQ(ring.front().at, 7);
    pool.reserve(all);
  }
}

TEST(CoreRing, AnEmptiedRingStartsAgainInTheSameBlock) {
  BlockPool pool;
  Ring ring;
  push(ring, pool, 1);
  const void* first = ring.front_address();
  const std::size_t free = pool.free_count();
  for (int i = 0; i < 10 * records_per_block; ++i) {
    ring.pop(pool);
    push(ring, pool, i);
    EXPECT_EQ(ring.front_address(), first);
  }
  EXPECT_EQ(pool.free_count(), free);
}

TEST(CoreRing, DrainsOnlyWhatArrivesBefore) {
  BlockPool pool;
  constexpr int full = records_per_block;
  for (const int count : {1, full, full + 1, 2 * full, 2 * full + 1, 200}) {
    for (const int end : {0, 1, full - 1, full, full + 1, 2 * full, count - 1, count, count + 1}) {
      Ring ring;
      for (int i = 0; i < count; ++i) push(ring, pool, i);
      Block* spent = nullptr;
      std::int64_t next = 0;
      const bool emptied = ring.drain_before(end, spent, [&](const Record& r) { EXPECT_EQ(r.at, next++); });
      EXPECT_EQ(next, std::clamp(end, 0, count));
      EXPECT_EQ(emptied, end >= count);
      EXPECT_EQ(ring.empty(), end >= count);
      release_all(pool, spent);
      if (!ring.empty()) { EXPECT_EQ(ring.front().at, end); }
    }
  }
}

TEST(CoreRing, ARecordStaysReadableUntilItsBlockIsReleased) {
  static_assert(100 % records_per_block != 0);
  BlockPool pool;
  Ring ring;
  for (int i = 0; i < 100; ++i) push(ring, pool, i);
  std::vector<const Record*> kept;
  Block* spent = nullptr;
  ring.drain_before(100, spent, [&](const Record& r) { kept.push_back(&r); });
  for (std::size_t i = 0; i < kept.size(); ++i) EXPECT_EQ(kept[i]->at, static_cast<std::int64_t>(i));
  int blocks = 0;
  for (const Block* b = spent; b != nullptr; b = b->next) ++blocks;
  EXPECT_EQ(blocks, 100 / records_per_block);  // the last block, which is not full, stays with the ring
  release_all(pool, spent);
}

// Against std::deque, with many rings on one pool.
TEST(CoreRing, BehavesAsADeque) {
  test::for_each_seed(50, [](Random& random, std::uint64_t) {
    BlockPool pool;
    Ring rings[3];
    std::deque<std::int64_t> models[3];
    std::int64_t now = 0;
    for (int step = 0; step < 2000; ++step) {
      const std::size_t i = random.below(3);
      switch (random.below(4)) {
        case 0:
        case 1:
          for (std::uint64_t n = random.below(40); n > 0; --n) {
            push(rings[i], pool, ++now);
            models[i].push_back(now);
          }
          break;
        case 2:
          for (std::uint64_t n = random.below(40); n > 0 && !models[i].empty(); --n) {
            ASSERT_EQ(rings[i].front().at, models[i].front());
            rings[i].pop(pool);
            models[i].pop_front();
          }
          break;
        default: {
          const std::int64_t end = now - static_cast<std::int64_t>(random.below(60));
          std::vector<std::int64_t> expected;
          for (; !models[i].empty() && models[i].front() < end; models[i].pop_front()) expected.push_back(models[i].front());
          ASSERT_EQ(drain(rings[i], pool, end), expected);
        }
      }
      ASSERT_EQ(rings[i].empty(), models[i].empty());
    }
  });
}

TEST(CoreBlockPool, ReserveIsEnoughAndOnce) {
  BlockPool pool;
  pool.reserve(5000);
  const std::size_t total = pool.total();
  EXPECT_GE(pool.free_count(), 5000U);
  std::set<const Block*> taken;
  std::vector<Block*> blocks;
  for (int i = 0; i < 5000; ++i) {
    blocks.push_back(pool.take());
    taken.insert(blocks.back());
    EXPECT_EQ(blocks.back()->next, nullptr);
  }
  EXPECT_EQ(taken.size(), 5000U);
  EXPECT_EQ(pool.total(), total);
  for (Block* block : blocks) pool.release(block);
  pool.reserve(5000);
  EXPECT_EQ(pool.total(), total);
  EXPECT_EQ(pool.free_count(), total);
}

TEST(CoreHeaderPool, HandsOutEachSlotOnceAndKeepsItsBytes) {
  HeaderPool pool;
  pool.reserve(40'000);  // more than one chunk
  const std::size_t total = pool.total();
  std::vector<std::uint32_t> handles;
  for (std::uint64_t i = 0; i < 40'000; ++i) {
    handles.push_back(pool.take());
    pool.put(handles.back(), i);
  }
  EXPECT_EQ(pool.in_use(), 40'000U);
  EXPECT_EQ(pool.total(), total);
  EXPECT_EQ(std::set<std::uint32_t>(handles.begin(), handles.end()).size(), handles.size());
  for (std::uint64_t i = 0; i < handles.size(); ++i) {
    std::uint64_t value = 0;
    pool.get(handles[i], value);
    ASSERT_EQ(value, i);
    pool.release(handles[i]);
  }
  EXPECT_EQ(pool.in_use(), 0U);
  EXPECT_EQ(pool.free_count(), total);
}

}  // namespace
}  // namespace weft
