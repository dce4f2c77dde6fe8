#include "sim/waiting_tasks.hh"

#include <algorithm>
#include <map>
#include <string>

#include "sim/task_results.hh"

namespace weft {

using collective::Task;
using collective::TaskId;

namespace {

class WaitingTasks {
 public:
  WaitingTasks(const Network& network, std::uint32_t work)
      : network_(network), work_(work), graph_(network.tasks.spec(work).graph), job_(network.tasks.spec(work).job) {
    for (std::uint32_t rank = 0; rank < job_.hosts.size(); ++rank) rank_of_[job_.hosts[rank]] = rank;
  }

  enum class Cause : bool { begun, not_begun };

  // Tasks whose cause is this.
  void add(Cause which, std::size_t most, std::vector<WaitEdge>& edges) const {
    for (std::uint32_t task = 0; task < graph_.size() && edges.size() < most; ++task) {
      const TaskId before = first_not_done({task});
      if (before.valid()) {
        const bool begun = has_begun(before);
        if (begun == (which == Cause::begun)) edges.push_back({named({task}), named(before), state_of(before, begun)});
      } else if (which == Cause::not_begun && graph_.task({task}).is_message() && !end_of({task}).opened) {
        edges.push_back({named({task}), "an earlier message to " + place_name({graph_.task({task}).to}) + " to leave", "never started"});
      }
    }
  }

 private:
  [[nodiscard]] const EndState& end_of(TaskId task) const {
    return network_.table.ends[initiator_of(network_.tasks.flow_of(work_, task.v))];
  }
  // Of messages alone: local work that has begun ends.
  [[nodiscard]] bool has_begun(TaskId task) const { return graph_.task(task).is_message() && end_of(task).opened; }

  [[nodiscard]] TaskId first_not_done(TaskId task) const {
    for (const TaskId before : graph_.dependencies(task)) {
      if (done_at(network_, work_, before, graph_.task(task).from) == Time::never()) return before;
    }
    return {};
  }

  [[nodiscard]] std::string state_of(TaskId before, bool begun) const {
    if (!begun) return "never started";
    return end_of(before).failed ? "which failed" : "which is under way";
  }

  // As the job counts its ranks; other end points by their names.
  [[nodiscard]] std::string place_name(collective::RankId host) const {
    const auto rank = rank_of_.find(host.v);
    if (rank == rank_of_.end()) return network_.spec.nodes[host.index()].name;
    const std::string text = "rank " + std::to_string(rank->second);
    return rank->second == host.v ? text : text + " (" + network_.spec.nodes[host.index()].name + ")";
  }

  [[nodiscard]] std::string named(TaskId task) const {
    std::string text = graph_.describe(task, [this](collective::RankId host) { return place_name(host); });
    for (const CollectiveSpan& span : job_.collectives) {
      if (task.v >= span.begin && task.v < span.end) return text + " of " + job_.labels[span.label.index()];
    }
    return text;
  }

  const Network& network_;
  std::uint32_t work_;
  const collective::TaskGraph& graph_;
  const JobRecord& job_;
  std::map<std::uint32_t, std::uint32_t> rank_of_;  // by host
};

}  // namespace

void add_waiting_tasks(const Network& network, std::size_t most, std::vector<WaitEdge>& edges) {
  for (const auto cause : {WaitingTasks::Cause::begun, WaitingTasks::Cause::not_begun}) {
    for (std::uint32_t work = 0; work < network.tasks.works(); ++work) WaitingTasks(network, work).add(cause, most, edges);
  }
}

}  // namespace weft
