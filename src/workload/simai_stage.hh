// The layers of a SimAI trace at one pipeline stage: every rank of it runs the same lines at its own pace.
//
// Order within a layer, as the reference has it (Workload.cc, iterate_hybrid_parallel_Transformer_fwd_in_bckwd): forward compute, then
// its collective, before the next layer. Backward: input gradient, its collective, weight gradient; that one's collective goes on
// beside, on a stream of its own in the order of issue, and `update` follows it there. With policy HYBRID_TRANSFORMER the input
// gradient's collective runs beside the weight gradient's compute. MICRO: all three columns one after the other.
// Groups: forward and input gradient go to the tensor group, weight gradient to all replicas; _EP and _DP_EP name the expert group
// and the replicas of an expert; with MICRO all go to all ranks.
// Sample: of a block of equal layers the first `sampled` are simulated; the others take as long as those behind the first, which
// is left out of the pace because it may wait for other ranks (with one there is no choice).
// Sizes are rounded up to whole elements of 4 bytes (published files have all-gathers of 1).
// Units: as simai_file.hh; times below 10 ns are placeholders (AICB writes 1) and are added to the stage's next compute.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "workload/job_builder.hh"
#include "workload/simai_file.hh"
#include "workload/simai_sections.hh"

namespace weft {

class SimaiStage {
 public:
  using Ranks = std::vector<std::uint32_t>;

  struct Members {
    Ranks ranks;
    std::vector<Ranks> tensor, replicas, expert, expert_replicas;
  };
  // Where a pace is taken from; by rank of the stage.
  struct Since {
    std::vector<collective::TaskId> compute, gradients;
    std::vector<Duration> counted;
  };

  SimaiStage(const SimaiFile& file, Members members, std::uint32_t sampled, JobBuilder& builder)
      : file_(&file), members_(std::move(members)), sampled_(sampled), builder_(&builder) {}

  [[nodiscard]] const Ranks& ranks() const { return members_.ranks; }
  void forward(LayerRange range);
  void backward(LayerRange range);
  // All layers, one column after the other.
  void micro();
  // Issues compute that was held back; before anything of this stage is waited for.
  void flush();

  [[nodiscard]] Since since(LayerRange range);
  // Holds the stage for `more` / `done` of the time since then.
  void extend(const Since& from, std::uint64_t more, std::uint64_t done);
  // What was not simulated.
  [[nodiscard]] const std::set<std::string>& scaled() const { return scaled_; }

 private:
  using TaskId = collective::TaskId;
  static constexpr std::uint8_t input_stream = 1;  // input gradients that run beside
  static constexpr std::uint8_t gradient_stream = 2;

  void forward(const SimaiLayer& layer);
  void backward(const SimaiLayer& layer);
  template <class Run>
  void run_block(const LayerBlock& block, const Run& run);
  void compute(Duration time, const std::string& name);
  // On a stream; for each rank of the stage what ends it, invalid where it takes no part.
  std::vector<TaskId> collective(const SimaiLayer& layer, const SimaiPass& pass, const std::vector<Ranks>& groups, const char* what,
                                 std::uint8_t stream);
  [[nodiscard]] const std::vector<Ranks>& groups(const SimaiPass& pass, const std::vector<Ranks>& of_column) const;
  void reduce_weights(const SimaiLayer& layer);

  const SimaiFile* file_;
  Members members_;
  std::uint32_t sampled_;  // 0: all
  JobBuilder* builder_;
  Duration carried_{};
  std::set<std::string> scaled_;
};

}  // namespace weft
