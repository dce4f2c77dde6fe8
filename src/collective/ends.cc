#include "collective/ends.hh"

#include <algorithm>

namespace weft::collective {
namespace {

using Noted = std::vector<std::pair<Member, TaskId>>;

// The tasks noted for `member`; `noted` is sorted.
std::vector<TaskId> tasks_of(const Noted& noted, Member member) {
  std::vector<TaskId> tasks;
  auto at = std::lower_bound(noted.begin(), noted.end(), std::pair{member, TaskId{0}});
  for (; at != noted.end() && at->first == member; ++at) tasks.push_back(at->second);
  return tasks;
}

}  // namespace

void Ends::move_front(TaskGraph& graph, const std::vector<RankId>& ranks, Front& front) {
  std::sort(received_.begin(), received_.end());
  std::sort(sent_.begin(), sent_.end());
  for (Member member = 0; member < front.size(); ++member) {
    std::vector<TaskId> tasks = tasks_of(received_, member);
    if (tasks.empty()) tasks = tasks_of(sent_, member);
    if (tasks.empty()) continue;
    if (front[member].valid()) tasks.push_back(front[member]);
    tasks.erase(std::unique(tasks.begin(), tasks.end()), tasks.end());
    front[member] = tasks.size() == 1 ? tasks.front() : graph.add(join(ranks[member]), tasks);
  }
  received_.clear();
  sent_.clear();
}

}  // namespace weft::collective
