// Passes over trees of ranks: up (reduce), down (broadcast), up and down (all-reduce), pipelined.
//
// Rule: each chunk travels on its own; a parent adds its children's chunks in the order of its list, then sends on. All-reduce
// runs over two binary trees (tree_shape.hh), each for half of a channel's part and with connections of its own (message channels
// 2c and 2c+1). With servers the trees span the servers, one
// member of each, and a chain runs through the server behind it; every channel takes another member, so another NIC.
// Time of one tree when each edge has a side of its own: (2*depth + chunks - 1)(alpha + chunk/B); where a rank has one NIC for
// all its edges, the busiest rank bounds it: a rank sends and receives each 2 S in the two trees together.
// Source: see tree_shape.hh.
#pragma once

#include <vector>

#include "collective/builder.hh"
#include "collective/tree_shape.hh"

namespace weft::collective {

// Position i of `tree` is members[i].
struct TreePass {
  const Tree& tree;
  const std::vector<Member>& members;
  Range range;
  Channel channel = 0;
};

// Where a pass begins (the front) and where it notes its end.
struct Border {
  const Front& front;
  Ends& ends;
};

void tree_reduce_steps(Builder& builder, const TreePass& pass, Border border);
void tree_broadcast_steps(Builder& builder, const TreePass& pass, Border border);
void tree_all_reduce_steps(Builder& builder, const TreePass& pass, Border border);
// The same for a range that the caller has cut already.
void tree_all_reduce_chunk(Builder& builder, const TreePass& pass, Border border);

void tree_all_reduce(Builder& builder);
// All of a channel's part over the first of the two trees.
void single_tree_all_reduce(Builder& builder);
void tree_broadcast(Builder& builder);
void tree_reduce(Builder& builder);
void chain_broadcast(Builder& builder);
void chain_reduce(Builder& builder);

}  // namespace weft::collective
