#include "collective/closed_form.hh"

#include <algorithm>
#include <bit>

#include "collective/tree_shape.hh"

namespace weft::collective {
namespace {

std::int64_t divided_up(std::int64_t a, std::int64_t b) { return (a + b - 1) / b; }

}  // namespace

Bytes MessageCost::wire(Bytes message) const {
  return {divided_up(message.v, unit.v) * unit.v + per_packet.v * std::max<std::int64_t>(divided_up(message.v, packet.v), 1) +
          per_message.v};
}

Duration MessageCost::serialisation(Bytes message) const {
  const __int128 ps = static_cast<__int128>(wire(message).v) * 8 * ps_per_second;
  return {static_cast<std::int64_t>((ps + rate.v / 2) / rate.v)};
}

Duration MessageCost::alpha(Bytes message) const {
  const Duration full = serialisation(packet), largest = serialisation(std::min(message, packet));
  return one_packet - full - (full - largest) * stores;
}

Duration ring_time(Member n, Bytes size, const MessageCost& cost) { return cost.time(size / n) * (n - 1); }

Duration log_steps_time(Member n, Bytes size, const MessageCost& cost) {
  Duration sum{};
  for (Member have = 1; have < n; have += std::min(have, n - have)) sum += cost.time(size / n * std::min(have, n - have));
  return sum;
}

Duration halving_doubling_time(Member n, Bytes size, const MessageCost& cost) {
  const Member power = std::bit_floor(n);
  Duration sum = n == power ? Duration{} : cost.time(size) * 2;
  for (Member parts = 2; parts <= power; parts *= 2) sum += cost.time(size / parts) * 2;
  return sum;
}

Duration all_to_all_time(Member n, Bytes size, const MessageCost& cost) {
  return cost.alpha(size / n) + cost.serialisation(size / n) * (n - 1);
}

Duration pipeline_time(const Pipeline& pipeline, const MessageCost& cost) {
  return cost.alpha(pipeline.chunk) * pipeline.steps + cost.serialisation(pipeline.chunk) * (pipeline.steps + pipeline.chunks - 1);
}

Duration stepwise_pipeline_time(const Pipeline& pipeline, const MessageCost& cost) {
  return cost.time(pipeline.chunk) * (pipeline.steps + pipeline.chunks - 1);
}

std::int64_t single_tree_steps(Member n) { return 2 * std::int64_t{depth(binary_tree(n, TreeNumber::first))}; }

std::int64_t double_tree_steps(Member n) {
  return std::max(single_tree_steps(n), 2 * std::int64_t{depth(binary_tree(n, TreeNumber::second))});
}

Duration hierarchical_time(Bytes size, const TwoLevels& levels) {
  const Bytes share = size / levels.per_server;
  return levels.inside.time(share) * (2 * (levels.per_server - 1)) +
         levels.across.time(share / levels.servers) * (2 * (levels.servers - 1));
}

Duration in_network_time(std::int64_t chunks, Bytes chunk, const MessageCost& cost) {
  const Bytes last{(chunk.v - 1) % cost.packet.v + 1};
  return cost.alpha(last) * 2 + cost.serialisation(chunk) * (chunks + 1);
}

}  // namespace weft::collective
