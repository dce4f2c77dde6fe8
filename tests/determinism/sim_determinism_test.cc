// The same scenario gives the same bytes: with 1, 2, 3 and 7 threads, from every compiler, in every kind of build.
//
// Scenarios: tests/determinism/*.yaml, at least one each with PFC, losses, link failures and triggers. What is compared: the
// bytes of flows.csv and the state hash; the hashes also with tests/golden/state_hashes.txt ("name hash", one a line), which
// is what makes two compilers comparable. A change of the model that is meant to change results changes that file: the test
// prints the new lines.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>

#include "report/tables.hh"
#include "support/sim_runs.hh"

namespace weft {

using namespace test;

namespace {

std::vector<std::filesystem::path> scenarios() {
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::directory_iterator(std::string(WEFT_TESTS) + "/determinism")) {
    if (entry.path().extension() == ".yaml") files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  return files;
}

struct Outcome {
  std::string flows_csv, hash;
  Results results;
};

std::string hexadecimal(std::uint64_t value) {
  char text[17];
  std::snprintf(text, sizeof text, "%016llx", static_cast<unsigned long long>(value));
  return text;
}

Outcome outcome(const Scenario& scenario, unsigned threads) {
  RunOptions options;
  options.threads = threads;
  Outcome o;
  o.results = run(scenario, options);
  write_flows_csv(ReportContext{}, o.results, [&](std::string_view piece) { o.flows_csv += piece; });
  o.hash = hexadecimal(o.results.state_hash);
  return o;
}

std::map<std::string, std::string> golden() {
  std::map<std::string, std::string> hashes;
  std::ifstream file(std::string(WEFT_TESTS) + "/golden/state_hashes.txt");
  for (std::string name, hash; file >> name >> hash;) hashes[name] = hash;
  return hashes;
}

TEST(SimDeterminism, ThreadsAndCompilersGiveTheSameBytes) {
  const auto expected = golden();
  Counters seen;
  std::size_t triggered = 0;
  for (const auto& file : scenarios()) {
    SCOPED_TRACE(file.filename().string());
    const Scenario scenario = load_scenario(file);
    const Outcome one = outcome(scenario, 1);
    EXPECT_EQ(one.results.status, RunStatus::done) << one.results.status_reason;
    EXPECT_GT(one.flows_csv.size(), one.results.flows.size() * 20);
    for (const unsigned threads : {2U, 3U, 7U}) {
      const Outcome other = outcome(scenario, threads);
      EXPECT_TRUE(other.flows_csv == one.flows_csv) << threads << " threads";
      EXPECT_EQ(other.hash, one.hash) << threads << " threads";
    }
    const auto line = expected.find(file.stem().string());
    EXPECT_TRUE(line != expected.end() && line->second == one.hash)
        << "tests/golden/state_hashes.txt should say, if results were meant to change:\n"
        << file.stem().string() << ' ' << one.hash;
    seen.pauses += one.results.counters.pauses;
    seen.drops_loss += one.results.counters.drops_loss;
    seen.drops_buffer += one.results.counters.drops_buffer;
    seen.drops_down += one.results.counters.drops_down;
    seen.trims += one.results.counters.trims;
    for (const FlowResult& flow : one.results.flows) triggered += flow.spec.after.valid() ? 1 : 0;
  }
  EXPECT_GE(scenarios().size(), 4U);
  EXPECT_GT(seen.pauses, 0U);
  EXPECT_GT(seen.drops_loss, 0U);
  EXPECT_GT(seen.drops_buffer, 0U);
  EXPECT_GT(seen.drops_down, 0U);
  EXPECT_GT(seen.trims, 0U);
  EXPECT_GT(triggered, 0U);
}

// Two runs that differ in the fate of one packet: the link of one host is down for as long as one frame takes.
TEST(SimDeterminism, OnePacketsFateChangesTheHash) {
  const std::string text = R"(
topology: { kind: leaf-spine, leaves: 2, spines: 2, hosts_per_leaf: 4, link: { rate: 100Gbps, delay: 1us } }
fabric: { congestion: none, timeout_exponent: 4, convergence: 1ms, detect: 1ms }
workloads:
  - { kind: permutation, size: 200KB }
links: [ { link: host0>leaf0, down: 100ns, up: 100001ps } ]
)";
  const Results with = run_text(text);
  const Results without = run_text(text, {"links.0.down=2s", "links.0.up=3s"});
  EXPECT_EQ(with.counters.drops_down, 1U) << "the test is to lose exactly one packet";
  EXPECT_EQ(without.counters.drops, 0U);
  EXPECT_NE(with.state_hash, without.state_hash);
}

// The seed of the losses alone: the same flows, the same routes, other packets lost.
TEST(SimDeterminism, TheSeedChangesTheHashAndNothingElseDoes) {
  const std::string text = R"(
topology: { kind: switch, hosts: 4, link: { rate: 100Gbps, delay: 1us } }
fabric: { congestion: none, lossless: none, timeout_exponent: 5 }
links: [ { link: "*", loss: 0.01 } ]
workloads:
  - { kind: flows, flows: [ { src: 0, dst: 1, size: 500KB }, { src: 2, dst: 3, size: 500KB } ] }
)";
  const Results first = run_text(text, {"seed=1"});
  EXPECT_GT(first.counters.drops_loss, 0U);
  EXPECT_EQ(run_text(text, {"seed=1"}).state_hash, first.state_hash);
  EXPECT_NE(run_text(text, {"seed=2"}).state_hash, first.state_hash);
}

}  // namespace
}  // namespace weft
