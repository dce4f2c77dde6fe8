// The order of arrivals against std::sort, and the order of local events.
#include "core/order.hh"

#include <gtest/gtest.h>

#include <algorithm>

#include "base/random.hh"
#include "core/local_events.hh"
#include "support/seeds.hh"

namespace weft {
namespace {

// Times of one window: spread, in one burst, in few instants, or all equal.
std::int64_t draw_time(Random& random, std::uint64_t shape, std::int64_t window) {
  const auto bound = static_cast<std::uint64_t>(window);
  switch (shape) {
    case 0: return static_cast<std::int64_t>(random.below(bound));
    case 1: return static_cast<std::int64_t>(random.below(std::max<std::uint64_t>(1, bound / 1000)));
    case 2: return static_cast<std::int64_t>(random.below(3) * (bound - 1) / 2);
    default: return window - 1;
  }
}

TEST(CoreOrder, SortsAsStdSortDoes) {
  test::for_each_seed(40, [](Random& random, std::uint64_t seed) {
    const std::int64_t windows[] = {1, 2, 100, 50'000, 1'000'000, 999'999'937, std::int64_t{1} << 38};
    for (const std::int64_t window : windows) {
      for (const std::size_t count : {std::size_t{0}, std::size_t{1}, std::size_t{23}, std::size_t{24}, std::size_t{25}, std::size_t{500},
                                      static_cast<std::size_t>(random.below(5001))}) {
        std::vector<std::uint64_t> keys(count), scratch(count);
        for (std::size_t i = 0; i < count; ++i) keys[i] = arrival_key(draw_time(random, seed % 4, window), i);
        std::vector<std::uint64_t> expected = keys;
        std::sort(expected.begin(), expected.end());
        const std::uint64_t* ordered = order_keys(keys.data(), scratch.data(), count, window);
        ASSERT_TRUE(std::equal(expected.begin(), expected.end(), ordered)) << count << " keys, window " << window;
      }
    }
  });
}

TEST(CoreOrder, ArrivalsOfOneInstantKeepTheOrderOfTheirLinks) {
  std::vector<std::uint64_t> keys(3000), scratch(3000);
  for (std::size_t i = 0; i < keys.size(); ++i) keys[i] = arrival_key(static_cast<std::int64_t>(i % 3), i);
  const std::uint64_t* ordered = order_keys(keys.data(), scratch.data(), keys.size(), 3);
  for (std::size_t i = 1; i < keys.size(); ++i) {
    if (ordered[i] >> key_position_bits == ordered[i - 1] >> key_position_bits) {
      ASSERT_LT(key_position(ordered[i - 1]), key_position(ordered[i]));
    }
  }
}

TEST(CoreLocalEvents, ComeByTimeThenKindThenIdThenArgument) {
  test::for_each_seed(50, [](Random& random, std::uint64_t) {
    LocalEvents events;
    std::vector<LocalEvent> all;
    for (int i = 0; i < 300; ++i) {
      LocalEvent e;
      e.at = Time{static_cast<std::int64_t>(random.below(20))};
      e.kind = static_cast<EventKind>(random.below(6));
      e.what = static_cast<std::uint8_t>(random.below(3));
      e.id = static_cast<std::uint32_t>(random.below(4));
      e.argument = random.below(3);
      all.push_back(e);
      events.push(e);
      EXPECT_EQ(events.next(), std::min_element(all.begin(), all.end())->at);
    }
    std::sort(all.begin(), all.end());
    for (const LocalEvent& e : all) {
      ASSERT_EQ(events.top(), e);
      ASSERT_EQ(events.pop(), e);
    }
    EXPECT_TRUE(events.empty());
    EXPECT_EQ(events.next(), Time::never());
  });
}

TEST(CoreLocalEvents, KindsOfOneInstantAreInTheOrderOfTheRules) {
  LocalEvents events;
  const EventKind order[] = {EventKind::release, EventKind::link_change, EventKind::control,
                             EventKind::service, EventKind::arrival,     EventKind::timer};
  for (const EventKind kind :
       {EventKind::timer, EventKind::control, EventKind::arrival, EventKind::release, EventKind::service, EventKind::link_change}) {
    events.push({Time{5}, kind, 0, 0, 0});
  }
  for (const EventKind kind : order) EXPECT_EQ(events.pop().kind, kind);
}

}  // namespace
}  // namespace weft
