#include "collective/tree.hh"

#include <algorithm>
#include <numeric>

#include "collective/servers.hh"

namespace weft::collective {
namespace {

// One chunk up the tree: leaves first. Returns what the root's sum waits for.
TaskId chunk_up(Builder& builder, const TreePass& pass, const std::vector<Member>& order, Range chunk, Border border) {
  Front sums(pass.members.size());
  for (std::size_t i = 0; i < order.size(); ++i) sums[i] = border.front[pass.members[i]];
  for (auto at = order.rbegin(); at != order.rend(); ++at) {
    const Member to = pass.members[*at];
    for (const Member child : pass.tree.children[*at]) {
      const Way way{pass.members[child], to, pass.channel};
      sums[*at] = builder.send_and_reduce(way, chunk, sums[child], sums[*at]);
      border.ends.received(to, sums[*at]);
      if (pass.tree.children[child].empty()) border.ends.sent(way.from, Builder::message_of(sums[*at]));
    }
  }
  return sums[pass.tree.root];
}

// One chunk down the tree, from a root that has it when `ready` is done.
void chunk_down(Builder& builder, const TreePass& pass, const std::vector<Member>& order, Range chunk, TaskId ready, Ends& ends) {
  Front arrivals(pass.members.size());
  arrivals[pass.tree.root] = ready;
  for (const Member at : order) {
    const Member from = pass.members[at];
    for (const Member child : pass.tree.children[at]) {
      const Way way{from, pass.members[child], pass.channel};
      arrivals[child] = builder.send_data(way, chunk, {&arrivals[at], 1});
      ends.received(way.to, arrivals[child]);
      if (at == pass.tree.root) ends.sent(from, arrivals[child]);
    }
  }
}

// Both binary trees over these positions, a half of the channel's part each.
void both_trees(Builder& builder, const std::vector<Member>& members, Member per_server, Channel channel) {
  const Range part = part_of(builder.whole(), builder.request().channels, channel);
  const auto servers = static_cast<Member>(members.size() / per_server);
  for (const TreeNumber number : {TreeNumber::first, TreeNumber::second}) {
    const Tree tree = with_chains(binary_tree(servers, number), per_server);
    const auto which = static_cast<Channel>(number == TreeNumber::first ? 0 : 1);
    const Range half = part_of(part, 2, which);
    tree_all_reduce_steps(builder, {tree, members, half, static_cast<Channel>(2 * channel + which)}, {builder.front(), builder.ends()});
  }
}

// The grid's members, server by server, each from another place on.
std::vector<Member> rotated(const ServerGrid& grid, Channel channel) {
  std::vector<Member> members;
  for (Member server = 0; server < grid.servers; ++server) {
    for (Member place = 0; place < grid.per_server; ++place) members.push_back(grid.member(server, (place + channel) % grid.per_server));
  }
  return members;
}

std::vector<Member> all_members(const Builder& builder) {
  std::vector<Member> members(builder.size());
  std::iota(members.begin(), members.end(), 0U);
  return members;
}

// A pass of every channel over one tree.
void over_channels(Builder& builder, const Tree& tree, void (*steps)(Builder&, const TreePass&, Border)) {
  const std::vector<Member> members = all_members(builder);
  for (Channel c = 0; c < builder.request().channels; ++c) {
    const Range part = part_of(builder.whole(), builder.request().channels, c);
    steps(builder, {tree, members, part, c}, {builder.front(), builder.ends()});
  }
}

}  // namespace

void tree_reduce_steps(Builder& builder, const TreePass& pass, Border border) {
  const std::vector<Member> order = parents_first(pass.tree);
  for (const Range chunk : builder.chunks_of(pass.range)) (void)chunk_up(builder, pass, order, chunk, border);
}

void tree_broadcast_steps(Builder& builder, const TreePass& pass, Border border) {
  const std::vector<Member> order = parents_first(pass.tree);
  for (const Range chunk : builder.chunks_of(pass.range)) {
    chunk_down(builder, pass, order, chunk, border.front[pass.members[pass.tree.root]], border.ends);
  }
}

void tree_all_reduce_chunk(Builder& builder, const TreePass& pass, Border border) {
  if (pass.range.empty()) return;
  const std::vector<Member> order = parents_first(pass.tree);
  chunk_down(builder, pass, order, pass.range, chunk_up(builder, pass, order, pass.range, border), border.ends);
}

void tree_all_reduce_steps(Builder& builder, const TreePass& pass, Border border) {
  const std::vector<Member> order = parents_first(pass.tree);
  for (const Range chunk : builder.chunks_of(pass.range)) {
    chunk_down(builder, pass, order, chunk, chunk_up(builder, pass, order, chunk, border), border.ends);
  }
}

void tree_all_reduce(Builder& builder) {
  std::string why_not;
  const auto grid = find_server_grid(builder.request(), why_not);
  for (Channel c = 0; c < builder.request().channels; ++c) {
    if (grid) {
      both_trees(builder, rotated(*grid, c), grid->per_server, c);
    } else {
      both_trees(builder, all_members(builder), 1, c);
    }
  }
}

void single_tree_all_reduce(Builder& builder) {
  over_channels(builder, binary_tree(builder.size(), TreeNumber::first), tree_all_reduce_steps);
}

void tree_broadcast(Builder& builder) {
  over_channels(builder, binomial_tree(builder.size(), builder.request().root), tree_broadcast_steps);
}

void tree_reduce(Builder& builder) { over_channels(builder, binomial_tree(builder.size(), builder.request().root), tree_reduce_steps); }

void chain_broadcast(Builder& builder) { over_channels(builder, chain(builder.size(), builder.request().root), tree_broadcast_steps); }

void chain_reduce(Builder& builder) { over_channels(builder, chain(builder.size(), builder.request().root), tree_reduce_steps); }

}  // namespace weft::collective
