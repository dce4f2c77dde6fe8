// FaultPlan: what the control plane of a scheduled fabric has told every device about faults to come: how notices travel, which
// number each device has, and which routes follow from which change of a link. Made once at set-up, shared by all, never changed.
//
// The simulator knows all changes beforehand and numbers them; a device acts on one only when its port has seen it or a notice of
// it has come. Routes change by versions, one for each instant at which links change (Network::routes): who hears of a link that
// died together with others knows of them all.
// Units: as typed. Source: project profile (fabric.md 3.2: notices flooded by the fabric switches; 3.3: both encodings and timers).
#pragma once

#include <cstdint>
#include <vector>

#include "fabric/parameters.hh"

namespace weft {

struct FaultPlan {
  static constexpr std::uint16_t no_device = 0xffff;
  static constexpr std::uint8_t most_hops = 8;  // a notice goes no further

  // One end of a link that goes down or comes up.
  struct Change {
    std::uint32_t reporter = 0;  // node
    std::uint16_t port = 0;      // its port
    bool up = false;
    std::uint32_t version = 0;  // of the routes that follow
  };
  std::vector<Change> changes;                // by reporter, port, version
  std::vector<std::uint16_t> device_of_node;  // GSPs first, by their numbers; no_device: no part of the fabric
  FaultNotice notice = FaultNotice::block;
  std::uint32_t copies = 0;
  Duration repeat{}, join{};
};

// A port that leads to another switch of the fabric.
struct FabricNeighbour {
  std::uint32_t node = 0;
  std::uint16_t port = 0, peer_port = 0;
};

}  // namespace weft
