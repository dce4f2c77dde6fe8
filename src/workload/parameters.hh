// One entry of the `workloads:` list of a scenario, with every default. docs/scenario.md documents each key.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/units.hh"
#include "workload/chakra_parameters.hh"
#include "workload/flow.hh"
#include "workload/placement.hh"
#include "workload/simai_parameters.hh"
#include "workload/training/parameters.hh"

namespace weft {

// The words for collective::Operation, in its order.
inline constexpr std::array collective_operations{"all-reduce", "all-gather", "reduce-scatter", "all-to-all",
                                                  "broadcast",  "reduce",     "barrier",        "send-receive"};

// The operation of a word; its words, for messages.
[[nodiscard]] std::optional<collective::Operation> operation_named(const std::string& word);
[[nodiscard]] std::string operation_words();

// One rank that computes slower than the others.
struct Straggler {
  std::uint32_t rank = 0;
  double factor = 1;  // its compute times are so much longer
};

// Share of a link's rate that an algorithm's messages reach (collective/efficiency.hh); 1: all of it.
struct EfficiencyParameters {
  double ring = 1, tree = 1, pat = 1, nvls = 1;
};

// All jobs: kinds collective, training, simai, chakra.
struct JobParameters {
  std::string name;         // in results; empty: the kind
  std::uint32_t ranks = 0;  // 0: as many as the job needs, or as there are hosts
  RankPlacement placement = RankPlacement::packed;
  bool ranks_in_order = false;                    // rings follow the ranks, not the hosts
  std::map<std::string, std::string> algorithms;  // by word of the operation; absent: auto
  EfficiencyParameters efficiencies;
  double copies = 1;      // all-to-all on two levels: members of a server that get the same bytes, on average
  Duration launch{};      // before each collective
  Bytes message_limit{};  // 0: none
  std::uint32_t iterations = 1;
  std::vector<Straggler> stragglers;
  double jitter = 0;  // of compute times, either way
};

// Collectives of a job, and kind collective: beside the hosts that take part, in the order of their ranks, and the size.
struct CollectiveParameters {
  std::string operation;               // one of collective_operations
  std::string algorithm;               // empty: that of the job
  std::uint16_t channels = 1;          // parts that go around side by side
  Bytes chunk{};                       // 0: a part is one chunk
  std::uint32_t count = 1;             // repetitions, one after the other
  std::optional<std::uint32_t> root;   // broadcast and reduce: a host; absent: the first
  std::uint32_t ranks_per_server = 0;  // 0: servers are not known
  std::optional<Rate> local_rate;      // of reductions and copies; absent: they take no time
};

struct WorkloadParameters {
  std::string kind;    // flows | matrix | permutation | incast | all-to-all | poisson | collective
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
  CollectiveParameters collective;
  JobParameters job;
  std::string trace;  // simai: a file; chakra: the prefix of its files, or their folder
  SimaiParameters simai;
  ChakraParameters chakra;
  TrainingParameters training;
  std::vector<FlowSpec> flows;  // kind flows: as listed
  std::vector<int> flow_lines;
  std::vector<TriggerSpec> triggers;
  std::string source;  // the scenario file, for messages
  int line = 0;        // where this entry stands in it
};

}  // namespace weft
