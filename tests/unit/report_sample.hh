// A small, hand-made run: three flows (one with a hostile error text), four ports, two traces. Every figure in it is chosen
// so that the expected statistics can be worked out in the head.
#pragma once

#include "report/context.hh"
#include "report/results.hh"

namespace weft::test {

inline ReportContext sample_context() {
  return {.name = "three flows </script><b>\"quoted\", & 'so on'",
          .scenario_file = "examples/three.yaml",
          .scenario_text = "name: three flows\nworkloads:\n  - { kind: permutation, size: 2MB }  # </script> <!-- \n",
          .seed = 7,
          .version = "1.2.3",
          .workloads = {"permutation", "incast"}};
}

inline FlowResult sample_flow(std::uint32_t src, std::uint32_t dst, std::int64_t start_us, std::int64_t took_us) {
  FlowResult flow;
  flow.spec = {.src = {src}, .dst = {dst}, .size = {2'000'000}, .label = 100 + src};
  flow.status = FlowStatus::completed;
  flow.start = {start_us * 1'000'000};
  flow.sender_done = {(start_us + took_us) * 1'000'000};
  flow.receiver_done = {(start_us + took_us - 2) * 1'000'000 + 1};
  flow.ideal = {40'000'000};
  flow.packets = 489;
  return flow;
}

inline void add_sample_flows(Results& results) {
  results.flows = {sample_flow(0, 1, 0, 50), sample_flow(1, 2, 10, 60), sample_flow(2, 3, 0, 100)};
  results.flows[1].spec.workload = 1;
  results.flows[1].retransmissions = 12;
  results.flows[2].cnps = 3;
  FlowResult failed = sample_flow(3, 0, 5, 1);
  failed.status = FlowStatus::failed;
  failed.error = "retry limit, \"7\" times\nbetween <host3> & host0";
  failed.sender_done = failed.receiver_done = Time::never();
  failed.delivered = {1'000'000};
  results.flows.push_back(failed);
}

inline void add_sample_ports(Results& results) {
  const char* const ends[][2] = {{"host0", "leaf0"}, {"leaf0", "host0"}, {"leaf0", "spine0"}, {"spine0", "leaf0,\"odd\""}};
  std::uint64_t step = 0;
  for (const auto& end : ends) {
    ++step;
    results.ports.push_back({.from = end[0],
                             .to = end[1],
                             .rate = {400'000'000'000},
                             .packets = 1000 * step,
                             .bytes = 4'178'000 * step,
                             .ecn_marks = step,
                             .pauses_sent = step - 1,
                             .paused = {static_cast<std::int64_t>(step) * 1'500'000},
                             .max_queue = {static_cast<std::int64_t>(step) * 4178},
                             .utilisation = 0.2 * static_cast<double>(step)});
  }
}

inline void add_sample_traces(Results& results) {
  TraceSeries rate{.name = "flow 100", .unit = "Gb/s", .what = "rate", .at = {}, .value = {}};
  TraceSeries queue{.name = "leaf0>spine0", .unit = "bytes", .what = "queue", .at = {}, .value = {}};
  for (std::int64_t bin = 0; bin < 50; ++bin) {
    rate.at.push_back({bin * 1'000'000});
    rate.value.push_back(bin % 10 < 5 ? 400 : 312.5);
    queue.at.push_back({bin * 1'000'000});
    queue.value.push_back(static_cast<double>(bin * (50 - bin)) * 100);
  }
  results.traces = {rate, queue};
}

inline Results sample_results() {
  Results results;
  results.simulated_time = {100'000'000};
  results.setup_s = 0.25;
  results.run_s = 0.5;
  results.peak_rss_bytes = 64'000'000;
  results.state_hash = 0x00000000deadbeefULL;
  results.counters = {.packet_hops = 5868,
                      .other_hops = 1500,
                      .drops = 12,
                      .drops_buffer = 10,
                      .drops_loss = 2,
                      .ecn_marks = 10,
                      .pauses = 6,
                      .retransmissions = 12};
  results.warnings = {"headroom of leaf0 is below the physical need"};
  results.notes = {"frames are IPv4, untagged"};
  add_sample_flows(results);
  add_sample_ports(results);
  add_sample_traces(results);
  return results;
}

inline Results stuck_results() {
  Results results = sample_results();
  results.status = RunStatus::stuck;
  results.status_reason = "no payload was delivered for 10 ms and 1 flow is unfinished";
  results.waits = {{"leaf0", "spine0", "paused, class 3"}, {"spine0", "leaf0", "paused, class 3"}};
  return results;
}

}  // namespace weft::test
