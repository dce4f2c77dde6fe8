#include "collective/servers.hh"

#include <algorithm>
#include <map>
#include <numeric>

namespace weft::collective {
namespace {

struct Server {
  std::uint32_t name = 0;
  std::vector<Member> members;
};

std::string text(std::uint32_t number) { return std::to_string(number); }

std::vector<Server> by_server(const Request& request) {
  std::vector<Server> servers;
  std::map<std::uint32_t, std::size_t> position;
  for (Member member = 0; member < request.ranks.size(); ++member) {
    const auto [at, added] = position.emplace(request.servers[member], servers.size());
    if (added) servers.push_back({request.servers[member], {}});
    servers[at->second].members.push_back(member);
  }
  return servers;
}

// Members by rail; an empty text when the rails are those of the first server, each once.
std::string order_by_rail(const Request& request, const Server& first, Server& server) {
  if (request.rails.empty()) return {};
  const auto rail = [&](Member member) { return request.rails[member]; };
  std::stable_sort(server.members.begin(), server.members.end(), [&](Member a, Member b) { return rail(a) < rail(b); });
  for (std::size_t i = 0; i < server.members.size(); ++i) {
    const Member member = server.members[i];
    if (i > 0 && rail(server.members[i - 1]) == rail(member)) {
      return "rank " + text(request.ranks[server.members[i - 1]].v) + " and rank " + text(request.ranks[member].v) + " are both on rail " +
             text(rail(member)) + " of server " + text(server.name);
    }
    if (rail(first.members[i]) != rail(member)) {
      return "rank " + text(request.ranks[member].v) + " of server " + text(server.name) + " is on rail " + text(rail(member)) +
             ", server " + text(first.name) + " has rail " + text(rail(first.members[i])) + " instead";
    }
  }
  return {};
}

}  // namespace

std::vector<Member> ServerGrid::of_server(Member server) const {
  const auto begin = members.begin() + static_cast<std::ptrdiff_t>(std::size_t{server} * per_server);
  return {begin, begin + per_server};
}

std::vector<Member> ServerGrid::of_place(Member place) const {
  std::vector<Member> rail;
  for (Member server = 0; server < servers; ++server) rail.push_back(member(server, place));
  return rail;
}

std::optional<ServerGrid> find_server_grid(const Request& request, std::string& why_not) {
  if (request.servers.empty()) {
    why_not = "it is not known which rank stands in which server";
    return std::nullopt;
  }
  std::vector<Server> servers = by_server(request);
  ServerGrid grid{
      .servers = static_cast<Member>(servers.size()), .per_server = static_cast<Member>(servers[0].members.size()), .members = {}};
  for (Server& server : servers) {
    if (server.members.size() != grid.per_server) {
      why_not = "the group does not divide: server " + text(server.name) + " has " + std::to_string(server.members.size()) +
                " of its ranks, server " + text(servers[0].name) + " has " + text(grid.per_server);
      return std::nullopt;
    }
    why_not = order_by_rail(request, servers[0], server);
    if (!why_not.empty()) return std::nullopt;
    grid.members.insert(grid.members.end(), server.members.begin(), server.members.end());
  }
  return grid;
}

ServerGrid server_grid(const Builder& builder) {
  std::string why_not;
  const std::optional<ServerGrid> grid = find_server_grid(builder.request(), why_not);
  if (!grid) builder.fail(why_not, "as many ranks in every server, or an algorithm that needs no servers: ring, tree, direct");
  return *grid;
}

std::vector<Member> ring_order(const Request& request, Channel channel) {
  std::vector<Member> order(request.ranks.size());
  std::iota(order.begin(), order.end(), 0U);
  std::string why_not;
  const std::optional<ServerGrid> grid = find_server_grid(request, why_not);
  if (!grid || grid->servers == 1) return order;
  const Member g = grid->per_server;
  const Member entry = channel % g;
  std::size_t position = 0;
  for (Member server = 0; server < grid->servers; ++server) {
    for (Member step = 0; step < g; ++step) {
      const bool up = server % 2 == 0;
      order[position++] = grid->member(server, up ? (entry + step) % g : (entry + g - 1 - step + g) % g);
    }
  }
  return order;
}

}  // namespace weft::collective
