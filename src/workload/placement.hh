// Placement: which host each rank of a job gets, from a pool of hosts.
//
// packed   hosts in the order of the pool: a server is filled before the next; equal places of servers are equal rails
// rail     one rail after the other: all first places of the pool's servers, then all second ones, ...
// spread   round the servers, one rank each, on another place with each server and round: neighbours share neither
// random   the seed's order
// A host's server is host / gpus_per_server, its place host % gpus_per_server; 0 counts every host as a server.
// Errors: none here; the caller sees to it that the pool is large enough.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "base/random.hh"

namespace weft {

enum class RankPlacement : std::uint8_t { packed, rail, spread, random };
inline constexpr std::array placement_names{"packed", "rail", "spread", "random"};  // in the order of RankPlacement

[[nodiscard]] std::vector<std::uint32_t> place_ranks(std::vector<std::uint32_t> pool, std::uint32_t ranks, RankPlacement placement,
                                                     std::uint32_t gpus_per_server, Random random);

}  // namespace weft
