// Ring all-reduce, reduce-scatter and all-gather.
//
// Rule: position p of the ring keeps block p. Reduce-scatter, n-1 steps: in step s position p sends block p-1-s to p+1, which
// adds it to its own; all-gather, n-1 steps: p sends block p-s. All-reduce is one after the other. A channel takes its share of
// every block and has its own order of ranks (servers.hh); a share is cut into chunks, each of which makes its steps on its own.
// Time without contention, one chunk: all-reduce 2(n-1)(alpha + S/n/B), the others half of it.
// Source: Patarasuk, Yuan: Bandwidth optimal all-reduce algorithms for clusters of workstations (JPDC 2009); NCCL's rings.
#pragma once

#include <vector>

#include "collective/builder.hh"

namespace weft::collective {

struct Ring {
  std::vector<Member> order;
  std::vector<Range> blocks;  // by position
  std::uint32_t chunks = 1;   // of each block
  Channel channel = 0;
  [[nodiscard]] std::uint32_t size() const { return static_cast<std::uint32_t>(order.size()); }
  [[nodiscard]] std::size_t index(std::uint32_t position, std::uint32_t chunk) const { return std::size_t{position} * chunks + chunk; }
};

// By Ring::index: the task after which a position's own chunk may be sent on.
using RingState = std::vector<TaskId>;

// A ring over `range` for these members, whose blocks are equal parts in their order.
[[nodiscard]] Ring ring_over(const Builder& builder, std::vector<Member> order, Range range, Channel channel);
// The ring of a channel over all members: position p keeps its share of the block of that member.
[[nodiscard]] Ring ring_of_channel(const Builder& builder, Channel channel);

enum class Partial : std::uint8_t { forgotten, noted };  // are sums that go on to others part of a member's end?
[[nodiscard]] RingState ring_reduce_scatter_steps(Builder& builder, const Ring& ring, const Front& front, Ends& ends, Partial partial);
[[nodiscard]] RingState ring_start(const Ring& ring, const Front& front);
void ring_all_gather_steps(Builder& builder, const Ring& ring, RingState state, Ends& ends);
void ring_all_reduce_steps(Builder& builder, const Ring& ring, const Front& front, Ends& ends);

void ring_all_reduce(Builder& builder);
void ring_reduce_scatter(Builder& builder);
void ring_all_gather(Builder& builder);

}  // namespace weft::collective
