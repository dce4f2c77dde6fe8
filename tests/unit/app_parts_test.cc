// The parts of the program that need no process: bisection, progress bar, tables.
#include <gtest/gtest.h>

#include "app/bisection.hh"
#include "app/network_lines.hh"
#include "app/outcome.hh"
#include "app/progress_bar.hh"
#include "app/table.hh"
#include "scenario/load.hh"
#include "sim/simulation.hh"
#include "topology/registry.hh"

namespace weft {
namespace {

TopologySpec network(const std::string& topology) {
  return build_topology(parse_scenario("topology: " + topology + "\nworkloads: [ { kind: permutation, size: 1MB } ]\n", "s.yaml").topology);
}

TEST(Bisection, LeafSpineIsTheLeastOfHostsAndUplinks) {
  // Hosts of leaf 0 against hosts of leaf 1: 4 * 100 Gb/s of hosts, 2 * 100 Gb/s of uplinks.
  EXPECT_EQ(
      bisection_bandwidth(network("{ kind: leaf-spine, leaves: 2, spines: 2, hosts_per_leaf: 4, link: { rate: 100Gbps, delay: 1us } }")).v,
      200'000'000'000);
  EXPECT_EQ(
      bisection_bandwidth(network("{ kind: leaf-spine, leaves: 2, spines: 8, hosts_per_leaf: 4, link: { rate: 100Gbps, delay: 1us } }")).v,
      400'000'000'000);
}

TEST(Bisection, OneSwitchIsLimitedByHosts) {
  EXPECT_EQ(bisection_bandwidth(network("{ kind: switch, hosts: 6, link: { rate: 400Gbps, delay: 1us } }")).v, 1'200'000'000'000);
}

TEST(Bisection, HostsDoNotForward) {
  // b hangs on both switches, but only a's and d's own paths count: a to c or d through the trunk of 10 Gb/s.
  const std::string graph =
      "{ kind: graph, link: { rate: 100Gbps, delay: 1us }, graph: { hosts: [a, b, c, d], switches: [s, t], links: [ { a: a, b: s }, "
      "{ a: b, b: s }, { a: c, b: t }, { a: d, b: t }, { a: s, b: t, rate: 10Gbps } ] } }";
  EXPECT_EQ(bisection_bandwidth(network(graph)).v, 10'000'000'000);
}

TEST(NetworkLines, NameTiersAndLinks) {
  const TopologySpec spec = network("{ kind: switch, hosts: 3, link: { rate: 400Gbps, delay: 1us } }");
  std::string all;
  for (const std::string& line : network_lines(spec)) all += line + "\n";
  EXPECT_NE(all.find("3 hosts"), std::string::npos) << all;
  EXPECT_NE(all.find("1.2 Tb/s in all"), std::string::npos) << all;
  EXPECT_EQ(link_lines(spec).size(), 3U);
}

TEST(NetworkLines, TiersPlacesAndOptics) {
  const TopologySpec spec =
      network("{ kind: three-tier, pods: 2, radix: 8, agg_uplinks: 2, link: { rate: 400Gbps, length: 3m }, uplink: { length: 50m } }");
  std::string all;
  for (const std::string& line : network_lines(spec)) all += line + "\n";
  for (const char* part : {"tier 1      8 edge switches", "tier 2      8 inner switches", "(2:1)", "32 copper (up to 3 m), 48 optical",
                           "96 transceivers of 400 Gb/s", "(50 % of their links)"}) {
    EXPECT_NE(all.find(part), std::string::npos) << part << "\n" << all;
  }
}

TEST(ProgressBar, CountsTheLargestShareAndNeverFalls) {
  ProgressBar bar(Time{1'000'000});
  EXPECT_NE(
      bar.line({.simulated = Time{100'000}, .flows_done = 0, .flows = 10, .packet_hops = 500, .expected_packet_hops = 1000, .elapsed_s = 1})
          .find(" 50 % ["),
      std::string::npos);
  EXPECT_NE(
      bar.line({.simulated = Time{700'000}, .flows_done = 0, .flows = 10, .packet_hops = 500, .expected_packet_hops = 1000, .elapsed_s = 1})
          .find(" 70 % ["),
      std::string::npos);
  EXPECT_NE(bar.line({.simulated = Time{0}, .flows_done = 1, .flows = 10, .packet_hops = 0, .expected_packet_hops = 1000, .elapsed_s = 1})
                .find(" 70 % ["),
            std::string::npos);
  const std::string end = bar.line(
      {.simulated = Time{1'000'000}, .flows_done = 10, .flows = 10, .packet_hops = 2000, .expected_packet_hops = 1000, .elapsed_s = 2});
  EXPECT_NE(end.find(" 99 % ["), std::string::npos);
  EXPECT_LE(end.size(), 79U);
}

TEST(ProgressBar, ExpectsPacketsTimesLinks) {
  const Scenario s = parse_scenario(
      "topology: { kind: switch, hosts: 4, link: { delay: 1us } }\nfabric: { mtu: 1024 }\n"
      "workloads: [ { kind: permutation, size: 102300B } ]\n",
      "s.yaml");
  const RunOptions options;
  EXPECT_EQ(Simulation(s, options).expected_packet_hops(), 4 * 100 * 2.0);
}

TEST(Table, AlignsCellsUnderTitles) {
  const Table table({"seed", "a very long title"});
  EXPECT_EQ(table.header(), "     seed  a very long title");
  EXPECT_EQ(table.row({"1", "x"}), "        1                  x");
}

TEST(Outcome, FailedFlowsAreStuck) {
  Results results;
  results.flows.resize(2);
  EXPECT_EQ(exit_code_of(results), ExitCode::done);
  results.flows[1].status = FlowStatus::failed;
  EXPECT_EQ(exit_code_of(results), ExitCode::stuck);
  results.status = RunStatus::interrupted;
  EXPECT_EQ(exit_code_of(results), ExitCode::interrupted);
}

}  // namespace
}  // namespace weft
