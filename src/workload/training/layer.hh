// One item of a chunk, forward and backward, at all ranks of its stage, with the exchanges of tensor parallelism.
//
// A = micro_batch * s/context * hidden activations. Attention and feed-forward part are each followed by an all-reduce of A in the
// tensor group, forward and backward: four a layer. With sequence parallelism each begins with an all-gather of A and ends with a
// reduce-scatter of A instead, which move as many bytes. Layers with experts exchange tokens in place of the second pair
// (experts.hh). The embedding ends as a layer does (forward), the head begins as one (forward) and ends as one (backward).
// Full recomputation runs a layer's forward again, exchanges and all, before its backward.
// Left out: the scalars of the vocabulary-parallel loss, the second gather of inputs for weight gradients under sequence
// parallelism (it overlaps), and overlap of the exchanges with the matrices around them.
// Source: Shoeybi et al., Megatron-LM (arXiv:1909.08053), section 3; Korthikanti et al. 2022 (arXiv:2205.05198), section 4.2.
#pragma once

#include "workload/training/chunk.hh"
#include "workload/training/stage.hh"

namespace weft::training {

void item_forward(Stage& stage, const Item& item);
void item_backward(Stage& stage, const Item& item);

[[nodiscard]] Share item_share(const Stage& stage, const Item& item);

}  // namespace weft::training
