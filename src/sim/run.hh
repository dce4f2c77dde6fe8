// run(): a scenario in, results out. The whole public face of the simulator.
//
// Errors: InputError for a network or traffic that cannot be simulated, before anything runs.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <string>

#include "base/units.hh"
#include "report/results.hh"
#include "scenario/scenario.hh"

namespace weft {

struct Progress {
  Time simulated{};
  std::uint64_t flows_done = 0, flows = 0;
  std::uint64_t packet_hops = 0;
  double expected_packet_hops = 0;  // of the whole run, estimated from some of its flows
  double elapsed_s = 0;
};

struct RunOptions {
  unsigned threads = 1;
  std::string pcap;        // file to write; empty: none
  std::string pcap_links;  // link selectors, comma separated; empty: the hosts' links
  std::uint32_t pcap_snap = 262144;
  bool wire_check = false;
  bool order_check = false;                          // Results::out_of_order; RoCE only
  const std::atomic<bool>* interrupt = nullptr;      // set from outside: stop at the next window
  std::function<void(const Progress&)> on_progress;  // called at most 10 times a second
};

[[nodiscard]] Results run(const Scenario& scenario, const RunOptions& options);

}  // namespace weft
