// The workload text of SimAI and AICB (github.com/aliyun/SimAI, github.com/aliyun/aicb): one rank's view of one iteration.
//
// Line 1: a policy, then its parallelism as `name: value` words, in any order; the colon may be missing:
//   model_parallel_NPU_group (tensor), ep, pp, vpp, ga (micro-batches), all_gpus, checkpoints, checkpoint_initiates, pp_comm
// Line 2: how many layers follow. Then a layer a line, 12 words separated by any blanks:
//   name dependency | forward: compute collective bytes | input gradient: likewise | weight gradient: likewise | update
// Collectives: NONE, ALLREDUCE, ALLGATHER, REDUCESCATTER, ALLTOALL, BROADCAST, each with _EP or _DP_EP behind it for another group
// than its column's. Bytes count the whole, as NCCL does (AICB writes 2 * parameters for an all-gather of all parameters); after
// NONE, and with 0, nothing is sent.
// Policies: HYBRID_TRANSFORMER_FWD_IN_BCKWD, HYBRID_TRANSFORMER, MICRO.
// Units: times in nanoseconds, decimals allowed; pp_comm in bytes, decimals allowed (AICB divides in floating point).
// Errors: InputError with file:line for all that is missing, unknown, repeated, out of range or not modelled: other policies,
// checkpoints, dependencies, trailing words, more layers than line 2 says. Published files have fewer layers than they say
// (L65B-M1-C05: 33 of 839); then `promised` exceeds lines.size(), and whoever runs the file must say so.
// Source: astra-sim-alibabacloud/astra-sim/workload/Workload.cc and AICB's SimAI_training_workload_generator.py, as documentation.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/units.hh"
#include "collective/request.hh"

namespace weft {

enum class SimaiPolicy : std::uint8_t { transformer_forward_in_backward, transformer, micro };
enum class SimaiGroup : std::uint8_t { of_column, expert, data_expert };

// One of the three columns of a layer.
struct SimaiPass {
  Duration compute{};
  std::optional<collective::Operation> operation;
  SimaiGroup group = SimaiGroup::of_column;
  Bytes bytes{};
  friend bool operator==(const SimaiPass&, const SimaiPass&) = default;
  [[nodiscard]] bool communicates() const { return operation.has_value() && bytes.v > 0; }
};

struct SimaiLayer {
  std::string name;
  SimaiPass forward, input_gradient, weight_gradient;
  Duration update{};  // after the weight gradient's collective
  int line = 0;
  [[nodiscard]] bool same_work(const SimaiLayer& other) const {
    return name == other.name && forward == other.forward && input_gradient == other.input_gradient &&
           weight_gradient == other.weight_gradient && update == other.update;
  }
};

struct SimaiFile {
  SimaiPolicy policy = SimaiPolicy::micro;
  std::uint32_t tensor = 1, expert = 1, pipeline = 1, virtual_stages = 1, micro_batches = 1;
  std::optional<std::uint32_t> gpus;
  Bytes pipeline_bytes{};  // each rank to the next stage, and back
  std::uint32_t promised = 0;
  std::vector<SimaiLayer> layers;
};

// `name` is the file's, for messages.
[[nodiscard]] SimaiFile parse_simai(std::string_view text, const std::string& name);

}  // namespace weft
