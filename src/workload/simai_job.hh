// A SimAI trace into a job: its stages side by side, iteration after iteration.
//
// The file's `ga` micro-batches run one after the other; with several stages as 1F1B, or interleaved where vpp gives a stage
// several chunks (training/pipeline_schedule.hh): the reference counts a bubble of (pp-1)/(ga*vpp) and 2*vpp*ga messages a stage, which
// is that schedule. A rank sends pp_comm bytes to its likeness at the next stage, beside what it does next. Every stage runs the
// file's layers: those before the micro-batches first forward and last backward, those behind them right after its last forward.
// The next iteration begins when all streams have come to an end.
// Sample: `micro_batches` of them are simulated; at every stage the steady state stands for the others.
// Errors: InputError at the entry for a sample from which no pace can be taken.
#pragma once

#include <map>
#include <tuple>
#include <vector>

#include "workload/simai_shape.hh"
#include "workload/simai_stage.hh"
#include "workload/training/groups.hh"
#include "workload/training/pipeline_schedule.hh"

namespace weft {

class SimaiJob {
 public:
  SimaiJob(const SimaiFile& file, const SimaiShape& shape, SimaiSections sections, SampleParameters sample, JobBuilder& builder);

  void run_iteration();
  // After the last iteration: what was not simulated, to the builder.
  void say_what_was_scaled();

 private:
  using MessageKey = std::tuple<bool, std::uint32_t, std::uint32_t>;  // forward, the virtual stage it is for, micro-batch

  void make_stages(const SimaiFile& file, std::uint32_t sampled_layers);
  void make_steady(const SimaiShape& shape, std::uint32_t sampled);
  [[nodiscard]] LayerRange layers(const training::Pass& pass) const { return sections_.micro_batches[pass.micro_batch][pass.chunk]; }

  void run_pipeline();
  void run_pass(std::uint32_t stage, const training::Pass& pass);
  // Before the pass at this position: does the steady state begin or end here?
  void keep_pace(std::uint32_t stage, std::uint32_t position);
  void receive(std::uint32_t stage, const training::Pass& pass);
  void send(std::uint32_t stage, const training::Pass& pass);
  [[nodiscard]] std::uint32_t virtual_stage(std::uint32_t stage, const training::Pass& pass) const {
    return pass.chunk * pipeline_.stages + stage;
  }

  SimaiPolicy policy_;
  Bytes message_;
  SimaiSections sections_;
  JobBuilder& builder_;
  std::vector<std::string> scaled_;
  training::Groups groups_;
  training::PipelineShape pipeline_;  // its micro-batches: those that are simulated
  training::SteadyState steady_;      // nothing when all of them are
  std::vector<SimaiStage> stages_;
  std::vector<SimaiStage::Since> since_;  // by stage
  std::map<MessageKey, std::vector<collective::TaskId>> arrived_;
};

}  // namespace weft
