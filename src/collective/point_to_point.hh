// Barrier and send-receive: the two operations that only order ranks or move one buffer.
//
// barrier (dissemination): in round k = 0 .. ceil(log2 n)-1 member m sends an empty message to m + 2^k (mod n) after it has
// heard round k-1. Time: ceil(log2 n) alpha. Source: Hensgen, Finkel, Manber: Two algorithms for barrier synchronization (1988).
// send-receive: from the first member to the second, in the chunks of each channel. The sender's share ends when it knows that
// all has arrived.
#pragma once

#include "collective/builder.hh"

namespace weft::collective {

void dissemination_barrier(Builder& builder);
void send_receive(Builder& builder);

}  // namespace weft::collective
