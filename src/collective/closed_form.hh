// Closed forms: how long collectives take on a network where nothing is in each other's way.
//
// A message of m bytes in N packets takes alpha + wire(m) / R: wire(m) = m rounded up to `unit`, and `per_packet` for each packet
// and `per_message` on top; alpha is what one packet takes from end to end less its wire / R: delays, and one packet's wire / R for
// each place that stores a packet before it sends it on. With n ranks and S as NCCL counts it (request.hh):
//   ring                2(n-1) messages of S/n, one after the other; all-gather and reduce-scatter half of it
//   Bruck, PAT          ceil(log2 n) messages, of as many parts S/n as a rank has, or lacks
//   halving-doubling    p = 2^k <= n: two messages each of S/2, S/4 ... S/p; n > p: one of S before and one after (fold, unfold)
//   tree                (2 depth + chunks - 1) steps of a chunk. As stated it pays alpha in every step; where a sender need not wait
//                       for its last chunk to arrive alpha is paid along the way alone: 2 depth alpha + (2 depth + chunks - 1) wire / R
//   chain               the same with n-1 steps on the way instead of 2 depth
//   direct all-to-all   alpha + (n-1) wire(S/n) / R, all at once
//   hierarchical        2(g-1) messages of S/g inside, 2(N-1) of S/(gN) across: N servers of g ranks
//   in-network          2 alpha + (chunks + 1) wire(chunk) / R, alpha that of a chunk's last packet between a member and what adds
// Premise: each message has the links on its way to itself. A NIC a rank is enough for ring, Bruck, PAT, all-to-all, hierarchical, and
// for halving-doubling where n is a power of two; trees, and folded ranks that meet what their partners send, need a link for each
// pair (a mesh). Both binary trees of an all-reduce use some link twice: they meet on it if there are more than a few chunks.
// Units: bytes, bits a second, picoseconds rounded to the nearest for each message. Sources: those of the algorithms' headers.
#pragma once

#include <cstdint>

#include "base/units.hh"
#include "collective/ids.hh"

namespace weft::collective {

// What a message costs on its way.
struct MessageCost {
  Rate rate{};
  Bytes packet{4096};  // payload of a full packet
  Bytes unit{1};
  Bytes per_packet{}, per_message{};
  Duration one_packet{};  // what a message of one full packet takes from end to end, measured
  std::int64_t stores = 0;

  [[nodiscard]] Bytes wire(Bytes message) const;
  [[nodiscard]] Duration serialisation(Bytes message) const;  // wire / R
  [[nodiscard]] Duration alpha(Bytes message) const;          // of its largest packet
  [[nodiscard]] Duration time(Bytes message) const { return alpha(message) + serialisation(message); }
};

[[nodiscard]] Duration ring_time(Member n, Bytes size, const MessageCost& cost);  // all-gather, reduce-scatter
[[nodiscard]] inline Duration ring_all_reduce_time(Member n, Bytes size, const MessageCost& cost) { return ring_time(n, size, cost) * 2; }
[[nodiscard]] Duration log_steps_time(Member n, Bytes size, const MessageCost& cost);
[[nodiscard]] Duration halving_doubling_time(Member n, Bytes size, const MessageCost& cost);
[[nodiscard]] Duration all_to_all_time(Member n, Bytes size, const MessageCost& cost);

// Chunks of `chunk` bytes follow each other over `steps` messages in a row: 2 depth of a tree, n-1 of a chain.
struct Pipeline {
  std::int64_t steps = 0;
  std::int64_t chunks = 1;
  Bytes chunk{};
};
[[nodiscard]] Duration pipeline_time(const Pipeline& pipeline, const MessageCost& cost);
// (steps + chunks - 1)(alpha + chunk / R): where every step waits for the one before it.
[[nodiscard]] Duration stepwise_pipeline_time(const Pipeline& pipeline, const MessageCost& cost);
// Of the deeper of the two binary trees, or of the first alone.
[[nodiscard]] std::int64_t double_tree_steps(Member n);
[[nodiscard]] std::int64_t single_tree_steps(Member n);

struct TwoLevels {
  std::int64_t servers = 1, per_server = 1;
  MessageCost inside, across;
};
[[nodiscard]] Duration hierarchical_time(Bytes size, const TwoLevels& levels);

// `cost` is of the way between a member and what adds.
[[nodiscard]] Duration in_network_time(std::int64_t chunks, Bytes chunk, const MessageCost& cost);

}  // namespace weft::collective
