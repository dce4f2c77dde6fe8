// Builder: what every algorithm uses to write its part of a task graph: members instead of ranks, runs of elements instead of
// bytes, fresh scratch for each arrival, and the ends of the collective.
//
// An algorithm is a function of a Builder alone. It may begin a member's work when front()[member] is done, and notes in
// ends() what each member waits for in the end. Units: elements; a task's bytes are those of its pieces, messages with the
// request's overhead on top.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <span>
#include <string>
#include <vector>

#include "collective/ends.hh"
#include "collective/request.hh"
#include "collective/split.hh"
#include "collective/task_graph.hh"

namespace weft::collective {

using Pieces = std::span<const Piece>;
using Tasks = std::span<const TaskId>;

struct Way {  // of a message
  Member from = 0;
  Member to = 0;
  Channel channel = 0;
};

class Builder {
 public:
  // `after` holds, by member, what its first task waits for; empty: nothing.
  Builder(TaskGraph& graph, const Request& request, Tasks after);

  [[nodiscard]] const Request& request() const { return request_; }
  [[nodiscard]] TaskGraph& graph() { return graph_; }
  [[nodiscard]] Member size() const { return static_cast<Member>(request_.ranks.size()); }
  [[nodiscard]] const Front& front() const { return front_; }
  [[nodiscard]] Ends& ends() { return ends_; }
  [[nodiscard]] Range whole() const { return {0, request_.bytes.v / request_.element.v}; }
  // Into how many chunks a part of this many elements is cut, at least one.
  [[nodiscard]] std::uint32_t chunks(std::int64_t elements) const;
  // The chunks of a range, of a channel's part of the whole: none when it is empty.
  [[nodiscard]] std::vector<Range> chunks_of(Range range) const;
  [[nodiscard]] std::vector<Range> chunks_of_channel(Channel channel) const {
    return chunks_of(part_of(whole(), request_.channels, channel));
  }

  TaskId send(Way way, Pieces pieces, Tasks after);
  TaskId upload(Member from, SwitchId to, Channel channel, Pieces pieces, Tasks after);
  TaskId network_reduce(SwitchId where, Channel channel, Pieces pieces, Tasks after);
  TaskId multicast(SwitchId from, Channel channel, Pieces pieces, Tasks after);
  TaskId download(SwitchId from, Member to, Channel channel, Pieces pieces, Tasks after);
  TaskId reduce(Member where, Channel channel, Pieces pieces, Tasks after);
  TaskId copy(Member where, Pieces pieces, Tasks after);
  // The same range of both members' data: what arrives is added at the receiver. `ready` is what the sender's range waits for,
  // `mine` what the receiver's does. Returns the reduce task; the message is the task before it.
  TaskId send_and_reduce(Way way, Range range, TaskId ready, TaskId mine);
  [[nodiscard]] static TaskId message_of(TaskId sum) { return {sum.v - 1}; }
  TaskId send_data(Way way, Range range, Tasks after);

  [[nodiscard]] Run scratch(Member member, std::int64_t elements) { return fresh(member_scratch_[member], elements); }
  [[nodiscard]] Run scratch(SwitchId where, std::int64_t elements);
  SwitchId add_switch(ComputingSwitch::Level level, std::span<const Member> members);

  // The front behind everything noted in ends().
  [[nodiscard]] Front finish();
  [[noreturn]] void fail(const std::string& what, const std::string& hint = {}) const;

 private:
  [[nodiscard]] static Run fresh(std::int64_t& used, std::int64_t elements);
  [[nodiscard]] Bytes local_bytes(Pieces pieces) const;
  [[nodiscard]] Bytes wire_bytes(Pieces pieces, Overhead more) const;
  [[nodiscard]] Overhead overhead_of(Way way) const;
  [[nodiscard]] Overhead overhead_of(SwitchId where) const;
  [[nodiscard]] RankId rank(Member member) const { return request_.ranks[member]; }

  TaskGraph& graph_;
  const Request& request_;
  Front front_;
  Ends ends_;
  std::vector<std::int64_t> member_scratch_;    // elements in use, by member
  std::vector<std::int64_t> switch_scratch_;    // by switch of the graph, of those added here
  std::vector<ComputingSwitch::Level> levels_;  // likewise
};

}  // namespace weft::collective
