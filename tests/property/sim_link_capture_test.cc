// --wire-check and --pcap where links have credits and retry, under RoCE, Ultra Ethernet and a scheduled fabric: every frame and ordered
// set is built and parsed, and what a capture holds of CC_Updates are those that the results count.
#include <gtest/gtest.h>

#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>

#include "support/sim_runs.hh"
#include "wire/credit_update.hh"
#include "wire/pcapng_reader.hh"

namespace weft {

using namespace test;

namespace {

std::string scenario(const std::string& fabric) {
  return "topology: { kind: leaf-spine, leaves: 2, spines: 2, hosts_per_leaf: 3, link: { rate: 100Gbps, delay: 1us } }\n"
         "fabric: { congestion: none, lossless: cbfc, ber: 1e-7, llr: { enabled: true }, cbfc: { update_timer: 10us }, " +
         fabric + " }\nworkloads: [ { kind: permutation, size: 400KB }, { kind: incast, fan_in: 4, size: 50KB } ]\nseed: 3\n";
}

struct Updates {
  std::uint64_t frames = 0, backwards = 0;
  std::map<std::uint8_t, std::uint32_t> consumed{};  // by VC, the last
};

class SimLinkCapture : public testing::TestWithParam<const char*> {
 protected:
  SimLinkCapture() : file_(std::filesystem::temp_directory_path() / ("weft-links-" + std::to_string(::getpid()) + ".pcapng")) {}
  ~SimLinkCapture() override { std::filesystem::remove(file_); }

  Results capture(const std::string& links) {
    RunOptions options;
    options.wire_check = true;
    options.pcap = file_.string();
    options.pcap_links = links;
    return run(scenario_of(scenario(GetParam())), options);
  }
  // By the capture's interface, that is direction of a link.
  std::map<std::uint32_t, Updates> updates() const {
    std::ifstream file(file_, std::ios::binary);
    const std::vector<char> content((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
    wire::PcapngReader reader(std::as_bytes(std::span(content)));
    std::map<std::uint32_t, Updates> found;
    while (const auto packet = reader.next()) {
      const auto parsed = wire::parse_credit_update_frame(packet->captured, wire::Fcs::absent);
      if (parsed.refusal == wire::CreditUpdateRefusal::ether_type || parsed.refusal == wire::CreditUpdateRefusal::destination) continue;
      EXPECT_TRUE(parsed.ok()) << wire::name_of(parsed.refusal);
      Updates& direction = found[packet->interface];
      ++direction.frames;
      for (std::size_t i = 0; i < parsed.update.count; ++i) {
        const auto [channel, consumed] = parsed.update.channels[i];
        if (consumed < direction.consumed[channel]) ++direction.backwards;
        direction.consumed[channel] = consumed;
      }
    }
    EXPECT_TRUE(reader.ok());
    return found;
  }

 private:
  std::filesystem::path file_;
};

TEST_P(SimLinkCapture, CreditUpdatesOfEveryLinkAreInTheCapture) {
  const Results r = capture("*");
  ASSERT_EQ(r.status, RunStatus::done) << r.status_reason;
  EXPECT_GT(r.counters.corrupted, 0U);
  const auto found = updates();
  std::uint64_t frames = 0, consumed = 0;
  for (const auto& [interface, direction] : found) {
    frames += direction.frames;
    EXPECT_EQ(direction.backwards, 0U) << "counters of 20 bits do not wrap in so short a run";
    for (const auto& [channel, credits] : direction.consumed) consumed += credits;
  }
  EXPECT_GT(found.size(), 6U);
  EXPECT_GT(consumed, 1000U);
  // A frame that LLR sends again is captured again.
  EXPECT_GE(frames, r.counters.link.credit_updates);
  EXPECT_LE(frames, r.counters.link.credit_updates + r.counters.link.replayed);
  EXPECT_GT(r.counters.link.credit_updates, 20U);
}

TEST_P(SimLinkCapture, WatchingChangesNothing) { EXPECT_EQ(capture("").state_hash, run_text(scenario(GetParam())).state_hash); }

INSTANTIATE_TEST_SUITE_P(Fabrics, SimLinkCapture, testing::Values("transport: roce", "transport: uet", "scheduling: gse"));

}  // namespace
}  // namespace weft
