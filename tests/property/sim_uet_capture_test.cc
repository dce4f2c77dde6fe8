// --wire-check and --pcap for Ultra Ethernet: every simulated frame has real bytes, and what the capture holds, read back by
// our own codecs, are the packets that the results speak of: data, trimmed data, NACKs, entropy.
#include <gtest/gtest.h>

#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "support/sim_runs.hh"
#include "wire/pcapng_reader.hh"
#include "wire/uet_frame.hh"

namespace weft {

using namespace test;

namespace {

const char* const scenario = R"(
topology: { kind: leaf-spine, leaves: 2, spines: 2, hosts_per_leaf: 6, link: { rate: 100Gbps, delay: 1us } }
fabric: { transport: uet, congestion: nscc+rccc, load_balancing: mixed, paths: 16 }
workloads:
  - kind: flows
    flows:
      - { id: 0, src: 0, dst: 6, size: 400001B }
      - { id: 1, src: 1, dst: 6, size: 350KB }
      - { id: 2, src: 2, dst: 6, size: 350KB, operation: send }
      - { id: 3, src: 3, dst: 6, size: 350KB }
      - { id: 4, src: 7, dst: 4, size: 350KB, operation: read }
      - { id: 5, src: 5, dst: 6, size: 3B }
      - { id: 6, src: 4, dst: 6, size: 400KB }
seed: 3
)";

// What a flow's end put on the wire, or what came to it.
struct Seen {
  std::uint64_t data = 0, retransmitted = 0, trimmed = 0, last_hop = 0, nacks = 0, last_hop_nacks = 0, acknowledgements = 0, payload = 0;
  std::set<std::uint32_t> psns;
  std::set<std::uint16_t> entropies;
};

class SimUetCapture : public ::testing::Test {
 protected:
  SimUetCapture() : file_(std::filesystem::temp_directory_path() / ("weft-uet-" + std::to_string(::getpid()) + ".pcapng")) {}
  ~SimUetCapture() override { std::filesystem::remove(file_); }

  Results capture(const std::string& links, const std::vector<std::string>& overrides = {}) {
    RunOptions options;
    options.wire_check = true;
    options.pcap = file_.string();
    options.pcap_links = links;
    return run(scenario_of(scenario, overrides), options);
  }
  // By flow: at both ends of flow n, the PDC id is n + 1.
  std::map<std::uint32_t, Seen> read_back() const {
    std::map<std::uint32_t, Seen> flows;
    each_frame([&flows](const wire::ParsedUetFrame& parsed) { count(parsed, flows[parsed.frame.uet.spdcid - 1U]); });
    return flows;
  }
  std::set<wire::PdsType> types_seen() const {
    std::set<wire::PdsType> types;
    each_frame([&types](const wire::ParsedUetFrame& parsed) { types.insert(parsed.frame.uet.type); });
    return types;
  }

 private:
  template <class Visit>
  void each_frame(Visit visit) const {
    std::ifstream file(file_, std::ios::binary);
    const std::vector<char> content((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
    wire::PcapngReader reader(std::as_bytes(std::span(content)));
    while (const auto packet = reader.next()) {
      const auto parsed = wire::parse_uet_frame(packet->captured, wire::Fcs::absent, wire::EndCrc::absent);
      EXPECT_TRUE(parsed.ok()) << wire::name_of(parsed);
      visit(parsed);
    }
    EXPECT_TRUE(reader.ok());
  }
  static void count(const wire::ParsedUetFrame& parsed, Seen& seen) {
    const wire::UetHeader& uet = parsed.frame.uet;
    if (parsed.extent != wire::UetExtent::whole) ++seen.trimmed;
    if (parsed.trim == wire::Trim::trimmed_last_hop) ++seen.last_hop;
    if (uet.type == wire::PdsType::nack) ++seen.nacks;
    if (uet.type == wire::PdsType::nack && uet.nack == wire::NackCode::trimmed_last_hop) ++seen.last_hop_nacks;
    if (uet.type == wire::PdsType::ack || uet.type == wire::PdsType::ack_cc) ++seen.acknowledgements;
    if (!uet.is_request() || parsed.payload_sent == 0) return;
    ++seen.data;
    seen.payload += parsed.payload_sent;
    if (uet.has(wire::UetHeader::retransmit)) ++seen.retransmitted;
    seen.psns.insert(uet.psn);
    seen.entropies.insert(parsed.frame.udp.source_port);
  }

  std::filesystem::path file_;
};

TEST_F(SimUetCapture, WatchingChangesNothing) {
  const Results watched = capture("");
  const Results plain = run_text(scenario);
  EXPECT_EQ(watched.state_hash, plain.state_hash);
  EXPECT_EQ(plain.status, RunStatus::done);
  EXPECT_EQ(completed(plain), plain.flows.size());
  EXPECT_GT(plain.counters.trims, 0U);
  EXPECT_GT(plain.counters.ecn_marks, 0U);
}

TEST_F(SimUetCapture, EverySetUpPassesTheWireCheck) {
  for (const char* const congestion : {"nscc", "rccc", "nscc+rccc"}) {
    EXPECT_EQ(capture("", {"fabric.congestion=" + std::string(congestion)}).status, RunStatus::done) << congestion;
  }
  for (const char* const paths : {"oblivious", "bitmap", "reps", "mixed"}) {
    EXPECT_EQ(capture("", {"fabric.load_balancing=" + std::string(paths)}).status, RunStatus::done) << paths;
  }
  EXPECT_EQ(capture("", {"fabric.congestion=nscc", "fabric.trimming=false", "fabric.recovery=sleek"}).status, RunStatus::done);
  for (const char* const congestion : {"nscc", "none"}) {
    const std::string ordered = "fabric={transport: uet, delivery: rod, congestion: " + std::string(congestion) + ", queue: 40KB}";
    const Results r = capture("", {ordered});
    EXPECT_EQ(r.status, RunStatus::done) << congestion;
    EXPECT_GT(r.counters.retransmissions, 0U) << congestion << ": what follows a gap is sent again";
  }
}

TEST_F(SimUetCapture, EveryOperationPassesTheWireCheck) {
  for (const char* const delivery : {"rud", "rod"}) {
    for (const char* const operation : {"write", "send", "read", "tagged-send"}) {
      const std::string to_one = "workloads=[{kind: incast, fan_in: 8, size: 200001B, operation: " + std::string(operation) + "}]";
      const Results r = capture("", {"fabric={transport: uet, delivery: " + std::string(delivery) + "}", to_one});
      EXPECT_EQ(r.status, RunStatus::done) << delivery << ' ' << operation;
      EXPECT_EQ(completed(r), 8U) << delivery << ' ' << operation;
    }
  }
}

// RUDI: cut packets, NACKs and responses of their own, without any of a context.
TEST_F(SimUetCapture, PacketsWithoutAContextPassTheWireCheck) {
  const std::string to_one = "workloads=[{kind: incast, fan_in: 8, size: 200001B}]";
  for (const char* const fabric : {"congestion: nscc", "congestion: none", "congestion: nscc, trimming: false, queue: 40KB"}) {
    const Results r = capture("host*>leaf*", {"fabric={transport: uet, delivery: rudi, " + std::string(fabric) + "}", to_one});
    EXPECT_EQ(r.status, RunStatus::done) << fabric;
    EXPECT_EQ(completed(r), 8U) << fabric;
    EXPECT_GT(r.counters.retransmissions, 0U) << fabric;
    for (const FlowResult& flow : r.flows) EXPECT_EQ(flow.packets, 49U) << fabric;
    std::set<wire::PdsType> types{wire::PdsType::rudi_request, wire::PdsType::rudi_response};
    if (r.counters.trims > 0) types.insert(wire::PdsType::nack);
    EXPECT_EQ(types_seen(), types) << fabric;
  }
}

TEST_F(SimUetCapture, HostsSendThePacketsOfTheFlows) {
  const Results r = capture("host*>leaf*");
  const auto flows = read_back();
  for (std::uint32_t flow = 0; flow < r.flows.size(); ++flow) {
    SCOPED_TRACE(flow);
    const FlowResult& f = r.flows[flow];
    ASSERT_EQ(flows.count(flow), 1U);
    const Seen& seen = flows.at(flow);
    EXPECT_EQ(seen.data, f.packets + f.retransmissions);
    EXPECT_EQ(seen.retransmitted, f.retransmissions);
    EXPECT_EQ(seen.psns.size(), f.packets) << "each has its own PSN";
    EXPECT_EQ(*seen.psns.rbegin() - *seen.psns.begin(), f.packets - 1) << "one after the other";
    if (f.retransmissions == 0) { EXPECT_EQ(static_cast<std::int64_t>(seen.payload), f.spec.size.v); }
    EXPECT_GT(seen.acknowledgements, 0U);
    EXPECT_LE(seen.entropies.size(), 16U);
    if (f.packets > 32) { EXPECT_GT(seen.entropies.size(), 4U) << "packets are sprayed"; }
    EXPECT_EQ(seen.trimmed, 0U) << "hosts trim nothing";
  }
}

TEST_F(SimUetCapture, WhatSwitchesTrimmedArrivesAsSuch) {
  const Results r = capture("leaf*>host*");
  ASSERT_EQ(r.counters.drops, 0U);
  std::uint64_t trimmed = 0, last_hop = 0;
  for (const auto& [flow, seen] : read_back()) {
    EXPECT_EQ(seen.nacks, r.flows[flow].naks) << "flow " << flow;
    EXPECT_EQ(seen.nacks, seen.trimmed) << "flow " << flow << ": each is answered";
    EXPECT_EQ(seen.last_hop_nacks, seen.last_hop) << "flow " << flow << ": by the code of the place that the bytes name";
    trimmed += seen.trimmed;
    last_hop += seen.last_hop;
  }
  EXPECT_EQ(trimmed, r.counters.trims);
  EXPECT_GT(last_hop, 0U);
  EXPECT_GT(trimmed, last_hop) << "some were trimmed by their first switch";
}

}  // namespace
}  // namespace weft
