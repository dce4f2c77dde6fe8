// Pipeline schedules: in which order a stage runs the forward and backward passes of its micro-batches.
//
// 1F1B: stage p of P runs P-p-1 forwards, then one forward and one backward in turn, then the backwards that are left; at most
// P-p micro-batches are in flight. Bubble: (P-1)/m of the ideal time.
// Interleaved with v chunks a stage: passes are numbered; pass i is of chunk i/P mod v (backward: counted from the last) and of
// micro-batch i/(P*v)*P + i mod P. 2*(P-p-1) + (v-1)*P forwards first. Bubble: (P-1)/(m*v). Needs m to divide by P.
// Order: issue_order() merges the stages' lists so that every pass comes after those it needs: the forward of the virtual stage
// before it, the backward of the one behind it, and for the last one its own forward.
// Errors: none; a plan has been checked. Source: Narayanan et al. 2021 (arXiv:2104.04473), section 2.2, figures 3 and 4.
#pragma once

#include <cstdint>
#include <vector>

namespace weft::training {

struct Pass {
  bool forward = true;
  std::uint32_t micro_batch = 0;
  std::uint32_t chunk = 0;
  friend bool operator==(const Pass&, const Pass&) = default;
};

struct PipelineShape {
  std::uint32_t stages = 1;
  std::uint32_t chunks = 1;  // of each stage
  std::uint32_t micro_batches = 1;
};

[[nodiscard]] std::vector<Pass> stage_passes(const PipelineShape& shape, std::uint32_t stage);

struct StagePass {
  std::uint32_t stage = 0;
  std::uint32_t position = 0;  // in stage_passes(stage)
};

[[nodiscard]] std::vector<StagePass> issue_order(const PipelineShape& shape);

// Where the steady state begins and ends at each stage, as positions in its passes: between them every stage runs the same
// `micro_batches` forward and backward in all its chunks, and a pass behind the end at one stage is waited for by none before the
// end at another. So holding every stage there for n times as long stands for n times as many micro-batches.
// It is a cut at two instants of the schedule's own timetable, with backwards twice as long as forwards, at which no stage idles.
struct SteadyState {
  std::uint32_t micro_batches = 0;        // 0: the pipeline is never steady
  std::vector<std::uint32_t> begin, end;  // by stage
};

[[nodiscard]] SteadyState steady_state(const PipelineShape& shape);
// The least number of micro-batches that has one.
[[nodiscard]] std::uint32_t least_sample(PipelineShape shape);

}  // namespace weft::training
