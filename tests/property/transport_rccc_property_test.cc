// RCCC over random histories: credit is neither made nor lost, every receiver's demand is met in the end, the NIC's line is
// shared evenly, and no more arrives than the line carries.
#include <gtest/gtest.h>

#include <algorithm>
#include <deque>
#include <limits>
#include <vector>

#include "support/seeds.hh"
#include "transport/congestion/credit_pacer.hh"
#include "transport/congestion/rccc.hh"

namespace weft::congestion {
namespace {

using namespace literals;

constexpr Bytes no_limit{std::numeric_limits<std::int64_t>::max()};

RcccParameters draw_parameters(Random& random) {
  RcccSettings s;
  s.packet = random.chance(1U << 31) ? 4150_B : 1088_B;
  s.payload = s.packet - 64_B;
  s.base_rtt = Duration{static_cast<std::int64_t>(2 + random.below(40)) * 1'000'000};
  s.spare_credit = random.chance(1U << 31);
  return make_rccc_parameters(s);
}

// Targets and credits on their way, each lost with probability 1/8 and sometimes overtaken by a later one.
class Messages {
 public:
  explicit Messages(Random& random) : random_(&random) {}
  void push(CreditCounter counter) {
    if (random_->below(8) != 0) waiting_.push_back(counter);
  }
  [[nodiscard]] bool empty() const { return waiting_.empty(); }
  CreditCounter pop() {
    const std::size_t index = waiting_.size() > 1 && random_->below(4) == 0 ? 1 : 0;
    const CreditCounter counter = waiting_[index];
    waiting_.erase(waiting_.begin() + static_cast<std::ptrdiff_t>(index));
    return counter;
  }

 private:
  Random* random_;
  std::deque<CreditCounter> waiting_;
};

// Nothing but speculative and granted credit moves a packet, and though messages are lost all is sent in the end.
TEST(RcccProperty, CreditIsConservedAndDemandIsMet) {
  test::for_each_seed(100, [](Random& random, std::uint64_t) {
    const RcccParameters p = draw_parameters(random);
    RcccSender sender(p);
    RcccReceiver receiver(p);
    Messages targets(random);
    Messages credits(random);
    Bytes backlog{static_cast<std::int64_t>(random.below(20'000'000)) + 1};
    Bytes speculated{}, used{}, granted{};
    for (int i = 0; i < 200'000 && backlog.v > 0; ++i) {
      const std::uint64_t choice = random.below(4);
      if (choice == 0 && sender.may_send()) {
        const Bytes size = std::min(backlog, p.packet);
        (sender.speculating() ? speculated : used) += size;
        sender.on_sent(size);
        backlog -= size;
        targets.push(sender.target(backlog, no_limit, 1));
      } else if (choice == 1 && !targets.empty()) {
        receiver.on_target(targets.pop());
      } else if (choice == 2 && receiver.wish() != CreditWish::none) {
        const auto grant = receiver.grant();
        ASSERT_LE(grant.credit, p.quantum);
        granted += grant.credit;
        credits.push(grant.counter);
      } else if (!credits.empty()) {
        sender.on_credit(credits.pop());
      } else if (!sender.may_send() && receiver.wish() == CreditWish::none) {
        targets.push(sender.target(backlog, no_limit, 1));  // as a transport does after an RTO: CP CREDIT_REQ
        receiver.on_request();
      }
      ASSERT_LE(sender.available(), p.most);
      ASSERT_GT(sender.available(), Bytes{} - p.packet);
    }
    EXPECT_EQ(backlog.v, 0);
    EXPECT_LE(speculated, p.most + p.packet);
    EXPECT_LE(used, granted + p.packet);
  });
}

// All senders always want more: what each is granted differs by one quantum at most, and in all it is what 99 % of the line
// carries, one quantum more or less.
TEST(RcccProperty, TheLineIsSharedEvenlyAndNotOverbooked) {
  test::for_each_seed(50, [](Random& random, std::uint64_t) {
    const RcccParameters p = draw_parameters(random);
    const std::uint32_t count = 1 + static_cast<std::uint32_t>(random.below(50));
    CreditPacer pacer(100_Gbps);
    pacer.reserve(count);
    std::vector<RcccReceiver> receivers(count, RcccReceiver(p));
    std::vector<Bytes> granted(count);
    std::vector<CreditCounter> targets(count);
    const auto ask = [&](std::uint32_t id) {
      targets[id].advance_units(200);
      receivers[id].on_target(targets[id]);
      pacer.want(id, receivers[id].wish());
    };
    for (std::uint32_t id = 0; id < count; ++id) ask(id);
    const Time end{500'000'000};
    Bytes total{};
    for (Time now = pacer.next_deadline(); now < end; now = pacer.next_deadline()) {
      const auto id = pacer.advance(now);
      ASSERT_TRUE(id);
      const auto grant = receivers[*id].grant();
      granted[*id] += grant.credit;
      total += grant.credit;
      pacer.granted(now, grant.credit);
      ask(*id);
    }
    const auto [least, most] = std::minmax_element(granted.begin(), granted.end());
    EXPECT_LE(*most - *least, p.quantum);
    EXPECT_NEAR(static_cast<double>(total.v), 99e9 / 8 * 500e-6, static_cast<double>(p.quantum.v));
  });
}

// The pacer's two lines against plain lists.
TEST(CreditPacerProperty, LinesAreFirstComeFirstServed) {
  test::for_each_seed(100, [](Random& random, std::uint64_t) {
    constexpr std::uint32_t ids = 20;
    CreditPacer pacer(100_Gbps);
    pacer.reserve(ids);
    std::deque<std::uint32_t> demand, spare;
    const auto erase = [](std::deque<std::uint32_t>& line, std::uint32_t id) {
      const auto found = std::find(line.begin(), line.end(), id);
      if (found == line.end()) return false;
      line.erase(found);
      return true;
    };
    for (int i = 0; i < 2000; ++i) {
      const auto id = static_cast<std::uint32_t>(random.below(ids));
      const auto wish = static_cast<CreditWish>(random.below(3));
      if (random.below(3) == 0) {
        auto& line = demand.empty() ? spare : demand;
        const auto next = pacer.advance(Time::never());
        ASSERT_EQ(next.has_value(), !line.empty());
        if (!next) continue;
        ASSERT_EQ(*next, line.front());
        line.pop_front();
        continue;
      }
      pacer.want(id, wish);
      auto& wanted = wish == CreditWish::demand ? demand : spare;
      auto& other = wish == CreditWish::demand ? spare : demand;
      erase(other, id);
      if (wish == CreditWish::none) {
        erase(wanted, id);
      } else if (std::find(wanted.begin(), wanted.end(), id) == wanted.end()) {
        wanted.push_back(id);
      }
    }
  });
}

}  // namespace
}  // namespace weft::congestion
