#include "workload/chakra_job.hh"

#include "base/error.hh"
#include "workload/whole_elements.hh"

namespace weft {

using collective::Front;
using collective::Operation;
using collective::TaskId;

ChakraJob::ChakraJob(const ChakraGraph& graph, std::uint64_t operations_per_second, JobBuilder& builder)
    : graph_(graph), operations_per_second_(operations_per_second), builder_(builder) {}

void ChakraJob::run_iteration() {
  threads_.clear();
  done_.clear();
  for (std::uint32_t rank = 0; rank < graph_.ranks(); ++rank) done_.emplace_back(graph_.trace(rank).nodes.size());
  for (const ChakraStep step : graph_.order()) issue(step);
  for (std::uint32_t rank = 0; rank < graph_.ranks(); ++rank) {
    std::vector<TaskId> last;
    for (std::uint32_t node = 0; node < done_[rank].size(); ++node) {
      if (!graph_.waited_for({rank, node})) last.push_back(done_[rank][node]);
    }
    builder_.wait(rank, builder_.join(rank, last));
  }
  builder_.end_iteration();
}

std::vector<TaskId> ChakraJob::before(ChakraStep step) const {
  std::vector<TaskId> tasks;
  for (const std::uint32_t node : graph_.dependencies(step)) tasks.push_back(done_[step.rank][node]);
  if (tasks.empty()) tasks.push_back(builder_.last(step.rank, JobBuilder::compute_stream));
  return tasks;
}

Duration ChakraJob::compute_time(ChakraStep step) const {
  const ChakraNode& node = graph_.node(step);
  if (node.operations == 0) return node.duration;
  if (operations_per_second_ == 0) {
    const ChakraTrace& trace = graph_.trace(step.rank);
    throw InputError(trace.file, trace.describe(step.node) + " has " + std::to_string(node.operations) + " operations, but no duration",
                     "`operations_per_second` says how fast they are computed");
  }
  const auto ps = static_cast<unsigned __int128>(node.operations) * static_cast<std::uint64_t>(ps_per_second) / operations_per_second_;
  constexpr std::int64_t day = 86'400 * ps_per_second;
  if (ps > static_cast<unsigned __int128>(day)) {
    throw InputError(graph_.trace(step.rank).file, graph_.trace(step.rank).describe(step.node) + " would compute for more than a day");
  }
  return {static_cast<std::int64_t>(ps)};
}

void ChakraJob::issue(ChakraStep step) {
  const ChakraNode& node = graph_.node(step);
  if (node.kind == ChakraKind::collective) return issue_collective(step);
  std::vector<TaskId> after = before(step);
  switch (node.kind) {
    case ChakraKind::compute:
      if (const Duration time = compute_time(step); time.v > 0) {
        done(step) = builder_.compute(step.rank, time, builder_.label(node.name), after);
        return;
      }
      break;
    case ChakraKind::host: {
      TaskId& thread = threads_[{step.rank, node.thread}];
      after.push_back(thread);
      done(step) = thread = builder_.pass_time(step.rank, node.duration, after);
      return;
    }
    case ChakraKind::send: done(step) = builder_.send(step.rank, node.peer, node.bytes, builder_.label(node.name), after); return;
    case ChakraKind::receive: after.push_back(done(graph_.partner(step))); break;
    case ChakraKind::collective:
    case ChakraKind::nothing: break;
  }
  done(step) = builder_.join(step.rank, after);
}

void ChakraJob::issue_collective(ChakraStep step) {
  const ChakraNode& node = graph_.node(step);
  const ChakraCall& call = graph_.call(step);
  const std::vector<std::uint32_t>& ranks = graph_.members(call.group);
  Front after;
  for (std::size_t i = 0; i < ranks.size(); ++i) after.push_back(builder_.join(ranks[i], before({ranks[i], call.nodes[i]})));
  Front ends = after;
  if (node.bytes.v > 0 || node.operation == Operation::barrier) {
    const auto n = static_cast<std::int64_t>(ranks.size());
    const Bytes bytes = whole_elements(node.bytes);
    ends = builder_.collective({.operation = node.operation,
                                .bytes = node.operation == Operation::all_gather ? bytes * n : bytes,
                                .ranks = ranks,
                                .stream = static_cast<std::uint8_t>(1 + call.group % JobBuilder::max_stream),
                                .label = builder_.label(node.name),
                                .after = after,
                                .root = node.root,
                                .matrix = {},
                                .algorithm = {}});
  }
  for (std::size_t i = 0; i < ranks.size(); ++i) done({ranks[i], call.nodes[i]}) = ends[i];
}

}  // namespace weft
