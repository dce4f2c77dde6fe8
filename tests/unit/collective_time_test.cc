// How long every algorithm takes under a list scheduler (support/collective_schedule.hh) where nothing else is in the way: the
// closed forms of the algorithms' headers, to the picosecond.
#include <gtest/gtest.h>

#include <array>
#include <bit>

#include "collective/closed_form.hh"
#include "support/collective_samples.hh"
#include "support/collective_schedule.hh"

namespace weft::collective {
namespace {

constexpr std::int64_t alpha = 1'700'000;  // ps
constexpr std::int64_t beta = 20;          // ps a byte: 400 Gb/s
constexpr std::array<std::uint32_t, 5> group_sizes{2, 3, 8, 17, 64};
constexpr std::array<std::int64_t, 4> sizes{1'000, 64'000, 1'000'000, 16'000'000};

std::int64_t message(std::int64_t bytes) { return alpha + bytes * beta; }
std::int64_t rounds(std::uint32_t n) { return std::bit_width(n - 1); }
std::int64_t up_to_multiple(std::int64_t size, std::int64_t unit) { return (size + unit - 1) / unit * unit; }

struct Layout {
  std::uint32_t servers = 0, per_server = 0;
};

using Side = test::CollectiveSchedule::Side;

std::int64_t time_of(const Request& request, Side side, const test::CollectiveSchedule::Cost& cost) {
  TaskGraph graph;
  (void)append(graph, request);
  return test::CollectiveSchedule(graph, side, cost).run();
}

std::int64_t time_of(const Request& request) {
  return time_of(request, Side::rank, [](const Task&) { return test::LaneCost{alpha, beta, 0}; });
}

// property(n, S) for all group sizes and sizes, S rounded up so that n parts of `cuts` chunks are equal.
template <class Property>
void for_all(std::int64_t cuts, Property property) {
  for (const std::uint32_t n : group_sizes) {
    for (const std::int64_t size : sizes) {
      SCOPED_TRACE(std::to_string(n) + " ranks, about " + std::to_string(size) + " bytes");
      property(n, up_to_multiple(size, 4 * n * cuts));
    }
  }
}

TEST(CollectiveTime, Ring) {
  for_all(1, [](std::uint32_t n, std::int64_t size) {
    const std::int64_t half = (n - 1) * message(size / n);
    EXPECT_EQ(time_of(test::sample_request(Operation::all_reduce, "ring", n, size)), 2 * half);
    EXPECT_EQ(time_of(test::sample_request(Operation::reduce_scatter, "ring", n, size)), half);
    EXPECT_EQ(time_of(test::sample_request(Operation::all_gather, "ring", n, size)), half);
  });
}

// Chunks of two channels keep the one NIC busy: only the messages become more.
TEST(CollectiveTime, RingWithChannelsAndChunks) {
  for_all(6, [](std::uint32_t n, std::int64_t size) {
    Request request = test::sample_request(Operation::all_reduce, "ring", n, size);
    request.channels = 2;
    request.chunk = {size / n / 6};
    EXPECT_EQ(time_of(request), 2 * (n - 1) * 6 * message(size / n / 6));
  });
}

TEST(CollectiveTime, PipelinedDoubleTreeWithASideForEachEdge) {
  for (const std::int64_t chunks : {1, 4, 32}) {
    for_all(2 * chunks, [&](std::uint32_t n, std::int64_t size) {
      Request request = test::sample_request(Operation::all_reduce, "tree", n, size);
      request.chunk = {size / 2 / chunks};
      const std::int64_t steps = double_tree_steps(n) + chunks - 1;
      const auto cost = [](const Task& task) { return test::LaneCost{alpha, beta, task.channel}; };
      EXPECT_EQ(time_of(request, Side::pair, cost), steps * message(request.chunk.v));
    });
  }
}

TEST(CollectiveTime, PipelinedSingleTreeWithASideForEachEdge) {
  for_all(32, [&](std::uint32_t n, std::int64_t size) {
    Request request = test::sample_request(Operation::all_reduce, "single-tree", n, size);
    request.chunk = {size / 32};
    const auto cost = [](const Task&) { return test::LaneCost{alpha, beta, 0}; };
    EXPECT_EQ(time_of(request, Side::pair, cost), (single_tree_steps(n) + 31) * message(request.chunk.v));
  });
}

// With one NIC a rank that is inner in one tree and a leaf in the other sends 2 S; no schedule can be faster, and it is not
// far from that once there are many chunks.
TEST(CollectiveTime, DoubleTreeOnOneNicIsBoundByItsBusiestRank) {
  Request request = test::sample_request(Operation::all_reduce, "tree", 64, 16'777'216);
  request.chunk = {16'777'216 / 2 / 64};
  const auto cost = [](const Task&) { return test::LaneCost{0, beta, 0}; };
  const std::int64_t time = time_of(request, Side::rank, cost);
  EXPECT_GE(time, 2 * request.bytes.v * beta);
  EXPECT_LE(time, 3 * request.bytes.v * beta);
}

// For powers of two on one NIC a rank. Otherwise those that wait for no folded rank run ahead, and their short messages are in
// the way of others on a shared side: the formula is the longest chain, met where each pair has a side of its own.
TEST(CollectiveTime, HalvingDoubling) {
  for_all(64, [](std::uint32_t n, std::int64_t size) {
    const std::uint32_t p = std::bit_floor(n);
    const std::int64_t whole = up_to_multiple(size, 4 * p);
    const std::int64_t fold = n == p ? 0 : 2 * message(whole);
    const auto cost = [](const Task&) { return test::LaneCost{alpha, beta, 0}; };
    EXPECT_EQ(time_of(test::sample_request(Operation::all_reduce, "halving-doubling", n, whole), n == p ? Side::rank : Side::pair, cost),
              fold + 2 * rounds(p) * alpha + 2 * (p - 1) * (whole / p) * beta);
  });
}

TEST(CollectiveTime, Hierarchical) {
  constexpr std::int64_t alpha_in = 300'000;
  constexpr std::int64_t beta_in = 2;
  for (const Layout layout : {Layout{2, 4}, Layout{8, 8}, Layout{3, 5}, Layout{17, 1}, Layout{1, 8}}) {
    const std::int64_t servers = layout.servers, g = layout.per_server;
    for (const std::int64_t size : sizes) {
      const auto n = static_cast<std::uint32_t>(servers * g);
      Request request = test::sample_request(Operation::all_reduce, "hierarchical", n, up_to_multiple(size, 4 * n));
      test::in_servers_of(request, layout.per_server);
      const auto server_of = [&](std::uint32_t rank) { return (n - 1 - rank / 2) / layout.per_server; };
      const auto cost = [&](const Task& task) {
        return server_of(task.from) == server_of(task.to) ? test::LaneCost{alpha_in, beta_in, 0} : test::LaneCost{alpha, beta, 1};
      };
      EXPECT_EQ(time_of(request, Side::rank, cost),
                2 * (g - 1) * (alpha_in + request.bytes.v / g * beta_in) + 2 * (servers - 1) * message(request.bytes.v / n))
          << servers << " servers of " << g << ", " << size;
    }
  }
}

TEST(CollectiveTime, InNetwork) {
  for (const std::int64_t chunks : {1, 5}) {
    for_all(chunks, [&](std::uint32_t n, std::int64_t size) {
      Request request = test::sample_request(Operation::all_reduce, "in-network", n, size);
      request.chunk = {size / chunks};
      EXPECT_EQ(time_of(request), (chunks + 1) * message(size / chunks));
    });
  }
}

// Every member uploads its g parts, then its sum, while the first copies come down: g copies after g + 1 uploads.
TEST(CollectiveTime, NvlsInOneServer) {
  for_all(1, [](std::uint32_t n, std::int64_t size) {
    for (const char* algorithm : {"nvls", "nvls-tree"}) {
      EXPECT_EQ(time_of(test::sample_request(Operation::all_reduce, algorithm, n, size)), (2 * n + 1) * message(size / n));
    }
  });
}

TEST(CollectiveTime, LogSteps) {
  for_all(1, [](std::uint32_t n, std::int64_t size) {
    for (const char* algorithm : {"bruck", "pat"}) {
      for (const Operation operation : {Operation::all_gather, Operation::reduce_scatter}) {
        EXPECT_EQ(time_of(test::sample_request(operation, algorithm, n, size)), rounds(n) * alpha + (n - 1) * (size / n) * beta);
      }
    }
  });
}

TEST(CollectiveTime, DirectAllToAll) {
  for (const std::uint32_t parallel : {0U, 1U, 4U}) {
    for_all(1, [&](std::uint32_t n, std::int64_t size) {
      Request request = test::sample_request(Operation::all_to_all, "direct", n, size);
      request.parallel = parallel;
      EXPECT_EQ(time_of(request), (n - 1) * message(size / n));
    });
  }
}

// With nothing to pay inside servers, only one message a pair of servers and rail is left.
TEST(CollectiveTime, AllToAllOnTwoLevels) {
  for (const Layout layout : {Layout{2, 4}, Layout{8, 8}, Layout{3, 5}}) {
    const std::int64_t servers = layout.servers, g = layout.per_server;
    for (const char* algorithm : {"rail", "hierarchical"}) {
      const auto n = static_cast<std::uint32_t>(servers * g);
      Request request = test::sample_request(Operation::all_to_all, algorithm, n, 4 * n * 1000);
      test::in_servers_of(request, layout.per_server);
      const auto server_of = [&](std::uint32_t rank) { return (n - 1 - rank / 2) / layout.per_server; };
      const auto cost = [&](const Task& task) {
        return server_of(task.from) == server_of(task.to) ? test::LaneCost{0, 0, 0} : test::LaneCost{alpha, beta, 1};
      };
      EXPECT_EQ(time_of(request, Side::rank, cost), (servers - 1) * message(request.bytes.v / n * g)) << algorithm;
    }
  }
}

TEST(CollectiveTime, BroadcastAndReduce) {
  for (const std::int64_t chunks : {1, 7}) {
    for_all(chunks, [&](std::uint32_t n, std::int64_t size) {
      for (const Operation operation : {Operation::broadcast, Operation::reduce}) {
        Request request = test::sample_request(operation, "ring", n, size);
        request.chunk = {size / chunks};
        request.root = n / 2;
        EXPECT_EQ(time_of(request), (n - 2 + chunks) * message(size / chunks));
        request = test::sample_request(operation, "tree", n, size);
        request.root = n - 1;
        EXPECT_EQ(time_of(request), rounds(n) * message(size));
      }
    });
  }
}

TEST(CollectiveTime, BarrierAndSendReceive) {
  for_all(3, [](std::uint32_t n, std::int64_t size) {
    EXPECT_EQ(time_of(test::sample_request(Operation::barrier, "dissemination", n, 0)), rounds(n) * alpha);
    Request request = test::sample_request(Operation::send_receive, "direct", n, size);
    request.chunk = {size / 3};
    EXPECT_EQ(time_of(request), 3 * message(size / 3));
  });
}

}  // namespace
}  // namespace weft::collective
