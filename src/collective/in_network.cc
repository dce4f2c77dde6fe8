#include "collective/in_network.hh"

#include <numeric>

namespace weft::collective {

NetworkSum sum_in_switch(Builder& builder, SwitchId where, std::span<const Member> members, Range range, Channel channel,
                         const Front& ready) {
  const NetworkSum empty{.ready = {}, .run = builder.scratch(where, range.elements())};
  std::vector<TaskId> arrivals;
  std::vector<Piece> added;
  for (const Member member : members) {
    const Piece piece{range.data(), builder.scratch(where, range.elements()), range.elements()};
    arrivals.push_back(builder.upload(member, where, channel, {&piece, 1}, {&ready[member], 1}));
    added.push_back({piece.to, empty.run, range.elements()});
  }
  return {builder.network_reduce(where, channel, added, arrivals), empty.run};
}

void in_network_all_reduce(Builder& builder) {
  std::vector<Member> members(builder.size());
  std::iota(members.begin(), members.end(), 0U);
  const SwitchId where = builder.add_switch(ComputingSwitch::Level::network, members);
  for (Channel c = 0; c < builder.request().channels; ++c) {
    for (const Range chunk : builder.chunks_of_channel(c)) {
      const NetworkSum sum = sum_in_switch(builder, where, members, chunk, c, builder.front());
      const Piece piece{sum.run, chunk.data(), chunk.elements()};
      const TaskId copies = builder.multicast(where, c, {&piece, 1}, {&sum.ready, 1});
      for (const Member member : members) builder.ends().received(member, copies);
    }
  }
}

}  // namespace weft::collective
