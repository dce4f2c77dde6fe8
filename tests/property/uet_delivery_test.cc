// Both ends post a random mixture of WRITE, READ, SEND and tagged SEND over a pipe that loses, reorders, duplicates or trims;
// some WRITEs and READs name memory that is not there. Whatever happens on the way: every byte arrives where it belongs, every
// message is delivered exactly once and completes exactly once, refused if it was to be, and with ROD SENDs are received in the
// order of posting. PSNs wrap in most runs.
#include <gtest/gtest.h>

#include "property/uet_trouble.hh"

namespace weft::uet::test {
namespace {

constexpr std::size_t slots = 24;
constexpr std::size_t slot_size = 40'960;
constexpr std::uint64_t source_base = 0x10'0000, target_base = 0x7f00'0000'0000, receive_base = 0x5000'0000;

struct Work {
  WorkKind kind = WorkKind::write;
  std::uint32_t length = 0;
  bool forbidden = false;
};

struct Side {
  std::vector<Work> plan;
  std::size_t posted = 0, completed = 0, receives_posted = 0;
  std::array<bool, slots> done{};
  std::vector<Completion> received;
  BufferId source, target, receive;
};

class Mixture {
 public:
  Mixture(std::uint64_t seed, Mode mode, const Trouble& trouble, Recovery recovery)
      : random_(random_key(seed, RandomRoom::test, 99)),
        mode_(mode),
        mtu_(256U << random_.below(5)),
        laws_(Duration{3'000'000}, mtu_, recovery == Recovery::rto),
        pipe_(make_pipe(seed, trouble, recovery)) {
    for (std::size_t i = 0; i < 2; ++i) prepare(i);
  }

  void run() {
    const bool done = pipe_.run(Time{20 * ps_per_second}, [this] { return step(); });
    for (std::size_t i = 0; i < 2; ++i) {
      ASSERT_FALSE(pipe_.hosts[i].engine->failed()) << "end " << i << " at " << pipe_.now.ps;
      ASSERT_EQ(sides_[i].completed, slots) << "end " << i << " at " << pipe_.now.ps;
    }
    ASSERT_TRUE(done);
    for (std::size_t i = 0; i < 2; ++i) compare(i);
    // What is on the way still arrives; then nobody has anything to wait for.
    pipe_.run(pipe_.now + Duration{ps_per_second}, [] { return false; });
    for (std::size_t i = 0; i < 2; ++i) {
      ASSERT_EQ(pipe_.hosts[i].engine->next_deadline(), Time::never());
      ASSERT_EQ(pipe_.hosts[i].engine->packets_in_flight(), 0U);
      ASSERT_EQ(pipe_.hosts[i].engine->sender().window().in_flight(), 0);
    }
  }
  std::uint64_t digest() { return pipe_.a().digest() ^ (pipe_.b().digest() * 3); }

 private:
  Pipe make_pipe(std::uint64_t seed, const Trouble& trouble, Recovery recovery) {
    constexpr std::array laws{Congestion::none, Congestion::nscc, Congestion::rccc, Congestion::nscc_rccc};
    PdcConfig common;
    common.mode = mode_;
    common.mtu = mtu_;
    common.recovery = recovery;
    common.congestion = recovery == Recovery::sleek ? Congestion::nscc : laws[random_.below(4)];
    laws_.use(common);
    constexpr std::array<std::uint32_t, 4> ranges{1, 7, 64, 300};
    common.psn_range = ranges[random_.below(4)];
    common.send_depth = 1 + static_cast<std::uint32_t>(random_.below(9));
    common.messages = 1U << random_.below(5);
    common.read_depth = 1 + static_cast<std::uint32_t>(random_.below(5));
    common.receive_depth = 2 * slots;
    common.ack_bytes = Bytes{static_cast<std::int64_t>(1 + random_.below(16384))};
    common.least_rto = Duration{20'000'000};
    common.retry_count = 40;
    common.refusal_count = 100'000;
    common.paths = {.paths = 1U << random_.below(6), .key = seed};
    constexpr std::array policies{multipath::PathPolicyKind::oblivious, multipath::PathPolicyKind::bitmap, multipath::PathPolicyKind::reps,
                                  multipath::PathPolicyKind::mixed};
    common.path_policy = policies[random_.below(4)];
    const Ends ends = connect(common, static_cast<std::uint32_t>(0) - static_cast<std::uint32_t>(random_.below(300)));
    PipeConfig wire = trouble.on_the_way(seed);
    wire.mark = {chance(0.05), chance(0.05)};
    return Pipe(wire, ends.a, ends.b);
  }

  void prepare(std::size_t i) {
    Side& side = sides_[i];
    TestMemory& memory = pipe_.hosts[i].memory;
    side.source = memory.add(slots * slot_size, source_base);
    side.target = memory.add(slots * slot_size, target_base);
    side.receive = memory.add(2 * slots * slot_size, receive_base);
    for (auto& byte : memory.regions[side.source.v].bytes) byte = static_cast<std::uint8_t>(random_.next());
    for (std::size_t k = 0; k < slots; ++k) {
      Work work;
      work.kind = static_cast<WorkKind>(random_.below(4));
      work.length =
          random_.below(6) == 0 ? static_cast<std::uint32_t>(random_.below(3)) : static_cast<std::uint32_t>(random_.below(slot_size + 1));
      work.forbidden = work.kind <= WorkKind::read && work.length > 0 && random_.below(10) == 0;
      side.plan.push_back(work);
    }
  }

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
    Pdc& pdc = *pipe_.hosts[i].engine;
    const std::size_t k = side.posted;
    const Work& work = side.plan[k];
    WorkRequest request;
    request.id = k;
    request.length = Bytes{work.length};
    const bool read = work.kind == WorkKind::read;
    request.region = read ? side.target : side.source;
    request.address = (read ? target_base : source_base) + k * slot_size;
    request.remote_address = (read ? source_base : target_base) + k * slot_size;
    request.key = work.kind == WorkKind::tagged_send ? 1000 + k : TestMemory::rkey_of(read ? sides_[1 - i].source : sides_[1 - i].target);
    request.header_data = k;
    if (work.forbidden) request.key = 0xbad;
    switch (work.kind) {
      case WorkKind::write: return pdc.post_write(request);
      case WorkKind::read: return pdc.post_read(request);
      case WorkKind::send: return pdc.post_send(request);
      default: return pdc.post_tagged_send(request);
    }
  }

  // The first half untagged, the second half tagged for the peer's k-th message; the slots lie side by side.
  void post_receive(std::size_t i) {
    Side& side = sides_[i];
    if (side.receives_posted == 2 * slots) return;
    const std::uint64_t k = side.receives_posted++;
    ReceiveRequest request{k, Bytes{slot_size}, side.receive, receive_base + k * slot_size};
    request.tagged = k % 2 != 0;
    request.match_bits = request.tagged ? 1000 + k / 2 : 0;
    ASSERT_TRUE(pipe_.hosts[i].engine->post_receive(request));
  }

  void take(std::size_t i, const Completion& c) {
    Side& side = sides_[i];
    if (c.is_receive) {
      ASSERT_EQ(c.status, Status::success) << status_text(c.status);
      side.received.push_back(c);
      return;
    }
    ASSERT_LT(c.id, slots);
    const bool forbidden = side.plan[c.id].forbidden;
    ASSERT_EQ(c.status, forbidden ? Status::refused : Status::success) << status_text(c.status);
    ASSERT_FALSE(side.done[c.id]) << "twice: " << c.id;
    side.done[c.id] = true;
    ++side.completed;
    ASSERT_EQ(c.kind, side.plan[c.id].kind);
    ASSERT_EQ(c.bytes.v, forbidden ? 0 : side.plan[c.id].length);
  }

  // The messages of end i against the memory of the other end.
  void compare(std::size_t i) {
    const Side& side = sides_[i];
    TestMemory& mine = pipe_.hosts[i].memory;
    TestMemory& theirs = pipe_.hosts[1 - i].memory;
    std::array<const Completion*, slots> receives{};
    std::uint64_t last_untagged = 0;
    for (const Completion& c : sides_[1 - i].received) {
      ASSERT_LT(c.header_data, slots);
      ASSERT_EQ(receives[c.header_data], nullptr) << "received twice: " << c.header_data;
      receives[c.header_data] = &c;
      const WorkKind kind = side.plan[c.header_data].kind;
      ASSERT_EQ(kind, c.id % 2 == 0 ? WorkKind::send : WorkKind::tagged_send);
      if (mode_ != Mode::rod || kind != WorkKind::send) continue;
      ASSERT_GE(c.header_data + 1, last_untagged) << "out of order";
      last_untagged = c.header_data + 1;
    }
    std::uint64_t delivered = 0, bytes = 0;
    for (std::size_t k = 0; k < slots; ++k) {
      const Work& work = side.plan[k];
      const std::size_t n = work.length;
      if (work.forbidden) continue;
      const std::uint8_t* source = mine.at(side.source, source_base + k * slot_size, n);
      if (work.kind == WorkKind::read) {
        ASSERT_EQ(0, std::memcmp(mine.at(side.target, target_base + k * slot_size, n),
                                 theirs.at(sides_[1 - i].source, source_base + k * slot_size, n), n))
            << "read " << k;
        continue;
      }
      ++delivered;
      bytes += n;
      if (work.kind == WorkKind::write) {
        ASSERT_EQ(0, std::memcmp(source, theirs.at(sides_[1 - i].target, target_base + k * slot_size, n), n)) << "write " << k;
        continue;
      }
      ASSERT_NE(receives[k], nullptr) << "send " << k;
      ASSERT_EQ(receives[k]->bytes.v, work.length);
      if (work.kind == WorkKind::tagged_send) { ASSERT_EQ(receives[k]->match_bits, 1000 + k); }
      ASSERT_EQ(0, std::memcmp(source, theirs.at(sides_[1 - i].receive, receive_base + receives[k]->id * slot_size, n), n)) << "send " << k;
    }
    ASSERT_EQ(pipe_.hosts[1 - i].engine->delivered_messages(), delivered);
    ASSERT_EQ(pipe_.hosts[1 - i].engine->delivered_bytes(), bytes);
  }

  Random random_;
  Mode mode_;
  std::uint32_t mtu_;
  Laws laws_;
  std::array<Side, 2> sides_;
  Pipe pipe_;
};

void run_seeds(Mode mode, const Trouble& trouble, Recovery recovery = Recovery::rto) {
  for_each_seed(weft::test::fewer_if_slow(100), [&](Random&, std::uint64_t seed) { Mixture(seed, mode, trouble, recovery).run(); });
}

TEST(UetDelivery, Clean) { run_seeds(Mode::rud, {}); }
TEST(UetDelivery, Loss) { run_seeds(Mode::rud, {.loss = 0.02}); }
TEST(UetDelivery, Reordering) { run_seeds(Mode::rud, {.late = 0.2}); }
TEST(UetDelivery, Duplication) { run_seeds(Mode::rud, {.duplicate = 0.1}); }
TEST(UetDelivery, Trimming) { run_seeds(Mode::rud, {.trim = 0.1}); }
TEST(UetDelivery, Everything) { run_seeds(Mode::rud, {.loss = 0.01, .late = 0.1, .duplicate = 0.05, .trim = 0.05}); }
TEST(UetDelivery, Sleek) { run_seeds(Mode::rud, {.loss = 0.02, .late = 0.05, .duplicate = 0.02}, Recovery::sleek); }
TEST(UetDelivery, OrderedLoss) { run_seeds(Mode::rod, {.loss = 0.01}); }
TEST(UetDelivery, OrderedReordering) { run_seeds(Mode::rod, {.late = 0.02}); }
TEST(UetDelivery, OrderedDuplication) { run_seeds(Mode::rod, {.duplicate = 0.1}); }
TEST(UetDelivery, OrderedTrimming) { run_seeds(Mode::rod, {.trim = 0.05}); }
TEST(UetDelivery, OrderedEverything) { run_seeds(Mode::rod, {.loss = 0.01, .late = 0.01, .duplicate = 0.02, .trim = 0.02}); }

TEST(UetDelivery, SameSeedSameDigest) {
  const Trouble trouble{.loss = 0.01, .late = 0.05, .duplicate = 0.05, .trim = 0.05};
  Mixture one(7, Mode::rud, trouble, Recovery::rto), two(7, Mode::rud, trouble, Recovery::rto), other(8, Mode::rud, trouble, Recovery::rto);
  one.run();
  two.run();
  other.run();
  EXPECT_EQ(one.digest(), two.digest());
  EXPECT_NE(one.digest(), other.digest());
}

}  // namespace
}  // namespace weft::uet::test
