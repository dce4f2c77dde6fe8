// ServerGrid: the members of a group as a grid: server by rail. What hierarchical and rail-aligned algorithms build on.
//
// Rule: servers in the order in which they first appear; inside one, members by rail (by order of appearance when the request
// gives no rails). Every server has as many members, on the same rails.
// Errors: find_server_grid says why there is no grid, naming the server, rank or rail; server_grid throws it as an InputError.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "collective/builder.hh"

namespace weft::collective {

struct ServerGrid {
  Member servers = 0;
  Member per_server = 0;
  std::vector<Member> members;  // server * per_server + place
  [[nodiscard]] Member member(Member server, Member place) const { return members[server * per_server + place]; }
  [[nodiscard]] std::vector<Member> of_server(Member server) const;
  [[nodiscard]] std::vector<Member> of_place(Member place) const;  // the same place of every server: one rail
};

[[nodiscard]] std::optional<ServerGrid> find_server_grid(const Request& request, std::string& why_not);
[[nodiscard]] ServerGrid server_grid(const Builder& builder);

// The order of a ring for one channel. Without a grid, or inside one server: the group's own order. Across servers each channel
// enters at another rail and servers run through their places up and down by turns, so that every NIC sends one channel's
// traffic and receives one's, and links between servers stay on one rail (for an odd number of servers all but the last).
[[nodiscard]] std::vector<Member> ring_order(const Request& request, Channel channel);

}  // namespace weft::collective
