// SimAI texts for tests.
#pragma once

#include <string>

namespace weft::test {

// Two pipeline stages of two chunks, four micro-batches of two equal layers each, expert groups, every collective.
inline std::string simai_sample() {
  std::string text =
      "HYBRID_TRANSFORMER_FWD_IN_BCKWD model_parallel_NPU_group: 2 ep: 2 pp: 2 vpp: 2 ga: 4 all_gpus: 16 checkpoints: 0 "
      "checkpoint_initiates: 0 pp_comm 64\n"
      "18\n"
      "grad_gather\t-1\t1\tNONE\t0\t1\tNONE\t0\t1\tALLGATHER\t4096\t100\n";
  for (int i = 0; i < 4; ++i) {
    text += "embedding_layer -1 1000 ALLREDUCE 256 1 NONE 0 1000 NONE 0 100\n";
    for (int j = 0; j < 2; ++j) text += "mlp_moelayer   -1\t 2000 ALLTOALL_EP 512   2000 ALLTOALL_EP  512\t2000 NONE 0 100\n";
    text += "final_column -1 500.5 ALLGATHER 256 500 REDUCESCATTER 0 500 REDUCESCATTER_DP_EP 128 100\n";
  }
  return text + "optimizer1\t-1\t0\tBROADCAST\t4\t0\tNONE\t0\t0\tNONE\t0\t100\n";
}

}  // namespace weft::test
