// NSCC in a closed loop: senders share one bottleneck of 100 Gb/s, a FIFO that marks between 30 and 120 KB, cuts packets off
// beyond 180 KB, and is 12 us (a packet and its ACK) from everyone.
#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <queue>
#include <vector>

#include "base/random.hh"
#include "support/seeds.hh"
#include "transport/congestion/nscc.hh"

namespace weft::congestion {
namespace {

using namespace literals;

constexpr Bytes packet{4150};
constexpr Duration serialisation{332'000};
constexpr Duration base_rtt{12'000'000};

class Bottleneck {
 public:
  explicit Bottleneck(std::uint64_t key) : random_(key) {
    NsccSettings s;
    s.base_rtt = base_rtt;
    s.packet = packet;
    s.payload = 4086_B;
    parameters_ = make_nscc_parameters(s);
  }
  void join(Time at) {
    senders_.push_back({std::make_unique<Nscc>(parameters_), {}, {}, at});
    const auto index = static_cast<std::uint32_t>(senders_.size() - 1);
    events_.push({at, count_++, index, {}, Event::send});
  }
  // Counting of delays and shares starts at `from`.
  void run(Time from, Time until) {
    while (!events_.empty() && events_.top().at < until) {
      const Event e = events_.top();
      events_.pop();
      Sender& sender = senders_[e.sender];
      if (e.kind == Event::send) sender.sending = false;
      if (e.kind == Event::ack) acknowledged(sender, e, from);
      if (e.kind == Event::nack) {
        sender.law->on_nack(e.at, e.at - e.sent, packet, true, sender.in_flight);
        sender.in_flight -= packet;
        trims_ += e.at >= from;
      }
      send(sender, e);
    }
  }

  [[nodiscard]] Bytes delivered(std::size_t sender) const { return senders_[sender].delivered; }
  [[nodiscard]] Duration mean_delay() const { return samples_ == 0 ? Duration{} : delays_ / samples_; }
  [[nodiscard]] Duration target() const { return parameters_.target; }
  [[nodiscard]] std::int64_t trims() const { return trims_; }

 private:
  struct Sender {
    std::unique_ptr<Nscc> law;
    Bytes in_flight{};
    Bytes delivered{};
    Time line_free{};
    bool sending = true;
  };
  struct Event {
    Time at;
    std::uint64_t order;
    std::uint32_t sender;
    Time sent;
    enum Kind { send, ack, nack } kind;
    bool marked = false;
    friend bool operator<(const Event& a, const Event& b) { return a.at != b.at ? a.at > b.at : a.order > b.order; }
  };

  void acknowledged(Sender& sender, const Event& e, Time from) {
    sender.in_flight -= packet;
    sender.law->on_ack(e.at, e.at - e.sent, e.marked, packet, sender.in_flight);
    if (e.at < from) return;
    sender.delivered += packet;
    delays_ += e.at - e.sent - base_rtt;
    ++samples_;
  }
  // One packet if window and line allow; the next try when the line is free again.
  void send(Sender& sender, const Event& e) {
    if (sender.sending || e.at < sender.line_free || sender.in_flight + packet > sender.law->window()) return;
    sender.in_flight += packet;
    sender.line_free = e.at + serialisation;
    sender.sending = true;
    events_.push({sender.line_free, count_++, e.sender, {}, Event::send});
    pass(e.sender, e.at);
  }
  void pass(std::uint32_t sender, Time now) {
    const std::int64_t queued = std::max<std::int64_t>(0, (free_at_ - now).v) / 80;  // 80 ps a byte
    if (queued + packet.v > 180'000) {
      events_.push({now + base_rtt - serialisation, count_++, sender, now, Event::nack});
      return;
    }
    free_at_ = std::max(free_at_, now) + serialisation;
    const bool marked = queued >= 120'000 || (queued > 30'000 && static_cast<std::int64_t>(random_.below(90'000)) < queued - 30'000);
    events_.push({free_at_ + base_rtt - serialisation, count_++, sender, now, Event::ack, marked});
  }

  NsccParameters parameters_;
  Random random_;
  std::vector<Sender> senders_;
  std::priority_queue<Event> events_;
  std::uint64_t count_ = 0;
  Time free_at_{};
  Duration delays_{};
  std::int64_t samples_ = 0;
  std::int64_t trims_ = 0;
};

double gigabits(Bytes bytes, Duration time) { return static_cast<double>(bytes.v) * 8000 / static_cast<double>(time.v); }

TEST(NsccLoop, OneSenderFillsTheLineBelowTarget) {
  Bottleneck link(1);
  link.join(Time{});
  link.run(Time{} + 1_ms, Time{} + 3_ms);
  EXPECT_GT(gigabits(link.delivered(0), 2_ms), 98);
  EXPECT_LT(link.mean_delay(), link.target());
}

TEST(NsccLoop, TwoSendersShareFairlyBelowTarget) {
  test::for_each_seed(20, [](Random& random, std::uint64_t seed) {
    Bottleneck link(seed);
    link.join(Time{});
    link.join(Time{} + Duration{static_cast<std::int64_t>(random.below(500'000'000))});
    link.run(Time{} + 5_ms, Time{} + 15_ms);
    const double one = gigabits(link.delivered(0), 10_ms), two = gigabits(link.delivered(1), 10_ms);
    EXPECT_GT(one + two, 98);
    EXPECT_NEAR(one / (one + two), 0.5, 0.1);
    EXPECT_LT(link.mean_delay(), link.target());
    EXPECT_EQ(link.trims(), 0);
  });
}

TEST(NsccLoop, AnIncastSettlesWithHardlyATrim) {
  test::for_each_seed(5, [](Random&, std::uint64_t seed) {
    Bottleneck link(seed);
    for (int i = 0; i < 16; ++i) link.join(Time{});
    link.run(Time{} + 5_ms, Time{} + 15_ms);
    double sum = 0;
    double squares = 0;
    for (std::size_t i = 0; i < 16; ++i) {
      const double share = gigabits(link.delivered(i), 10_ms);
      sum += share;
      squares += share * share;
    }
    EXPECT_GT(sum, 98);
    EXPECT_GT(sum * sum / (16 * squares), 0.9);  // Jain's index
    EXPECT_LT(link.trims(), 30);                 // of 30,000 packets
    EXPECT_LT(link.mean_delay(), link.target() * 2);
  });
}

}  // namespace
}  // namespace weft::congestion
