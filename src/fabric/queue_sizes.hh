// What an egress port may queue, and where marking begins and ends, in bytes on the wire.
//
// roce: the data class holds `fabric.queue`, or what dynamic thresholds leave; marking from 400 KB to 1600 KB at 100 Gb/s,
// scaled with the port's rate (the DCQCN set of fabric.md 1.8).
// uet: with B = base RTT * rate in full packets, rounded up: the data class holds B packets, 5 B where nothing is trimmed;
// marking from 0.2 B to 0.8 B, rounded up to packets; trimmed packets may hold twice what the data class may.
//   least RTO = 15 us + 6 times what a full queue of the host's rate takes
// At 100 Gb/s and 1 us a hop through three tiers (round trip 14.02 us), packets of 4150 B: B = 43, marking from 9 to 35
// packets, least RTO 100.7 us: the set-up of the UEC group's published results.
// Source: ultraethernet/uet-htsim, defaults of its UEC program and of its trimming queue.
#pragma once

#include <cstdint>

#include "base/units.hh"
#include "fabric/parameters.hh"

namespace weft {

struct QueueSizes {
  static constexpr std::uint32_t no_limit = 0xffffffff;
  std::uint32_t data = no_limit, trimmed = no_limit;  // what waits or is being sent
  std::uint64_t kmin = 0, kmax = 0;
};

// `round_trip`: topology/idle_rtt.hh, or what the scenario says; roce does not use it.
[[nodiscard]] QueueSizes queue_sizes(const FabricParameters& fabric, Rate rate, Duration round_trip, Bytes full_packet);

[[nodiscard]] Duration least_rto(const FabricParameters& fabric, Rate rate, Duration round_trip, Bytes full_packet);

}  // namespace weft
