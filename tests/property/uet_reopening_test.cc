// A context closes and opens again, eight lives long, over a pipe that loses, delays, duplicates or trims, by so much that packets
// of a life arrive in the next one or in the one after that. Whatever happens on the way: every message of both ends completes,
// with its own bytes, and is delivered exactly once; whoever asks for a close gets it.
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <tuple>

#include "property/uet_trouble.hh"

namespace weft::uet::test {
namespace {

constexpr std::uint64_t source_base = 0x10'0000, target_base = 0x7f00'0000'0000;
constexpr std::size_t slot_size = 20'000, slots = 8, lives = 8;

class Lives {
 public:
  Lives(std::uint64_t seed, Mode mode, const Trouble& trouble)
      : random_(random_key(seed, RandomRoom::test, 7)),
        mtu_(256U << random_.below(5)),
        laws_(Duration{3'000'000}, mtu_),
        pipe_(make_pipe(seed, mode, trouble)) {
    for (auto& host : pipe_.hosts) {
      host.memory.add(slots * slot_size, source_base);
      host.memory.add(slots * slot_size, target_base);
    }
  }

  void run() {
    for (std::size_t life = 0; life < lives; ++life) {
      SCOPED_TRACE("life " + std::to_string(life));
      live();
      ASSERT_FALSE(::testing::Test::HasFatalFailure());
    }
    for (std::size_t i = 0; i < 2; ++i) ASSERT_EQ(pipe_.hosts[1 - i].engine->delivered_messages(), written_[i]);
    // What is late still arrives, and wakes nobody.
    pipe_.run(pipe_.now + Duration{ps_per_second}, [] { return false; });
    for (const auto& host : pipe_.hosts) {
      ASSERT_FALSE(host.engine->failed());
      ASSERT_EQ(host.engine->next_deadline(), Time::never());
      if (host.engine->life() == Life::closed) { ASSERT_FALSE(host.engine->wants_credit()); }
    }
  }

 private:
  static constexpr BufferId source{0}, target{1};

  Pipe make_pipe(std::uint64_t seed, Mode mode, const Trouble& trouble) {
    constexpr std::array laws{Congestion::none, Congestion::nscc, Congestion::rccc, Congestion::nscc_rccc};
    constexpr std::array<std::uint32_t, 4> ranges{1, 7, 64, 300};
    PdcConfig common;
    common.mode = mode;
    common.mtu = mtu_;
    common.congestion = laws[random_.below(mode == Mode::rod ? 2 : 4)];  // credit with ROD is not defined
    laws_.use(common);
    if (common.has_window() && random_.below(4) == 0) common.recovery = Recovery::sleek;
    common.psn_range = ranges[random_.below(4)];
    common.messages = common.read_depth = slots;
    common.send_depth = 2 * slots;  // a READ that is done may still wait for its request's ACK
    common.least_rto = Duration{20'000'000};
    common.retry_count = 40;
    common.refusal_count = 100'000;
    common.paths = {.paths = 8, .key = seed};
    Ends ends = connect(common, static_cast<std::uint32_t>(0) - static_cast<std::uint32_t>(random_.below(300)));
    ends.b.secure_start = random_.below(4) == 0;
    ends.b.secure_psn = 777'777;
    return Pipe(trouble.on_the_way(seed), ends.a, ends.b);
  }

  struct Work {
    bool read = false;
    std::uint32_t length = 0;
  };

  // Some messages, a close that either end asks for before or after they are done, and now and then a rest.
  void live() {
    const bool early = random_.below(3) == 0, both = random_.below(3) == 0;
    for (auto& plan : plans_) plan.clear();
    post(0, 1 + random_.below(slots));
    if (early) pipe_.a().close(pipe_.now);
    // The other end posts as soon as there is a context. It does not READ: the peer may be closing, and then sends nothing more.
    ASSERT_TRUE(pipe_.run(later(), [&] { return step() || (both && pipe_.b().life() == Life::established); })) << where();
    if (both) post(1, 1 + random_.below(slots));
    ASSERT_TRUE(pipe_.run(later(), [&] { return step(); })) << where();
    compare();
    if (!early) (random_.below(3) == 0 ? pipe_.b() : pipe_.a()).close(pipe_.now);
    if (random_.below(2) == 0) {
      ASSERT_TRUE(pipe_.run(later(), [&] { return pipe_.a().life() == Life::closed || !step(); })) << where();
    }
    if (random_.below(4) == 0) pipe_.run(pipe_.now + Duration{300'000'000}, [] { return false; });
  }
  [[nodiscard]] Time later() const { return pipe_.now + Duration{2 * ps_per_second}; }
  [[nodiscard]] std::string where() {
    return "at " + std::to_string(pipe_.now.ps) + ", a in state " + std::to_string(static_cast<int>(pipe_.a().life())) + ", b in " +
           std::to_string(static_cast<int>(pipe_.b().life()));
  }

  void post(std::size_t i, std::uint64_t count) {
    std::vector<Work>& plan = plans_[i];
    TestMemory& memory = pipe_.hosts[i].memory;
    Pdc& pdc = *pipe_.hosts[i].engine;
    for (auto& byte : memory.regions[source.v].bytes) byte = static_cast<std::uint8_t>(random_.next());
    for (std::uint64_t k = 0; k < count; ++k) {
      const Work work{i == 0 && random_.below(3) == 0, 1 + static_cast<std::uint32_t>(random_.below(slot_size))};
      const std::uint64_t at = k * slot_size;
      WorkRequest request{.id = k, .length = Bytes{work.length}, .region = source, .address = source_base + at};
      request.remote_address = (work.read ? source_base : target_base) + at;
      request.key = TestMemory::rkey_of(work.read ? source : target);
      if (work.read) {
        request.region = target;
        request.address = target_base + at;
      } else {
        ++written_[i];
      }
      ASSERT_TRUE(work.read ? pdc.post_read(request) : pdc.post_write(request)) << "failed: " << pdc.failed();
      plan.push_back(work);
      ++open_;
    }
  }

  bool step() {
    Completion c;
    for (auto& host : pipe_.hosts) {
      while (host.engine->poll(c)) {
        EXPECT_EQ(c.status, Status::success) << status_text(c.status);
        --open_;
      }
    }
    return open_ == 0;
  }

  void compare() {
    for (std::size_t i = 0; i < 2; ++i) {
      TestMemory &mine = pipe_.hosts[i].memory, &theirs = pipe_.hosts[1 - i].memory;
      for (std::size_t k = 0; k < plans_[i].size(); ++k) {
        const Work& work = plans_[i][k];
        TestMemory &from = work.read ? theirs : mine, &to = work.read ? mine : theirs;
        ASSERT_EQ(0, std::memcmp(from.at(source, source_base + k * slot_size, work.length),
                                 to.at(target, target_base + k * slot_size, work.length), work.length))
            << "end " << i << ", message " << k;
      }
    }
  }

  Random random_;
  std::uint32_t mtu_;
  Laws laws_;
  Pipe pipe_;
  std::array<std::vector<Work>, 2> plans_;
  std::array<std::uint64_t, 2> written_{};
  std::uint64_t open_ = 0;
};

class UetReopening : public ::testing::TestWithParam<std::tuple<Mode, Condition>> {};

TEST_P(UetReopening, LosesNothing) {
  for_each_seed(weft::test::fewer_if_slow(100),
                [](Random&, std::uint64_t seed) { Lives(seed, std::get<0>(GetParam()), std::get<1>(GetParam()).trouble).run(); });
}

std::string name_of(const ::testing::TestParamInfo<std::tuple<Mode, Condition>>& info) {
  return std::string(std::get<0>(info.param) == Mode::rud ? "Rud" : "Rod") + std::get<1>(info.param).name;
}
INSTANTIATE_TEST_SUITE_P(Lives, UetReopening, ::testing::Combine(::testing::Values(Mode::rud, Mode::rod), ::testing::ValuesIn(conditions)),
                         name_of);

}  // namespace
}  // namespace weft::uet::test
