// Bad input: one clear message that names file and line, exit code 2, and nothing written.
#include <gtest/gtest.h>

#include <algorithm>

#include "program_runner.hh"

namespace weft {
namespace {

constexpr const char* head =
    "topology: { kind: leaf-spine, leaves: 2, spines: 2, hosts_per_leaf: 2, link: { rate: 100Gbps, delay: 1us } }\n";
constexpr const char* tail = "workloads: [ { kind: permutation, size: 20KB } ]\n";

class BadInput : public ProgramTest {
 protected:
  // One line `weft: <where>: ... <fragment> ...`, perhaps a hint, nothing on standard output, no results.
  void expect_refused(const Said& said, const std::string& where, const std::string& fragment) const {
    EXPECT_EQ(said.code, 2) << said.err;
    EXPECT_EQ(said.out, "");
    EXPECT_EQ(said.err.rfind("weft: " + where + ": ", 0), 0U) << said.err;
    EXPECT_NE(said.err.find(fragment), std::string::npos) << said.err;
    EXPECT_LE(std::count(said.err.begin(), said.err.end(), '\n'), 2) << said.err;
    EXPECT_FALSE(exists("out")) << "something was written";
  }
  void expect_scenario_refused(const std::string& scenario, const std::string& where, const std::string& fragment) const {
    write("s.yaml", scenario);
    expect_refused(weft("run s.yaml"), where, fragment);
    expect_refused(weft("check s.yaml"), where, fragment);
  }
};

TEST_F(BadInput, MisspeltKey) {
  expect_scenario_refused(std::string(head) + "fabrik: { mtu: 1024 }\n" + tail, "s.yaml:2", "did you mean 'fabric'?");
}

TEST_F(BadInput, MissingUnit) {
  expect_scenario_refused(std::string(head) + "workloads: [ { kind: permutation, size: 20000 } ]\n", "s.yaml:2", "'20000' has no unit");
}

TEST_F(BadInput, NegativeSize) {
  expect_scenario_refused(std::string(head) + "workloads: [ { kind: permutation, size: -20KB } ]\n", "s.yaml:2", "negative");
}

TEST_F(BadInput, HostOutOfRange) {
  expect_scenario_refused(std::string(head) + "workloads:\n  - kind: flows\n    flows:\n      - { src: 0, dst: 4, size: 1KB }\n",
                          "s.yaml:5", "4");
  expect_scenario_refused(std::string(head) + "workloads:\n  - { kind: permutation, size: 1KB, hosts: [0, 1, 9] }\n", "s.yaml:3", "9");
}

TEST_F(BadInput, UnconnectedNetwork) {
  const std::string graph =
      "topology:\n  kind: graph\n  link: { delay: 1us }\n  graph:\n    hosts: [a, b]\n    switches: [s, t]\n"
      "    links: [ { a: a, b: s }, { a: b, b: t } ]\n";
  expect_scenario_refused(graph + tail, "s.yaml:2", "not connected");
}

TEST_F(BadInput, TriggerThatNeverFires) {
  const std::string workload =
      "workloads:\n  - kind: flows\n    triggers: [ { id: 7 } ]\n    flows:\n"
      "      - { src: 0, dst: 1, size: 1KB }\n      - { src: 1, dst: 2, size: 1KB, after: 7 }\n";
  write("s.yaml", head + workload);
  const Said said = weft("run s.yaml");
  EXPECT_EQ(said.code, 2);
  EXPECT_EQ(said.err.rfind("weft: s.yaml:", 0), 0U) << said.err;
  EXPECT_NE(said.err.find("7"), std::string::npos) << said.err;
  EXPECT_FALSE(exists("out"));
}

TEST_F(BadInput, UnknownLink) {
  expect_scenario_refused(std::string(head) + tail + "links: [ { link: leaf0-spine9, down: 1us } ]\n", "s.yaml:3", "leaf0-spine9");
}

TEST_F(BadInput, MatrixWithWrongCount) {
  write("a.cm", "Nodes 4\nConnections 3\n0->1 id 1 start 0 size 1000\n1->2 id 2 start 0 size 1000\n");
  write("s.yaml", std::string(head) + "workloads: [ { matrix: a.cm } ]\n");
  const Said said = weft("run s.yaml");
  EXPECT_EQ(said.code, 2);
  EXPECT_EQ(said.err.rfind("weft: a.cm:", 0), 0U) << said.err;
  EXPECT_NE(said.err.find("3"), std::string::npos) << said.err;
  EXPECT_FALSE(exists("out"));
}

TEST_F(BadInput, MatrixForAnotherNetwork) {
  write("a.cm", "Nodes 4\nConnections 1\n0->7 id 1 start 0 size 1000\n");
  write("s.yaml", std::string(head) + tail);
  const Said said = weft("run s.yaml --set workloads.0.matrix=a.cm");
  EXPECT_EQ(said.code, 2);
  EXPECT_EQ(said.err.rfind("weft: a.cm:3", 0), 0U) << said.err;
}

TEST_F(BadInput, UnreadableFiles) {
  expect_refused(weft("run nowhere.yaml"), "nowhere.yaml", "No such file");
  expect_refused(weft("run ."), ".", "");
  expect_refused(weft("run permutation-1024"), "permutation-1024", "weft example permutation-1024");
  write("s.yaml", std::string(head) + "workloads: [ { matrix: nowhere.cm } ]\n");
  expect_refused(weft("run s.yaml"), "nowhere.cm", "No such file");
  write("s.yaml", std::string("topology: { file: nowhere.topo }\n") + tail);
  expect_refused(weft("run s.yaml"), "nowhere.topo", "No such file");
}

TEST_F(BadInput, Set) {
  write("s.yaml", std::string(head) + tail);
  expect_refused(weft("run s.yaml --set fabric.mtuu=1024"), "--set fabric.mtuu=1024", "did you mean 'mtu'?");
  expect_refused(weft("run s.yaml --set topology.leaves=many"), "--set topology.leaves=many", "whole number");
}

TEST_F(BadInput, FullDisk) {
  write("s.yaml", std::string(head) + tail);
  const Said said = weft("run s.yaml --quiet", "ulimit -f 1;");
  EXPECT_EQ(said.code, 2) << said.err;
  EXPECT_NE(said.err.find("File too large"), std::string::npos) << said.err;
  EXPECT_FALSE(exists("out/s")) << "partial results";
}

TEST_F(BadInput, FullDiskUnderCapture) {
  write("s.yaml", std::string(head) + tail);
  const Said said = weft("run s.yaml --quiet --out a --pcap a/frames.pcapng", "ulimit -f 8;");
  EXPECT_EQ(said.code, 2) << said.err;
  EXPECT_EQ(said.err.rfind("weft: a/frames.pcapng: ", 0), 0U) << said.err;
  EXPECT_FALSE(exists("a")) << "partial results";
}

TEST_F(BadInput, FullStandardOutput) {
  const Said said = weft("example permutation-1024 >/dev/full");
  EXPECT_EQ(said.code, 2);
  EXPECT_NE(said.err.find("standard output"), std::string::npos) << said.err;
}

TEST_F(BadInput, ForeignOutputFolder) {
  write("s.yaml", std::string(head) + tail);
  write("mine/thesis.txt", "years of work");
  const Said said = weft("run s.yaml --out mine");
  EXPECT_EQ(said.code, 2);
  EXPECT_NE(said.err.find("thesis.txt"), std::string::npos) << said.err;
  EXPECT_FALSE(exists("mine/summary.json"));
  EXPECT_EQ(text("mine/thesis.txt"), "years of work");
}

TEST_F(BadInput, CommandLine) {
  EXPECT_NE(weft("rnu s.yaml").err.find("did you mean 'run'?"), std::string::npos);
  EXPECT_NE(weft("run s.yaml --thread 2").err.find("did you mean '--threads'?"), std::string::npos);
  for (const char* arguments : {"", "run", "run s.yaml --threads 0", "run s.yaml --threads x", "compare a", "example nothing", "show",
                                "sweep s.yaml --seeds 0", "run s.yaml --snap 64"}) {
    const Said said = weft(arguments);
    EXPECT_EQ(said.code, 2) << arguments << ": " << said.err;
    EXPECT_NE(said.err.find("hint: "), std::string::npos) << arguments << ": " << said.err;
  }
}

}  // namespace
}  // namespace weft
