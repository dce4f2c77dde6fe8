// The hosts that take part in a generated workload: those listed under `hosts`, or all.
//
// Errors: InputError for a host that does not exist, is listed twice, or when fewer than `least` take part.
#pragma once

#include <cstdint>
#include <vector>

#include "base/random.hh"
#include "workload/draft.hh"

namespace weft {

[[nodiscard]] std::vector<std::uint32_t> participants(const WorkloadParameters& parameters, const Surroundings& around, std::size_t least);

// The random numbers of one entry; `stream` tells several apart.
[[nodiscard]] Random workload_random(const Surroundings& around, std::uint32_t stream);

// Uniform over all orders (Durstenfeld 1964).
void shuffle(std::vector<std::uint32_t>& values, Random& random);

}  // namespace weft
