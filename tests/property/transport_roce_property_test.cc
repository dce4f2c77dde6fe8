// Both ends post a random mixture of work over a pipe that loses, duplicates and reorders. Whatever happens on the way: every
// byte arrives where it belongs, every piece of work completes exactly once and in order, and an atomic runs exactly once.
#include <gtest/gtest.h>

#include <cstdlib>
#include <numeric>
#include <string>

#include "unit/transport_pipe.hh"

namespace weft::roce::test {
namespace {

constexpr std::size_t slots = 24;
constexpr std::size_t slot_size = 40'960;
constexpr std::uint64_t source_base = 0x10'0000, target_base = 0x7f00'0000'0000, receive_base = 0x5000'0000, counter_base = 0x8000;

struct Work {
  WorkKind kind = WorkKind::write;
  std::uint32_t length = 0;
  std::uint64_t add = 0;
};

// One end's part: what it posts, and what it has seen complete.
struct Side {
  std::vector<Work> plan;
  std::size_t posted = 0, completed = 0, receives_posted = 0, receives_completed = 0;
  std::vector<std::uint64_t> originals;
  BufferId source, target, receive, counter;
};

class Mixture {
 public:
  Mixture(std::uint64_t seed, Recovery recovery) : random_(random_key(seed, RandomRoom::test, 99)), pipe_(make_pipe(seed, recovery)) {
    for (std::size_t i = 0; i < 2; ++i) prepare(i);
  }

  void run() {
    const bool done = pipe_.run(Time{20 * ps_per_second}, [this] { return step(); });
    for (std::size_t i = 0; i < 2; ++i) {
      ASSERT_FALSE(pipe_.hosts[i].engine->failed()) << "end " << i;
      ASSERT_EQ(sides_[i].completed, slots) << "end " << i;
    }
    ASSERT_TRUE(done);
    for (std::size_t i = 0; i < 2; ++i) compare(i);
    ASSERT_EQ(pipe_.a().next_deadline(), Time::never());
    ASSERT_EQ(pipe_.b().next_deadline(), Time::never());
  }
  std::uint64_t digest() const { return pipe_.hosts[0].engine->digest() ^ (pipe_.hosts[1].engine->digest() * 3); }

 private:
  Pipe make_pipe(std::uint64_t seed, Recovery recovery) {
    QueuePairConfig common;
    common.recovery = recovery;
    common.mtu = 256U << random_.below(5);
    common.ack_every = 1 + static_cast<std::uint32_t>(random_.below(8));
    constexpr std::array<std::uint32_t, 4> windows{0, 1, 7, 64};
    common.window = windows[random_.below(4)];
    common.send_depth = 1 + static_cast<std::uint32_t>(random_.below(9));
    common.initiator_depth = common.responder_resources = 1 + static_cast<std::uint32_t>(random_.below(5));
    common.timeout_exponent = 5;
    common.rnr_timer_code = 1;
    const Ends ends = connect(common, static_cast<std::uint32_t>(0x1000000 - random_.below(300)),
                              static_cast<std::uint32_t>(0x1000000 - random_.below(300)));
    PipeConfig wire;
    wire.seed = seed;
    wire.lateness = Duration{5'000'000};
    for (std::size_t i = 0; i < 2; ++i) {
      wire.loss[i] = chance(0.02) * random_.below(3) / 2;
      wire.duplicate[i] = chance(0.02) * random_.below(2);
      wire.late[i] = chance(0.02) * random_.below(2);
      wire.mark[i] = chance(0.05);
    }
    return Pipe(wire, ends.a, ends.b);
  }

  void prepare(std::size_t i) {
    Side& side = sides_[i];
    TestMemory& memory = pipe_.hosts[i].memory;
    side.source = memory.add(slots * slot_size, source_base);
    side.target = memory.add(slots * slot_size, target_base);
    side.receive = memory.add(slots * slot_size, receive_base);
    side.counter = memory.add(64, counter_base);
    for (auto& byte : memory.regions[side.source.v].bytes) byte = static_cast<std::uint8_t>(random_.next());
    for (std::size_t k = 0; k < slots; ++k) {
      Work work;
      work.kind = static_cast<WorkKind>(random_.below(7));
      work.length =
          random_.below(6) == 0 ? static_cast<std::uint32_t>(random_.below(3)) : static_cast<std::uint32_t>(random_.below(slot_size + 1));
      work.add = random_.next();
      side.plan.push_back(work);
    }
  }

  // Posts what there is room for and takes what has completed; true when both ends are through.
  bool step() {
    bool through = true;
    for (std::size_t i = 0; i < 2; ++i) {
      Completion c;
      while (pipe_.hosts[i].engine->poll(c)) take(i, c);
      while (sides_[i].posted < slots && post(i)) ++sides_[i].posted;
      if (random_.below(4) == 0) post_receive(i);
      through = through && sides_[i].completed == slots;
    }
    return through;
  }

  bool post(std::size_t i) {
    const Side& side = sides_[i];
    QueuePair& qp = *pipe_.hosts[i].engine;
    const std::size_t k = side.posted;
    const Work& work = side.plan[k];
    if (work.kind == WorkKind::compare_swap || work.kind == WorkKind::fetch_add) {
      const AtomicRequest request{k, counter_base + 8, TestMemory::rkey_of(sides_[1 - i].counter), 0x5555, work.add};
      return work.kind == WorkKind::fetch_add ? qp.post_fetch_add(request) : qp.post_compare_swap(request);
    }
    WorkRequest request;
    request.id = k;
    request.length = Bytes{work.length};
    const bool read = work.kind == WorkKind::read;
    request.region = read ? side.target : side.source;
    request.address = (read ? target_base : source_base) + k * slot_size;
    request.remote_address = (read ? source_base : target_base) + k * slot_size;
    request.rkey = TestMemory::rkey_of(read ? sides_[1 - i].source : sides_[1 - i].target);
    request.immediate = static_cast<std::uint32_t>(work.add);
    switch (work.kind) {
      case WorkKind::write: return qp.post_write(request);
      case WorkKind::write_immediate: return qp.post_write_immediate(request);
      case WorkKind::read: return qp.post_read(request);
      case WorkKind::send: return qp.post_send(request);
      default: return qp.post_send_immediate(request);
    }
  }

  void post_receive(std::size_t i) {
    Side& side = sides_[i];
    if (side.receives_posted == slots) return;
    const std::uint64_t k = side.receives_posted;
    if (pipe_.hosts[i].engine->post_receive({k, Bytes{slot_size}, side.receive, receive_base + k * slot_size})) ++side.receives_posted;
  }

  void take(std::size_t i, const Completion& c) {
    Side& side = sides_[i];
    ASSERT_EQ(c.status, Status::success) << status_text(c.status);
    if (!c.is_receive) {
      ASSERT_EQ(c.id, side.completed++);
      const Work& work = side.plan[c.id];
      ASSERT_EQ(c.kind, work.kind);
      if (work.kind == WorkKind::fetch_add || work.kind == WorkKind::compare_swap) {
        side.originals.push_back(c.original);
      } else {
        ASSERT_EQ(c.bytes.v, work.length);
      }
      return;
    }
    ASSERT_EQ(c.id, side.receives_completed++);
    received_[i].push_back(c);
  }

  // The k-th piece of work of end i against the memory it names at the other end.
  void compare(std::size_t i) {
    const Side& side = sides_[i];
    TestMemory& mine = pipe_.hosts[i].memory;
    TestMemory& theirs = pipe_.hosts[1 - i].memory;
    std::size_t receive = 0, atomic = 0;
    std::uint64_t counter = 0;
    for (std::size_t k = 0; k < slots; ++k) {
      const Work& work = side.plan[k];
      const std::size_t n = work.length;
      const std::uint8_t* source = mine.at(side.source, source_base + k * slot_size, n);
      switch (work.kind) {
        case WorkKind::write:
        case WorkKind::write_immediate:
          ASSERT_EQ(0, std::memcmp(source, theirs.at(sides_[1 - i].target, target_base + k * slot_size, n), n)) << "write " << k;
          break;
        case WorkKind::read:
          ASSERT_EQ(0, std::memcmp(mine.at(side.target, target_base + k * slot_size, n),
                                   theirs.at(sides_[1 - i].source, source_base + k * slot_size, n), n))
              << "read " << k;
          break;
        case WorkKind::compare_swap:
        case WorkKind::fetch_add:
          ASSERT_EQ(side.originals.at(atomic++), counter) << "atomic " << k;
          counter = work.kind == WorkKind::fetch_add ? counter + work.add : counter == 0x5555 ? work.add : counter;
          break;
        default:
          ASSERT_EQ(0, std::memcmp(source, theirs.at(sides_[1 - i].receive, receive_base + receive * slot_size, n), n)) << "send " << k;
      }
      const bool takes_receive =
          work.kind == WorkKind::send || work.kind == WorkKind::send_immediate || work.kind == WorkKind::write_immediate;
      if (!takes_receive) continue;
      ASSERT_LT(receive, received_[1 - i].size());
      const Completion& c = received_[1 - i][receive++];
      ASSERT_EQ(c.bytes.v, work.length);
      ASSERT_EQ(c.has_immediate, work.kind != WorkKind::send);
      if (c.has_immediate) { ASSERT_EQ(c.immediate, static_cast<std::uint32_t>(work.add)); }
    }
    ASSERT_EQ(receive, received_[1 - i].size());
    ASSERT_EQ(counter, theirs.load(sides_[1 - i].counter, counter_base + 8));
  }

  Random random_;
  std::array<Side, 2> sides_;
  std::array<std::vector<Completion>, 2> received_;
  Pipe pipe_;
};

// WEFT_SEED=n runs that seed alone.
void run_seeds(Recovery recovery, const char* name) {
  const char* chosen = std::getenv("WEFT_SEED");
  const std::uint64_t first = chosen != nullptr ? std::strtoull(chosen, nullptr, 10) : 1;
  const std::uint64_t last = chosen != nullptr ? first : 100;
  for (std::uint64_t seed = first; seed <= last; ++seed) {
    Mixture mixture(seed, recovery);
    mixture.run();
    ASSERT_FALSE(::testing::Test::HasFatalFailure())
        << "again: WEFT_SEED=" << seed << " weft_transport_test --gtest_filter=RoceMixture." << name;
  }
}

TEST(RoceMixture, GoBackN) { run_seeds(Recovery::go_back_n, "GoBackN"); }

TEST(RoceMixture, Selective) { run_seeds(Recovery::selective, "Selective"); }

TEST(RoceMixture, SameSeedSameDigest) {
  Mixture one(7, Recovery::go_back_n), two(7, Recovery::go_back_n), other(8, Recovery::go_back_n);
  one.run();
  two.run();
  other.run();
  EXPECT_EQ(one.digest(), two.digest());
  EXPECT_NE(one.digest(), other.digest());
}

}  // namespace
}  // namespace weft::roce::test
