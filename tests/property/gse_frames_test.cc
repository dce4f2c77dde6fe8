// What GSE frames say, held against what was sent: in a capture, and by the checker that --wire-check asks.
#include <gtest/gtest.h>

#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>

#include "sim/gse_frame_check.hh"
#include "sim/network.hh"
#include "support/gse_runs.hh"
#include "wire/gse_frame.hh"
#include "wire/pcapng_reader.hh"

namespace weft {

using namespace test;

namespace {

const std::string fabric = R"(
topology: { kind: leaf-spine, leaves: 2, spines: 3, hosts_per_leaf: 4, link: { rate: 400Gbps, delay: 1us } }
fabric: { transport: roce, congestion: none, scheduling: gse, mtu: 4096, gse: { container: 20KB } }
seed: 1
)";

std::vector<std::byte> captured(const std::string& workloads, const std::string& links) {
  const auto file = std::filesystem::temp_directory_path() / ("weft-gse-frames-" + std::to_string(::getpid()) + ".pcapng");
  RunOptions options;
  options.pcap = file.string();
  options.pcap_links = links;
  EXPECT_EQ(run(scenario_of(fabric + "workloads: " + workloads + "\n"), options).status, RunStatus::done);
  std::ifstream stream(file, std::ios::binary);
  const std::vector<char> content((std::istreambuf_iterator<char>(stream)), std::istreambuf_iterator<char>());
  std::filesystem::remove(file);
  const auto bytes = std::as_bytes(std::span(content));
  return {bytes.begin(), bytes.end()};
}

// The last links, where packets of many containers have come together.
TEST(GseFrames, OffsetsAreTheBytesBeforeInTheContainer) {
  const auto file = captured("[ { kind: permutation, size: 300001B } ]", "spine*>leaf*");
  wire::PcapngReader reader(file);
  std::map<std::tuple<std::uint16_t, std::uint16_t, std::uint16_t, std::uint8_t, std::uint32_t>, std::int64_t> filled;
  std::uint16_t largest = 0;
  while (const auto packet = reader.next()) {
    const auto parsed = wire::parse_gse_frame(packet->captured, wire::Fcs::absent);
    if (!parsed.ok() || parsed.header.type != wire::GseType::data) continue;
    const wire::GseData data = wire::gse_data(parsed.header);
    std::int64_t& before = filled[{data.way.source, data.way.destination, data.way.port, data.way.priority, data.container}];
    EXPECT_EQ(data.offset, before) << data.container << ' ' << int{data.packet};
    constexpr std::int64_t fcs_preamble_gap = 24, header = 16;
    before += packet->original_length - header + fcs_preamble_gap;
    largest = std::max(largest, data.offset);
  }
  EXPECT_GT(filled.size(), 30U);
  EXPECT_GE(largest, 4 * 4178) << "no container held five packets";
}

// Blocks have no frame and are in no capture, but the check builds, reads and compares every one that is sent.
TEST(GseFrames, EveryFaultBlockIsChecked) {
  const std::string dies =
      fabric + "workloads: [ { kind: permutation, size: 1MB } ]\nlinks: [ { link: leaf0-spine1, down: 10us, up: 20us } ]\n";
  const Results r = run_wire_checked(dies, {"fabric.detect=2us", "fabric.gse.join=5us"});
  EXPECT_EQ(r.status, RunStatus::done);
  EXPECT_GT(gse_count(r, "fault_notices"), 0U);
  const std::string said = "and " + std::to_string(gse_count(r, "fault_notices")) + " blocks of the physical layer";
  EXPECT_NE(r.notes.back().find(said), std::string::npos) << r.notes.back();
}

class GseFrameChecks : public testing::Test {
 protected:
  GseFrameChecks()
      : scenario_(scenario_of(fabric + "workloads: [ { kind: permutation, size: 1KB } ]\n")), network_(scenario_, 1), check_(network_) {
    while (network_.spec.nodes[network_.egress[link_].node].name != "leaf0" || !network_.scheduled(link_ / 2)) ++link_;
  }
  void send(std::uint32_t container, std::uint8_t packet, std::uint16_t offset, bool last = false) {
    check_.data(link_, {.way = way_, .container = container, .packet = packet, .first = packet == 0, .last = last, .offset = offset},
                Bytes{4178});
  }
  void request(std::uint32_t units) { check_.request(link_, {.way = way_, .requested = units}); }

  Scenario scenario_;
  Network network_;
  GseFrameCheck check_;
  std::uint32_t link_ = 0;
  const wire::GseWay way_{.source = 0, .destination = 1, .port = 2, .priority = 3};
};

TEST_F(GseFrameChecks, WhatIsRightPasses) {
  for (std::uint8_t packet = 0; packet < 4; ++packet) send(7, packet, static_cast<std::uint16_t>(packet * 4178));
  send(8, 0, 0);
  send(7, 3, 3 * 4178);  // again, by link-level retry
  send(7, 4, 4 * 4178, true);
  send(9, 2, 5000);  // two before it are lost
  request(7 * 4178 / 256 + 1);
}

TEST_F(GseFrameChecks, WhatIsWrongIsFound) {
  send(7, 0, 0);
  EXPECT_DEATH(send(7, 1, 0), "offset");
  EXPECT_DEATH(send(7, 1, 4179), "offset");
  EXPECT_DEATH(send(7, 2, 4000), "offset");
  EXPECT_DEATH(send(8, 0, 1), "offset");
  EXPECT_DEATH(send(7, 1, 4178, true), "end") << "far from full";
  for (std::uint8_t packet = 1; packet < 4; ++packet) send(7, packet, static_cast<std::uint16_t>(packet * 4178));
  EXPECT_DEATH(send(7, 4, 4 * 4178), "end") << "full";
  send(7, 4, 4 * 4178, true);
  EXPECT_DEATH(send(7, 5, 5 * 4178, true), "packet") << "behind the end";
}

TEST_F(GseFrameChecks, TotalsNeverGoBack) {
  request(100);
  EXPECT_DEATH(request(99), "total");
  const wire::GseGrant grant{.way = way_, .granted = 0xfffffe};  // of another queue than the one asked for above
  check_.grant(link_, grant);
  check_.grant(link_, {.way = way_, .granted = 3});
  EXPECT_DEATH(check_.grant(link_, grant), "total");
}

}  // namespace
}  // namespace weft
