// The generators: pure functions from one entry of `workloads:` and its surroundings to a Draft. registry.cc names them.
//
// Units: sizes in payload bytes. Errors: InputError naming the entry's file and line, or the place inside a file it names.
#pragma once

#include "workload/draft.hh"

namespace weft {

// As listed in the scenario, with its triggers.
[[nodiscard]] Draft generate_flows(const WorkloadParameters& parameters, const Surroundings& around);
// A `.cm` file (cm_file.hh). Its `Nodes` may be fewer than the network's hosts, not more.
[[nodiscard]] Draft generate_matrix(const WorkloadParameters& parameters, const Surroundings& around);
// One flow from each host along a random cycle through all of them (Sattolo 1986): each sends once, each receives once, and
// nobody sends to itself.
[[nodiscard]] Draft generate_permutation(const WorkloadParameters& parameters, const Surroundings& around);
// `fan_in` random senders to each of `groups` random receivers, all of them different hosts. fan_in 0: all that are left.
[[nodiscard]] Draft generate_incast(const WorkloadParameters& parameters, const Surroundings& around);
// Each host to each other one, nearest higher number first; with `parallel` p only p flows of a sender run at once: whenever
// it has sent one, a multishot trigger starts its next.
[[nodiscard]] Draft generate_all_to_all(const WorkloadParameters& parameters, const Surroundings& around);
// At each host flows arrive as a Poisson process of rate load * host_rate / mean size during [start, start + length), each to
// another host at random; payload alone counts towards the load. Flows are ordered by start, then by source.
[[nodiscard]] Draft generate_poisson(const WorkloadParameters& parameters, const Surroundings& around);
// A collective's task graph, repeated: a rank begins the next repetition when its share of the one before is done. Its messages
// become flows that the graph's runner starts. InputError also for what collective/registry.hh refuses, and for algorithms whose
// switches this network does not have (lower_in_network.hh).
[[nodiscard]] Draft generate_collective(const WorkloadParameters& parameters, const Surroundings& around);
// A workload text of SimAI or AICB (simai_file.hh) as a job (simai_job.hh).
[[nodiscard]] Draft generate_simai(const WorkloadParameters& parameters, const Surroundings& around);
// Execution traces of Chakra, one a rank (chakra_file.hh), as a job (chakra_job.hh).
[[nodiscard]] Draft generate_chakra(const WorkloadParameters& parameters, const Surroundings& around);
// A training job from its model, machine and parallel plan (training/job.hh).
[[nodiscard]] Draft generate_training(const WorkloadParameters& parameters, const Surroundings& around);

}  // namespace weft
