#include "workload/chakra_graph.hh"

#include <algorithm>
#include <functional>
#include <queue>
#include <set>
#include <tuple>
#include <unordered_map>

#include "base/error.hh"
#include "workload/number.hh"

namespace weft {
namespace {}  // namespace

std::string ChakraGraph::describe(ChakraStep step) const {
  return "rank " + number(step.rank) + ' ' + trace(step.rank).describe(step.node);
}

void ChakraGraph::resolve(const ChakraTrace& trace) {
  std::unordered_map<std::uint64_t, std::uint32_t> position;
  for (std::uint32_t i = 0; i < trace.nodes.size(); ++i) position.emplace(trace.nodes[i].id, i);
  Rows before, after;
  std::vector<std::uint32_t> row;
  std::vector<std::uint32_t> counts(trace.nodes.size() + 1, 0);
  before.first.push_back(0);
  for (std::uint32_t i = 0; i < trace.nodes.size(); ++i) {
    const ChakraNode& node = trace.nodes[i];
    row.clear();
    const auto add = [&](std::uint64_t id, const char* kind) {
      const auto found = position.find(id);
      if (found == position.end()) {
        throw InputError(trace.file, trace.describe(i) + " has a " + kind + " dependency on id " + number(id) + ", which is no node",
                         "the trace may be cut off");
      }
      row.push_back(found->second);
    };
    for (const std::uint64_t id : node.data_dependencies) add(id, "data");
    for (const std::uint64_t id : follows_control_ ? node.control_dependencies : std::vector<std::uint64_t>{}) add(id, "control");
    control_ += node.control_dependencies.size();
    std::sort(row.begin(), row.end());
    row.erase(std::unique(row.begin(), row.end()), row.end());
    before.items.insert(before.items.end(), row.begin(), row.end());
    before.first.push_back(static_cast<std::uint32_t>(before.items.size()));
    for (const std::uint32_t earlier : row) ++counts[earlier + 1];
  }
  for (std::size_t i = 1; i < counts.size(); ++i) counts[i] += counts[i - 1];
  after.first = counts;
  after.items.resize(before.items.size());
  for (std::uint32_t i = 0; i < trace.nodes.size(); ++i) {
    for (const std::uint32_t earlier : before.of(i)) after.items[counts[earlier]++] = i;
  }
  before_.push_back(std::move(before));
  after_.push_back(std::move(after));
}

// Who meets whom.
class ChakraGraph::Matcher {
 public:
  explicit Matcher(ChakraGraph& graph) : graph_(graph) {}

  void match() {
    for (std::uint32_t rank = 0; rank < graph_.ranks(); ++rank) {
      const ChakraTrace& trace = graph_.trace(rank);
      for (std::uint32_t i = 0; i < trace.nodes.size(); ++i) {
        const ChakraNode& node = trace.nodes[i];
        if (node.kind == ChakraKind::send) note_message(sends_, {rank, i}, {rank, node.peer, node.tag});
        if (node.kind == ChakraKind::receive) note_message(receives_, {rank, i}, {node.peer, rank, node.tag});
        if (node.kind == ChakraKind::collective) note_call({rank, i});
      }
    }
    match_messages();
    for (const auto& [group, lists] : calls_) match_calls(group, lists);
  }

 private:
  using Channel = std::tuple<std::uint32_t, std::uint32_t, std::uint32_t>;  // from, to, tag
  using Messages = std::map<Channel, std::vector<ChakraStep>>;
  using Group = std::pair<std::string, std::vector<std::uint32_t>>;

  [[noreturn]] void fail(ChakraStep step, const std::string& message, std::string hint = {}) const {
    throw InputError(graph_.trace(step.rank).file, graph_.describe(step) + ' ' + message, std::move(hint));
  }

  void note_message(Messages& messages, ChakraStep step, Channel channel) {
    const ChakraNode& node = graph_.node(step);
    if (node.peer >= graph_.ranks() || node.peer == step.rank) {
      fail(step,
           (node.kind == ChakraKind::send ? "sends to rank " : "receives from rank ") + number(node.peer) +
               (node.peer == step.rank ? ", which is itself" : ", which has no trace"),
           "there are " + number(graph_.ranks()) + " ranks");
    }
    messages[channel].push_back(step);
  }

  void match_messages() {
    for (const auto& [channel, sends] : sends_) {
      const auto found = receives_.find(channel);
      const std::size_t received = found == receives_.end() ? 0 : found->second.size();
      for (std::size_t i = 0; i < sends.size(); ++i) {
        if (i >= received) {
          fail(sends[i], "sends to rank " + number(std::get<1>(channel)) + " with tag " + number(std::get<2>(channel)) +
                             ", but that rank does not receive it");
        }
        join(sends[i], found->second[i]);
      }
    }
    for (const auto& [channel, receives] : receives_) {
      const auto found = sends_.find(channel);
      const std::size_t sent = found == sends_.end() ? 0 : found->second.size();
      if (sent >= receives.size()) continue;
      fail(receives[sent], "receives from rank " + number(std::get<0>(channel)) + " with tag " + number(std::get<2>(channel)) +
                               ", but that rank does not send it");
    }
  }

  void join(ChakraStep send, ChakraStep receive) {
    if (graph_.node(send).bytes != graph_.node(receive).bytes) {
      fail(send, "sends " + number(static_cast<std::uint64_t>(graph_.node(send).bytes.v)) + " bytes, but " + graph_.describe(receive) +
                     " expects " + number(static_cast<std::uint64_t>(graph_.node(receive).bytes.v)));
    }
    graph_.partners_[{send.rank, send.node}] = receive;
    graph_.partners_[{receive.rank, receive.node}] = send;
  }

  void note_call(ChakraStep step) {
    const std::string& name = graph_.node(step).group;
    const auto& described = graph_.trace(step.rank).groups;
    const auto found = described.find(name);
    if (!name.empty() && found == described.end()) {
      fail(step, "names the process group '" + name + "', which the trace does not describe", "a METADATA_NODE describes them");
    }
    std::vector<std::uint32_t> ranks = found == described.end() ? std::vector<std::uint32_t>{} : found->second;
    std::sort(ranks.begin(), ranks.end());
    if (std::adjacent_find(ranks.begin(), ranks.end()) != ranks.end())
      fail(step, "runs in the group '" + name + "', which has a rank twice");
    for (std::uint32_t rank = 0; ranks.size() < graph_.ranks() && (found == described.end() || found->second.empty()); ++rank) {
      ranks.push_back(rank);
    }
    if (ranks.back() >= graph_.ranks()) {
      fail(step, "runs in the group '" + name + "' with rank " + number(ranks.back()) + ", which has no trace",
           "there are " + number(graph_.ranks()) + " ranks");
    }
    if (!std::binary_search(ranks.begin(), ranks.end(), step.rank))
      fail(step, "runs in the group '" + name + "', which it is no member of");
    calls_[{name, std::move(ranks)}][step.rank].push_back(step.node);
  }

  [[nodiscard]] std::string what(ChakraStep step) const {
    const ChakraNode& node = graph_.node(step);
    std::string text(collective::operation_name(node.operation));
    return text + " of " + number(static_cast<std::uint64_t>(node.bytes.v)) + " bytes";
  }

  void match_calls(const Group& group, const std::map<std::uint32_t, std::vector<std::uint32_t>>& lists) {
    const auto number_of_group = static_cast<std::uint32_t>(graph_.groups_.size());
    graph_.groups_.push_back(group.second);
    const std::string named = group.first.empty() ? "of all ranks" : "of the group '" + group.first + '\'';
    const auto longest =
        std::max_element(lists.begin(), lists.end(), [](const auto& a, const auto& b) { return a.second.size() < b.second.size(); });
    for (std::size_t i = 0; i < longest->second.size(); ++i) {
      const ChakraStep first{longest->first, longest->second[i]};
      ChakraCall call{number_of_group, {}};
      for (const std::uint32_t rank : group.second) {
        const auto own = lists.find(rank);
        if (own == lists.end() || own->second.size() <= i) {
          fail(first, "calls collective " + number(i + 1) + ' ' + named + " (" + what(first) + "), but rank " + number(rank) +
                          " calls only " + number(own == lists.end() ? 0 : own->second.size()));
        }
        const ChakraStep here{rank, own->second[i]};
        const ChakraNode &a = graph_.node(first), &b = graph_.node(here);
        if (a.operation != b.operation || a.bytes != b.bytes || a.root != b.root) {
          fail(first, "calls as collective " + number(i + 1) + ' ' + named + ": " + what(first) + ", but " + graph_.describe(here) + ": " +
                          what(here) + (a.root == b.root ? "" : " from another root"));
        }
        if (a.root >= group.second.size()) fail(here, "names root " + number(a.root) + " in a group of " + number(group.second.size()));
        graph_.call_of_[{rank, here.node}] = static_cast<std::uint32_t>(graph_.calls_.size());
        call.nodes.push_back(here.node);
      }
      graph_.calls_.push_back(std::move(call));
    }
  }

  ChakraGraph& graph_;
  Messages sends_, receives_;
  std::map<Group, std::map<std::uint32_t, std::vector<std::uint32_t>>> calls_;  // by member
};

// Which comes after which (Kahn 1962).
class ChakraGraph::Orderer {
 public:
  explicit Orderer(ChakraGraph& graph) : graph_(graph), missing_(graph.ranks()), done_(graph.ranks()) {
    for (std::uint32_t rank = 0; rank < graph.ranks(); ++rank) {
      const auto nodes = static_cast<std::uint32_t>(graph.trace(rank).nodes.size());
      total_ += nodes;
      done_[rank].assign(nodes, false);
      for (std::uint32_t i = 0; i < nodes; ++i) {
        const ChakraStep step{rank, i};
        missing_[rank].push_back(static_cast<std::uint32_t>(graph.dependencies(step).size()) +
                                 (graph.node(step).kind == ChakraKind::receive ? 1 : 0));
      }
    }
    for (const ChakraCall& call : graph.calls_) waiting_members_.push_back(static_cast<std::uint32_t>(call.nodes.size()));
  }

  void order() {
    for (std::uint32_t rank = 0; rank < graph_.ranks(); ++rank) {
      for (std::uint32_t i = 0; i < missing_[rank].size(); ++i) {
        if (missing_[rank][i] == 0) ready_.push({i, rank});
      }
    }
    while (!ready_.empty()) {
      const ChakraStep step{ready_.top().second, ready_.top().first};
      ready_.pop();
      take(step);
    }
    if (finished_ != total_) report();
  }

 private:
  void take(ChakraStep step) {
    if (graph_.node(step).kind != ChakraKind::collective) {
      graph_.order_.push_back(step);
      return finish(step);
    }
    const std::uint32_t call = graph_.call_of_.at({step.rank, step.node});
    if (--waiting_members_[call] > 0) return;
    graph_.order_.push_back(step);
    const std::vector<std::uint32_t>& members = graph_.members(graph_.calls_[call].group);
    for (std::size_t i = 0; i < members.size(); ++i) finish({members[i], graph_.calls_[call].nodes[i]});
  }

  void finish(ChakraStep step) {
    ++finished_;
    done_[step.rank][step.node] = true;
    for (const std::uint32_t next : graph_.after_[graph_.of_rank_[step.rank]].of(step.node)) release({step.rank, next});
    if (graph_.node(step).kind == ChakraKind::send) release(graph_.partner(step));
  }

  void release(ChakraStep step) {
    if (--missing_[step.rank][step.node] == 0) ready_.push({step.node, step.rank});
  }

  // Something that an unfinished node waits for and that is unfinished, too.
  [[nodiscard]] ChakraStep blocker(ChakraStep step) const {
    for (const std::uint32_t before : graph_.dependencies(step)) {
      if (!done_[step.rank][before]) return {step.rank, before};
    }
    if (graph_.node(step).kind == ChakraKind::receive) return graph_.partner(step);
    const ChakraCall& call = graph_.call(step);
    const std::vector<std::uint32_t>& members = graph_.members(call.group);
    for (std::size_t i = 0; i < members.size(); ++i) {
      if (missing_[members[i]][call.nodes[i]] != 0) return {members[i], call.nodes[i]};
    }
    return step;
  }

  [[noreturn]] void report() const {
    ChakraStep at;
    while (done_[at.rank].empty() || done_[at.rank][at.node])
      at = at.node + 1 < done_[at.rank].size() ? ChakraStep{at.rank, at.node + 1} : ChakraStep{at.rank + 1, 0};
    std::vector<ChakraStep> path;
    std::set<Place> seen;
    for (; seen.insert({at.rank, at.node}).second; at = blocker(at)) path.push_back(at);
    const auto begin =
        std::find_if(path.begin(), path.end(), [&](ChakraStep step) { return step.rank == at.rank && step.node == at.node; });
    constexpr std::size_t most = 12;
    std::string text;
    std::size_t shown = 0;
    for (auto step = begin; step != path.end() && shown < most; ++step, ++shown) text += graph_.describe(*step) + " waits for ";
    throw InputError(graph_.trace(begin->rank).file,
                     "a circle of dependencies: " + text + (static_cast<std::size_t>(path.end() - begin) > most ? "..." : "the first"),
                     graph_.follows_control_ ? "`control_dependencies: false` follows data dependencies alone" : "");
  }

  ChakraGraph& graph_;
  std::vector<std::vector<std::uint32_t>> missing_;  // by rank and node
  std::vector<std::vector<bool>> done_;
  std::vector<std::uint32_t> waiting_members_;                            // by call
  std::priority_queue<Place, std::vector<Place>, std::greater<>> ready_;  // node, rank
  std::size_t finished_ = 0, total_ = 0;
};

ChakraGraph::ChakraGraph(const std::vector<ChakraTrace>& traces, std::vector<std::uint32_t> of_rank, bool control_dependencies)
    : traces_(traces), of_rank_(std::move(of_rank)), follows_control_(control_dependencies) {
  for (const ChakraTrace& trace : traces_) resolve(trace);
  Matcher(*this).match();
  Orderer(*this).order();
}

}  // namespace weft
