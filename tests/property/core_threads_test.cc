// Everything that crosses threads at once, for the thread sanitizer to watch: PFC frames, triggers whose flows wait at other
// hosts, traces of flows and ports, captures with a wire check. Whatever the number of threads, every byte is the same.
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "support/oracle_comparison.hh"
#include "support/sim_runs.hh"

namespace weft {
namespace {

constexpr const char* scenario_text = R"(
topology: { kind: leaf-spine, leaves: 3, spines: 2, hosts_per_leaf: 4, link: { rate: 100Gbps, delay: 2us } }
fabric: { congestion: dcqcn, lossless: pfc, buffer: 1500KB, ecn: { kmin: 20KB, kmax: 80KB }, ack_class: 5, timeout_exponent: 6,
          load_balancing: spray-random, recovery: selective }
links: [ { link: "leaf*>spine*", loss: 0.005 } ]
trace: { flows: [0, 3, 100, 102], ports: [leaf0>host0, "spine*>leaf1"], interval: 5us }
workloads:
  - kind: flows
    triggers:
      - { id: 1 }
      - { id: 2, kind: barrier, count: 2 }
      - { id: 3, kind: multishot }
    flows:
      - { id: 100, src: 0, dst: 9, size: 60KB, on_received: 1 }
      - { id: 101, src: 5, dst: 2, size: 40KB, after: 1, operation: read, on_sent: 2 }
      - { id: 102, src: 9, dst: 1, size: 30KB, after: 1, operation: send, on_received: 2, on_sent: 3 }
      - { id: 103, src: 3, dst: 10, size: 1B, after: 2, on_sent: 3 }
      - { id: 104, src: 8, dst: 1, size: 20KB, after: 3 }
      - { id: 105, src: 7, dst: 1, size: 20KB, after: 3 }
  - { kind: incast, fan_in: 11, destination: 0, size: 400KB }
)";

class Folder {
 public:
  Folder() : path_(std::filesystem::temp_directory_path() / ("weft-core-threads-" + std::to_string(getpid()))) {
    std::filesystem::create_directory(path_);
  }
  ~Folder() { std::filesystem::remove_all(path_); }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  [[nodiscard]] std::string file(const std::string& name) const { return (path_ / name).string(); }

 private:
  std::filesystem::path path_;
};

struct Everything {
  Results results;
  std::string text, capture;
};

Everything everything(const Scenario& scenario, unsigned threads, const std::string& capture) {
  RunOptions options;
  options.threads = threads;
  options.pcap = capture;
  options.wire_check = true;
  Everything e;
  e.results = run(scenario, options);
  std::ostringstream text;
  text << test::outcome(e.results);
  for (const TraceSeries& series : e.results.traces) {
    text << series.name << ' ' << series.what << '\n';
    for (std::size_t i = 0; i < series.at.size(); ++i) text << series.at[i].ps << ' ' << series.value[i] << '\n';
  }
  e.text = text.str();
  std::ifstream file(capture, std::ios::binary);
  e.capture.assign(std::istreambuf_iterator<char>(file), {});
  return e;
}

TEST(CoreThreads, EverythingAtOnceGivesTheSameBytes) {
  const Folder folder;
  const Scenario scenario = test::scenario_of(scenario_text);
  const Everything one = everything(scenario, 1, folder.file("1.pcapng"));
  EXPECT_EQ(one.results.status, RunStatus::done) << one.results.status_reason;
  EXPECT_EQ(test::completed(one.results), one.results.flows.size());
  EXPECT_GT(one.results.counters.pauses, 0U);
  EXPECT_GT(one.results.counters.ecn_marks, 0U);
  EXPECT_GT(one.results.counters.drops_loss, 0U);
  EXPECT_GE(one.results.traces.size(), 10U);
  EXPECT_GT(one.capture.size(), 100'000U);
  for (const unsigned threads : {2U, 3U, 5U}) {
    const Everything other = everything(scenario, threads, folder.file(std::to_string(threads) + ".pcapng"));
    EXPECT_EQ(other.text, one.text) << threads << " threads";
    EXPECT_TRUE(other.capture == one.capture) << threads << " threads: the captures differ";
  }
}

}  // namespace
}  // namespace weft
