// NetworkShape: what the workloads of a scenario may know of its network.
//
// Hosts are numbered server by server. Reducers are end points that stand for computing switches (topology/servers.hh): their
// numbers follow those of the hosts.
#pragma once

#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include "base/units.hh"
#include "collective/cost_model.hh"

namespace weft {

struct Reducers {
  static constexpr std::uint32_t none = std::numeric_limits<std::uint32_t>::max();
  std::vector<std::string> switches;     // by reducer: the name of its switch
  std::vector<std::uint32_t> by_server;  // the end point that computes in the server's own switch; empty: none does
  std::vector<std::uint32_t> by_host;    // likewise in the one access switch of the host, or none; empty: none does
};

struct NetworkShape {
  std::uint32_t hosts = 0;
  Rate host_rate{};                   // of the hosts' links, which `load` refers to
  std::uint32_t gpus_per_server = 0;  // 0: there are no servers
  collective::Machine machine{};      // what `algorithm: auto` knows of it
  Reducers reducers;

  [[nodiscard]] std::uint32_t end_points() const { return hosts + static_cast<std::uint32_t>(reducers.switches.size()); }
};

}  // namespace weft
