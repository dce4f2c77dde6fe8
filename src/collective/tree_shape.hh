// Trees of ranks: who sends to whom on the way to the root and back.
//
// Shapes: chain and binomial tree (broadcast, reduce); the two binary trees of NCCL (all-reduce): tree 1 over positions
// 0 .. n-1 with root 0: with b the lowest set bit of r, the parent of r is (r^b)|(2b), or r^b if that is not below n; the
// children are r-b/2 and r+b/2, the second offset halved until it is below n; 0 has the single child P/2 with P the smallest
// power of two >= n. Tree 2: positions mirrored for even n, shifted by one for odd n, so that what is inner in one tree is a
// leaf of the other.
// Source: Sanders, Speck, Traeff: Two-tree algorithms for full bandwidth broadcast, reduction and scan (Parallel Computing
// 2009); NCCL's trees.
#pragma once

#include <vector>

#include "collective/ids.hh"

namespace weft::collective {

struct Tree {
  static constexpr Member none = 0xffff'ffff;
  Member root = 0;
  std::vector<Member> parent;                 // by position; none for the root
  std::vector<std::vector<Member>> children;  // by position, in the order in which they are served
};

enum class TreeNumber : std::uint8_t { first, second };

[[nodiscard]] Tree binary_tree(Member n, TreeNumber number);
// Largest subtree first, so that a root with one NIC is done in ceil(log2 n) rounds.
[[nodiscard]] Tree binomial_tree(Member n, Member root);
[[nodiscard]] Tree chain(Member n, Member root);
// `tree` over servers, with a chain of `per_server` - 1 more behind each: position server * per_server is in the tree.
[[nodiscard]] Tree with_chains(const Tree& tree, Member per_server);

// All positions, each after its parent.
[[nodiscard]] std::vector<Member> parents_first(const Tree& tree);
// Edges from the root to the farthest position.
[[nodiscard]] Member depth(const Tree& tree);

}  // namespace weft::collective
