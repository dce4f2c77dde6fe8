// All-to-all: direct, rail-aligned (PXN) and hierarchical; equal parts or a matrix of bytes.
//
// direct: member m sends to m+1, m+2, ... (mod n), at most `parallel` messages under way: message i starts when the sender
// knows that message i - parallel is done. Time without contention, equal parts: (n-1)(alpha + S/n/B).
// rail: what goes to place p of another server first moves inside the server to the own place p, which sends the parts of all
// its server's members in one message along its rail; messages between servers stay on one rail.
// hierarchical: a member sends all that goes to another server to its own place there, which hands the parts out inside.
// In both, a message between servers travels in the request's chunks, each handed on when it is there. Where several members of
// a server get the same bytes (a token for several experts) Request::between says how much less travels between servers, once for
// all of them: rail then adds what it gathers, hierarchical copies what it hands out. `parallel` counts messages between servers,
// in the order of servers s+1, s+2, ... (mod N).
// The own part is a copy. Source: NCCL 2.12 release notes and blog on PXN; Bruck et al. 1997 for the direct exchange.
#pragma once

#include "collective/builder.hh"

namespace weft::collective {

void direct_all_to_all(Builder& builder);
void rail_all_to_all(Builder& builder);
void hierarchical_all_to_all(Builder& builder);

}  // namespace weft::collective
