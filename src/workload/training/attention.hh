// Attention of a layer under context parallelism: who computes, and how keys and values come round.
//
// Forward: projections, then the scores.
//   ring        c steps of scores; beside all but the last each rank sends the keys and values it holds to the next of its ring:
//               micro_batch * s/c tokens of kv bytes / tensor. Backward sends twice that: keys and values, and their gradients.
//   all-gather  keys and values of all context ranks are gathered before the scores; backward gathers them again and
//               reduce-scatters their gradients.
// Where there are fewer kv heads than tensor ranks, each has one. Latent attention passes its compressed keys and values on, whole.
// Causal masks load the ring's ranks equally if each holds two pieces, one of each end: so steps take equal time.
// Left out: the last turn of the ring's gradients, which brings them home.
// Source: Liu et al., Ring Attention (arXiv:2310.01889); Llama 3 (arXiv:2407.21783), section 3.3.2, for all-gather.
#pragma once

#include "workload/training/stage.hh"

namespace weft::training {

void attention_forward(Stage& stage);
void attention_backward(Stage& stage);

// Keys and values of one rank's tokens.
[[nodiscard]] Bytes context_bytes(const ModelParameters& model, const Plan& plan);

}  // namespace weft::training
