// Iteration: all passes of all stages, their messages, the optimizer.
//
// Between stages each rank sends its activations (backward: their gradients) to the same place of the next stage: A bytes, A /
// tensor with sequence parallelism (layer.hh). A pass begins when what it needs has arrived; sending holds nobody.
// Sampling (SampleParameters): of each run of identical layers k are run, and each holds its stage for the others it stands for,
// as long again as it took; gradients and parameters of all layers are exchanged in full. Of m micro-batches k are run; each stage
// then holds in its steady state for as long again as the others take at that pace (pipeline_schedule.hh).
// Errors: InputError when k micro-batches have no steady state.
#pragma once

#include <string>
#include <vector>

#include "workload/training/data_parallel.hh"
#include "workload/training/pipeline_schedule.hh"

namespace weft::training {

class Iteration {
 public:
  Iteration(JobBuilder& builder, const Setup& setup);
  void run();

 private:
  struct Mark {
    collective::TaskId task{};
    Duration computed{};
  };

  void run_pass(std::uint32_t stage, const Pass& pass);
  void run_forward(Stage& stage, DataParallel& data, const std::vector<Item>& items);
  void run_backward(Stage& stage, DataParallel& data, std::vector<Item> items, bool last);
  void receive(std::uint32_t stage, const Pass& pass);
  void send(std::uint32_t stage, const Pass& pass);
  void at_position(std::uint32_t stage, std::uint32_t position);
  [[nodiscard]] std::vector<Mark> mark(const Stage& stage) const;
  void extend(const Stage& stage, const std::vector<Mark>& since, std::uint64_t more, std::uint64_t done);
  void finish();
  void say_what_was_scaled() const;
  [[nodiscard]] std::uint32_t virtual_stage(std::uint32_t stage, std::uint32_t chunk) const;
  [[nodiscard]] std::vector<collective::TaskId>& inbox(bool forward, std::uint32_t virtual_stage, std::uint32_t micro_batch);

  JobBuilder& builder_;
  const Setup& setup_;
  PipelineShape shape_;
  SteadyState steady_;
  std::vector<Stage> stages_;
  std::vector<DataParallel> data_;
  std::vector<std::vector<Item>> items_;   // by virtual stage
  std::vector<std::vector<Pass>> passes_;  // by stage
  std::vector<StagePass> order_;
  std::vector<std::vector<collective::TaskId>> inbox_;  // what a pass waits for, by rank of its stage
  std::vector<std::vector<Mark>> steady_since_;         // by stage
};

}  // namespace weft::training
