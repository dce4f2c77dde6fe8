// Path policies over random histories, against plain models of the same rules.
#include <gtest/gtest.h>

#include <algorithm>
#include <deque>
#include <map>
#include <set>
#include <vector>

#include "support/seeds.hh"
#include "transport/multipath/any_path_policy.hh"

namespace weft::multipath {
namespace {

using namespace literals;

PathEvent draw_event(Random& random) { return static_cast<PathEvent>(random.below(4)); }

TEST(PathsProperty, ObliviousUsesEveryEvOnceARound) {
  test::for_each_seed(100, [](Random& random, std::uint64_t seed) {
    const std::uint32_t paths = 1U << random.below(11);
    Oblivious policy;
    policy.reset({.paths = paths, .key = seed});
    for (int round = 0; round < 4; ++round) {
      std::set<std::uint32_t> seen;
      for (std::uint32_t i = 0; i < paths; ++i) {
        seen.insert(policy.next(Time{}).v);
        policy.report({static_cast<std::uint32_t>(random.below(65536))}, draw_event(random), Time{});
      }
      ASSERT_EQ(seen.size(), paths);
    }
  });
}

// Penalties add up as the rules say; a choice takes 1 off one EV at most, and off none unless the EV whose turn it was had one;
// a penalised EV is chosen only when all are.
TEST(PathsProperty, BitmapKeepsItsBooks) {
  test::for_each_seed(100, [](Random& random, std::uint64_t seed) {
    const std::uint32_t paths = 1U << random.below(7);
    Bitmap policy;
    policy.reset({.paths = paths, .key = seed});
    const std::uint32_t upper = policy.next(Time{}).v & ~(paths - 1);
    std::vector<std::uint32_t> books(paths, 0);
    const std::uint32_t weights[] = {0, 1, 4, 15};
    const std::uint64_t reports = 1 + random.below(4);  // in 4 steps
    for (int i = 0; i < 3000; ++i) {
      if (random.below(4) < reports) {
        const PathEvent event = draw_event(random);
        const auto index = static_cast<std::uint32_t>(random.below(paths));
        policy.report({upper | index}, event, Time{});
        books[index] = std::min(15U, books[index] + weights[static_cast<std::size_t>(event)]);
        continue;
      }
      const auto before = books;
      const std::uint32_t chosen = policy.next(Time{}).v & (paths - 1);
      std::uint32_t forgiven = 0;
      for (std::uint32_t index = 0; index < paths; ++index) {
        books[index] = policy.penalty(PathId{upper | index});
        ASSERT_LE(books[index], before[index]);
        forgiven += before[index] - books[index];
      }
      ASSERT_LE(forgiven, 1u);
      const auto penalised = static_cast<std::uint32_t>(std::count_if(before.begin(), before.end(), [](auto p) { return p > 0; }));
      if (penalised == paths) { ASSERT_EQ(forgiven, 1u); }
      if (penalised < paths) { ASSERT_EQ(books[chosen], 0u); }
    }
    const auto left = static_cast<std::uint32_t>(std::count_if(books.begin(), books.end(), [](auto p) { return p > 0; }));
    EXPECT_EQ(policy.penalised(), left);
  });
}

// Reports may be as bad as they like: once they stop, every two rounds take off one penalty at least, so every EV is in use
// again after twice as many rounds as there are penalties.
TEST(PathsProperty, BitmapStarvesNoPath) {
  test::for_each_seed(100, [](Random& random, std::uint64_t seed) {
    const std::uint32_t paths = 1U << random.below(7);
    Bitmap policy;
    policy.reset({.paths = paths, .key = seed});
    for (std::uint64_t i = random.below(5000); i > 0; --i) {
      policy.report({static_cast<std::uint32_t>(random.below(paths))}, draw_event(random), Time{});
      if (random.chance(1U << 31)) (void)policy.next(Time{});
    }
    const std::uint32_t patience = 15 * paths * 2 * paths;
    for (std::uint32_t i = 0; i < patience && policy.penalised() > 0; ++i) (void)policy.next(Time{});
    EXPECT_EQ(policy.penalised(), 0u);
    std::map<std::uint32_t, int> used;
    for (std::uint32_t i = 0; i < 2 * paths; ++i) ++used[policy.next(Time{}).v];
    EXPECT_EQ(used.size(), paths);
  });
}

// A cache of eight as two lists; frozen, the slots in turn.
class RepsModel {
 public:
  explicit RepsModel(Duration freeze) : freeze_(freeze) {}
  // The EV that must come, or nothing when it must be drawn.
  std::optional<std::uint32_t> next(Time now) {
    thaw(now);
    if (exploring_ > 0) return --exploring_, std::nullopt;
    if (frozen_) return slot();
    if (fresh_.empty()) return std::nullopt;
    const std::uint32_t ev = fresh_.front();
    fresh_.pop_front();
    return ev;
  }
  void report(std::uint32_t ev, PathEvent event, Time now) {
    thaw(now);
    if (event == PathEvent::good) {
      fresh_.push_back(ev);
      if (fresh_.size() > 8) fresh_.pop_front();
      if (slots_.size() < 8) {
        slots_.push_back(ev);
      } else {
        slots_[added_ % 8] = ev;
      }
      ++added_;
    }
    if (event == PathEvent::timeout && !frozen_ && exploring_ == 0) {
      frozen_ = true;
      until_ = now + freeze_;
      turn_ = 0;
    }
  }

 private:
  std::optional<std::uint32_t> slot() {
    if (slots_.empty()) return std::nullopt;
    const std::uint32_t ev = slots_[turn_];
    turn_ = (turn_ + 1) % slots_.size();
    return ev;
  }
  void thaw(Time now) {
    if (!frozen_ || now < until_) return;
    frozen_ = false;
    fresh_.clear();
    slots_.clear();
    added_ = 0;
    exploring_ = 16;
  }
  Duration freeze_;
  std::deque<std::uint32_t> fresh_;
  std::vector<std::uint32_t> slots_;
  std::size_t added_ = 0;
  std::size_t turn_ = 0;
  int exploring_ = 0;
  bool frozen_ = false;
  Time until_{};
};

TEST(PathsProperty, RepsFollowsItsModel) {
  test::for_each_seed(100, [](Random& random, std::uint64_t seed) {
    constexpr Duration freeze{10'000'000};
    Reps policy;
    policy.reset({.paths = 65536, .key = seed, .freeze = freeze});
    RepsModel model(freeze);
    Time now{};
    for (int i = 0; i < 5000; ++i) {
      now = now + Duration{static_cast<std::int64_t>(random.below(200'000))};
      if (random.chance(1U << 31)) {
        const auto ev = static_cast<std::uint32_t>(random.below(65536));
        const PathEvent event = random.below(500) == 0 ? PathEvent::timeout : static_cast<PathEvent>(random.below(3));
        policy.report({ev}, event, now);
        model.report(ev, event, now);
      } else {
        const auto expected = model.next(now);
        const PathId path = policy.next(now);
        if (expected) { ASSERT_EQ(path.v, *expected) << "step " << i; }
      }
    }
  });
}

TEST(PathsProperty, MixedIsAQueueBeforeABitmap) {
  test::for_each_seed(100, [](Random& random, std::uint64_t seed) {
    const PathPolicyConfig config{.paths = 1U << random.below(8), .key = seed};
    Mixed policy;
    Bitmap bitmap;
    policy.reset(config);
    bitmap.reset(config);
    std::deque<std::uint32_t> queue;
    for (int i = 0; i < 5000; ++i) {
      if (random.below(5) < 3) {
        const auto ev = static_cast<std::uint32_t>(random.below(65536));
        const PathEvent event = draw_event(random);
        policy.report({ev}, event, Time{});
        bitmap.report({ev}, event, Time{});
        if (event == PathEvent::good) queue.push_back(ev);
        if (queue.size() > Mixed::queue_size) queue.pop_front();
      } else if (queue.empty()) {
        ASSERT_EQ(policy.next(Time{}), bitmap.next(Time{}));
      } else {
        ASSERT_EQ(policy.next(Time{}).v, queue.front());
        queue.pop_front();
      }
    }
  });
}

}  // namespace
}  // namespace weft::multipath
