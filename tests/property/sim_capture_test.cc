// --wire-check and --pcap: every simulated frame has real bytes; what tshark reads in the capture are the packets of the run,
// none malformed, with the opcodes and PSNs that RoCE must have sent.
#include <gtest/gtest.h>

#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <map>
#include <sstream>

#include "support/sim_runs.hh"

namespace weft {

using namespace test;

namespace {

bool has_tshark() { return std::system("command -v tshark >/dev/null 2>&1") == 0; }

std::string output_of(const std::string& command) {
  std::string text;
  FILE* pipe = popen((command + " 2>/dev/null").c_str(), "r");
  char piece[4096];
  while (std::fgets(piece, sizeof piece, pipe) != nullptr) text += piece;
  EXPECT_EQ(pclose(pipe), 0) << command;
  return text;
}

const char* const scenario = R"(
topology: { kind: leaf-spine, leaves: 2, spines: 2, hosts_per_leaf: 6, link: { rate: 100Gbps, delay: 1us } }
fabric: { congestion: dcqcn, lossless: pfc, buffer: 1MB, timeout_exponent: 6, ecn: { kmin: 20KB, kmax: 80KB } }
links: [ { link: host3>leaf0, loss: 0.1 } ]
workloads:
  - kind: flows
    flows:
      - { id: 0, src: 0, dst: 6, size: 200001B }
      - { id: 1, src: 1, dst: 6, size: 150KB }
      - { id: 2, src: 2, dst: 6, size: 150KB, operation: send }
      - { id: 3, src: 3, dst: 6, size: 150KB }
      - { id: 4, src: 7, dst: 4, size: 150KB, operation: read }
      - { id: 5, src: 5, dst: 6, size: 3B }
      - { id: 6, src: 4, dst: 6, size: 200KB }
seed: 3
)";

class SimCapture : public ::testing::Test {
 protected:
  SimCapture() : file_(std::filesystem::temp_directory_path() / ("weft-capture-" + std::to_string(::getpid()) + ".pcapng")) {}
  ~SimCapture() override { std::filesystem::remove(file_); }
  Results capture(const std::string& links) {
    RunOptions options;
    options.wire_check = true;
    options.pcap = file_.string();
    options.pcap_links = links;
    return run(scenario_of(scenario), options);
  }
  std::filesystem::path file_;
};

TEST_F(SimCapture, WatchingChangesNothing) {
  const Results watched = capture("");
  const Results plain = run_text(scenario);
  EXPECT_EQ(watched.state_hash, plain.state_hash);
  EXPECT_EQ(plain.status, RunStatus::done);
  EXPECT_GT(plain.counters.pauses, 0U);
  EXPECT_GT(plain.counters.drops_loss, 0U);
  EXPECT_GT(plain.counters.ecn_marks, 0U);
}

TEST_F(SimCapture, TsharkSeesThePacketsOfTheRun) {
  if (!has_tshark()) GTEST_SKIP() << "tshark is not installed";
  const Results r = capture("host*>leaf*,leaf*>host*");
  const std::string read = "tshark -n -r " + file_.string() + ' ';
  EXPECT_EQ(output_of(read + "-Y _ws.malformed"), "");
  std::uint64_t frames = 0;
  for (const PortResult& port : r.ports) {
    if (port.from.substr(0, 4) == "host" || port.to.substr(0, 4) == "host") frames += port.packets;
  }
  const std::string lines = output_of(read + "-T fields -e frame.number");
  EXPECT_EQ(static_cast<std::uint64_t>(std::count(lines.begin(), lines.end(), '\n')), frames);
  const std::string pauses = output_of(read + "-Y 'macc.opcode == 0x0101' -T fields -e frame.number");
  EXPECT_GT(std::count(pauses.begin(), pauses.end(), '\n'), 0);
}

// Wireshark computes with 64 bits: what overflows there makes time run backwards in long runs.
TEST_F(SimCapture, TimeOfALongRunNeverGoesBack) {
  if (!has_tshark()) GTEST_SKIP() << "tshark is not installed";
  constexpr const char* long_run = R"(
topology: { kind: switch, hosts: 2, link: { rate: 100Gbps, delay: 1us } }
workloads:
  - { kind: flows, flows: [ { src: 0, dst: 1, size: 1KB }, { src: 0, dst: 1, size: 1KB, start: 18447us },
      { src: 0, dst: 1, size: 1KB, start: 20ms }, { src: 0, dst: 1, size: 1KB, start: 1234567891ns } ] }
)";
  RunOptions options;
  options.pcap = file_.string();
  options.pcap_links = "host0>*";
  EXPECT_EQ(run(scenario_of(long_run), options).status, RunStatus::done);
  std::istringstream lines(output_of("tshark -n -r " + file_.string() + " -Y infiniband.reth -T fields -e frame.time_epoch"));
  std::vector<std::string> times;
  for (std::string time; lines >> time;) times.push_back(time);
  EXPECT_EQ(times, (std::vector<std::string>{"0.000000000", "0.018447000", "0.020000000", "1.234567891"}));
}

// Flow by flow: the opcodes and PSNs that its sender put on the wire.
TEST_F(SimCapture, OpcodesAndPsnsAreThoseOfTheFlows) {
  if (!has_tshark()) GTEST_SKIP() << "tshark is not installed";
  const Results r = capture("host*>leaf*");
  struct Sent {
    std::map<int, std::uint64_t> opcodes;
    std::vector<std::uint32_t> psns;  // of data packets
  };
  std::map<std::uint32_t, Sent> flows;
  std::istringstream lines(output_of("tshark -n -r " + file_.string() +
                                     " -Y infiniband -T fields -e infiniband.bth.opcode -e infiniband.bth.destqp -e infiniband.bth.psn"));
  std::string opcode, qp, psn;
  while (lines >> opcode >> qp >> psn) {
    Sent& sent = flows[static_cast<std::uint32_t>(std::stoul(qp, nullptr, 0)) - 16];  // QP number: flow + 16
    const int code = std::stoi(opcode, nullptr, 0);
    ++sent.opcodes[code];
    if (code <= 11 || (code >= 13 && code <= 16)) sent.psns.push_back(static_cast<std::uint32_t>(std::stoul(psn, nullptr, 0)));
  }
  const auto count = [&](std::uint32_t flow, const std::vector<int>& codes) {
    std::uint64_t sum = 0;
    for (const int code : codes) sum += flows[flow].opcodes[code];
    return sum;
  };
  for (std::uint32_t flow = 0; flow < r.flows.size(); ++flow) {
    SCOPED_TRACE(flow);
    const FlowResult& f = r.flows[flow];
    const auto packets = static_cast<std::uint64_t>((f.spec.size.v + 4095) / 4096);
    EXPECT_EQ(f.packets, packets);
    const std::vector<int> data = f.spec.operation == Operation::write  ? std::vector<int>{6, 7, 8, 10}
                                  : f.spec.operation == Operation::send ? std::vector<int>{0, 1, 2, 4}
                                                                        : std::vector<int>{13, 14, 15, 16};
    EXPECT_EQ(count(flow, data), f.packets + f.retransmissions);
    if (f.retransmissions > 0 || f.spec.operation == Operation::read) continue;
    std::vector<std::uint32_t> expected;
    for (std::uint32_t i = 0; i < packets; ++i) expected.push_back((flows[flow].psns.front() + i) & 0xffffff);
    EXPECT_EQ(flows[flow].psns, expected);
    EXPECT_EQ(count(flow, {17}) > 0, true) << "no acknowledgement";
    EXPECT_EQ(count(flow, {6, 0}), packets > 1 ? 1U : 0U) << "one FIRST";
  }
  EXPECT_GT(r.flows[3].retransmissions, 0U);
  EXPECT_EQ(count(4, {12}), 1U) << "one READ request";
  EXPECT_EQ(count(5, {10}), 1U) << "a message of one packet is an ONLY";
  std::uint64_t cnps = 0, received = 0;
  for (const FlowResult& f : r.flows) received += f.cnps;
  for (const auto& [flow, sent] : flows) cnps += sent.opcodes.count(0x81) > 0 ? sent.opcodes.at(0x81) : 0;
  EXPECT_EQ(cnps, received);
  EXPECT_GT(cnps, 0U);
}

}  // namespace
}  // namespace weft
