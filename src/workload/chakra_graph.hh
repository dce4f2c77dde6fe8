// ChakraGraph: the traces of all ranks put together: who waits for whom, across nodes and across ranks.
//
// Dependencies: data_deps; control dependencies only when asked for, since Chakra's own feeder follows data dependencies alone and
// control dependencies of recorded traces are the call stack (mlcommons/chakra pull request 11), with gaps and circles.
// Messages: the k-th send of a rank to another with a tag meets that one's k-th receive from it with the tag, as listed.
// Collectives: the k-th one of a process group at one member is the k-th at all others, as listed.
// Order: every node after those it waits for; among nodes that could come next, the one listed first, then the lower rank.
// Errors: InputError naming rank, node and file: a dependency that does not exist, a circle with all its nodes, a send without
// receive and the other way round, sizes that differ, a group that names a rank without trace, members that call different things.
#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "workload/chakra_file.hh"

namespace weft {

// One collective: nodes[i] is that of ranks[i].
struct ChakraCall {
  std::uint32_t group = 0;  // number of its process group
  std::vector<std::uint32_t> nodes;
};

struct ChakraStep {
  std::uint32_t rank = 0, node = 0;
};

class ChakraGraph {
 public:
  static constexpr std::uint32_t none = 0xffff'ffff;

  // `of_rank`: by rank, the position of its trace in `traces`, which must outlive the graph.
  ChakraGraph(const std::vector<ChakraTrace>& traces, std::vector<std::uint32_t> of_rank, bool control_dependencies);

  [[nodiscard]] std::uint32_t ranks() const { return static_cast<std::uint32_t>(of_rank_.size()); }
  [[nodiscard]] const ChakraTrace& trace(std::uint32_t rank) const { return traces_[of_rank_[rank]]; }
  [[nodiscard]] const ChakraNode& node(ChakraStep step) const { return trace(step.rank).nodes[step.node]; }
  [[nodiscard]] std::span<const std::uint32_t> dependencies(ChakraStep step) const { return before_[of_rank_[step.rank]].of(step.node); }
  [[nodiscard]] bool waited_for(ChakraStep step) const { return !after_[of_rank_[step.rank]].of(step.node).empty(); }
  // Of a receive, where it is sent; of a send, where it is received.
  [[nodiscard]] ChakraStep partner(ChakraStep step) const { return partners_.at({step.rank, step.node}); }
  [[nodiscard]] const ChakraCall& call(ChakraStep step) const { return calls_[call_of_.at({step.rank, step.node})]; }
  [[nodiscard]] const std::vector<std::uint32_t>& members(std::uint32_t group) const { return groups_[group]; }
  // A collective stands there once, at the member that made it complete.
  [[nodiscard]] const std::vector<ChakraStep>& order() const { return order_; }
  [[nodiscard]] std::size_t control_dependencies() const { return control_; }

 private:
  using Place = std::pair<std::uint32_t, std::uint32_t>;  // rank, node
  // Rows of positions.
  struct Rows {
    std::vector<std::uint32_t> first, items;
    [[nodiscard]] std::span<const std::uint32_t> of(std::uint32_t row) const {
      return std::span(items).subspan(first[row], first[row + 1] - first[row]);
    }
  };
  class Orderer;
  class Matcher;

  void resolve(const ChakraTrace& trace);
  [[nodiscard]] std::string describe(ChakraStep step) const;

  const std::vector<ChakraTrace>& traces_;
  std::vector<std::uint32_t> of_rank_;
  bool follows_control_;
  std::vector<Rows> before_, after_;  // by trace
  std::size_t control_ = 0;
  std::map<Place, ChakraStep> partners_;
  std::map<Place, std::uint32_t> call_of_;
  std::vector<ChakraCall> calls_;
  std::vector<std::vector<std::uint32_t>> groups_;
  std::vector<ChakraStep> order_;
};

}  // namespace weft
