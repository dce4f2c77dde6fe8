// Recursive halving-doubling all-reduce, for any number of ranks.
//
// Rule: with p = 2^k the largest power of two <= n, members p .. n-1 first send all they have to member m-p, which adds it (and
// sends the result back in the end). Among p members, step i = 0 .. k-1 of the reduce-scatter exchanges halves of what is left
// with member m ^ (p/2^(i+1)): a member whose bit is clear keeps the lower half; the all-gather runs back. Each chunk of each
// channel makes its steps on its own.
// Time without contention, one chunk: 2k alpha + 2(p-1)/p S/B, and 2(alpha + S/B) more if n > p.
// Source: Thakur, Rabenseifner, Gropp: Optimization of collective communication operations in MPICH (IJHPCA 2005).
#pragma once

#include "collective/builder.hh"

namespace weft::collective {

void halving_doubling_all_reduce(Builder& builder);

}  // namespace weft::collective
