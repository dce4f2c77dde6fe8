// Servers against closed forms, within 2 %: collectives on scale-up switches and meshes, over servers, in one access switch and in the
// switches of servers; what is inside stays inside and loses nothing.
//
// The formulas are those of collective/closed_form.hh; alpha is measured with one packet.
#include <gtest/gtest.h>

#include "collective/closed_form.hh"
#include "support/input_error.hh"
#include "support/sim_runs.hh"

namespace weft {

using namespace test;

namespace {

constexpr std::int64_t mtu = 4096;
constexpr std::int64_t sizes[] = {1'000, 64'000, 2'000'000, 16'000'000};
constexpr Rate inside_rate{3'600'000'000'000}, network_rate{400'000'000'000};
constexpr double inside_ps = 8e12 / 3'600e9, network_ps = 8e12 / 400e9;  // a byte

std::int64_t wire(std::int64_t size) {
  const std::int64_t packets = (size + mtu - 1) / mtu;
  return (size + 3) / 4 * 4 + 82 * packets + 16;
}

std::int64_t up_to_multiple(std::int64_t size, std::int64_t unit) { return (size + unit - 1) / unit * unit; }

std::string text(std::int64_t value) { return std::to_string(value); }

// `gpus` a server on one switch of the network.
std::string one_switch(std::uint32_t gpus, std::uint32_t servers, const std::string& more) {
  return "topology: { kind: switch, hosts: " + text(gpus * servers) +
         ", link: { rate: 400Gbps, delay: 1us }, server: { gpus: " + text(gpus) + ", " + more + " } }\n";
}

std::string rails(std::uint32_t gpus, std::uint32_t servers, const std::string& more) {
  return "topology: { kind: rail, servers: " + text(servers) + ", gpus_per_server: " + text(gpus) +
         ", link: { rate: 400Gbps, delay: 1us }, server: { " + more + " } }\n";
}

const std::string roce = "fabric: { congestion: none }\n";
const std::string uet = "fabric: { transport: uet, congestion: nscc, load_balancing: oblivious }\n";

std::string collective_text(std::int64_t size, const std::string& more) {
  return "workloads: [ { kind: collective, size: " + text(size) + "B, " + more + " } ]\n";
}

double picoseconds(Duration d) { return static_cast<double>(d.v); }
double picoseconds(Time t) { return static_cast<double>(t.ps); }

double time_of(const std::string& scenario) {
  const Results r = run_text(scenario);
  EXPECT_EQ(r.status, RunStatus::done) << r.status_reason;
  EXPECT_EQ(r.counters.drops, 0U);
  EXPECT_EQ(r.counters.retransmissions, 0U);
  return r.collectives.size() == 1 ? picoseconds(r.collectives[0].end - r.collectives[0].start) : 0;
}

FlowResult one_message(const std::string& network, std::uint32_t to, std::int64_t size) {
  return run_text(network + "workloads: [ { kind: flows, flows: [ { src: 0, dst: " + text(to) + ", size: " + text(size) + "B } ] } ]\n")
      .flows[0];
}

// From host 0 to another.
collective::MessageCost cost(const std::string& network, std::uint32_t to, Rate rate, std::int64_t stores) {
  const FlowResult packet = one_message(network, to, mtu);
  return {.rate = rate,
          .packet = {mtu},
          .unit = {4},
          .per_packet = {82},
          .per_message = {16},
          .one_packet = packet.receiver_done - packet.start,
          .stores = stores};
}

void expect_near(double time, Duration expected) {
  EXPECT_NEAR(time / picoseconds(expected), 1, 0.02) << time / 1e6 << " us, expected " << microseconds(expected);
}

void expect_near(double time, double expected) {
  EXPECT_NEAR(time / expected, 1, 0.02) << time / 1e6 << " us, expected " << expected / 1e6;
}

TEST(SimServers, ARingInsideAServer) {
  for (const std::uint32_t n : {2U, 3U, 8U, 17U}) {
    for (const std::string inside : {"scale_up: {}", "scale_up: { kind: mesh, rate: 3600Gbps }"}) {
      for (const std::int64_t size : sizes) {
        const std::int64_t whole = up_to_multiple(size, std::int64_t{4} * n);
        SCOPED_TRACE(text(n) + " GPUs, " + text(whole) + " bytes, " + inside);
        const std::string network = one_switch(n, 1, inside) + roce;
        expect_near(time_of(network + collective_text(whole, "operation: all-reduce, algorithm: ring")),
                    collective::ring_all_reduce_time(n, {whole}, cost(network, 1, inside_rate, inside == "scale_up: {}" ? 1 : 0)));
      }
    }
  }
}

// A mesh has one link on the way where a switch has two, and a packet less to store.
TEST(SimServers, AMeshIsASwitchesLatencyNearer) {
  const FlowResult by_switch = one_message(one_switch(4, 1, "scale_up: {}") + roce, 3, 4096);
  const FlowResult by_mesh = one_message(one_switch(4, 1, "scale_up: { kind: mesh }") + roce, 3, 4096);
  const double packet = static_cast<double>(wire(4096)) * inside_ps;
  EXPECT_NEAR(picoseconds(by_switch.receiver_done - by_mesh.receiver_done), 300'000 + 100'000 + packet, 2);
  EXPECT_NEAR(picoseconds(by_mesh.receiver_done), 300'000 + packet, 2);
}

TEST(SimServers, HierarchicalOverServers) {
  constexpr std::uint32_t g = 8;
  for (const std::uint32_t n : {2U, 3U, 8U}) {
    for (const std::int64_t size : sizes) {
      const std::int64_t whole = up_to_multiple(size, std::int64_t{4} * n * g);
      SCOPED_TRACE(text(n) + " servers, " + text(whole) + " bytes");
      const std::string network = rails(g, n, "scale_up: {}") + roce;
      const collective::TwoLevels levels{
          .servers = n, .per_server = g, .inside = cost(network, 1, inside_rate, 1), .across = cost(network, g, network_rate, 1)};
      expect_near(time_of(network + collective_text(whole, "operation: all-reduce, algorithm: hierarchical")),
                  collective::hierarchical_time({whole}, levels));
    }
  }
}

// Chunks go up and down side by side: (chunks + 1) times a chunk's bytes, and the way there and back, at whose ends the last
// packets of all members take turns on the reducer's link.
TEST(SimServers, ReductionInOneAccessSwitch) {
  for (const std::uint32_t n : {2U, 3U, 8U, 17U, 64U}) {
    for (const std::int64_t size : sizes) {
      for (const std::int64_t chunks : {1, 16}) {
        const std::int64_t whole = up_to_multiple(size, 4 * chunks), chunk = whole / chunks;
        if (n == 64 && size > 2'000'000) continue;
        SCOPED_TRACE(text(n) + " members, " + text(whole) + " bytes in " + text(chunks) + " chunks");
        const std::string network =
            "topology: { kind: switch, hosts: " + text(n) + ", link: { rate: 400Gbps, delay: 1us }, reduction: access }\n" + roce;
        collective::MessageCost way = cost(network, 1, network_rate, 1);
        way.one_packet = way.serialisation({mtu}) * 2 + Duration{1'100'000};
        expect_near(time_of(network + collective_text(whole, "operation: all-reduce, algorithm: in-network, chunk: " + text(chunk) + "B")),
                    collective::in_network_time(chunks, {chunk}, way));
      }
    }
  }
}

// Each member sends and receives S (1 + 1/g), and nothing else passes.
TEST(SimServers, SwitchesOfServersReduce) {
  for (const std::uint32_t g : {2U, 3U, 8U}) {
    constexpr std::int64_t size = 24 * 65'536;
    for (const std::uint32_t n : {1U, 3U}) {
      SCOPED_TRACE(text(g) + " GPUs in each of " + text(n) + " servers");
      const Results r =
          run_text(rails(g, n, "scale_up: { reduces: true }") + roce + collective_text(size, "operation: all-reduce, algorithm: nvls"));
      ASSERT_EQ(r.status, RunStatus::done) << r.status_reason;
      std::vector<std::int64_t> sent(g * n), received(g * n);
      for (const FlowResult& flow : r.flows) {
        if (flow.spec.src.v >= g * n) received[flow.spec.dst.v] += flow.spec.size.v;
        if (flow.spec.dst.v >= g * n) sent[flow.spec.src.v] += flow.spec.size.v;
      }
      for (std::uint32_t host = 0; host < g * n; ++host) {
        EXPECT_EQ(sent[host], size + size / g) << host;
        EXPECT_EQ(received[host], size + size / g) << host;
      }
    }
  }
}

// What an algorithm reaches of a link is a matter of its messages: of NVLS those inside servers, and no other algorithm's.
TEST(SimServers, AnEfficiencySlowsItsAlgorithmAlone) {
  const std::string network = rails(4, 1, "scale_up: { rate: 400Gbps, reduces: true }") + roce;
  const auto time = [&](const std::string& more) {
    return time_of(network + collective_text(16'000'000, "operation: all-reduce, chunk: 1MB, " + more));
  };
  const double whole = time("algorithm: nvls"), half = time("algorithm: nvls, efficiencies: { nvls: 0.5 }");
  EXPECT_NEAR(half / whole, 2, 0.04);
  EXPECT_EQ(time("algorithm: ring"), time("algorithm: ring, efficiencies: { nvls: 0.5, tree: 0.5, pat: 0.5 }"));
  EXPECT_NEAR(time("algorithm: ring, efficiencies: { ring: 0.8 }") / time("algorithm: ring"), 1.25, 0.02);
}

// Where links between servers are what limits, a token that goes to four GPUs of a server takes a quarter of the time.
TEST(SimServers, CopiesTravelOnceBetweenServers) {
  const std::string network = rails(4, 2, "scale_up: {}") + roce;
  for (const std::string algorithm : {"rail", "hierarchical"}) {
    const std::string what = "operation: all-to-all, chunk: 64KB, algorithm: " + algorithm;
    const double each = time_of(network + collective_text(32'000'000, what));
    const double once = time_of(network + collective_text(32'000'000, what + ", copies: 4"));
    EXPECT_NEAR(each / once, 4, 0.25) << algorithm;
  }
}

TEST(SimServers, InsideIsInside) {
  const std::string network =
      "topology: { kind: leaf-spine, leaves: 2, spines: 2, hosts_per_leaf: 8, link: { rate: 400Gbps, delay: 1us },\n"
      "  server: { gpus: 4, scale_up: {} } }\n";
  for (const std::string& fabric : {roce, uet}) {
    const Results r = run_text(network + fabric +
                               "workloads:\n"
                               "  - { kind: collective, operation: all-to-all, size: 4MB, hosts: [0-3] }\n"
                               "  - { kind: collective, operation: all-reduce, size: 4MB, hosts: [8-11] }\n");
    EXPECT_EQ(r.status, RunStatus::done) << r.status_reason;
    std::uint64_t inside = 0;
    for (const PortResult& port : r.ports) {
      const bool of_scale_up = (port.from + port.to).find("scaleup") != std::string::npos;
      EXPECT_TRUE(of_scale_up || port.packets == 0) << port.from << '>' << port.to;
      inside += of_scale_up ? port.packets : 0;
    }
    EXPECT_GT(inside, 4'000U);
  }
}

// In fabrics that lose packets, too; and with timeouts that would be far too short there.
TEST(SimServers, AnIncastInsideLosesNothing) {
  for (const char* fabric : {"fabric: { congestion: dcqcn, lossless: none, timeout_exponent: 4 }\n",
                             "fabric: { transport: uet, congestion: nscc, least_rto: 1us }\n",
                             "fabric: { transport: uet, congestion: rccc, trimming: false }\n"}) {
    const Results r = run_text(one_switch(8, 2, "scale_up: { buffer: 8MB }") + fabric +
                               "workloads: [ { kind: incast, hosts: [0-7], fan_in: 7, destination: 3, size: 8MB } ]\n");
    EXPECT_EQ(r.status, RunStatus::done) << fabric << r.status_reason;
    EXPECT_EQ(r.counters.drops + r.counters.trims + r.counters.retransmissions + r.counters.ecn_marks, 0U) << fabric;
    EXPECT_GT(r.counters.pauses, 0U) << fabric;
    EXPECT_EQ(completed(r), 7U);
    const double least = 7 * static_cast<double>(wire(8'000'000)) * inside_ps;
    EXPECT_NEAR(static_cast<double>(r.simulated_time.ps) / least, 1, 0.05) << fabric;
  }
}

// What goes on in the network does not reach inside, and the other way round.
TEST(SimServers, CongestionOutsideStaysOutside) {
  const std::string network = one_switch(8, 2, "scale_up: {}") + "fabric: { congestion: dcqcn }\n";
  const std::string inside = "{ src: 0, dst: 1, size: 4MB }", outside = "{ src: 8, dst: 0, size: 4MB }, { src: 9, dst: 0, size: 4MB }";
  const auto end = [&](const std::string& flows, std::size_t flow) {
    return run_text(network + "workloads: [ { kind: flows, flows: [ " + flows + " ] } ]\n").flows[flow].receiver_done.ps;
  };
  const std::int64_t alone = end(inside, 0), beside = end(inside + ", " + outside, 0);
  EXPECT_NEAR(static_cast<double>(beside) / static_cast<double>(alone), 1, 0.01);
  EXPECT_EQ(end(outside, 1), end(outside + ", " + inside, 1));
}

TEST(SimServers, ADeadLinkInsideSendsTrafficOutside) {
  const Results r = run_text(one_switch(4, 1, "scale_up: {}") + roce +
                             "links: [ { link: host1-scaleup0, down: 0s } ]\n"
                             "workloads: [ { kind: flows, flows: [ { src: 0, dst: 1, size: 1MB }, { src: 2, dst: 3, size: 1MB } ] } ]\n");
  EXPECT_EQ(r.status, RunStatus::done) << r.status_reason;
  EXPECT_GT(port_named(r, "host0", "switch0").packets, 200U);
  EXPECT_EQ(port_named(r, "host2", "switch0").packets, 0U);
}

// ---- NICs -----------------------------------------------------------------------------------------------------------

// A message through two NICs: PCIe, network, network, PCIe, each store and forward; the slowest of them sets the pace.
TEST(SimServers, PcieIsOnTheWay) {
  const std::string network = one_switch(2, 2, "pcie: { rate: 512Gbps, delay: 200ns }") + roce;
  const double packet = static_cast<double>(wire(4096));
  const FlowResult one = one_message(network, 2, 4096);
  EXPECT_NEAR(picoseconds(one.receiver_done), 2'400'000 + packet * 2 * (20 + 15.625), 4);
  const FlowResult many = one_message(network, 2, 16'000'000);
  expect_near(picoseconds(many.receiver_done), 2'400'000 + static_cast<double>(wire(16'000'000)) * network_ps);
  EXPECT_EQ(many.retransmissions, 0U);
}

// Also in a lossy fabric a NIC fetches what it sends: nothing is lost between GPU and NIC, and no long queue waits there.
TEST(SimServers, ANicFetchesWhatItSends) {
  for (const std::string fabric : {"fabric: { congestion: none, lossless: none }\n", "fabric: { transport: uet }\n"}) {
    const Results r =
        run_text(one_switch(2, 2, "pcie: {}") + fabric + "workloads: [ { kind: flows, flows: [ { src: 0, dst: 2, size: 8MB } ] } ]\n");
    EXPECT_EQ(r.status, RunStatus::done) << r.status_reason;
    EXPECT_EQ(r.counters.drops + r.counters.trims, 0U) << fabric;
    EXPECT_LT(port_named(r, "nic0", "switch0").max_queue.v, 100'000) << fabric;
    expect_near(picoseconds(r.flows[0].receiver_done - Time{}), 2'400'000 + static_cast<double>(wire(8'000'000)) * network_ps);
  }
}

TEST(SimServers, GpusShareFewerNics) {
  const std::string flows = "workloads: [ { kind: flows, flows: [ { src: 0, dst: 4, size: 4MB }, { src: 2, dst: 5, size: 4MB } ] } ]\n";
  const double one = static_cast<double>(wire(4'000'000)) * network_ps;
  const Results shared = run_text(one_switch(4, 2, "nics: 2, pcie: {}") + roce + flows);
  expect_near(static_cast<double>(shared.simulated_time.ps), 2 * one + 4'900'000);
  const Results own = run_text(one_switch(4, 2, "pcie: {}") + roce + flows);
  expect_near(static_cast<double>(own.simulated_time.ps), one + 4'900'000);
}

TEST(SimServers, SeveralNicsOfAGpuCarryItsFlows) {
  const Results r = run_text(one_switch(2, 2, "nics: 4") + roce + "workloads: [ { kind: all-to-all, size: 1MB } ]\n");
  EXPECT_EQ(r.status, RunStatus::done);
  std::size_t used = 0, links = 0;
  for (const PortResult& port : r.ports) {
    if (port.from.rfind("host", 0) != 0) continue;
    ++links;
    used += port.packets > 0 ? 1 : 0;
  }
  EXPECT_EQ(links, 8U);
  EXPECT_GE(used, 6U);
}

// ---- bad input ------------------------------------------------------------------------------------------------------

void expect_refused(const std::string& topology, const std::string& entry, int line, const std::string& part) {
  const std::string scenario = "topology: " + topology + "\n\nworkloads:\n  - " + entry + "\n";
  expect_input_error([&] { static_cast<void>(run_text(scenario)); }, "test.yaml:" + text(line), part);
}

TEST(SimServers, BadInputIsRefusedWhereItStands) {
  const std::string all_reduce = "{ kind: collective, operation: all-reduce, size: 1MB, algorithm: ";
  const std::string eight = "{ kind: switch, hosts: 8, link: { delay: 1us }";
  expect_refused(eight + ", server: { gpus: 3 } }", all_reduce + "ring }", 1, "8 hosts do not divide into servers of 3");
  expect_refused(eight + ", server: { nics: 4 } }", all_reduce + "ring }", 1, "pcie");
  expect_refused(eight + ", server: { nics: 12 } }", all_reduce + "ring }", 1, "a multiple");
  expect_refused(eight + ", server: { scale_up: { kind: mesh, reduces: true } } }", all_reduce + "ring }", 1, "'reduces'");
  expect_refused(eight + ", server: { scale_up: {} } }", all_reduce + "nvls }", 4, "no switch of this network computes");
  expect_refused(eight + ", server: { gpus: 4, scale_up: { reduces: true } } }", all_reduce + "in-network }", 4,
                 "what computes here: scaleup0 to scaleup1");
  expect_refused(eight + ", server: { gpus: 4, scale_up: { reduces: true } } }", all_reduce + "nvls, ranks_per_server: 8 }", 4,
                 "hosts 0 and 4 meet in the switch of a server");
  const std::string leaves = "{ kind: leaf-spine, leaves: 2, spines: 1, hosts_per_leaf: 4, link: { delay: 1us }, reduction: access }";
  expect_refused(leaves, all_reduce + "in-network }", 4, "host 0 hangs on leaf0 and host 4 on leaf1");
  expect_refused("{ kind: rail, servers: 2, gpus_per_server: 4, link: { delay: 1us }, server: { nics: 2, pcie: {} } }",
                 all_reduce + "ring }", 1, "no NIC is left on rail2");
  expect_refused("{ kind: rail, servers: 2, gpus_per_server: 4, link: { delay: 1us }, server: { gpus: 2 } }", all_reduce + "ring }", 1,
                 "`gpus_per_server` of the rails is 4");
  expect_refused(
      "{ kind: graph, link: { delay: 1us }, graph: { hosts: [a, nic0], switches: [s], links: [ { a: a, b: s }, { a: nic0, b: s } ] }, "
      "server: { gpus: 2, pcie: {} } }",
      all_reduce + "ring }", 1, "two nodes are named nic0");
}

}  // namespace
}  // namespace weft
