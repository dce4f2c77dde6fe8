// Hierarchical all-reduce on two levels: ring reduce-scatter inside each server, ring all-reduce of a rail's share across the
// servers, ring all-gather inside each server.
//
// Rule: the g members of a server each keep a g-th; the same places of all N servers reduce it among themselves. Each chunk of
// each channel passes the three phases on its own, so chunks of different phases overlap.
// Time without contention, one chunk: 2(g-1)(alpha_in + S/g/B_in) + 2(N-1)(alpha + S/(gN)/B).
// Source: Mikami et al.: Massively distributed SGD, arXiv:1811.05233 (hierarchical and 2D-torus all-reduce).
#pragma once

#include "collective/builder.hh"
#include "collective/servers.hh"

namespace weft::collective {

void hierarchical_all_reduce(Builder& builder);

}  // namespace weft::collective
