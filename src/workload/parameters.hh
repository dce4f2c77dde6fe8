// One entry of the `workloads:` list of a scenario, with every default. docs/scenario.md documents each key.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/units.hh"
#include "workload/flow.hh"

namespace weft {

struct WorkloadParameters {
  std::string kind;    // flows | matrix | permutation | incast | all-to-all | poisson
  std::string matrix;  // a .cm file: replaces every other key
  Operation operation = Operation::write;
  Bytes size{};
  Time start{};
  std::vector<std::uint32_t> hosts;          // take part; empty: all
  std::uint32_t fan_in = 0, groups = 1;      // incast: senders to each of `groups` receivers
  std::optional<std::uint32_t> destination;  // incast: the receiver
  double load = 0;                           // poisson: of each host's link rate
  Duration length{};                         // poisson: arrivals happen in [start, start + length)
  std::string sizes;                         // poisson: fixed | web-search | hadoop | file of "bytes cdf" lines
  std::uint32_t parallel = 0;                // all-to-all: flows at once per sender; 0: all
  std::vector<FlowSpec> flows;               // kind flows: as listed
  std::vector<int> flow_lines;
  std::vector<TriggerSpec> triggers;
  std::string source;  // the scenario file, for messages
  int line = 0;        // where this entry stands in it
};

}  // namespace weft
