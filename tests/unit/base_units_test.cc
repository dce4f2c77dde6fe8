// Quantities do what their types promise, and refuse to compile what they forbid.
#include "base/units.hh"

#include <gtest/gtest.h>

#include <concepts>
#include <type_traits>

#include "base/check.hh"
#include "base/error.hh"
#include "base/id.hh"

namespace weft {
namespace {

using namespace literals;

template <class A, class B>
concept CanAdd = requires(A a, B b) {
  a + b;
};
template <class A, class B>
concept CanCompare = requires(A a, B b) {
  a < b;
};

static_assert(!CanAdd<Bytes, Duration> && !CanAdd<Bytes, std::int64_t> && !CanAdd<Time, Time>);
static_assert(CanAdd<Bytes, Bytes> && CanAdd<Time, Duration>);
static_assert(!CanCompare<Bytes, Rate> && !CanCompare<NodeId, LinkId> && CanCompare<Time, Time>);
static_assert(!std::convertible_to<std::int64_t, Bytes> && !std::convertible_to<Bytes, std::int64_t>);
static_assert(!std::convertible_to<NodeId, LinkId>);
static_assert(std::is_trivially_copyable_v<Bytes> && std::is_trivially_copyable_v<Time> && sizeof(NodeId) == 4);

TEST(Units, ArithmeticStaysInItsUnit) {
  EXPECT_EQ(3_B + 4_B, 7_B);
  EXPECT_EQ(3_B - 4_B, Bytes{-1});
  EXPECT_EQ(3_B * 5, 15_B);
  EXPECT_EQ(17_B / 5, 3_B);
  EXPECT_EQ(17_B / 5_B, 3) << "a quotient of like quantities is a number";
  Bytes sum{1};
  sum += 9_B;
  sum -= 4_B;
  EXPECT_EQ(sum, 6_B);
  EXPECT_LT(5_B, 6_B);
}

TEST(Units, LiteralsScaleToPicosecondsAndBitsPerSecond) {
  EXPECT_EQ((1_ns).v, 1'000);
  EXPECT_EQ((1_us).v, 1'000'000);
  EXPECT_EQ((1_ms).v, 1'000'000'000);
  EXPECT_EQ((1_ms).v * 1000, ps_per_second);
  EXPECT_EQ((400_Gbps).v, 400'000'000'000);
  EXPECT_EQ((40_Mbps).v, 40'000'000);
}

TEST(Units, InstantsDifferByDurations) {
  const Time start{5};
  EXPECT_EQ((start + 10_ps).ps, 15);
  EXPECT_EQ((start - 2_ps).ps, 3);
  EXPECT_EQ(Time{20} - start, 15_ps);
}

// never() leaves room to add to it and to negate it, and lies beyond the 26 days that an engine lives.
TEST(Units, NeverIsLateAndDoesNotOverflow) {
  EXPECT_GT(Time::never(), Time{} + 1_ms * 1000 * 3600 * 24 * 26);
  EXPECT_GT(Time::never() + (Time::never() - Time{}), Time::never());
}

TEST(Ids, AreInvalidUntilTheyNameSomething) {
  EXPECT_FALSE(NodeId{}.valid());
  EXPECT_TRUE(NodeId{0}.valid());
  EXPECT_EQ(NodeId{7}.index(), 7u);
  EXPECT_LT(NodeId{3}, NodeId{4});
}

TEST(InputErrors, CarryPlaceMessageAndHint) {
  const InputError error("a.yaml:3", "unknown key 'sed'", "did you mean 'seed'?");
  EXPECT_EQ(error.where(), "a.yaml:3");
  EXPECT_STREQ(error.what(), "unknown key 'sed'");
  EXPECT_EQ(error.hint(), "did you mean 'seed'?");
}

TEST(CheckDeathTest, StopsWithRuleAndValues) {
  const int used = 7;
  const int limit = 5;
  EXPECT_DEATH(CHECK(used <= limit, "used", used, "limit", limit),
               "base_units_test.cc:[0-9]+: CHECK\\(used <= limit\\) failed used 7 limit 5");
  CHECK(limit <= used);
}

}  // namespace
}  // namespace weft
