// Chakra traces into a job: each node becomes a task of its rank, or its share of a collective or a message.
//
//   compute     beside the streams; a rank computes one thing at a time
//   host        time that passes on the thread `tid`, one thing at a time there, beside compute; memory nodes likewise, thread 0
//   collective  on a stream of its process group, so those of a group follow each other
//   send        done at the sender when that knows of the arrival; nobody waits for a posted receive (eager)
//   receive     done when its dependencies are and the last byte has arrived
//   nothing     takes no time
// A node without dependencies starts with the iteration; the next one starts at a rank when all of its nodes are done.
// Sizes: all-gathers are n times comm_size, since that counts what one rank puts in (ASTRA-sim, Ring.cc);
// collectives are rounded up to whole elements of 4 bytes.
// Errors: InputError naming the node that has operations but no duration where no rate was given.
#pragma once

#include <map>
#include <utility>
#include <vector>

#include "workload/chakra_graph.hh"
#include "workload/job_builder.hh"

namespace weft {

class ChakraJob {
 public:
  // Operations a second of compute nodes that say operations only; 0: not said.
  ChakraJob(const ChakraGraph& graph, std::uint64_t operations_per_second, JobBuilder& builder);

  void run_iteration();

 private:
  using TaskId = collective::TaskId;

  void issue(ChakraStep step);
  void issue_collective(ChakraStep step);
  [[nodiscard]] Duration compute_time(ChakraStep step) const;
  [[nodiscard]] std::vector<TaskId> before(ChakraStep step) const;
  TaskId& done(ChakraStep step) { return done_[step.rank][step.node]; }

  const ChakraGraph& graph_;
  std::uint64_t operations_per_second_;
  JobBuilder& builder_;
  std::vector<std::vector<TaskId>> done_;                             // by rank and node, of this iteration
  std::map<std::pair<std::uint32_t, std::int64_t>, TaskId> threads_;  // by rank and thread: what was last there
};

}  // namespace weft
