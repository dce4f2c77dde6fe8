// Exchange: the arrays through which nodes reach each other, and nothing else: rings of links, the bits that say which
// in-links of a node hold something, and the next time each node has something to do.
//
// Ownership: every entry belongs to the thread of the node that reads it. Another thread never touches it; what crosses
// threads waits in the writer's outbox and is delivered by the reader at the start of its next window (design rule 9).
#pragma once

#include <cstdint>
#include <vector>

#include "base/units.hh"
#include "core/ring.hh"

namespace weft {

struct alignas(32) InLink {
  Ring ring;
  std::uint32_t node = 0;  // that reads it
  std::uint32_t bit = 0;   // in Exchange::waiting: 64 * word + bit; a node's ports begin with a word of their own
};
static_assert(sizeof(InLink) == 32);

struct Exchange {
  std::vector<InLink> links;              // by directed link
  std::vector<std::uint64_t> waiting;     // a bit for each in-port with a non-empty ring
  std::vector<Time> next;                 // by node
  std::vector<std::uint16_t> owner;       // by node: its thread
  std::vector<std::uint32_t> first_link;  // by node: the link into its port 0
};

}  // namespace weft
