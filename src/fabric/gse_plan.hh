// GsePlan: what every GSP of a scheduled fabric is told by its control plane: the numbers of GSPs, behind which of them each host
// is, and the sizes that follow from the fabric's round trip. Made once at set-up, shared by all, never changed.
//
// Units: as typed. Source: project profile (fabric.md 3.2: ids and container size are distributed by the control plane).
#pragma once

#include <cstdint>
#include <vector>

#include "base/id.hh"
#include "fabric/parameters.hh"

namespace weft {

struct GsePlan {
  static constexpr std::uint16_t nowhere = 0xffff;
  static constexpr std::uint32_t no_exit = 0xffffffff;

  // A port of an egress GSP towards hosts, or towards a core switch: what queues are made for.
  struct Exit {
    std::uint16_t gsp = 0, port = 0;
    std::uint32_t host = 0;  // one of those behind it, or its own number: messages about it are routed there
  };
  std::vector<std::uint16_t> gsp_of_node;    // by node; nowhere: not a GSP
  std::vector<std::uint32_t> exit_of_host;   // by end point, then by exit towards a core switch
  std::vector<std::uint32_t> first_of_exit;  // likewise: the first of those behind its exit; empty: no exit is shared
  std::vector<std::uint32_t> exit_of_link;   // by link; no_exit: is within the fabric
  std::vector<Exit> exits;
  std::vector<std::uint32_t> host_of_gsp;  // any behind it: messages to a GSP are routed there
  struct FlowEnds {
    std::uint16_t initiator = 0, target = 0;  // GSPs; nowhere: in other pods, so that each packet says by which GSP it came in
  };
  std::vector<FlowEnds> ends;  // by flow

  // Pods, joined by core switches (sim/gse_pods.hh).
  struct Border {
    NodeId node{};
    std::uint32_t pod = 0;
    std::vector<std::uint32_t> exit_of_port;  // no_exit: not towards a core
  };
  struct FlowHosts {
    std::uint32_t src = 0, dst = 0, hash_there = 0, hash_back = 0;
  };
  bool joined = false;
  std::vector<std::uint32_t> pod_of_gsp;
  std::vector<Border> borders;
  std::vector<FlowHosts> hosts;  // by flow

  Duration round_trip{};  // of the fabric, or of its widest pod, at rest
  Bytes container{}, quantum{}, initial_credit{}, window{}, request_step{};
  Duration request_repeat{}, idle{}, hole_timeout{}, credit_age{};
  std::uint32_t senders = 0;          // GSPs that may send to one exit, at most
  std::uint32_t held_containers = 0;  // a power of two: how far ahead a stream may run
  ContainerSpray spray = ContainerSpray::round_robin;
  GseMode mode = GseMode::n2n;
};

// Counted at each GSP.
struct GseCounters {
  std::uint64_t queues_made = 0, queues_released = 0, most_queues = 0;
  std::uint64_t containers = 0;
  std::uint64_t requests = 0, requests_repeated = 0, grants = 0;  // sent; what stays within the GSP is no message
  std::uint64_t held = 0, most_held_bytes = 0;                    // packets that waited for their turn
  std::uint64_t holes = 0, lost = 0;                              // containers passed over; packets seen to be lost within one
  std::uint64_t late = 0, beyond = 0;                             // dropped: of a container passed over; too far ahead
  std::uint64_t credit_written_off = 0;                           // times
  std::uint64_t most_waiting_bytes = 0;                           // in the queues of an ingress GSP
};

}  // namespace weft
