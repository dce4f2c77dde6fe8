// Fault notices of a scheduled fabric: who hears of a dead link and when, what is lost, how traffic goes on.
#include <gtest/gtest.h>

#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>

#include "support/gse_runs.hh"
#include "wire/gse_frame.hh"
#include "wire/pcapng_reader.hh"

namespace weft {

using namespace test;

namespace {

constexpr double delay_us = 1, detect_us = 2;

const std::string fabric = R"(
topology: { kind: leaf-spine, leaves: 4, spines: 8, hosts_per_leaf: 4, link: { rate: 400Gbps, delay: 1us } }
fabric: { transport: roce, congestion: none, scheduling: gse, mtu: 4096, detect: 2us }
workloads: [ { kind: permutation, size: 20MB } ]
links: [ { link: leaf0-spine1, down: 100us } ]
seed: 1
)";

Results run_fault(const std::vector<std::string>& overrides = {}, unsigned threads = 1) { return in_order(fabric, overrides, threads); }

double known_first(const FaultResult& f) { return microseconds(f.first_heard - f.at); }
double known_last(const FaultResult& f) { return microseconds(f.last_heard - f.at); }

// A block waits for nothing. Every switch is one hop from one end of the link.
TEST(GseFaults, BlocksAreEverywhereAfterTheHopsAlone) {
  const Results r = run_fault();
  ASSERT_EQ(r.faults.size(), 1U);
  EXPECT_EQ(r.faults[0].links, std::vector<std::string>{"leaf0-spine1"});
  EXPECT_DOUBLE_EQ(known_first(r.faults[0]), detect_us);
  EXPECT_DOUBLE_EQ(known_last(r.faults[0]), detect_us + delay_us + 165e-6);
}

// A frame waits for the one that is being sent, at most, and takes its own time.
TEST(GseFaults, FramesWaitForAFrameAHop) {
  const double full_us = (4096 + 82 + 16) * 8 / 400e3, own_us = 84 * 8 / 400e3;
  const Results r = run_fault({"fabric.gse={ notice: frame }"});
  EXPECT_DOUBLE_EQ(known_first(r.faults[0]), detect_us);
  EXPECT_GE(known_last(r.faults[0]), detect_us + delay_us + own_us - 1e-9);
  EXPECT_LE(known_last(r.faults[0]), detect_us + delay_us + full_us + 4 * own_us);
}

TEST(GseFaults, WithoutNoticesTheRoutesTellIt) {
  const Results r = run_fault({"fabric.gse={ notice: none }", "fabric.convergence=150us"});
  EXPECT_DOUBLE_EQ(known_last(r.faults[0]), 150);
}

// What is lost is lost before the link's ends know; the rest takes other ways, and capacity is left.
TEST(GseFaults, TrafficGoesOnWithinMicroseconds) {
  const std::vector<std::string> work{"workloads=[ { kind: permutation, size: 120MB } ]", "duration=2ms"};
  const Results with = run_fault(work), without = run_fault({work[0], work[1], "fabric.gse={ notice: none }"});
  const FaultResult &fault = with.faults[0], &late = without.faults[0];
  EXPECT_GT(fault.lost, 0U);
  EXPECT_LE(microseconds(fault.last_lost - fault.at), detect_us);
  EXPECT_EQ(with.counters.drops, with.counters.drops_down + with.counters.drops_order);
  ASSERT_NE(fault.recovered, Time::never());
  EXPECT_LT(microseconds(fault.recovered - fault.at), 160);
  EXPECT_GT(microseconds(late.recovered - late.at), 900);
  EXPECT_GT(late.missing.v, 2 * fault.missing.v);
}

// Three of four blocks and frames are lost on their way: not all switches hear the first, and all hear some repetition.
TEST(GseFaults, LostNoticesAreHeardAgain) {
  for (const char* notice : {"block", "frame"}) {
    const auto known = [notice](const char* copies) {
      const Results r = run_fault({"topology.leaves=2", "topology.spines=2", "workloads=[ { kind: permutation, size: 1MB } ]",
                                   "links=[ { link: leaf0-spine1, down: 100us }, { link: leaf*-spine*, loss: 0.75 } ]",
                                   std::string("fabric.gse={ notice_copies: ") + copies + ", notice: " + notice + " }",
                                   "fabric.convergence=10ms", "duration=12ms"});
      return known_last(r.faults[0]);
    };
    EXPECT_DOUBLE_EQ(known("1"), 10'000) << notice;
    EXPECT_LT(known("50"), 5'000) << notice;
  }
}

// A ring of switches, one host each. From both ends of a dead link notices go round, eight hops and no further.
TEST(GseFaults, ANoticeEndsAfterEightHops) {
  for (const int switches : {18, 20}) {
    std::string hosts, nodes, links;
    for (int i = 0; i < switches; ++i) {
      const std::string n = std::to_string(i);
      hosts += "h" + n + ", ", nodes += "s" + n + ", ";
      links += "{ a: h" + n + ", b: s" + n + " }, { a: s" + n + ", b: s" + std::to_string((i + 1) % switches) + " }, ";
    }
    const Results r = run_fault({"topology={ kind: graph, link: { rate: 400Gbps, delay: 1us }, graph: { hosts: [ " + hosts +
                                     "], switches: [ " + nodes + "], links: [ " + links + "] } }",
                                 "workloads=[ { kind: flows, flows: [ { src: 0, dst: 1, size: 6MB } ] } ]",
                                 "links=[ { link: s0-s1, down: 100us } ]", "fabric.convergence=300us"});
    ASSERT_EQ(r.faults.size(), 1U);
    EXPECT_NEAR(known_last(r.faults[0]), switches == 18 ? detect_us + 8 * (delay_us + 165e-6) : 300, 1e-9) << switches;
  }
}

// Every switch hands each end's notice once to all neighbours but the one it came from, none over dead ports; a repetition is the
// reporter's alone: it is no news to others. Of 4 leaves and 8 spines, leaf0-spine1 dead:
//   leaf0's:  to 7 spines, from these to 3 leaves each, from these to 7 spines each, from spine1 to 2 leaves
//   spine1's: to 3 leaves, from these to 7 spines each, from these to 3 leaves each, from leaf0 to 6 spines
TEST(GseFaults, NoticesAreSentOnceALinkAndRepeatedByTheReporter) {
  const auto sent = [](const char* copies) {
    return gse_count(run_fault({std::string("fabric.gse={ notice_copies: ") + copies + " }"}), "fault_notices");
  };
  constexpr std::uint64_t once = 7 + 7 * 3 + 3 * 7 + 2 + 3 + 3 * 7 + 7 * 3 + 6;
  EXPECT_EQ(sent("1"), once);
  EXPECT_EQ(sent("4"), once + 3 * (7 + 3));
}

// A block that meets a dead link is lost, though its sender does not know yet: leaf1 learns of both when it sees its own ports.
TEST(GseFaults, NoticesDieOnDeadLinks) {
  const Results r = run_fault({"topology.spines=2", "links=[ { link: leaf0-spine1, down: 100us }, { link: leaf1-spine*, down: 101500ns } ]",
                               "fabric.convergence=9s", "duration=300us"});
  ASSERT_EQ(r.faults.size(), 2U);
  EXPECT_DOUBLE_EQ(known_last(r.faults[0]), 1.5 + detect_us);
}

// A switch that is plugged in is used when the control plane has announced it.
TEST(GseFaults, ANewSwitchJoins) {
  const std::vector<std::string> late{"links=[ { link: leaf*-spine7, down: 0us, up: 50us } ]", "fabric.gse={ join: 80us }"};
  const Results r = run_fault(late);
  ASSERT_EQ(r.faults.size(), 1U);
  EXPECT_TRUE(r.faults[0].up);
  EXPECT_DOUBLE_EQ(known_first(r.faults[0]), detect_us + 80);
  EXPECT_LE(known_last(r.faults[0]), detect_us + 80 + delay_us + 166e-6);
  EXPECT_EQ(completed(r), 16U);
  EXPECT_EQ(r.counters.drops, 0U);
  EXPECT_GT(port_named(r, "leaf0", "spine7").packets, 100U);
  std::vector<std::string> never = late;
  never.push_back("fabric.gse.join=9s");
  never.push_back("fabric.convergence=9s");
  EXPECT_EQ(port_named(run_fault(never), "leaf0", "spine7").packets, 0U);
}

// Three of four uplinks die, in one direction or both: what an egress switch grants must come in by the one that is left, and its
// exits share that.
TEST(GseFaults, GrantsFollowTheUplinksThatAreLeft) {
  for (const char* down : {"leaf0-spine", "spine"}) {
    const bool both = down[0] == 'l';
    std::string links = "links=[";
    for (const char* spine : {"1", "2", "3"})
      links += std::string(links.back() == '[' ? "" : ",") + " { link: " + (both ? "leaf0-spine" : "spine") + spine +
               (both ? "" : ">leaf0") + ", down: 20us }";
    const Results r = run_fault({"topology.spines=4", links + " ]",
                                 "workloads=[ { kind: flows, flows: [ { src: 4, dst: 0, size: 10MB }, { src: 8, dst: 1, size: 10MB }, "
                                 "{ src: 12, dst: 2, size: 10MB }, { src: 5, dst: 3, size: 10MB } ] } ]"});
    EXPECT_EQ(completed(r), 4U);
    EXPECT_EQ(r.counters.drops_buffer, 0U);
    EXPECT_LT(port_named(r, "spine0", "leaf0").max_queue.v, 1'500'000) << down;
    std::vector<double> times;
    for (const FlowResult& flow : r.flows) times.push_back(microseconds(flow.receiver_done - flow.start));
    EXPECT_LT(*std::max_element(times.begin(), times.end()), 1.35 * *std::min_element(times.begin(), times.end())) << down;
    EXPECT_LT(*std::max_element(times.begin(), times.end()), 1.25 * (4 * 10e6 * 8 * 4194 / 4096 / 400e3 + 60)) << down;
  }
}

// Ports that die at one instant: what waits at each of them takes other ways, and notices that wait there are for nobody else.
TEST(GseFaults, SeveralPortsDieAtOnce) {
  for (const char* notice : {"block", "frame"}) {
    const Results r = run_wire_checked(fabric, {"workloads=[ { kind: permutation, size: 4MB } ]", "fabric.lossless=none",
                                                "links=[ { link: leaf0-spine0, down: 30us }, { link: leaf0-spine1, down: 30us }, "
                                                "{ link: leaf0-spine2, down: 30us }, { link: leaf2-spine3, down: 40us } ]",
                                                std::string("fabric.gse={ notice: ") + notice + " }"});
    EXPECT_EQ(completed(r), 16U) << notice;
    EXPECT_EQ(r.counters.pauses, 0U) << notice;
    for (const PortResult& port : r.ports) EXPECT_EQ(port.pauses_received, 0U) << notice;
    // Nothing is still charged at a dead port.
    EXPECT_TRUE(r.warnings.empty()) << r.warnings.front();
  }
}

// An exit that nothing leads to for a while: its packets are dropped, and the host that was paused for them may go on.
TEST(GseFaults, APausedHostGoesOnWhenItsPacketsAreDropped) {
  const Results r = run_fault({"links=[ { link: leaf0>spine*, down: 20300ns, up: 100us } ]", "fabric.lossless=pfc", "fabric.pfc.xoff=20KB",
                               "fabric.gse={ initial_credit: 0B, request_step: 256B, notice: none }", "fabric.convergence=2us",
                               "workloads=[ { kind: flows, flows: [ { src: 0, dst: 4, size: 2MB }, { src: 0, dst: 1, size: 2MB } ] } ]",
                               "duration=20ms"});
  EXPECT_EQ(r.flows[1].status, FlowStatus::completed);
  for (const PortResult& port : r.ports) EXPECT_LT(microseconds(port.paused), 5'000) << port.from << '>' << port.to;
}

// A link that flaps: each time has its own losses.
TEST(GseFaults, EachFaultHasItsOwnLosses) {
  const Results r = run_fault(
      {"links=[ { link: leaf0-spine1, down: 50us, up: 150us }, { link: leaf0-spine1, down: 250us } ]", "fabric.gse={ join: 20us }"});
  ASSERT_EQ(r.faults.size(), 3U);
  EXPECT_GT(r.faults[0].lost, 0U);
  EXPECT_GT(r.faults[2].lost, 0U);
  EXPECT_EQ(r.faults[0].lost + r.faults[2].lost, r.counters.drops_down);
  EXPECT_LE(microseconds(r.faults[0].last_lost - r.faults[0].at), detect_us);
}

// Notices tell of the fabric's links. The port of a host's link stops by itself, and all others wait for the routes.
TEST(GseFaults, AHostsLinkIsKnownToItsSwitchAndThenByTheRoutes) {
  const Results r = run_fault({"links=[ { link: leaf0-spine1, down: 100us }, { link: host5-leaf1, down: 200us, up: 400us } ]",
                               "fabric.convergence=150us", "duration=600us"});
  ASSERT_EQ(r.faults.size(), 3U);
  for (const std::size_t i : {1U, 2U}) {
    EXPECT_EQ(r.faults[i].links, std::vector<std::string>{"host5-leaf1"});
    EXPECT_EQ(r.faults[i].up, i == 2);
    EXPECT_DOUBLE_EQ(known_first(r.faults[i]), detect_us) << i;
    EXPECT_DOUBLE_EQ(known_last(r.faults[i]), 150) << i;
  }
}

// Routes are versions: who hears of a later change uses the routes of all before it.
TEST(GseFaults, ALaterNoticeTellsOfWhatWasBefore) {
  const Results r = run_fault({"links=[ { link: leaf0-spine1, down: 0us, up: 50us }, { link: leaf2-spine3, down: 80us } ]",
                               "fabric.gse={ join: 9s }", "fabric.convergence=9s", "duration=1ms"});
  ASSERT_EQ(r.faults.size(), 2U);
  EXPECT_TRUE(r.faults[0].up);
  EXPECT_DOUBLE_EQ(known_first(r.faults[0]), 30 + detect_us);
  EXPECT_DOUBLE_EQ(known_last(r.faults[0]), 30 + known_last(r.faults[1]));
}

// Two events at one instant: one link dies, another comes up.
TEST(GseFaults, DownAndUpAtOneInstantAreTwoFaults) {
  for (const std::string scheduling : {"gse", "none"}) {
    const Results r = run_fault({"links=[ { link: leaf0-spine1, down: 50us, up: 150us }, { link: leaf2-spine3, down: 150us } ]",
                                 "fabric.scheduling=" + scheduling});
    ASSERT_EQ(r.faults.size(), 3U);
    const FaultResult &down = r.faults[1], &up = r.faults[2];
    EXPECT_EQ(down.at, up.at);
    EXPECT_FALSE(down.up);
    EXPECT_TRUE(up.up);
    EXPECT_EQ(down.links, std::vector<std::string>{"leaf2-spine3"});
    EXPECT_EQ(up.links, std::vector<std::string>{"leaf0-spine1"});
    EXPECT_TRUE(down.lost > 0 || scheduling == "none");  // where every link is used
    EXPECT_EQ(up.lost, 0U);
    EXPECT_EQ(r.faults[0].lost + down.lost, r.counters.drops_down);
  }
}

// One direction dies, later the other while the first is still dead, which changes no route but loses packets all the same.
TEST(GseFaults, DirectionsOfALinkAreTold) {
  const Results r = run_fault({"links=[ { link: leaf0>spine1, down: 50us, up: 200us }, { link: spine1>leaf0, down: 50500ns } ]"});
  ASSERT_EQ(r.faults.size(), 3U);
  EXPECT_EQ(r.faults[0].links, std::vector<std::string>{"leaf0>spine1"});
  EXPECT_EQ(r.faults[1].links, std::vector<std::string>{"spine1>leaf0"});
  EXPECT_EQ(r.faults[2].links, std::vector<std::string>{"leaf0>spine1"});
  EXPECT_FALSE(r.faults[1].up);
  EXPECT_TRUE(r.faults[2].up);
  EXPECT_GT(r.faults[1].lost, 0U);
  EXPECT_EQ(r.faults[0].lost + r.faults[1].lost, r.counters.drops_down);
}

TEST(GseFaults, SameBytesForAnyNumberOfThreads) {
  for (const char* notice : {"block", "frame"}) {
    const std::vector<std::string> overrides{"links=[ { link: leaf0-spine1, down: 20us, up: 60us }, { link: leaf2-spine*, down: 25us } ]",
                                             std::string("fabric.gse={ join: 10us, notice: ") + notice + " }", "duration=2ms"};
    const Results one = run_fault(overrides);
    for (const unsigned threads : {2U, 3U, 7U}) {
      const Results r = run_fault(overrides, threads);
      EXPECT_EQ(r.state_hash, one.state_hash) << threads;
      ASSERT_EQ(r.faults.size(), one.faults.size());
      for (std::size_t i = 0; i < r.faults.size(); ++i) {
        EXPECT_EQ(r.faults[i].last_heard, one.faults[i].last_heard);
        EXPECT_EQ(r.faults[i].recovered, one.faults[i].recovered);
      }
    }
  }
}

TEST(GseFaults, FramesHoldOnTheWire) {
  const Results r =
      run_wire_checked(fabric, {"workloads=[ { kind: permutation, size: 1MB } ]", "links.0.down=10us", "fabric.gse={ notice: frame }"});
  EXPECT_GT(r.faults[0].lost, 0U);
  EXPECT_EQ(r.status, RunStatus::done);
}

// A notice names the reporter, its port and the device behind it: devices are numbered leaves first, a leaf's hosts are its first ports.
TEST(GseFaults, ACaptureShowsWhoReportsWhat) {
  const auto file = std::filesystem::temp_directory_path() / ("weft-faults-" + std::to_string(::getpid()) + ".pcapng");
  RunOptions options;
  options.pcap = file.string();
  options.pcap_links = "leaf*-spine*";
  const Results r =
      run(scenario_of(fabric, {"workloads=[ { kind: permutation, size: 400KB } ]", "links.0.down=10us", "fabric.gse={ notice: frame }"}),
          options);
  ASSERT_EQ(r.faults.size(), 1U);
  std::ifstream stream(file, std::ios::binary);
  const std::vector<char> content((std::istreambuf_iterator<char>(stream)), std::istreambuf_iterator<char>());
  std::filesystem::remove(file);
  wire::PcapngReader reader(std::as_bytes(std::span(content)));
  std::map<std::uint16_t, std::size_t> notices;
  while (const auto packet = reader.next()) {
    const auto parsed = wire::parse_gse_frame(packet->captured, wire::Fcs::absent);
    if (!parsed.ok() || parsed.header.type != wire::GseType::fault) continue;
    const wire::GseFault fault = wire::gse_fault(parsed.header);
    constexpr std::uint16_t leaf0 = 0, spine1 = 4 + 1;
    EXPECT_EQ(fault.event, wire::GseLinkEvent::down);
    EXPECT_EQ(fault.port, fault.reporter == leaf0 ? 4 + 1 : 0);
    EXPECT_EQ(fault.peer, fault.reporter == leaf0 ? spine1 : leaf0);
    ++notices[fault.reporter];
  }
  EXPECT_EQ(notices.size(), 2U);
  EXPECT_GT(notices[0], 20U);
  EXPECT_GT(notices[5], 20U);
}

}  // namespace
}  // namespace weft
