// Collectives on one switch, where nothing is in each other's way, against their closed forms, within 2 %; their results; what is
// refused; what is said when one cannot end.
//
// The formulas are those of collective/closed_form.hh, which `weft bench collectives` uses, too; alpha is measured with one packet.
#include <gtest/gtest.h>

#include <algorithm>
#include <bit>
#include <cmath>

#include "collective/closed_form.hh"
#include "report/tables.hh"
#include "sim/network.hh"
#include "support/input_error.hh"
#include "support/sim_runs.hh"

namespace weft {

using namespace test;

namespace {

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

// A NIC at 400 Gb/s, or a link of that rate: 4-byte padding, 82 bytes a packet, RETH in the first one.
collective::MessageCost cost_on(const std::string& fabric, std::int64_t stores) {
  const FlowResult packet = one_message(fabric, mtu);
  return {.rate = Rate{400'000'000'000},
          .packet = {mtu},
          .unit = {4},
          .per_packet = {82},
          .per_message = {16},
          .one_packet = packet.receiver_done - packet.start,
          .stores = stores};
}

collective::MessageCost nic() { return cost_on(roce, 1); }
double wire_time(std::int64_t size) { return static_cast<double>(nic().serialisation({size}).v); }
double message(std::int64_t size) { return static_cast<double>(nic().time({size}).v); }

// A link of its own for each pair of GPUs, none of which is behind a server's one NIC.
std::string mesh_of(std::uint32_t n) {
  return "topology: { kind: switch, hosts: " + std::to_string(n) + ", link: { delay: 1us }, server: { gpus: " + std::to_string(n) +
         ", scale_up: { kind: mesh, rate: 400Gbps, delay: 300ns } } }\nfabric: { congestion: none, lossless: pfc }\n";
}
const std::string each_a_server = "ranks_per_server: 1, ";

std::int64_t up_to_multiple(std::int64_t size, std::int64_t unit) { return (size + unit - 1) / unit * unit; }

void expect_near(double time, Duration expected) {
  EXPECT_NEAR(time / static_cast<double>(expected.v), 1, 0.02) << time / 1e6 << " us, expected " << microseconds(expected);
}

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
    expect_near(time_of(roce, n, size, "operation: all-reduce"), collective::ring_all_reduce_time(n, {size}, nic()));
    expect_near(time_of(roce, n, size, "operation: all-gather, algorithm: ring"), collective::ring_time(n, {size}, nic()));
  });
}

// Bruck's messages grow from one part to half of them all.
TEST(SimCollective, AllGatherInFewSteps) {
  for_all([](std::uint32_t n, std::int64_t size) {
    expect_near(time_of(roce, n, size, "operation: all-gather, algorithm: bruck"), collective::log_steps_time(n, {size}, nic()));
  });
}

// All messages at once share the NIC; one at a time, each but the first waits for the acknowledgement of the one before it.
TEST(SimCollective, DirectAllToAll) {
  for_all([](std::uint32_t n, std::int64_t size) {
    const std::int64_t part = size / n;
    const FlowResult flow = one_message(roce, part);
    const double ack = static_cast<double>((flow.sender_done - flow.receiver_done).v);
    expect_near(time_of(roce, n, size, "operation: all-to-all"), collective::all_to_all_time(n, {size}, nic()));
    expect_near(time_of(roce, n, size, "operation: all-to-all, parallel: 1"), (n - 1) * message(part) + (n - 2) * ack);
  });
}

// With a NIC a rank the formula holds for powers of two. Otherwise what is folded into a rank meets on its NIC what its partners, who
// need not wait, send to it meanwhile: the formula then bounds the time from below.
TEST(SimCollective, HalvingDoublingOnNics) {
  for_all([](std::uint32_t n, std::int64_t size) {
    size = up_to_multiple(size, std::int64_t{4} * std::bit_floor(n));
    const Duration expected = collective::halving_doubling_time(n, {size}, nic());
    const double time = time_of(roce, n, size, "operation: all-reduce, algorithm: halving-doubling");
    if (std::has_single_bit(n)) return expect_near(time, expected);
    EXPECT_GE(time, static_cast<double>(expected.v));
    EXPECT_LE(time, 2 * static_cast<double>(expected.v));
  });
}

// With a link for each pair it holds for any n, folding and unfolding included.
TEST(SimCollective, HalvingDoublingOnAMesh) {
  for_all([](std::uint32_t n, std::int64_t size) {
    size = up_to_multiple(size, std::int64_t{4} * std::bit_floor(n));
    const std::string mesh = mesh_of(n);
    expect_near(time_of(mesh, n, size, "operation: all-reduce, algorithm: halving-doubling"),
                collective::halving_doubling_time(n, {size}, cost_on(mesh, 0)));
  });
}

// Assumed: a link of its own for each edge (the mesh), and both halves in one chunk, because both trees have some edges in common:
// with one chunk they never need such a link at the same time.
TEST(SimCollective, DoubleBinaryTreeOnAMesh) {
  for_all([](std::uint32_t n, std::int64_t size) {
    const std::string mesh = mesh_of(n);
    const collective::Pipeline halves{.steps = collective::double_tree_steps(n), .chunks = 1, .chunk = {size / 2}};
    expect_near(time_of(mesh, n, size, each_a_server + "operation: all-reduce, algorithm: tree"),
                collective::stepwise_pipeline_time(halves, cost_on(mesh, 0)));
  });
}

// One of the two trees alone, so that no edges coincide, in chunks of up to 1 MiB: (2 depth + chunks - 1)(alpha + chunk / R). A sender
// does not wait until a chunk has arrived before it sends the next, so alpha counts on the way alone, which is what 0.5 % can tell
// apart here.
TEST(SimCollective, PipelinedBinaryTreeOnAMesh) {
  for_all([](std::uint32_t n, std::int64_t size) {
    constexpr std::int64_t most = 1'048'576;
    if (size > most) size = up_to_multiple(size, most);
    const std::string mesh = mesh_of(n);
    const collective::Pipeline chunks{
        .steps = collective::single_tree_steps(n), .chunks = std::max<std::int64_t>(size / most, 1), .chunk = {std::min(size, most)}};
    const double time = time_of(mesh, n, size, each_a_server + "operation: all-reduce, algorithm: single-tree, chunk: 1MiB");
    expect_near(time, collective::stepwise_pipeline_time(chunks, cost_on(mesh, 0)));
    EXPECT_NEAR(time / static_cast<double>(collective::pipeline_time(chunks, cost_on(mesh, 0)).v), 1, 0.005);
  });
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
                  collective::pipeline_time({.steps = n - 1, .chunks = chunks, .chunk = {chunk}}, nic()));
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
  // What the wait begins with comes before what waits for it, and says so.
  const auto first = std::find_if(r.waits.begin(), r.waits.end(), [](const WaitEdge& wait) { return wait.waiter.rfind("task ", 0) == 0; });
  ASSERT_NE(first, r.waits.end());
  EXPECT_EQ(first->reason, "which failed");
  EXPECT_NE(first->waits_for.find("of all-reduce"), std::string::npos) << first->waits_for;
}

TEST(SimCollective, RanksThatWaitAreNamedWithTheirHosts) {
  const Results r = run_text(
      "topology: { kind: switch, hosts: 8, link: { rate: 400Gbps, delay: 1us } }\n"
      "fabric: { congestion: none, timeout_exponent: 4, retry_count: 1 }\n"
      "links: [ { link: host6-switch0, down: 20us } ]\n"
      "workloads: [ { kind: collective, operation: all-reduce, size: 4MB, hosts: [4, 5, 6, 7] } ]\n");
  EXPECT_EQ(r.status, RunStatus::stuck);
  const bool named = std::any_of(r.waits.begin(), r.waits.end(), [](const WaitEdge& wait) {
    return wait.waits_for.find("from rank 1 (host5) to rank 2 (host6)") != std::string::npos;
  });
  EXPECT_TRUE(named);
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
