// Collectives on one switch, where nothing is in each other's way, against their closed forms, within 2 %; their results; what is
// refused; what is said when one cannot end.
//
// A message of m bytes in N packets takes alpha + wire(m) / R: R a NIC's rate, wire(m) = m + 82 N + 16 bytes (RoCE over IPv4 with
// FCS, preamble and gap; RETH in the first packet), alpha = what one full packet (or the message, if shorter) takes from end to end
// less wire / R: both links' delays and the switch's store and forward.
#include <gtest/gtest.h>

#include <bit>
#include <cmath>

#include "collective/tree_shape.hh"
#include "report/tables.hh"
#include "sim/network.hh"
#include "support/input_error.hh"
#include "support/sim_runs.hh"

namespace weft {

using namespace test;

namespace {

constexpr double ps_per_byte = 20;  // 400 Gb/s
constexpr std::int64_t mtu = 4096;
constexpr std::uint32_t group_sizes[] = {2, 3, 8, 17, 64};
constexpr std::int64_t sizes[] = {1'024, 65'536, 2'000'000, 16'777'216};

const std::string network = "topology: { kind: switch, hosts: 64, link: { rate: 400Gbps, delay: 1us } }\n";
const std::string roce = network + "fabric: { congestion: none, lossless: pfc }\n";
const std::string uet = network + "fabric: { transport: uet, congestion: nscc, load_balancing: oblivious }\n";

std::string collective_text(std::uint32_t n, std::int64_t size, const std::string& more) {
  return "workloads:\n  - { kind: collective, hosts: [0-" + std::to_string(n - 1) + "], size: " + std::to_string(size) + "B, " + more +
         " }\n";
}

double time_of(const std::string& fabric, std::uint32_t n, std::int64_t size, const std::string& more) {
  const Results r = run_text(fabric + collective_text(n, size, more));
  EXPECT_EQ(r.status, RunStatus::done) << r.status_reason;
  if (r.collectives.size() != 1) return 0;
  return static_cast<double>((r.collectives[0].end - r.collectives[0].start).v);
}

FlowResult one_message(const std::string& fabric, std::int64_t size) {
  return run_text(fabric + "workloads: [ { kind: flows, flows: [ { src: 0, dst: 1, size: " + std::to_string(size) + "B } ] } ]\n").flows[0];
}

double wire_time(std::int64_t size) {
  const std::int64_t packets = (size + mtu - 1) / mtu;
  return ps_per_byte * static_cast<double>((size + 3) / 4 * 4 + 82 * packets + 16);
}

double alpha(std::int64_t size) {
  const std::int64_t packet = std::min(size, mtu);
  const FlowResult flow = one_message(roce, packet);
  return static_cast<double>((flow.receiver_done - flow.start).v) - wire_time(packet);
}

double message(std::int64_t size) { return alpha(size) + wire_time(size); }

std::int64_t up_to_multiple(std::int64_t size, std::int64_t unit) { return (size + unit - 1) / unit * unit; }

void expect_near(double time, double expected) {
  EXPECT_NEAR(time / expected, 1, 0.02) << time / 1e6 << " us, expected " << expected / 1e6;
}

// property(n, S): S is n equal parts.
template <class Property>
void for_all(Property property) {
  for (const std::uint32_t n : group_sizes) {
    for (const std::int64_t size : sizes) {
      const std::int64_t parts = up_to_multiple(size, std::int64_t{4} * n);
      SCOPED_TRACE(std::to_string(n) + " ranks, " + std::to_string(parts) + " bytes");
      property(n, parts);
    }
  }
}

TEST(SimCollective, Ring) {
  for_all([](std::uint32_t n, std::int64_t size) {
    const double half = (n - 1) * message(size / n);
    expect_near(time_of(roce, n, size, "operation: all-reduce"), 2 * half);
    expect_near(time_of(roce, n, size, "operation: all-gather, algorithm: ring"), half);
  });
}

// Bruck's messages grow from one part to half of them all.
TEST(SimCollective, AllGatherInFewSteps) {
  for_all([](std::uint32_t n, std::int64_t size) {
    double expected = 0;
    for (std::uint32_t have = 1; have < n; have += std::min(have, n - have)) expected += message(std::min(have, n - have) * (size / n));
    expect_near(time_of(roce, n, size, "operation: all-gather, algorithm: bruck"), expected);
  });
}

// All messages at once share the NIC; one at a time, each but the first waits for the acknowledgement of the one before it.
TEST(SimCollective, DirectAllToAll) {
  for_all([](std::uint32_t n, std::int64_t size) {
    const std::int64_t part = size / n;
    const FlowResult flow = one_message(roce, part);
    const double ack = static_cast<double>((flow.sender_done - flow.receiver_done).v);
    expect_near(time_of(roce, n, size, "operation: all-to-all"), alpha(part) + (n - 1) * wire_time(part));
    expect_near(time_of(roce, n, size, "operation: all-to-all, parallel: 1"), (n - 1) * message(part) + (n - 2) * ack);
  });
}

// Where n is no power of two, what is folded into a rank meets what its partners, who need not wait, send to it meanwhile: the
// formula holds where latency outweighs bytes, and bounds the time from below elsewhere.
TEST(SimCollective, HalvingDoubling) {
  for_all([](std::uint32_t n, std::int64_t size) {
    const std::uint32_t p = std::bit_floor(n);
    size = up_to_multiple(size, std::int64_t{4} * p);
    double expected = n == p ? 0 : 2 * message(size);
    for (std::uint32_t parts = 2; parts <= p; parts *= 2) expected += 2 * message(size / parts);
    const double time = time_of(roce, n, size, "operation: all-reduce, algorithm: halving-doubling");
    if (n == p || size < 2'000) return expect_near(time, expected);
    EXPECT_GE(time, expected);
    EXPECT_LE(time, 2 * expected);
  });
}

// With one chunk no rank of 2 or 3 sends two messages at once. Larger groups have ranks with two children: the formula gives each
// edge a NIC of its own, so it holds where latency outweighs bytes.
TEST(SimCollective, DoubleBinaryTree) {
  for (const std::uint32_t n : group_sizes) {
    for (const std::int64_t size : {256, 1'024, 64'000, 2'000'000}) {
      if (n > 3 && size > 1'024) continue;
      SCOPED_TRACE(std::to_string(n) + " ranks, " + std::to_string(size) + " bytes");
      const std::uint32_t steps = 2 * std::max(depth(collective::binary_tree(n, collective::TreeNumber::first)),
                                               depth(collective::binary_tree(n, collective::TreeNumber::second)));
      expect_near(time_of(roce, n, size, "operation: all-reduce, algorithm: tree"), steps * message(size / 2));
    }
  }
}

// On one NIC a rank that is inner in one tree sends 2 S in both together: no schedule is faster, and pipelined chunks come near.
TEST(SimCollective, PipelinedDoubleBinaryTree) {
  constexpr std::int64_t size = 8'388'608;
  const double least = 2 * wire_time(size);
  const double time = time_of(roce, 8, size, "operation: all-reduce, algorithm: tree, chunk: 64KiB");
  EXPECT_GE(time, least);
  EXPECT_LE(time, 1.25 * least);
  EXPECT_GE(time_of(roce, 8, size, "operation: all-reduce, algorithm: tree"), 1.4 * time) << "chunks make no difference";
}

// Chunks of a chain follow each other without a gap: alpha is paid once a hop, not once a chunk.
TEST(SimCollective, ChunksOfAChainAreAPipeline) {
  for (const std::uint32_t n : group_sizes) {
    for (const std::int64_t chunks : {1, 4, 64}) {
      SCOPED_TRACE(std::to_string(n) + " ranks, " + std::to_string(chunks) + " chunks");
      constexpr std::int64_t chunk = 65'536;
      expect_near(time_of(roce, n, chunks * chunk, "operation: broadcast, algorithm: ring, chunk: 64KiB"),
                  (n - 1) * alpha(chunk) + static_cast<double>(n - 2 + chunks) * wire_time(chunk));
    }
  }
}

TEST(SimCollective, UltraEthernetRunsTheSameGraphs) {
  for (const std::uint32_t n : group_sizes) {
    for (const std::int64_t size : sizes) {
      const std::int64_t parts = up_to_multiple(size, std::int64_t{4} * n);
      SCOPED_TRACE(std::to_string(n) + " ranks, " + std::to_string(parts) + " bytes");
      const FlowResult flow = one_message(uet, parts / n);
      const double one = static_cast<double>((flow.receiver_done - flow.start).v);
      expect_near(time_of(uet, n, parts, "operation: all-reduce"), 2 * (n - 1) * one);
    }
  }
}

TEST(SimCollective, LocalWorkTakesItsTime) {
  constexpr std::int64_t size = 800'000;
  const double added = size / 8 * 80.0;  // 100 Gb/s
  expect_near(time_of(roce, 8, size, "operation: all-reduce, local_rate: 100Gbps"), 14 * message(size / 8) + 7 * added);
}

TEST(SimCollective, ABarrierIsItsRounds) {
  const Results r = run_text(roce + "workloads: [ { kind: collective, operation: barrier, start: 3us } ]\n");
  ASSERT_EQ(r.collectives.size(), 1U);
  EXPECT_EQ(r.collectives[0].start, (Time{3'000'000}));
  EXPECT_EQ(r.collectives[0].busbw.v, 0);
  expect_near(static_cast<double>((r.collectives[0].end - r.collectives[0].start).v), 6 * message(1));
}

TEST(SimCollective, RepetitionsFollowEachOtherAndAreTold) {
  const Results r = run_text(roce + collective_text(8, 64'000, "operation: all-reduce, count: 3"));
  ASSERT_EQ(r.collectives.size(), 3U);
  for (std::size_t i = 1; i < 3; ++i) {
    EXPECT_EQ(r.collectives[i].start, r.collectives[i - 1].end) << i;
    EXPECT_EQ(r.collectives[i].repetition, i);
  }
  EXPECT_EQ(r.flows.size(), 3 * 14 * 8U);
  const double seconds = static_cast<double>((r.collectives[0].end - r.collectives[0].start).v) / 1e12;
  EXPECT_NEAR(static_cast<double>(r.collectives[0].algbw.v) * seconds, 64'000 * 8, 1);
  EXPECT_NEAR(static_cast<double>(r.collectives[0].busbw.v) / static_cast<double>(r.collectives[0].algbw.v), 14.0 / 8, 1e-6);
  std::string csv;
  write_collectives_csv(r, [&](std::string_view text) { csv += text; });
  EXPECT_EQ(csv.rfind("workload,repetition,label,operation,algorithm,ranks,bytes,simulated_bytes,start_us,ready_us,end_us,time_us,"
                      "algbw_gigabytes_per_s,busbw_gigabytes_per_s,why\n0,0,all-reduce,all-reduce,ring,8,64000,64000,0.000000,0.000000,",
                      0),
            0U)
      << csv;
}

void expect_refused(const std::string& entry, const std::string& part, int line = 5) {
  const std::string text = "topology: { kind: switch, hosts: 8, link: { rate: 400Gbps, delay: 1us } }\n\n\nworkloads:\n  - " + entry + "\n";
  expect_input_error([&] { static_cast<void>(run_text(text)); }, "test.yaml:" + std::to_string(line), part);
}

TEST(SimCollective, BadInputIsRefusedWhereItStands) {
  expect_refused("{ kind: collective, operation: all-reduce, algorithm: hierarchical, ranks_per_server: 3, size: 1MB }", "do not divide");
  expect_refused("{ kind: collective, operation: all-reduce, hosts: [0, 1, 1], size: 1MB }", "host 1 twice");
  expect_refused("{ kind: collective, operation: all-reduce, hosts: [0, 8], size: 1MB }", "host 8");
  expect_refused("{ kind: collective, operation: all-reduce, hosts: [3], size: 1MB }", "at least 2");
  expect_refused("{ kind: collective, operation: broadcast, root: 5, hosts: [0, 1], size: 1MB }", "`root` (5)");
  expect_refused("{ kind: collective, operation: all-reduce, algorithm: pat, size: 1MB }", "ring, tree");
  expect_refused("{ kind: collective, operation: all-reduce, size: 1001B }", "no whole number of elements");
  expect_refused("{ kind: collective, operation: all-reduce, algorithm: in-network, size: 1MB }", "no switch of this network computes");
  expect_refused("{ kind: collective, operation: all-reduce, algorithm: nvls, size: 1MB }", "no switch of this network computes");
  expect_refused("{ kind: collective, size: 1MB }", "'operation' is missing");
  expect_refused("{ kind: collective, operation: all-reduce }", "'size' is missing");
  expect_refused("{ kind: collective, operation: write, size: 1MB }", "'write' does not go with kind 'collective'");
  expect_refused("{ kind: permutation, operation: all-reduce, size: 1MB }", "'all-reduce' does not go with kind 'permutation'");
  expect_refused("{ kind: collective, operation: barrier, size: 1MB }", "'size' does not go with operation 'barrier'");
  expect_refused("{ kind: permutation, size: 1MB, chunk: 1KB }", "'chunk'");
}

TEST(SimCollective, WhoWaitsForWhomWhenARankIsCutOff) {
  const Results r = run_text(
      "topology: { kind: switch, hosts: 4, link: { rate: 400Gbps, delay: 1us } }\n"
      "fabric: { congestion: none, timeout_exponent: 4, retry_count: 1 }\n"
      "links: [ { link: host2-switch0, down: 20us } ]\n"
      "workloads: [ { kind: collective, operation: all-reduce, size: 4MB } ]\n");
  EXPECT_EQ(r.status, RunStatus::stuck);
  EXPECT_EQ(r.collectives.at(0).end, Time::never());
  EXPECT_EQ(r.collectives.at(0).busbw.v, 0);
  bool told = false;
  for (const WaitEdge& wait : r.waits) {
    told = told || (wait.waiter.find("transfer from rank 2 to rank 3") != std::string::npos && wait.waits_for.rfind("task ", 0) == 0);
  }
  EXPECT_TRUE(told) << r.waits.size();
}

// Local work longer than the stall limit is no stall.
TEST(SimCollective, SlowLocalWorkIsNotStuck) {
  const Results r = run_text(
      "topology: { kind: switch, hosts: 2, link: { rate: 400Gbps, delay: 1us } }\n"
      "fabric: { congestion: none, stall: 10ms }\n"
      "workloads: [ { kind: collective, operation: all-reduce, size: 1MB, local_rate: 100Mbps } ]\n");
  EXPECT_EQ(r.status, RunStatus::done) << r.status_reason;
  EXPECT_GT(r.simulated_time, (Time{40'000'000'000}));
}

}  // namespace
}  // namespace weft
