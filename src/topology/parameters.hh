// The `topology:` mapping of a scenario, with every default. docs/scenario.md documents each key.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/units.hh"

namespace weft {

struct LinkParameters {
  Rate rate{400'000'000'000};
  Duration delay{1'000'000};  // one microsecond; `length: 200m` is read at 5 us/km
};

struct GraphLink {
  std::string a, b;
  LinkParameters link;
  int line = 0;  // of the scenario file, for messages
};

struct TopologyParameters {
  std::string kind = "leaf-spine";                           // switch | leaf-spine | clos | rail | graph | (set by `file`) topo
  std::string file;                                          // a .topo file: replaces every other key of the mapping
  LinkParameters link;                                       // host links
  std::optional<LinkParameters> uplink;                      // links between switches; `link` when absent
  std::uint32_t hosts = 0;                                   // switch: hosts on the one switch
  std::uint32_t leaves = 0, spines = 0, hosts_per_leaf = 0;  // leaf-spine
  std::uint32_t pods = 0, leaves_per_pod = 0, aggs_per_pod = 0, cores = 0;  // clos (hosts_per_leaf as above)
  double oversubscription = 1;  // clos, leaf-spine: sets the uplinks where their number is not given
  std::uint32_t servers = 0, gpus_per_server = 8, rails = 0, servers_per_pod = 0;  // rail (rails default: gpus_per_server)
  Duration switch_latency{};
  std::vector<std::string> graph_hosts, graph_switches;  // graph
  std::vector<GraphLink> graph_links;
  std::string source;  // the scenario file, for messages
  int line = 0;        // where the mapping stands in it
};

}  // namespace weft
