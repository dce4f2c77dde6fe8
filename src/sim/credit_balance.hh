// The balance of credit-based flow control at the end of a run: at the receiver of every link, and for every VC,
//   credits counted in - credits freed = what the packets cost that came over the link and are still in the node's buffer.
// Lost packets and lost updates do not disturb it: a CC_Update counts the lost in and frees them at once.
//
// Errors: CHECK. Nodes must be settled. Source: link/cbfc_receiver.hh.
#pragma once

#include "sim/network.hh"

namespace weft {

void check_credits(Network& network);

}  // namespace weft
