// NSCC over long random histories: the window keeps within its bounds, and goes where a plain floating-point model of the same
// rules goes.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "support/seeds.hh"
#include "transport/congestion/nscc.hh"

namespace weft::congestion {
namespace {

using namespace literals;

// The rules of nscc.hh once more, in microseconds and bytes of type double.
class Model {
 public:
  explicit Model(const NsccSettings& s)
      : line_(static_cast<double>(s.line.v) / 8e6),
        packet_(static_cast<double>(s.packet.v)),
        network_rtt_(us(s.base_rtt)),
        base_rtt_(us(s.base_rtt)) {
    const double bdp = std::floor(line_ * network_rtt_);
    const double mss = static_cast<double>(s.payload.v);
    a_ = bdp / 150'000;
    mss_ = mss;
    target_ = s.trimming ? network_rtt_ * 0.75 : network_rtt_;
    credit_ = s.receiver_credit;
    largest_ = std::floor(1.5 * bdp);
    window = largest_;
  }

  void ack(double now, double rtt, bool marked, double bytes, double in_flight) {
    achieved_ += bytes;
    received_ += bytes;
    ignored_ += bytes;
    double delay = mean_;
    if (rtt > 0) {
      learn(rtt);
      delay = rtt - base_rtt_;
      mean_ = 0.9875 * mean_ + 0.0125 * (!marked && delay > target_ ? base_rtt_ / 4 : delay);
    }
    if (quick_adapt(now, marked, delay > 4 * target_, in_flight)) return;
    if (!marked && delay >= target_) {
      increment_ += 5 * mss_ * a_ * bytes;
    } else if (!marked) {
      below_target(delay, bytes);
    } else if (delay >= target_) {
      decrease(now);
    }
    if (received_ > 8 * packet_ || now - adjusted_ > network_rtt_) adjust(now);
  }
  void nack(double now, double rtt, double bytes, bool last_hop, double in_flight) {
    ignored_ += bytes;
    if (rtt > 0) learn(rtt);
    mean_ = 0.9875 * mean_ + 0.0125 * network_rtt_;
    trimmed_ = true;
    if (!quick_adapt(now, true, true, in_flight) && !(credit_ && last_hop)) bound(window - bytes);
  }
  void loss(double bytes) { bound(window - bytes); }

  double window;

 private:
  static double us(Duration d) { return static_cast<double>(d.v) / 1e6; }
  void bound(double bytes) { window = std::clamp(std::floor(bytes + 1e-6), packet_, std::max(largest_, packet_)); }
  void learn(double rtt) {
    if (rtt >= base_rtt_) return;
    base_rtt_ = rtt;
    largest_ = std::floor(1.5 * std::floor(line_ * rtt + 1e-6));
    bound(window);
  }
  bool quick_adapt(double now, bool marked, bool congested, double in_flight) {
    bool done = marked && ignored_ < to_ignore_;
    if (!done && now > period_end_) {
      if (period_end_ > 0 && (congested || trimmed_) && achieved_ < std::floor(std::max(largest_, packet_) / 8)) {
        bound(achieved_);
        to_ignore_ = in_flight;
        ignored_ = 0;
        trimmed_ = false;
        done = true;
      }
      achieved_ = 0;
      period_end_ = now + base_rtt_ + target_;
    }
    if (done) increment_ = received_ = 0;
    return done;
  }
  void below_target(double delay, double bytes) {
    if (delay < 1) {
      undelayed_ += bytes;
      fast_ = fast_ || undelayed_ > window;
      if (fast_) return bound(window + 0.25 * a_ * bytes);
    } else {
      undelayed_ = 0;
      fast_ = false;
    }
    increment_ += 4 * mss_ * a_ / 12 * bytes * (target_ - delay);
  }
  void decrease(double now) {
    undelayed_ = 0;
    fast_ = false;
    if (mean_ <= target_ || now - decreased_ <= base_rtt_) return;
    bound(window * std::max(1 - 0.8 * (mean_ - target_) / mean_, 0.5));
    decreased_ = now;
  }
  void adjust(double now) {
    double next = window + std::floor(increment_ / window);
    if (now - adjusted_ >= network_rtt_) {
      next += std::floor(0.15 * mss_ * a_);
      adjusted_ = now;
    }
    increment_ = received_ = 0;
    bound(next);
  }

  double line_, packet_, network_rtt_, base_rtt_;
  double a_, mss_, target_, largest_;
  bool credit_, trimmed_ = false, fast_ = false;
  double mean_ = 0, increment_ = 0, received_ = 0, achieved_ = 0, ignored_ = 0, to_ignore_ = 0, undelayed_ = 0;
  double period_end_ = 0, adjusted_ = 0, decreased_ = 0;
};

NsccSettings draw_settings(Random& random) {
  NsccSettings s;
  const Rate lines[] = {25_Gbps, 100_Gbps, 400_Gbps, 800_Gbps};
  s.line = lines[random.below(4)];
  s.base_rtt = Duration{static_cast<std::int64_t>(4 + random.below(60)) * 1'000'000};
  s.packet = random.chance(1U << 31) ? 4150_B : 1088_B;
  s.payload = s.packet - 64_B;
  s.trimming = random.chance(1U << 31);
  s.receiver_credit = random.chance(1U << 30);
  return s;
}

// One event: mostly ACKs in phases that are quiet, loaded or overloaded, with marks to match; now and then a trim or a loss.
struct Event {
  Time now;
  Duration rtt;
  Bytes bytes;
  Bytes in_flight;
  bool marked;
  bool last_hop;
  enum Kind { ack, nack, loss } kind;
};

Event draw_event(Random& random, const NsccSettings& s, Time now, std::uint64_t phase) {
  Event e{};
  e.now = now;
  const std::int64_t base = s.base_rtt.v;
  const std::uint64_t spread = static_cast<std::uint64_t>(base) * (phase == 0 ? 1 : phase == 1 ? 2 : 8);
  e.rtt = Duration{base + static_cast<std::int64_t>(random.below(spread)) / (phase == 0 ? 20 : 1)};
  if (random.below(50) == 0) e.rtt = Duration{};  // no valid sample
  if (random.below(400) == 0) e.rtt = Duration{base - static_cast<std::int64_t>(random.below(static_cast<std::uint64_t>(base / 50)))};
  e.marked = random.below(4) < phase * 2;
  e.bytes = Bytes{s.packet.v * static_cast<std::int64_t>(1 + random.below(4))};
  e.in_flight = Bytes{s.packet.v * static_cast<std::int64_t>(random.below(200))};
  e.last_hop = random.chance(1U << 31);
  e.kind = Event::ack;
  if (random.below(phase == 2 ? 10 : 300) == 0) e.kind = random.below(5) == 0 ? Event::loss : Event::nack;
  if (e.kind != Event::ack) e.bytes = s.packet;
  return e;
}

TEST(NsccProperty, FollowsTheModelWithinItsBounds) {
  test::for_each_seed(100, [](Random& random, std::uint64_t) {
    const NsccSettings s = draw_settings(random);
    const NsccParameters p = make_nscc_parameters(s);
    Nscc law(p);
    Model model(s);
    Time now{};
    std::uint64_t phase = 0;
    for (int i = 0; i < 3000; ++i) {
      if (random.below(100) == 0) phase = random.below(3);
      now = now + Duration{static_cast<std::int64_t>(1 + random.below(1'500'000))};
      const Event e = draw_event(random, s, now, phase);
      const double at = static_cast<double>(e.now.ps) / 1e6, rtt = static_cast<double>(e.rtt.v) / 1e6;
      const auto bytes = static_cast<double>(e.bytes.v), in_flight = static_cast<double>(e.in_flight.v);
      if (e.kind == Event::ack) {
        law.on_ack(e.now, e.rtt, e.marked, e.bytes, e.in_flight);
        model.ack(at, rtt, e.marked, bytes, in_flight);
      } else if (e.kind == Event::nack) {
        law.on_nack(e.now, e.rtt, e.bytes, e.last_hop, e.in_flight);
        model.nack(at, rtt, bytes, e.last_hop, in_flight);
      } else {
        law.on_loss(e.bytes);
        model.loss(bytes);
      }
      ASSERT_GE(law.window(), s.packet);
      ASSERT_LE(law.window(), law.largest_window());
      ASSERT_NEAR(static_cast<double>(law.window().v), model.window, 20 + model.window / 100) << "event " << i;
    }
  });
}

}  // namespace
}  // namespace weft::congestion
