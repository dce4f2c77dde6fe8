// Pods of leaves and aggregation switches below planes of top switches, all of switches with `radix` ports: how many of what, and
// the links between them. three_tier.cc and rail_pods.cc say where hosts sit.
//
//   plane i:  top switches i*tops .. (i+1)*tops-1, each with agg_uplinks/tops links to aggregation switch i of every pod
//   pod:      every leaf with leaf_uplinks/aggs links to every aggregation switch
//
// Counts not given: hosts_per_leaf and leaves_per_pod radix/2; leaf_uplinks what carries the leaf's hosts; aggs_per_pod as many;
// agg_uplinks down-capacity / oversubscription; tops_per_plane the fewest whose ports suffice. So a radix of 128 makes pods of 64
// leaves, 64 aggregation switches and 4,096 hosts; 16 top switches a plane join 32 pods, and 64 join 128 (524,288 hosts).
// Errors: InputError for counts that do not divide each other or need more ports than a switch has, with the nearest that fit.
// Source: multi-plane fat trees (Al-Fares et al., SIGCOMM 2008); the counts of 51.2 Tb/s switches with 128 ports of 400 Gb/s.
#pragma once

#include <cstdint>

#include "topology/parameters.hh"
#include "topology/spec_builder.hh"

namespace weft {

struct PodFabric {
  std::uint32_t pods = 0, leaves_per_pod = 0, hosts_per_leaf = 0, aggs_per_pod = 0;
  std::uint32_t leaf_uplinks = 0, agg_uplinks = 0;  // of one switch
  std::uint32_t tops_per_plane = 0;                 // 0: nothing joins the pods
  LinkParameters uplink;

  [[nodiscard]] std::uint32_t leaves() const { return pods * leaves_per_pod; }
  [[nodiscard]] std::uint32_t aggs() const { return pods * aggs_per_pod; }
  [[nodiscard]] std::uint32_t tops() const { return aggs_per_pod * tops_per_plane; }
};

// `joined`: top switches are wanted where the scenario gives neither their number nor uplinks to them. leaves_per_pod: 0 as above.
[[nodiscard]] PodFabric pod_fabric(const TopologyParameters& parameters, std::uint32_t pods, std::uint32_t leaves_per_pod, bool joined);

// Adds the switches, whose leaves are named `leaf_name` and numbered pod by pod, and the links between them; returns the first leaf.
NodeId add_pod_switches(SpecBuilder& builder, const TopologyParameters& parameters, const PodFabric& fabric, const char* leaf_name);
void connect_pod_switches(SpecBuilder& builder, const PodFabric& fabric, NodeId first_leaf);

// Ports of a switch of `what` must suffice.
void require_radix(const TopologyParameters& parameters, const char* what, std::uint64_t down, std::uint64_t up);

}  // namespace weft
