#include "collective/hierarchical.hh"

#include <utility>

#include "collective/ring.hh"

namespace weft::collective {
namespace {

// A ring that is not cut further: the chunk is cut already.
Ring whole_ring(std::vector<Member> order, Range range, Channel channel) {
  Ring ring{.order = std::move(order), .blocks = {}, .channel = channel};
  ring.blocks = all_parts(range, ring.size());
  return ring;
}

void reduce_chunk(Builder& builder, const ServerGrid& grid, Range chunk, Channel channel) {
  std::vector<Ring> inside;
  Front front = builder.front();
  Ends partial;
  for (Member server = 0; server < grid.servers; ++server) {
    inside.push_back(whole_ring(grid.of_server(server), chunk, channel));
    const RingState sums = ring_reduce_scatter_steps(builder, inside.back(), builder.front(), partial, Partial::forgotten);
    for (Member place = 0; place < grid.per_server; ++place) front[grid.member(server, place)] = sums[place];
  }
  for (Member place = 0; place < grid.per_server; ++place) {
    Ends across;
    const Ring rail = whole_ring(grid.of_place(place), inside[0].blocks[place], channel);
    ring_all_reduce_steps(builder, rail, front, across);
    across.move_front(builder.graph(), builder.request().ranks, front);
  }
  for (Member server = 0; server < grid.servers; ++server) {
    const Ring& ring = inside[server];
    for (const Member member : ring.order) {
      if (front[member] != builder.front()[member]) builder.ends().received(member, front[member]);
    }
    ring_all_gather_steps(builder, ring, ring_start(ring, front), builder.ends());
  }
}

}  // namespace

void hierarchical_all_reduce(Builder& builder) {
  const ServerGrid grid = server_grid(builder);
  for (Channel c = 0; c < builder.request().channels; ++c) {
    for (const Range chunk : builder.chunks_of_channel(c)) reduce_chunk(builder, grid, chunk, c);
  }
}

}  // namespace weft::collective
