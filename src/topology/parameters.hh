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

// The network inside a server. Flit-level protocols may take the place of its packets: what is behind the GPUs' ports to it is
// all they change.
struct ScaleUpParameters {
  enum class Kind : std::uint8_t { through_switch, mesh };
  Kind kind = Kind::through_switch;
  Rate rate{3'600'000'000'000};  // of each GPU's link to the switch; mesh: of each link between two GPUs
  Duration delay{300'000};
  Duration latency{100'000};  // of the switch
  Bytes buffer{64'000'000};   // of the switch
  bool reduces = false;       // the switch adds and copies, as NVLS needs
};

struct PcieParameters {
  Rate rate{512'000'000'000};  // 16 lanes of PCIe 5.0
  Duration delay{200'000};
};

// GPUs are the hosts, numbered server by server.
struct ServerParameters {
  std::uint32_t gpus = 0;  // 0: rail: gpus_per_server, else 8
  std::uint32_t nics = 0;  // 0: as many as GPUs
  std::optional<ScaleUpParameters> scale_up;
  std::optional<PcieParameters> pcie;  // between GPU and NIC; absent: the GPU's port is the NIC itself
  int line = 0;                        // of the scenario file, for messages
};

enum class Reduction : std::uint8_t { none, access };  // which switches of the network add and copy

struct TopologyParameters {
  std::string kind = "leaf-spine";                                          // as the registry names them; topo: set by `file`
  std::string file;                                                         // a .topo file: replaces every other key of the mapping
  LinkParameters link;                                                      // host links
  std::optional<LinkParameters> uplink;                                     // links between switches; `link` when absent
  std::uint32_t hosts = 0;                                                  // switch: hosts on the one switch
  std::uint32_t leaves = 0, spines = 0, hosts_per_leaf = 0;                 // leaf-spine
  std::uint32_t pods = 0, leaves_per_pod = 0, aggs_per_pod = 0, cores = 0;  // clos (hosts_per_leaf as above)
  double oversubscription = 1;  // clos, leaf-spine: sets the uplinks where their number is not given
  std::uint32_t radix = 128;    // three-tier, rail-pods, multi-pod: ports of a switch, from which counts that are 0 follow
  std::uint32_t leaf_uplinks = 0, agg_uplinks = 0, tops_per_plane = 0;             // three-tier, rail-pods
  std::optional<std::uint32_t> borders_per_pod;                                    // multi-pod; 0: leaves straight to the cores
  std::uint32_t core_uplinks = 0;                                                  // multi-pod: of a border switch, or of a leaf
  std::uint32_t servers = 0, gpus_per_server = 8, rails = 0, servers_per_pod = 0;  // rail (rails default: gpus_per_server)
  Duration switch_latency{};
  Duration copper{15'000};  // links up to this delay are copper cables: 3 m
  std::optional<ServerParameters> server;
  Reduction reduction = Reduction::none;
  Duration reduction_delay{100'000};                     // from a computing switch to what computes in it, and back
  std::vector<std::string> graph_hosts, graph_switches;  // graph
  std::vector<GraphLink> graph_links;
  std::string source;  // the scenario file, for messages
  int line = 0;        // where the mapping stands in it
};

}  // namespace weft
