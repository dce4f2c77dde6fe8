// Registered memory: rights, bounds and keys as a responder relies on them, and the two atomics; the pattern of --verify.
#include <gtest/gtest.h>

#include <array>
#include <limits>
#include <vector>

#include "live/pattern.hh"
#include "live/registered_memory.hh"

namespace weft::live {
namespace {

constexpr std::uint64_t top = std::numeric_limits<std::uint64_t>::max();

TEST(LiveMemory, GrantsWhatLiesInsideAndNothingElse) {
  RegisteredMemory memory(1);
  const BufferId region = memory.add(Bytes{100}, {.remote_write = true, .remote_read = false, .remote_atomic = false});
  const std::uint32_t rkey = memory.rkey(region);
  const std::uint64_t base = memory.base(region);
  EXPECT_EQ(memory.find(rkey, base, 100, Access::remote_write), region);
  EXPECT_EQ(memory.find(rkey, base + 99, 1, Access::remote_write), region);
  EXPECT_EQ(memory.find(rkey, base + 100, 0, Access::remote_write), region);
  EXPECT_FALSE(memory.find(rkey, base, 101, Access::remote_write));
  EXPECT_FALSE(memory.find(rkey, base + 100, 1, Access::remote_write));
  EXPECT_FALSE(memory.find(rkey, base - 1, 1, Access::remote_write));
  EXPECT_FALSE(memory.find(rkey, base + 1, top, Access::remote_write));
  EXPECT_FALSE(memory.find(rkey, top, 2, Access::remote_write));
  EXPECT_FALSE(memory.find(rkey, base, top, Access::remote_write));
}

TEST(LiveMemory, AsksForTheRightAndTheKey) {
  RegisteredMemory memory(1);
  const BufferId readable = memory.add(Bytes{64}, {.remote_write = false, .remote_read = true, .remote_atomic = false});
  const BufferId countable = memory.add(Bytes{64}, {.remote_write = false, .remote_read = false, .remote_atomic = true});
  const BufferId own = memory.add(Bytes{64}, {});
  for (const Access access : {Access::remote_write, Access::remote_read, Access::remote_atomic}) {
    EXPECT_EQ(memory.find(memory.rkey(readable), memory.base(readable), 8, access).has_value(), access == Access::remote_read);
    EXPECT_EQ(memory.find(memory.rkey(countable), memory.base(countable), 8, access).has_value(), access == Access::remote_atomic);
    EXPECT_FALSE(memory.find(memory.rkey(own), memory.base(own), 8, access));
  }
  EXPECT_FALSE(memory.find(memory.rkey(readable), memory.base(countable), 8, Access::remote_read));
  EXPECT_FALSE(memory.find(memory.rkey(readable) ^ 0x100, memory.base(readable), 8, Access::remote_read));
  EXPECT_FALSE(memory.find(memory.rkey(readable) | 0xff, memory.base(readable), 8, Access::remote_read));
}

TEST(LiveMemory, KeysDependOnTheSeed) {
  RegisteredMemory one(1), two(2);
  EXPECT_NE(one.rkey(one.add(Bytes{8}, {})), two.rkey(two.add(Bytes{8}, {})));
}

TEST(LiveMemory, AtomicsGiveTheValueBefore) {
  RegisteredMemory memory(1);
  const BufferId region = memory.add(Bytes{32}, {.remote_write = false, .remote_read = false, .remote_atomic = true});
  const std::uint64_t at = memory.base(region) + 8;
  EXPECT_EQ(memory.fetch_add(region, at, 5), 0U);
  EXPECT_EQ(memory.fetch_add(region, at, top), 5U);
  EXPECT_EQ(memory.compare_swap(region, at, 3, 9), 4U);
  EXPECT_EQ(memory.compare_swap(region, at, 4, 9), 4U);
  EXPECT_EQ(memory.compare_swap(region, at, 0, 0), 9U);
  EXPECT_EQ(memory.bytes(region)[8], std::byte{9});
  EXPECT_EQ(memory.bytes(region)[0], std::byte{0});
  EXPECT_EQ(memory.bytes(region)[16], std::byte{0});
}

TEST(LiveMemory, PlacesAndShowsTheSameBytes) {
  RegisteredMemory memory(1);
  const BufferId region = memory.add(Bytes{16}, {});
  const std::array<std::byte, 3> payload{std::byte{1}, std::byte{2}, std::byte{3}};
  memory.place({memory.base(region) + 13, region, true}, payload);
  const wire::ByteView seen = memory.view({memory.base(region) + 12, region, 4});
  EXPECT_EQ(std::vector<std::byte>(seen.begin(), seen.end()), (std::vector<std::byte>{std::byte{0}, payload[0], payload[1], payload[2]}));
  EXPECT_TRUE(memory.view({}).empty());
}

TEST(LiveMemory, OutsideOfARegionIsOurOwnMistake) {
  RegisteredMemory memory(1);
  const BufferId region = memory.add(Bytes{16}, {});
  const std::array<std::byte, 3> payload{};
  EXPECT_DEATH(memory.place({memory.base(region) + 14, region, true}, payload), "CHECK");
  EXPECT_DEATH(static_cast<void>(memory.view({memory.base(region), region, 17})), "CHECK");
  EXPECT_DEATH(memory.fetch_add(region, memory.base(region) + 4, 1), "CHECK");
}

TEST(LivePattern, FindsEveryWrongByteAndOnlyThose) {
  for (const std::size_t size : {std::size_t{0}, std::size_t{1}, std::size_t{7}, std::size_t{8}, std::size_t{9}, std::size_t{4097}}) {
    std::vector<std::byte> bytes(size);
    fill_pattern(bytes, 7, 3);
    EXPECT_FALSE(find_wrong_byte(bytes, 7, 3));
    for (std::size_t i = 0; i<size; i += size> 100 ? 97 : 1) {
      const std::byte right = bytes[i];
      bytes[i] ^= std::byte{1};
      const auto wrong = find_wrong_byte(bytes, 7, 3);
      ASSERT_TRUE(wrong) << i;
      EXPECT_EQ(wrong->offset, i);
      EXPECT_EQ(std::byte{wrong->expected}, right);
      EXPECT_EQ(std::byte{wrong->found}, bytes[i]);
      bytes[i] = right;
    }
  }
}

TEST(LivePattern, IsAnotherForAnotherMessageSeedOrPlace) {
  std::vector<std::byte> bytes(64);
  fill_pattern(bytes, 7, 3);
  EXPECT_TRUE(find_wrong_byte(bytes, 7, 4));
  EXPECT_TRUE(find_wrong_byte(bytes, 8, 3));
  EXPECT_TRUE(find_wrong_byte(std::span(bytes).subspan(8), 7, 3));
}

}  // namespace
}  // namespace weft::live
