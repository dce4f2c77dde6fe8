// Stage: the ranks of one pipeline stage and what they do together: compute, exchange, wait.
//
// A GPU's streams: compute, and one for each kind of communication, since each kind has a communicator of its own. exchange()
// holds the compute stream until the collective is done there; groups of one exchange nothing.
// Units: bytes, picoseconds.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "workload/job_builder.hh"
#include "workload/training/costs.hh"
#include "workload/training/groups.hh"

namespace weft::training {

// All that does not change during a job.
struct Setup {
  const TrainingParameters& training;
  Plan plan;
  Groups groups;
  Costs costs;
};

struct Streams {
  static constexpr std::uint8_t tensor = 1, context = 2, expert = 3, gather = 4, reduce = 5;
};

using GroupList = std::vector<std::vector<Rank>>;

class Stage {
 public:
  Stage(JobBuilder& builder, const Setup& setup, std::uint32_t number);

  [[nodiscard]] JobBuilder& builder() const { return *builder_; }
  [[nodiscard]] const Setup& setup() const { return *setup_; }
  [[nodiscard]] const ModelParameters& model() const { return setup_->training.model; }
  [[nodiscard]] const Plan& plan() const { return setup_->plan; }
  [[nodiscard]] const Costs& costs() const { return setup_->costs; }
  [[nodiscard]] std::uint32_t number() const { return number_; }
  [[nodiscard]] const std::vector<Rank>& ranks() const { return setup_->groups.stage(number_); }
  [[nodiscard]] const GroupList& tensor_groups() const { return tensor_; }
  [[nodiscard]] const GroupList& context_groups() const { return context_; }
  [[nodiscard]] const GroupList& expert_groups() const { return expert_; }
  [[nodiscard]] const GroupList& replica_groups() const { return replicas_; }
  [[nodiscard]] const GroupList& expert_replica_groups() const { return expert_replicas_; }

  // Words before labels: "forward" and " 3". Computing is named by its micro-batch, communication is not, so that the same
  // exchanges of all micro-batches are one line of a report.
  void set_pass(std::string direction, std::string which) {
    direction_ = std::move(direction);
    which_ = std::move(which);
  }
  [[nodiscard]] LabelId compute_label(const std::string& what) const { return builder_->label(prefixed(direction_ + which_, what)); }
  [[nodiscard]] LabelId label(const std::string& what) const { return builder_->label(prefixed(direction_, what)); }

  // Every rank for `time`; nothing is issued for none.
  void compute(Duration time, const std::string& what);
  void exchange(const GroupList& groups, collective::Operation operation, Bytes bytes, std::uint8_t stream, const std::string& what);
  // Beside the compute stream: begins at each rank when that has come to where it is now.
  void start(const GroupList& groups, collective::Operation operation, Bytes bytes, std::uint8_t stream, const std::string& what);
  // Holds the compute stream for what was issued last on another.
  void wait(std::uint8_t stream);

 private:
  [[nodiscard]] static std::string prefixed(const std::string& before, const std::string& what) {
    return before.empty() ? what : before + ": " + what;
  }

  JobBuilder* builder_;
  const Setup* setup_;
  std::uint32_t number_;
  GroupList tensor_, context_, expert_, replicas_, expert_replicas_;
  std::string direction_, which_;
};

}  // namespace weft::training
