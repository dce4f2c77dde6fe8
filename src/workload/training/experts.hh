// The experts of a layer: router and shared experts, dispatch, routed experts, combine.
//
// A rank routes n tokens (costs.hh) to top_k experts each. Dispatch: all-to-all in its expert group, n * top_k * hidden elements of
// the dispatch precision, dealt by expert_load.hh. With tensor parallelism the tensor group then gathers what its ranks got and
// reduce-scatters the results, because every expert is cut into `tensor` parts. Combine: the transposed all-to-all, in the
// combine precision. Backward: the same steps in reverse; gradients travel in the combine precision, both ways.
// A rank computes on what it got: routed time * copies it got / its equal share.
// Left out: that a token whose experts sit on one server crosses the network once (PXN-like kernels), limits on groups of experts,
// dropped tokens, the overlap of one micro-batch's exchange with another's computing (DualPipe), and of shared experts with it.
// Source: Lepikhin et al., GShard (arXiv:2006.16668); Megatron-LM, core/transformer/moe/token_dispatcher.py (all-to-all).
#pragma once

#include "workload/training/stage.hh"

namespace weft::training {

void experts_forward(Stage& stage, std::uint32_t layer);
void experts_backward(Stage& stage, std::uint32_t layer);

}  // namespace weft::training
