// What a scenario says of a training job (kind training): the model, the machine, the parallel plan. docs/scenario.md documents
// each key; library/ holds published models and machines with their sources.
//
// Units: counts of layers, elements, tokens and sequences; FLOP/s in units of 1e9; rates in bits a second, one direction.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "base/units.hh"

namespace weft {

enum class Precision : std::uint8_t { fp32, bf16, fp16, fp8 };
inline constexpr std::array precision_names{"fp32", "bf16", "fp16", "fp8"};  // in the order of Precision
[[nodiscard]] constexpr std::int64_t bytes_of(Precision precision) {
  return precision == Precision::fp32 ? 4 : precision == Precision::fp8 ? 1 : 2;
}

// A decoder-only transformer.
struct ModelParameters {
  std::string name;  // of the library, or empty
  std::uint32_t layers = 0, hidden = 0, heads = 0;
  std::uint32_t kv_heads = 0;   // 0: as many as heads
  std::uint32_t head_size = 0;  // 0: hidden / heads
  std::uint32_t ffn_hidden = 0;
  bool gated_ffn = false;  // three matrices instead of two
  std::uint32_t vocabulary = 0, sequence = 0;
  std::uint32_t positions = 0;  // learned position embeddings
  bool tied_embeddings = false;
  std::uint32_t experts = 0, top_k = 0, shared_experts = 0;
  std::uint32_t expert_ffn_hidden = 0;  // 0: ffn_hidden
  std::uint32_t dense_layers = 0;       // so many first layers have no experts
  // Latent attention (MLA): keys and values go through kv_rank; head_size is then the part of a head without rotation.
  std::uint32_t query_rank = 0, kv_rank = 0, rope_head = 0, value_head = 0;
  Precision compute = Precision::bf16, weights = Precision::bf16, activations = Precision::bf16, gradients = Precision::fp32;
  Precision dispatch = Precision::bf16, combine = Precision::bf16;  // of tokens on their way to experts and back
  std::map<std::string, double> efficiency;                         // published, by machine
  std::string source;                                               // where its mapping stands, for messages
  int line = 0;
};

struct MachineParameters {
  std::string name;
  std::uint32_t gpus = 8;                             // a server
  std::array<double, precision_names.size()> peak{};  // TFLOP/s, dense, by Precision; 0: not known
  Bytes memory{};
  Rate memory_rate{};
  Rate scale_up{};         // of a GPU, one direction
  bool mesh = false;       // scale_up is that of its links to all others together
  std::uint32_t nics = 0;  // a server
  Rate nic{};              // of one
  Rate pcie{};             // of a GPU, one direction
  std::string source;
  int line = 0;
};

enum class Recompute : std::uint8_t { none, selective, full };
enum class ContextExchange : std::uint8_t { ring, all_gather };

struct PlanParameters {
  std::uint32_t tensor = 1, context = 1, pipeline = 1, expert = 1;
  std::uint32_t data = 0;  // 0: as many as there are hosts for
  bool sequence = false;
  std::uint32_t virtual_stages = 1;
  std::uint32_t zero = 0;                                                   // stage
  std::vector<std::uint32_t> layers_per_stage;                              // by virtual stage; empty: equal shares
  std::vector<std::string> order{"tensor", "context", "data", "pipeline"};  // fastest first
  Recompute recompute = Recompute::none;
  ContextExchange context_exchange = ContextExchange::ring;
  Bytes bucket{40'000'000};
  bool overlap = true;         // gradients are reduced while the backward pass goes on
  std::uint32_t prefetch = 1;  // ZeRO 3: layers whose parameters are gathered ahead
  int line = 0;
};

struct SampleParameters {
  std::uint32_t layers = 0, micro_batches = 0;  // 0: all
};

struct TrainingParameters {
  ModelParameters model;
  MachineParameters machine;
  PlanParameters plan;
  std::uint32_t micro_batch = 1, global_batch = 0;  // sequences
  double efficiency = 0;                            // share of the peak that compute reaches; 0: not said
  std::string profile;                              // a file of measured times
  SampleParameters sample;
  double skew = 0;                          // Zipf exponent of the experts' loads
  std::vector<std::uint32_t> expert_loads;  // relative, by expert; instead of skew
};

}  // namespace weft
