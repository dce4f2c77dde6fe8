// All-gather and reduce-scatter in ceil(log2 n) steps: Bruck, and PAT (parallel aggregated trees), which is Bruck with the
// distances reversed.
//
// Rule: member m holds blocks by their offset o = m - block (mod n). All-gather: in the step of distance d = 2^k it sends to m+d
// all its blocks with o + d < n. Bruck goes from distance 1 up, holding offsets 0 .. d-1; PAT from the largest distance down,
// holding multiples of 2d, so that the far messages are the small ones. Reduce-scatter is the same backwards: member m sends
// partial sums to m-d, which adds them. Blocks of one step travel in one message. Each chunk of a block makes its steps alone.
// Time without contention, one chunk: ceil(log2 n) alpha + (n-1)/n S/B.
// Source: Bruck et al.: Efficient algorithms for all-to-all communications in multiport message-passing systems (TPDS 1997);
// Jeaugey: PAT, a new algorithm for all-gather and reduce-scatter operations at scale, arXiv:2506.20252.
#pragma once

#include "collective/builder.hh"

namespace weft::collective {

void bruck_all_gather(Builder& builder);
void bruck_reduce_scatter(Builder& builder);
void pat_all_gather(Builder& builder);
void pat_reduce_scatter(Builder& builder);

}  // namespace weft::collective
