// The builders: pure functions from the `topology:` mapping to a network. registry.cc names them; validate() checks what they make.
//
// Shapes: leaf-spine (folded two-stage Clos, Clos 1953; Leiserson 1985 for fat trees), clos (pods of leaves and aggregation
// switches below planes of core switches, as in Al-Fares et al., SIGCOMM 2008), rail (NIC g of every server on rail switch g).
// Errors: InputError for counts that are missing, too large, or do not fit each other.
#pragma once

#include "topology/parameters.hh"
#include "topology/spec.hh"

namespace weft {

// hosts on one switch.
[[nodiscard]] TopologySpec build_single_switch(const TopologyParameters& parameters);
// Every leaf to every spine, one link each; host h is on leaf h / hosts_per_leaf.
[[nodiscard]] TopologySpec build_leaf_spine(const TopologyParameters& parameters);
// Every leaf to every aggregation switch of its pod; aggregation switch j of each pod to the cores of plane j, that is
// cores j*k .. (j+1)*k-1 with k = cores / aggs_per_pod. An oversubscription not given by counts is host to core capacity.
[[nodiscard]] TopologySpec build_clos(const TopologyParameters& parameters);
// Host server*gpus_per_server + g on switch rail(pod*rails + g mod rails); every rail switch to every spine, if any.
[[nodiscard]] TopologySpec build_rail(const TopologyParameters& parameters);
// Pods of leaves and aggregation switches below planes of top switches: aggregation switch i of every pod meets those of the
// other pods in plane i. Counts that are not given follow from the ports of a switch (pod_fabric.hh).
[[nodiscard]] TopologySpec build_three_tier(const TopologyParameters& parameters);
// The same with a pod for each rail: GPU g of every server is in pod g mod rails; without top switches the rails are apart.
[[nodiscard]] TopologySpec build_rail_pods(const TopologyParameters& parameters);
// Two-tier pods that cores join, over border switches of the pods or straight from their leaves.
[[nodiscard]] TopologySpec build_multi_pod(const TopologyParameters& parameters);
// Names, rates and delays as written in the scenario.
[[nodiscard]] TopologySpec build_graph(const TopologyParameters& parameters);
// A `.topo` file of the htsim simulators (topo_file.hh).
[[nodiscard]] TopologySpec build_htsim_topo(const TopologyParameters& parameters);

}  // namespace weft
