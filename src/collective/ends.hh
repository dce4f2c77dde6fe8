// Ends: when does a member's share in a collective, or in one phase of it, end?
//
// Rule: when all it was to receive has arrived and been added up, and not before it entered. A member that receives nothing
// (the root of a broadcast) ends when what it sent is done at the sender. So the end of a collective at a rank means that its
// result is complete there; what it sent to others may still wait for acknowledgements.
// A front holds, by member, the task after which it may go on; an invalid id means that it never had to wait.
#pragma once

#include <utility>
#include <vector>

#include "collective/task_graph.hh"

namespace weft::collective {

using Front = std::vector<TaskId>;

class Ends {
 public:
  void received(Member member, TaskId task) { received_.emplace_back(member, task); }
  void sent(Member member, TaskId task) { sent_.emplace_back(member, task); }
  // Moves the front behind all that was noted: a join task where there is more than one to wait for. Forgets them.
  void move_front(TaskGraph& graph, const std::vector<RankId>& ranks, Front& front);

 private:
  std::vector<std::pair<Member, TaskId>> received_;
  std::vector<std::pair<Member, TaskId>> sent_;
};

}  // namespace weft::collective
