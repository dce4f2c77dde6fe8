// NCCL's cost model against sums made by hand, what it picks, and algbw and busbw.
#include <gtest/gtest.h>

#include "collective/bandwidth.hh"
#include "collective/cost_model.hh"
#include "collective/registry.hh"
#include "support/collective_samples.hh"
#include "support/input_error.hh"

namespace weft::collective {
namespace {

constexpr Rate gigabytes(std::int64_t n) { return {n * 8'000'000'000}; }

Machine hopper() {
  Machine machine;
  machine.inside_rate = gigabytes(360);
  machine.server_rate = gigabytes(400);
  return machine;
}

Request all_reduce_in(std::uint32_t servers, std::uint32_t per_server, std::int64_t bytes) {
  Request request = test::sample_request(Operation::all_reduce, "auto", servers * per_server, bytes);
  test::in_servers_of(request, per_server);
  return request;
}

const Candidate& find(const Choice& choice, const std::string& algorithm, Protocol protocol) {
  for (const Candidate& candidate : choice.candidates) {
    if (candidate.algorithm == algorithm && candidate.protocol == protocol) return candidate;
  }
  static const Candidate none;
  ADD_FAILURE() << "no candidate " << algorithm << " with " << protocol_name(protocol);
  return none;
}

void expect(const Candidate& candidate, std::int64_t latency_ns, std::int64_t bandwidth) {
  EXPECT_EQ(candidate.latency.v, latency_ns * 1000) << candidate.algorithm;
  EXPECT_EQ(candidate.bandwidth.v, bandwidth) << candidate.algorithm;
}

TEST(CollectiveCost, OneServerByHand) {
  Machine machine = hopper();
  machine.server_switch_computes = true;
  const Choice choice = choose(all_reduce_in(1, 8, 1 << 20), machine);
  expect(find(choice, "ring", Protocol::simple), 8'400 + 14 * 3'400, gigabytes(360).v * 8 / 14);
  expect(find(choice, "ring", Protocol::ll), 6'600 + 14 * 600, gigabytes(141).v * 8 / 14);
  expect(find(choice, "ring", Protocol::ll128), 14'000 + 14 * 1'900, std::int64_t{360} * 8'000'000 * 920 * 8 / 14);
  // 1 MiB is 2^14 times 64 bytes: a correction of 0.5 for Simple.
  expect(find(choice, "tree", Protocol::simple), 8'400 + 2 * 7 * 4'000, std::int64_t{360} * 8'000'000 * 920 / 2 / 2);
  expect(find(choice, "tree", Protocol::ll), 6'800 + 2 * 7 * 600, std::int64_t{360} * 8'000'000 * 920 / 38 * 10 / 2 / 10 * 5);
  expect(find(choice, "nvls", Protocol::simple), 8'400 + 25'000, std::int64_t{360} * 8'000'000 * 850 / 16 * 15 * 2 * 8 / 14);
}

TEST(CollectiveCost, SeveralServersByHand) {
  Machine machine = hopper();
  machine.network_switch_computes = true;
  const Choice choice = choose(all_reduce_in(8, 8, 1 << 30), machine);
  const Candidate ring = find(choice, "ring", Protocol::simple);
  expect(ring, (8'400 + (126 - 14) * 3'400 + 14 * 14'000) * 14 / 10, static_cast<std::int64_t>(gigabytes(360).v / 126.0 * 64));
  EXPECT_EQ(ring.time.v,
            ring.latency.v + static_cast<std::int64_t>(static_cast<__int128>(8LL << 30) * 1'000'000'000'000 / ring.bandwidth.v));
  expect(find(choice, "tree", Protocol::ll128), 14'000 + 2 * (7 * 1'250 + 3 * 8'500), std::int64_t{360} * 8'000'000 * 920 / 128 * 120 / 2);
  expect(find(choice, "in-network", Protocol::simple), 8'400 + 2 * (3'700 + 7 * 400) + 31'000, gigabytes(50).v);
}

TEST(CollectiveCost, PicksBySize) {
  const Choice small = choose(all_reduce_in(16, 8, 1024), hopper());
  EXPECT_EQ(small.algorithm, "tree");
  EXPECT_EQ(small.protocol, Protocol::ll);
  const Choice large = choose(all_reduce_in(16, 8, std::int64_t{4} << 30), hopper());
  EXPECT_EQ(large.algorithm, "ring");
  EXPECT_EQ(large.protocol, Protocol::simple);
  EXPECT_NE(large.why.find("4294967296 bytes on 128 ranks in 16 servers; tree with "), std::string::npos) << large.why;
  Machine computing = hopper();
  computing.server_switch_computes = true;
  EXPECT_EQ(choose(all_reduce_in(1, 8, 1 << 30), computing).algorithm, "nvls");
  EXPECT_EQ(choose(all_reduce_in(4, 8, 1 << 26), computing).algorithm, "nvls-tree");
  for (const Candidate& candidate : large.candidates) EXPECT_GE(candidate.time, large.candidates.front().time);
}

TEST(CollectiveCost, GathersAndExchanges) {
  Request gather = test::sample_request(Operation::all_gather, "auto", 64, 64 * 1024);
  EXPECT_EQ(choose(gather, hopper()).candidates.size(), 4U) << "three rings and PAT";
  const Choice one_each = choose(gather, hopper());
  expect(find(one_each, "pat", Protocol::simple), 8'400 + 6 * 14'000 * 10 / 35 + 64 * 2'800, gigabytes(300).v);
  test::in_servers_of(gather, 8);
  EXPECT_EQ(choose(gather, hopper()).algorithm, "ring");
  Request exchange = test::sample_request(Operation::all_to_all, "auto", 64, 64 * 1024);
  EXPECT_EQ(choose(exchange, hopper()).algorithm, "direct");
  test::in_servers_of(exchange, 8);
  EXPECT_EQ(choose(exchange, hopper()).why, "rail: 7 messages a rank between servers, each on its rail, in place of 56");
}

// Whatever is picked can be built.
TEST(CollectiveCost, EveryPickExists) {
  Machine machine = hopper();
  for (const bool computes : {false, true}) {
    machine.server_switch_computes = machine.network_switch_computes = computes;
    for (const Machine::Generation generation :
         {Machine::Generation::ampere, Machine::Generation::hopper, Machine::Generation::blackwell}) {
      machine.generation = generation;
      for (int operation = 0; operation < 8; ++operation) {
        for (const std::uint32_t n : {1U, 2U, 6U, 16U}) {
          for (std::int64_t bytes = 4; bytes < 1'000'000'000; bytes *= 32) {
            Request request = test::sample_request(static_cast<Operation>(operation), "", n, bytes);
            test::in_servers_of(request, n == 1 ? 1 : 2);
            const Choice choice = choose(request, machine);
            request.algorithm = choice.algorithm;
            EXPECT_FALSE(choice.why.empty());
            TaskGraph graph;
            EXPECT_NO_THROW((void)append(graph, request)) << test::named(request);
          }
        }
      }
    }
  }
  Machine unknown;
  test::expect_input_error([&] { (void)choose(all_reduce_in(2, 2, 1024), unknown); }, "collective", "needs the rates");
}

TEST(CollectiveBandwidth, AsNcclTestsDefineIt) {
  constexpr Bytes size{8'000'000'000};
  constexpr Duration time{20'000'000'000};  // 20 ms: 400 GB/s
  EXPECT_EQ(algorithm_bandwidth(size, time), gigabytes(400));
  EXPECT_EQ(bus_bandwidth(Operation::all_reduce, 8, size, time), gigabytes(700));
  for (const Operation operation : {Operation::all_gather, Operation::reduce_scatter, Operation::all_to_all}) {
    EXPECT_EQ(bus_bandwidth(operation, 8, size, time), gigabytes(350));
  }
  for (const Operation operation : {Operation::broadcast, Operation::reduce, Operation::send_receive}) {
    EXPECT_EQ(bus_bandwidth(operation, 8, size, time), gigabytes(400));
  }
  EXPECT_EQ(bus_bandwidth(Operation::barrier, 8, size, time), Rate{0});
  EXPECT_EQ(bus_bandwidth(Operation::all_reduce, 1, size, time), Rate{0});
}

}  // namespace
}  // namespace weft::collective
