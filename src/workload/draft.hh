// Draft: what one entry of `workloads:` yields before it is checked and merged: flows and triggers whose ids are positions in
// this draft, with the places to name when something is wrong. Surroundings: all that a generator may know besides its entry.
//
// Errors: InputError with file:line for a host out of range, a flow to itself, a size or a start below what can be.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/units.hh"
#include "workload/flow.hh"
#include "workload/network_shape.hh"
#include "workload/parameters.hh"

namespace weft {

inline constexpr std::size_t max_flows = 50'000'000;

struct Surroundings : NetworkShape {
  std::uint64_t seed = 0;
  std::uint16_t index = 0;  // of this entry
};

struct Draft {
  Traffic traffic;
  std::string file;  // where flows and triggers were written
  int line = 0;      // the entry's, used where the two lists below are empty
  std::vector<int> flow_lines, trigger_lines;
};

[[nodiscard]] Draft draft_for(const WorkloadParameters& parameters);
[[nodiscard]] std::string flow_place(const Draft& draft, std::size_t flow);
[[nodiscard]] std::string trigger_place(const Draft& draft, std::size_t trigger);
[[noreturn]] void workload_error(const WorkloadParameters& parameters, const std::string& message, std::string hint = {});

// A flow of this entry: its size, operation and start; the label is the number of flows so far.
void add_flow(Draft& draft, const WorkloadParameters& parameters, std::uint32_t src, std::uint32_t dst);
// InputError unless `size` is above 0, and `start` not below.
void require_size(const WorkloadParameters& parameters);
void require_start(const WorkloadParameters& parameters);
// InputError when an entry would make more than max_flows.
void require_flow_count(const WorkloadParameters& parameters, unsigned __int128 count);

// Flows of task graphs may begin and end at the reducers too, whose numbers follow those of the hosts.
void check_flows(const Draft& draft, std::uint32_t hosts, std::uint32_t reducers = 0);

}  // namespace weft
