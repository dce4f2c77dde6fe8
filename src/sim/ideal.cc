#include "sim/ideal.hh"

#include <algorithm>

namespace weft {

namespace {

struct Hop {
  WireClock clock;
  Duration delay{};
};

std::vector<Hop> hops(const Network& network, NodeId from, NodeId to) {
  std::vector<Hop> result;
  for (const DirectedLinkId id : path(network.ports, network.routes.front(), from, to)) {
    const LinkSpec& link = network.spec.links[id.v / 2];
    const NodeId receiver = id.v % 2 == 0 ? link.b : link.a;
    result.push_back({WireClock(network.plan.directions[id.v].rate), link.delay + network.spec.nodes[receiver.index()].latency});
  }
  return result;
}

Duration one_packet(const std::vector<Hop>& path, Bytes size) {
  Duration time{};
  for (const Hop& hop : path) time += hop.clock.estimate(size) + hop.delay;
  return time;
}

// The last bit of a message of full packets and one last packet, at the far end.
Duration message(const std::vector<Hop>& path, std::int64_t full, Bytes full_size, Bytes first_extra, Bytes last_size) {
  if (full == 0) return one_packet(path, last_size);
  Duration finish_full{}, slowest{}, finish_last{};
  for (const Hop& hop : path) {
    const Duration s = hop.clock.estimate(full_size);
    slowest = std::max(slowest, s);
    finish_full += s + hop.clock.estimate(first_extra);
    const Duration behind = finish_full + slowest * (full - 1);
    finish_last = std::max(behind, finish_last) + hop.clock.estimate(last_size) + hop.delay;
    finish_full += hop.delay;
  }
  return finish_last;
}

}  // namespace

Duration ideal_completion(const Network& network, const FlowSpec& flow) {
  const bool read = flow.operation == Operation::read;
  const auto there = hops(network, flow.src, flow.dst), back = hops(network, flow.dst, flow.src);
  const MessageSizes sizes = network.transport->sizes(flow);
  const auto& data_path = read ? back : there;
  const auto& other_path = read ? there : back;
  return message(data_path, sizes.packets - 1, sizes.full, sizes.first_extra, sizes.last) + one_packet(other_path, sizes.answer);
}

std::uint64_t path_links(const Network& network, const FlowSpec& flow) {
  return path(network.ports, network.routes.front(), flow.src, flow.dst).size();
}

}  // namespace weft
