// JobBuilder: a job's work, rank by rank, into one task graph (collective/task_graph.hh) and its record (job.hh).
//
// Streams: each rank has a compute stream (0) and communication streams (1 .. max_stream), as a GPU has: what is issued on a
// stream follows all that was issued there before; streams run side by side. A collective runs on the same stream of all its
// ranks, and begins at each rank for itself: when that rank's stream is free and what it names under `after` is done. wait()
// holds the compute stream of a rank until a task is done there.
// A rank computes one thing at a time; compute tasks of different jobs at one host take turns in the order in which they are ready.
// Scaling down: where a collective's bytes exceed `message_limit` by half, only that much of it is simulated, in three parts one
// after the other; then each of its ranks waits for what is left, at the pace of the second and third (collective/extension.hh).
// extend() repeats whatever was issued since a mark (k of n layers: n - k more for k); the mark should stand where its ranks have
// just met, else waiting for late ones is repeated, too. The network is idle of that traffic meanwhile.
// Algorithms: `auto` is collective/cost_model.hh's choice. Rings follow the topology: members in the order of their hosts,
// unless `ring_order` is that of the ranks.
// Skew: compute times are multiplied by the rank's factor, then by one plus a uniform draw within +-jitter.
// Units: bytes, picoseconds; factors in thousandths. Errors: InputError at `where`: what collective/registry.hh refuses, a rank
// placed twice, more tasks than a run may have.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "base/random.hh"
#include "collective/cost_model.hh"
#include "collective/efficiency.hh"
#include "collective/registry.hh"
#include "workload/task_work.hh"

namespace weft {

struct JobSettings {
  std::string where;  // "file:line", for messages
  std::string name;
  std::vector<std::uint32_t> hosts;                         // by rank
  std::uint32_t gpus_per_server = 0;                        // hosts are numbered server by server; 0: servers are not known
  collective::Machine machine;                              // for `auto`
  std::map<collective::Operation, std::string> algorithms;  // absent: `auto`
  bool ranks_in_order = false;                              // rings in the order of ranks, not of hosts
  collective::Channel channels = 1;
  Bytes chunk{};
  std::uint32_t parallel = 0;  // of all-to-all
  collective::Efficiencies efficiencies;
  Rate local_rate{};                                // of reductions and copies; 0: they take no time
  Duration launch{};                                // before each collective, at each rank
  Bytes message_limit{};                            // 0: none
  std::map<std::uint32_t, std::uint32_t> slowness;  // by rank: its compute times in thousandths of the others'
  std::uint32_t jitter = 0;                         // thousandths
  std::uint64_t random_key = 0;
};

struct JobCollective {
  collective::Operation operation = collective::Operation::all_reduce;
  Bytes bytes{};                         // as collective::Request counts them
  std::span<const std::uint32_t> ranks;  // of the job
  std::uint8_t stream = 1;
  LabelId label{};
  std::span<const collective::TaskId> after;  // by member; empty: nothing but the stream
  std::uint32_t root = 0;                     // member
  std::vector<Bytes> matrix;                  // all-to-all, uneven
  std::string algorithm;                      // empty: that of the settings
};

class JobBuilder {
 public:
  using TaskId = collective::TaskId;
  static constexpr std::uint8_t compute_stream = 0;
  static constexpr std::uint8_t max_stream = 15;

  explicit JobBuilder(JobSettings settings);

  [[nodiscard]] std::uint32_t ranks() const { return static_cast<std::uint32_t>(settings_.hosts.size()); }
  [[nodiscard]] const JobSettings& settings() const { return settings_; }
  // The same id for the same text.
  LabelId label(const std::string& text);

  TaskId compute(std::uint32_t rank, Duration time, LabelId label);
  // Beside the streams: begins when all of `after` is done at the rank.
  TaskId compute(std::uint32_t rank, Duration time, LabelId label, std::span<const TaskId> after);
  // By member, the task that ends its share, valid for every member.
  collective::Front collective(const JobCollective& what);
  // A message; done at `from` when that knows so, at `to` with its last byte. Begins when `after` is done at `from`.
  TaskId send(std::uint32_t from, std::uint32_t to, Bytes bytes, LabelId label, std::span<const TaskId> after);
  // Time that passes at a rank without its computing: of a host's thread, a memory.
  TaskId pass_time(std::uint32_t rank, Duration time, std::span<const TaskId> after);
  // Nothing, after all of `after` (tasks that end at the rank).
  TaskId join(std::uint32_t rank, std::span<const TaskId> after);

  // What was issued last on a stream; invalid: nothing yet.
  [[nodiscard]] TaskId last(std::uint32_t rank, std::uint8_t stream) const { return tails_[rank * (max_stream + 1) + stream]; }
  void wait(std::uint32_t rank, TaskId task, std::uint8_t stream = compute_stream);
  // Something that extend() can count from: what is issued later on the stream follows it.
  TaskId mark(std::uint32_t rank, std::uint8_t stream = compute_stream);
  // Holds the stream for `more` / `done` of the time since `since`, a mark or a join of the rank.
  TaskId extend(std::uint32_t rank, TaskId since, std::uint64_t more, std::uint64_t done, std::uint8_t stream = compute_stream);
  // For the record: compute time that extensions stand for.
  void count_compute(std::uint32_t rank, Duration time) { record_.compute[rank] = record_.compute[rank] + time; }
  [[nodiscard]] Duration counted_compute(std::uint32_t rank) const { return record_.compute[rank]; }
  // The iteration ends at each rank when all its streams have come to an end.
  void end_iteration();
  void scaled(std::string sentence) { record_.scaled.push_back(std::move(sentence)); }

  [[nodiscard]] TaskWork finish();

 private:
  [[nodiscard]] TaskId& tail(std::uint32_t rank, std::uint8_t stream) { return tails_[rank * (max_stream + 1) + stream]; }
  [[nodiscard]] collective::RankId host(std::uint32_t rank) const { return {settings_.hosts[rank]}; }
  [[nodiscard]] Duration skewed(std::uint32_t rank, Duration time);
  [[nodiscard]] std::vector<std::uint32_t> member_order(const JobCollective& what) const;
  [[nodiscard]] collective::Request request_for(const JobCollective& what, const std::vector<std::uint32_t>& order, Bytes part,
                                                CollectiveSpan& span) const;
  collective::Front append_part(const JobCollective& what, const std::vector<std::uint32_t>& order, Bytes part,
                                const collective::Front& before, CollectiveSpan& span);
  void join_ends(const JobCollective& what, collective::Front& ends);
  void extrapolate(const JobCollective& what, const std::vector<Bytes>& parts, const std::vector<collective::Front>& marks,
                   collective::Front& ends);
  void pick_algorithm(collective::Request& request, const JobCollective& what, CollectiveSpan& span) const;
  collective::Front begin_at_members(const JobCollective& what);
  TaskId add_extension(std::uint32_t rank, TaskId since, std::span<const TaskId> after, std::uint64_t more, std::uint64_t done);

  JobSettings settings_;
  TaskWork work_;
  JobRecord record_;
  std::map<std::string, std::uint32_t> label_ids_;
  std::vector<TaskId> tails_;   // by rank and stream
  std::vector<Random> jitter_;  // by rank
  bool limited_ = false;
};

}  // namespace weft
