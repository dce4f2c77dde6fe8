// What an algorithm's messages reach of a link's rate, and how often the same bytes go to one server: what real machines and
// libraries are measured to do, as parameters of a collective, apart from the raw rates of links.
//
// Rule: a message whose algorithm reaches a share e of the rate weighs 1/e of its bytes. ring, tree (and single-tree), pat: all of an
// algorithm's messages; nvls (and nvls-tree, nvls-in-network): those inside servers. Copies: rail and hierarchical all-to-all, see
// all_to_all.hh: where c members of a server get the same bytes, messages between servers weigh 1/c.
// Units: thousandths. Source: NCCL's cost model has such shares (tuning.cc): tree 0.92, PAT 0.75, NVLS 0.85 on Hopper and 0.74 on
// Blackwell; copies: DeepEP's kernels send a token once to each server.
#pragma once

#include <cstdint>

#include "collective/request.hh"

namespace weft::collective {

struct Efficiencies {
  static constexpr std::int64_t whole = 1000;
  std::int64_t ring = whole, tree = whole, pat = whole, nvls = whole;
  std::int64_t copies = whole;
};

// To a request whose algorithm has been picked.
void apply(const Efficiencies& efficiencies, Request& request);

}  // namespace weft::collective
