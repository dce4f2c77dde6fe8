// Servers: what stands between the GPUs and the network, added to a network that has been built, and who belongs together.
//
// Hosts are GPUs: server = host / gpus, place = host % gpus. With g GPUs and n NICs a server, `add_servers` changes the network so:
//   n < g (needs PCIe)  the links of GPU 0 .. n-1 to the network stay, those of the others go; GPU p uses NIC p % n
//   n = k * g           each link of a GPU to the network becomes k parallel ones
//   PCIe                a forwarding node nicN (server * n + NIC) between GPU and network, which takes over the GPU's links
//   scale-up switch     a node scaleupS a server, one link from each of its GPUs; mesh: a link between any two of them
//   computing switches  each gets a reducer: an end point behind a link of the sum of the switch's other rates, where
//                       reductions are made and copies begin. As SHARP's aggregation nodes end reliable connections: project
//                       profile. Reducers follow the hosts in number: scale-up switches first, then access switches.
// Errors: InputError naming the line of `server`, or of the topology, for counts that do not divide or contradict each other.
// Source: NVIDIA DGX and HGX system topologies (GPUs, NVSwitch, ConnectX behind PCIe) for the shape.
#pragma once

#include <cstdint>
#include <vector>

#include "topology/parameters.hh"
#include "topology/spec.hh"

namespace weft {

[[nodiscard]] TopologySpec add_servers(TopologySpec network, const TopologyParameters& parameters);

// Only where hosts are grouped (gpus_per_server is not 0).
[[nodiscard]] inline std::uint32_t server_of(const TopologySpec& spec, NodeId host) { return host.v / spec.gpus_per_server; }

// By reducer: the switch it computes for.
[[nodiscard]] std::vector<NodeId> reducer_switches(const TopologySpec& spec);

// Traffic between these two end points stays inside a server: on its scale-up network, if that is up.
[[nodiscard]] bool inside_server(const TopologySpec& spec, const std::vector<NodeId>& reducer_switches, NodeId a, NodeId b);

}  // namespace weft
