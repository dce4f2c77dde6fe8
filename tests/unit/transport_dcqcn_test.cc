// DCQCN: the rules one event at a time, and long random histories against a plain floating-point model that steps through
// every timer.
#include <gtest/gtest.h>

#include <cmath>
#include <string>

#include "base/random.hh"
#include "transport/congestion/any_congestion.hh"

namespace weft::congestion {
namespace {

using namespace literals;

constexpr Rate line = 100_Gbps;
constexpr double us = 1e6;

Time at(double microseconds) { return Time{static_cast<std::int64_t>(microseconds * us)}; }

DcqcnParameters set(std::string_view name) { return dcqcn_parameters(name, line).value(); }

TEST(Dcqcn, StartsAtLineRateAndStaysThereUntouched) {
  Dcqcn law(set("paper"));
  for (int i = 0; i < 10'000; ++i) law.on_sent(at(i), 100'000_B);
  EXPECT_EQ(law.rate(at(1e7)), line);
  EXPECT_EQ(law.timer_stages(), 0u);
}

// alpha is 1 at first, so the first cut halves; then alpha = (1-g) + g = 1 again, and decays by 255/256 each 55 us.
TEST(Dcqcn, NotificationCutsByHalfOfAlpha) {
  Dcqcn law(set("paper"));
  law.on_cnp(at(10));
  EXPECT_EQ(law.rate(at(10)), 50_Gbps);
  EXPECT_EQ(law.target(), 100_Gbps);
  EXPECT_EQ(law.alpha(), alpha_one);
  law.on_cnp(at(10 + 50));  // no alpha period has passed
  EXPECT_EQ(law.rate(at(60)), 25_Gbps);
  EXPECT_EQ(law.target(), 50_Gbps);
  law.on_cnp(at(60 + 54.9));
  EXPECT_EQ(law.rate(at(115)).v, 12'500'000'000);
}

TEST(Dcqcn, NotificationsWithinTheDecreaseIntervalActOnceAtItsEnd) {
  Dcqcn law(set("paper"));
  law.on_cnp(at(100));
  law.on_cnp(at(110));
  law.on_cnp(at(149));
  EXPECT_EQ(law.rate(at(149.999)), 50_Gbps);
  EXPECT_EQ(law.rate(at(150)), 25_Gbps);
  EXPECT_EQ(law.rate(at(200)), 25_Gbps);
}

// Stage 1 to 4: fast recovery. Stage 5 on, by the timer alone: additive, since BC stays 0.
TEST(Dcqcn, TimerStagesRecoverThenAdd) {
  Dcqcn law(set("paper"));
  law.on_cnp(at(0));
  double rate = 50e9, target = 100e9;
  for (int stage = 1; stage <= 4; ++stage) {
    rate = (rate + target) / 2;
    EXPECT_NEAR(static_cast<double>(law.rate(at(55.0 * stage)).v), rate, 2) << stage;
    EXPECT_EQ(law.target().v, 100'000'000'000) << stage;
  }
  Dcqcn low(set("paper"));
  low.on_cnp(at(0));
  low.on_cnp(at(50));  // Rt = 50, Rc = 25
  EXPECT_NEAR(static_cast<double>(low.rate(at(50 + 55 * 4)).v), 48.4375e9, 2);
  EXPECT_NEAR(static_cast<double>(low.rate(at(50 + 55 * 5)).v), (48.4375e9 + 50.04e9) / 2, 2);
  EXPECT_EQ(low.target().v, 50'040'000'000);
  EXPECT_NEAR(static_cast<double>(low.rate(at(50 + 55 * 6 - 0.001)).v), (48.4375e9 + 50.04e9) / 2, 2);
}

// Byte stages count as the timer's do; both beyond F: hyper, by i = min(T, BC) - F.
TEST(Dcqcn, BothCountersBeyondFMakeItHyper) {
  Dcqcn law(set("paper"));
  law.on_cnp(at(0));
  law.on_cnp(at(50));
  static_cast<void>(law.rate(at(50 + 55 * 6)));  // T = 6: target 50 + 2 * 0.04
  EXPECT_EQ(law.target().v, 50'080'000'000);
  for (int i = 0; i < 5; ++i) law.on_sent(at(381), 10'000'000_B);  // BC = 5: additive five times
  EXPECT_EQ(law.byte_stages(), 5u);
  EXPECT_EQ(law.target().v, 50'280'000'000);
  law.on_sent(at(381), 10'000'000_B);  // BC = 6, T = 6: i = 1
  EXPECT_EQ(law.target().v, 50'680'000'000);
  static_cast<void>(law.rate(at(50 + 55 * 7)));  // T = 7, BC = 6: i = 1
  EXPECT_EQ(law.target().v, 51'080'000'000);
  law.on_sent(at(440), 10'000'000_B);  // T = 7, BC = 7: i = 2
  EXPECT_EQ(law.target().v, 51'880'000'000);
}

TEST(Dcqcn, NotificationResetsCountersAndClocks) {
  Dcqcn law(set("paper"));
  law.on_cnp(at(0));
  law.on_sent(at(10), 9'999'999_B);
  static_cast<void>(law.rate(at(54)));
  EXPECT_EQ(law.timer_stages(), 0u);
  law.on_cnp(at(54));
  law.on_sent(at(55), 1_B);
  EXPECT_EQ(law.byte_stages(), 0u);
  static_cast<void>(law.rate(at(108.9)));
  EXPECT_EQ(law.timer_stages(), 0u);
  static_cast<void>(law.rate(at(109)));
  EXPECT_EQ(law.timer_stages(), 1u);
}

TEST(Dcqcn, MellanoxFirstNotificationSetsTheFirstRate) {
  Dcqcn law(set("mellanox"));
  law.on_cnp(at(0));
  EXPECT_EQ(law.rate(at(0)), 85_Gbps);
  EXPECT_EQ(law.target(), 85_Gbps);
}

TEST(Dcqcn, NeverBelowTheLeastRate) {
  Dcqcn law(set("hpcc-shipped"));
  for (int i = 0; i < 1'000; ++i) law.on_cnp(at(4 * i));
  EXPECT_EQ(law.rate(at(4'000)), 100_Mbps);
}

// Idle for an hour: no more work than the stages up to full rate, and full rate at the end.
TEST(Dcqcn, CatchesUpAfterALongIdleTime) {
  for (const char* name : {"paper", "htsim", "hpcc-default", "hpcc-shipped", "mellanox"}) {
    Dcqcn law(set(name));
    for (int i = 0; i < 20; ++i) law.on_cnp(at(50 * i));
    EXPECT_LT(law.rate(at(1000)), line) << name;
    EXPECT_EQ(law.rate(at(3.6e9)), line) << name;
    law.on_cnp(at(3.6e9 + 1));
    EXPECT_GT(law.rate(at(3.6e9 + 1)).v, 99'000'000'000) << name << ": alpha has decayed";
  }
}

TEST(Dcqcn, SetsByName) {
  EXPECT_FALSE(dcqcn_parameters("nonesuch", line));
  EXPECT_EQ(set("htsim").additive, 5_Gbps);
  EXPECT_EQ(set("htsim").hyper, 10_Gbps);
  EXPECT_EQ(set("hpcc-default").kept, 960u);
  EXPECT_EQ(set("hpcc-default").byte_counter, 0_B);
  EXPECT_EQ(set("hpcc-default").increase_timer, 1500_us);
  EXPECT_EQ(set("hpcc-shipped").increase_timer, 900_us);
  EXPECT_EQ(set("hpcc-shipped").byte_counter, 10'000'000_B) << "not given there: the paper's";
  EXPECT_EQ(set("mellanox").byte_counter.v, 32767 * 64);
  EXPECT_TRUE(make_congestion("dcqcn", "", line));
  EXPECT_TRUE(make_congestion("none", "", line));
  EXPECT_FALSE(make_congestion("dcqcn", "nonesuch", line));
  EXPECT_FALSE(make_congestion("nonesuch", "", line));
}

// The rules again, in floating point and with every timer tick an event of its own.
class Model {
 public:
  explicit Model(const DcqcnParameters& p)
      : p_(p), rate_(static_cast<double>(p.line.v)), target_(rate_), alpha_(static_cast<double>(p.initial_alpha) / alpha_one) {}

  void notify(double t) {
    until(t);
    if (active_ && t - last_cut_ < ps(p_.decrease_interval)) {
      pending_ = last_cut_ + ps(p_.decrease_interval);
    } else {
      cut(t);
    }
  }
  void sent(double t, double bytes) {
    until(t);
    if (!active_ || p_.byte_counter.v == 0) return;
    bytes_ += bytes;
    while (bytes_ >= static_cast<double>(p_.byte_counter.v)) {
      bytes_ -= static_cast<double>(p_.byte_counter.v);
      ++byte_stage_;
      raise();
    }
  }
  double rate(double t) {
    until(t);
    return rate_;
  }

 private:
  static double ps(Duration d) { return static_cast<double>(d.v); }
  void until(double t) {
    while (active_) {
      const double next = std::min({next_stage_, next_alpha_, pending_});
      if (next > t) return;
      if (next == next_stage_ && (pending_ > next || next_stage_ <= pending_)) {
        next_stage_ += ps(p_.increase_timer);
        ++timer_stage_;
        timer_raised_ = true;
        raise();
      } else if (next == next_alpha_) {
        next_alpha_ += ps(p_.alpha_timer);
        alpha_ *= p_.kept / 1024.0;
      } else {
        cut(next);
      }
    }
  }
  void cut(double t) {
    if (!active_ && p_.first.v != 0) {
      rate_ = target_ = static_cast<double>(p_.first.v);
    } else {
      if (!p_.keep_target || timer_raised_ || !active_) target_ = rate_;
      rate_ = std::max(rate_ * (1 - alpha_ / 2), static_cast<double>(p_.least.v));
    }
    alpha_ = alpha_ * p_.kept / 1024.0 + (1 - p_.kept / 1024.0);
    active_ = true;
    timer_raised_ = false;
    timer_stage_ = byte_stage_ = 0;
    bytes_ = 0;
    last_cut_ = t;
    pending_ = 1e30;
    next_stage_ = t + ps(p_.increase_timer);
    next_alpha_ = t + ps(p_.alpha_timer);
  }
  void raise() {
    const bool bytes = p_.byte_counter.v != 0;
    const double low = bytes ? std::min(timer_stage_, byte_stage_) : timer_stage_;
    const double high = bytes ? std::max(timer_stage_, byte_stage_) : timer_stage_;
    const double limit = p_.fast_recovery;
    if (low > limit) {
      target_ += (low - limit) * static_cast<double>(p_.hyper.v);
    } else if (high >= limit) {
      target_ += static_cast<double>(p_.additive.v);
    }
    target_ = std::min(target_, static_cast<double>(p_.line.v));
    rate_ = std::min((rate_ + target_) / 2, static_cast<double>(p_.line.v));
  }

  DcqcnParameters p_;
  double rate_, target_, alpha_;
  double timer_stage_ = 0, byte_stage_ = 0, bytes_ = 0;
  double next_stage_ = 1e30, next_alpha_ = 1e30, pending_ = 1e30, last_cut_ = 0;
  bool active_ = false, timer_raised_ = false;
};

class DcqcnModelTest : public ::testing::TestWithParam<const char*> {};

TEST_P(DcqcnModelTest, RandomHistoriesAgreeWithFloatingPoint) {
  for (std::uint64_t seed = 1; seed <= 100; ++seed) {
    Random random{random_key(seed, RandomRoom::test, 5)};
    const DcqcnParameters p = set(GetParam());
    Dcqcn law(p), asked_often(p);
    Model model(p);
    Time now{};
    const std::uint64_t spread = std::uint64_t{1} << (20 + random.below(10));  // 1 us to 1 ms between events
    for (int i = 0; i < 2'000; ++i) {
      const Time before = now;
      now = now + Duration{static_cast<std::int64_t>(random.below(spread) + 1)};
      static_cast<void>(asked_often.rate(before + (now - before) / 2));
      if (random.below(20) == 0) {
        law.on_cnp(now);
        asked_often.on_cnp(now);
        model.notify(static_cast<double>(now.ps));
      } else {
        const Bytes size{static_cast<std::int64_t>(random.below(200'000))};
        law.on_sent(now, size);
        asked_often.on_sent(now, size);
        model.sent(static_cast<double>(now.ps), static_cast<double>(size.v));
      }
      const auto rate = static_cast<double>(law.rate(now).v);
      ASSERT_NEAR(rate / model.rate(static_cast<double>(now.ps)), 1.0, 1e-5) << GetParam() << " seed " << seed << " event " << i;
      ASSERT_EQ(law.rate(now), asked_often.rate(now)) << "the answer depends on how often it is asked";
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Sets, DcqcnModelTest, ::testing::Values("paper", "htsim", "hpcc-default", "hpcc-shipped", "mellanox"),
                         [](const auto& p) {
                           std::string name = p.param;
                           for (char& c : name) c = c == '-' ? '_' : c;
                           return name;
                         });

}  // namespace
}  // namespace weft::congestion
