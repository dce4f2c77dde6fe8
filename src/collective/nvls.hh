// NVLS-like all-reduce: the switch of each server adds and copies (multimem load-reduce, multicast store); across servers goes, on
// each rail, a ring, a tree, or a reduction in a switch of the network.
//
// Rule: a chunk is cut into g parts, one for each member of a server. For each part all g members upload, the server's switch
// adds, the part's owner downloads the sum; the same places of all servers all-reduce it; the owner uploads the result once
// and the switch multicasts it to all g, on other connections than those of the sums. So inside a server every member sends and
// receives S(1 + 1/g) each.
// Requests without servers count as one server.
// Source: NCCL's NVLS and NVLSTree algorithms as documented in NVIDIA's user guide; byte counts are a project profile of them.
#pragma once

#include "collective/builder.hh"

namespace weft::collective {

void nvls_all_reduce(Builder& builder);
void nvls_tree_all_reduce(Builder& builder);
void nvls_in_network_all_reduce(Builder& builder);

}  // namespace weft::collective
