// Writes the result folders that the browser test opens: FOLDER/rich (1,024 flows, 4,096 ports, traces, hostile names),
// FOLDER/stuck (a cyclic wait, failed flows), FOLDER/empty (nothing completed), FOLDER/compare.html (rich against stuck).
#include <exception>
#include <iostream>

#include "../unit/report_sample.hh"
#include "base/random.hh"
#include "report/compare.hh"
#include "report/write.hh"

namespace weft {
namespace {

constexpr std::uint32_t hosts = 1024, leaves = 32, spines = 32;

// A long-tailed draw between 1 and about 4, in thousandths.
std::int64_t stretch(Random& random) {
  const auto draw = static_cast<std::int64_t>(random.below(1000));
  return 1020 + draw * draw * draw / 400'000 + static_cast<std::int64_t>(random.below(60));
}

FlowResult rich_flow(std::uint32_t host, Random& random) {
  FlowResult flow = test::sample_flow(host, (host + 37) % hosts, 0, 1);
  const std::int64_t sizes[] = {64'000, 256'000, 2'000'000, 16'000'000};
  flow.spec.size = {sizes[random.below(4)]};
  flow.ideal = {flow.spec.size.v * 21 + 6'000'000};
  flow.sender_done = flow.start + Duration{flow.ideal.v * stretch(random) / 1000};
  flow.receiver_done = flow.sender_done - Duration{3'000'000};
  flow.retransmissions = random.below(20) == 0 ? random.below(40) : 0;
  return flow;
}

PortResult rich_port(const std::string& from, const std::string& to, std::uint64_t percent, Random& random) {
  const std::uint64_t used = percent + random.below(30);
  return {.from = from,
          .to = to,
          .rate = {400'000'000'000},
          .packets = used * 500,
          .bytes = used * 2'000'000,
          .ecn_marks = random.below(300),
          .pauses_sent = random.below(9),
          .pauses_received = random.below(9),
          .paused = {static_cast<std::int64_t>(random.below(40)) * 400'000},
          .max_queue = {static_cast<std::int64_t>(random.below(2'000'000))},
          .utilisation = static_cast<double>(used) / 100};
}

Results rich_results() {
  Results results = test::sample_results();
  Random random(random_key(1, RandomRoom::test, 1));
  results.flows.clear();
  results.ports.clear();
  for (std::uint32_t host = 0; host < hosts; ++host) results.flows.push_back(rich_flow(host, random));
  for (std::uint32_t host = 0; host < hosts; ++host) {
    const std::string leaf = "leaf" + std::to_string(host / leaves);
    results.ports.push_back(rich_port("host" + std::to_string(host), leaf, 55, random));
    results.ports.push_back(rich_port(leaf, "host" + std::to_string(host), 50, random));
  }
  for (std::uint32_t leaf = 0; leaf < leaves; ++leaf) {
    for (std::uint32_t spine = 0; spine < spines; ++spine) {
      results.ports.push_back(rich_port("leaf" + std::to_string(leaf), "spine" + std::to_string(spine), 8 * (spine % 8), random));
      results.ports.push_back(rich_port("spine" + std::to_string(spine), "leaf" + std::to_string(leaf), 2 * leaf, random));
    }
  }
  results.ports.front().from = "<img src=x onerror=alert(1)>";
  results.ports.front().utilisation = 0.99;
  results.simulated_time = {1'400'000'000};
  results.counters.packet_hops = 1'957'888;
  return results;
}

Results empty_results() {
  Results results;
  results.status = RunStatus::interrupted;
  results.status_reason = "stopped by Ctrl-C before anything completed";
  results.flows.resize(3);
  return results;
}

}  // namespace
}  // namespace weft

int main(int argc, char** argv) {
  if (argc != 2) {
    std::cerr << "usage: weft_sample_results FOLDER\n";
    return 2;
  }
  try {
    const std::filesystem::path folder = argv[1];
    weft::write_results(weft::test::sample_context(), weft::rich_results(), folder / "rich");
    weft::write_results(weft::test::sample_context(), weft::test::stuck_results(), folder / "stuck");
    weft::write_results({.name = "nothing completed", .version = "1.2.3"}, weft::empty_results(), folder / "empty");
    weft::write_comparison_page(weft::read_comparison(folder / "rich", folder / "stuck"), folder / "compare.html");
  } catch (const std::exception& error) {
    std::cerr << error.what() << '\n';
    return 1;
  }
  return 0;
}
