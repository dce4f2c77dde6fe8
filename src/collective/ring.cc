#include "collective/ring.hh"

#include <algorithm>
#include <utility>

#include "collective/servers.hh"

namespace weft::collective {
namespace {

std::uint32_t chunks_of(const Builder& builder, const std::vector<Range>& blocks) {
  std::int64_t longest = 0;
  for (const Range block : blocks) longest = std::max(longest, block.elements());
  return builder.chunks(longest);
}

}  // namespace

Ring ring_over(const Builder& builder, std::vector<Member> order, Range range, Channel channel) {
  Ring ring{.order = std::move(order), .blocks = {}, .channel = channel};
  ring.blocks = all_parts(range, ring.size());
  ring.chunks = chunks_of(builder, ring.blocks);
  return ring;
}

Ring ring_of_channel(const Builder& builder, Channel channel) {
  Ring ring{.order = ring_order(builder.request(), channel), .blocks = {}, .channel = channel};
  for (const Member member : ring.order) {
    ring.blocks.push_back(part_of(part_of(builder.whole(), builder.size(), member), builder.request().channels, channel));
  }
  ring.chunks = chunks_of(builder, ring.blocks);
  return ring;
}

RingState ring_start(const Ring& ring, const Front& front) {
  RingState state;
  state.reserve(ring.order.size() * ring.chunks);
  for (const Member member : ring.order) state.insert(state.end(), ring.chunks, front[member]);
  return state;
}

RingState ring_reduce_scatter_steps(Builder& builder, const Ring& ring, const Front& front, Ends& ends, Partial partial) {
  const std::uint32_t n = ring.size();
  RingState state = ring_start(ring, front);
  RingState next(state.size());
  for (std::uint32_t step = 0; step + 1 < n; ++step) {
    for (std::uint32_t p = 0; p < n; ++p) {
      const std::uint32_t q = (p + 1) % n;
      const Way way{ring.order[p], ring.order[q], ring.channel};
      const Range block = ring.blocks[(p + 2 * n - 1 - step) % n];
      for (std::uint32_t c = 0; c < ring.chunks; ++c) {
        const Range chunk = part_of(block, ring.chunks, c);
        next[ring.index(q, c)] = front[way.to];
        if (chunk.empty()) continue;
        const TaskId sum = builder.send_and_reduce(way, chunk, state[ring.index(p, c)], front[way.to]);
        next[ring.index(q, c)] = sum;
        if (partial == Partial::noted || step + 2 == n) ends.received(way.to, sum);
      }
    }
    std::swap(state, next);
  }
  return state;
}

void ring_all_gather_steps(Builder& builder, const Ring& ring, RingState state, Ends& ends) {
  const std::uint32_t n = ring.size();
  RingState next(state.size());
  for (std::uint32_t step = 0; step + 1 < n; ++step) {
    for (std::uint32_t p = 0; p < n; ++p) {
      const std::uint32_t q = (p + 1) % n;
      const Way way{ring.order[p], ring.order[q], ring.channel};
      const Range block = ring.blocks[(p + n - step) % n];
      for (std::uint32_t c = 0; c < ring.chunks; ++c) {
        const Range chunk = part_of(block, ring.chunks, c);
        next[ring.index(q, c)] = {};
        if (chunk.empty()) continue;
        const TaskId arrival = builder.send_data(way, chunk, {&state[ring.index(p, c)], 1});
        next[ring.index(q, c)] = arrival;
        ends.received(way.to, arrival);
      }
    }
    std::swap(state, next);
  }
}

void ring_all_reduce_steps(Builder& builder, const Ring& ring, const Front& front, Ends& ends) {
  ring_all_gather_steps(builder, ring, ring_reduce_scatter_steps(builder, ring, front, ends, Partial::forgotten), ends);
}

void ring_all_reduce(Builder& builder) {
  for (Channel c = 0; c < builder.request().channels; ++c) {
    ring_all_reduce_steps(builder, ring_of_channel(builder, c), builder.front(), builder.ends());
  }
}

void ring_reduce_scatter(Builder& builder) {
  for (Channel c = 0; c < builder.request().channels; ++c) {
    (void)ring_reduce_scatter_steps(builder, ring_of_channel(builder, c), builder.front(), builder.ends(), Partial::noted);
  }
}

void ring_all_gather(Builder& builder) {
  for (Channel c = 0; c < builder.request().channels; ++c) {
    const Ring ring = ring_of_channel(builder, c);
    ring_all_gather_steps(builder, ring, ring_start(ring, builder.front()), builder.ends());
  }
}

}  // namespace weft::collective
