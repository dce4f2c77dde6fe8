// Scenario: one description of a network, its fabric and its traffic, as parsed from YAML with every default filled in.
// docs/scenario.md documents each key; docs/scenario.schema.json lets editors complete it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/units.hh"
#include "fabric/parameters.hh"
#include "link/conditions.hh"
#include "topology/parameters.hh"
#include "workload/parameters.hh"

namespace weft {

struct TraceParameters {
  std::vector<std::uint32_t> flows;  // labels
  std::vector<std::string> ports;    // "leaf0>spine3": the egress port of leaf0 towards spine3
  Duration interval{1'000'000};      // width of a bin
};

struct AccountingParameters {  // sizes for timing only; the bytes of --pcap and --wire-check stay real
  std::optional<Bytes> data_overhead, ack_size, trim_size, gap;
};

struct Scenario {
  std::string name = "unnamed";
  std::string file;  // where it was read from
  std::string text;  // what was read, with --set applied: kept beside the results
  TopologyParameters topology;
  FabricParameters fabric;
  std::vector<LinkCondition> links;
  std::vector<WorkloadParameters> workloads;
  std::uint64_t seed = 1;
  std::optional<Time> duration;  // stop then, whatever is unfinished
  Time warmup{};                 // flows that start earlier do not enter the statistics
  TraceParameters trace;
  AccountingParameters accounting;
};

}  // namespace weft
