#include "collective/tree_shape.hh"

#include <algorithm>
#include <bit>

namespace weft::collective {
namespace {

Tree rootless(Member n) {
  return {.root = 0, .parent = std::vector<Member>(n, Tree::none), .children = std::vector<std::vector<Member>>(n)};
}

void attach(Tree& tree, Member child, Member parent) {
  tree.parent[child] = parent;
  tree.children[parent].push_back(child);
}

// The children of r in tree 1.
std::vector<Member> binary_children(Member r, Member n) {
  if (r == 0) return n > 1 ? std::vector<Member>{std::bit_ceil(n) / 2} : std::vector<Member>{};
  std::vector<Member> children;
  Member offset = (r & (~r + 1)) / 2;
  if (offset == 0) return children;
  children.push_back(r - offset);
  while (offset > 0 && r + offset >= n) offset /= 2;
  if (offset > 0) children.push_back(r + offset);
  return children;
}

}  // namespace

Tree binary_tree(Member n, TreeNumber number) {
  const auto position = [&](Member r) {
    if (number == TreeNumber::first) return r;
    return n % 2 == 0 ? n - 1 - r : (r + 1) % n;
  };
  Tree tree = rootless(n);
  tree.root = position(0);
  for (Member r = 0; r < n; ++r) {
    for (const Member child : binary_children(r, n)) attach(tree, position(child), position(r));
  }
  return tree;
}

Tree binomial_tree(Member n, Member root) {
  Tree tree = rootless(n);
  tree.root = root;
  for (Member distance = std::bit_ceil(n) / 2; distance > 0; distance /= 2) {
    for (Member r = 0; r + distance < n; r += 2 * distance) attach(tree, (r + distance + root) % n, (r + root) % n);
  }
  return tree;
}

Tree chain(Member n, Member root) {
  Tree tree = rootless(n);
  tree.root = root;
  for (Member r = 1; r < n; ++r) attach(tree, (r + root) % n, (r - 1 + root) % n);
  return tree;
}

Tree with_chains(const Tree& tree, Member per_server) {
  const auto servers = static_cast<Member>(tree.parent.size());
  Tree longer = rootless(servers * per_server);
  longer.root = tree.root * per_server;
  for (Member server = 0; server < servers; ++server) {
    for (const Member child : tree.children[server]) attach(longer, child * per_server, server * per_server);
    for (Member place = 1; place < per_server; ++place) attach(longer, server * per_server + place, server * per_server + place - 1);
  }
  return longer;
}

std::vector<Member> parents_first(const Tree& tree) {
  std::vector<Member> order{tree.root};
  for (std::size_t i = 0; i < order.size(); ++i) {
    const std::vector<Member>& children = tree.children[order[i]];
    order.insert(order.end(), children.begin(), children.end());
  }
  return order;
}

Member depth(const Tree& tree) {
  std::vector<Member> level(tree.parent.size());
  Member deepest = 0;
  for (const Member at : parents_first(tree)) {
    if (at == tree.root) continue;
    level[at] = level[tree.parent[at]] + 1;
    deepest = std::max(deepest, level[at]);
  }
  return deepest;
}

}  // namespace weft::collective
