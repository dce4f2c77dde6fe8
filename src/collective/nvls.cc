#include "collective/nvls.hh"

#include "collective/in_network.hh"
#include "collective/ring.hh"
#include "collective/servers.hh"
#include "collective/tree.hh"

namespace weft::collective {
namespace {

enum class Across : std::uint8_t { ring, tree, network };

class Nvls {
 public:
  Nvls(Builder& builder, const ServerGrid& grid, Across across) : builder_(builder), grid_(grid), across_(across) {
    for (Member server = 0; server < grid.servers; ++server) {
      switches_.push_back(builder.add_switch(ComputingSwitch::Level::server, grid.of_server(server)));
    }
    for (Member place = 0; across == Across::network && grid.servers > 1 && place < grid.per_server; ++place) {
      rail_switches_.push_back(builder.add_switch(ComputingSwitch::Level::network, grid.of_place(place)));
    }
  }

  void build(Range chunk, Channel channel) {
    Front front = builder_.front();
    for (Member place = 0; place < grid_.per_server; ++place) {
      const Range part = part_of(chunk, grid_.per_server, place);
      if (part.empty()) continue;
      for (Member server = 0; server < grid_.servers; ++server) {
        front[grid_.member(server, place)] = gather_sum(server, place, part, channel);
      }
      if (grid_.servers > 1) go_across(place, part, channel, front);
      for (Member server = 0; server < grid_.servers; ++server) hand_out(server, place, part, channel, front);
    }
  }

 private:
  TaskId gather_sum(Member server, Member place, Range part, Channel channel) {
    const SwitchId where = switches_[server];
    const Member owner = grid_.member(server, place);
    const NetworkSum sum = sum_in_switch(builder_, where, grid_.of_server(server), part, channel, builder_.front());
    const Piece piece{sum.run, part.data(), part.elements()};
    return builder_.download(where, owner, channel, {&piece, 1}, {&sum.ready, 1});
  }

  void go_across(Member place, Range part, Channel channel, Front& front) {
    const std::vector<Member> rail = grid_.of_place(place);
    if (across_ == Across::network) return add_in_network(place, rail, part, channel, front);
    Ends ends;
    if (across_ == Across::ring) {
      Ring ring{.order = rail, .blocks = all_parts(part, grid_.servers), .channel = channel};
      ring_all_reduce_steps(builder_, ring, front, ends);
    } else {
      for (const TreeNumber number : {TreeNumber::first, TreeNumber::second}) {
        const Tree tree = binary_tree(grid_.servers, number);
        const auto which = static_cast<Channel>(number == TreeNumber::first ? 0 : 1);
        tree_all_reduce_chunk(builder_, {tree, rail, part_of(part, 2, which), static_cast<Channel>(2 * channel + which)}, {front, ends});
      }
    }
    ends.move_front(builder_.graph(), builder_.request().ranks, front);
  }

  void add_in_network(Member place, const std::vector<Member>& rail, Range part, Channel channel, Front& front) {
    const SwitchId where = rail_switches_[place];
    const NetworkSum sum = sum_in_switch(builder_, where, rail, part, channel, front);
    const Piece piece{sum.run, part.data(), part.elements()};
    const TaskId copies = builder_.multicast(where, channel, {&piece, 1}, {&sum.ready, 1});
    for (const Member member : rail) front[member] = copies;
  }

  // On connections of its own: a result does not wait behind what is still to be added up.
  void hand_out(Member server, Member place, Range part, Channel adding, const Front& front) {
    const auto channel = static_cast<Channel>(builder_.request().channels + adding);
    const SwitchId where = switches_[server];
    const Member owner = grid_.member(server, place);
    const Piece up{part.data(), builder_.scratch(where, part.elements()), part.elements()};
    const TaskId arrival = builder_.upload(owner, where, channel, {&up, 1}, {&front[owner], 1});
    const Piece down{up.to, part.data(), part.elements()};
    const TaskId copies = builder_.multicast(where, channel, {&down, 1}, {&arrival, 1});
    for (const Member member : grid_.of_server(server)) builder_.ends().received(member, copies);
  }

  Builder& builder_;
  const ServerGrid& grid_;
  Across across_;
  std::vector<SwitchId> switches_;       // by server
  std::vector<SwitchId> rail_switches_;  // by place
};

void build_nvls(Builder& builder, Across across) {
  ServerGrid grid{.servers = 1, .per_server = builder.size(), .members = {}};
  if (builder.request().servers.empty()) {
    for (Member member = 0; member < builder.size(); ++member) grid.members.push_back(member);
  } else {
    grid = server_grid(builder);
  }
  Nvls nvls(builder, grid, across);
  for (Channel c = 0; c < builder.request().channels; ++c) {
    for (const Range chunk : builder.chunks_of_channel(c)) nvls.build(chunk, c);
  }
}

}  // namespace

void nvls_all_reduce(Builder& builder) { build_nvls(builder, Across::ring); }

void nvls_tree_all_reduce(Builder& builder) { build_nvls(builder, Across::tree); }

void nvls_in_network_all_reduce(Builder& builder) { build_nvls(builder, Across::network); }

}  // namespace weft::collective
