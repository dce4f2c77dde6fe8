// DCQCN parameter sets by name: paper, htsim, hpcc-default, hpcc-shipped, mellanox.
//
// A value that a source does not give is the paper column's; where the paper column has none either, ours is noted below.
// Rates that a source ties to the line rate are resolved for the line at hand. alpha is a 30-bit fraction (one = 2^30).
// Source: Zhu et al., Congestion Control for Large-Scale RDMA Deployments (SIGCOMM 2015), and the published configurations of
// the simulators and adapters the sets are named after.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "base/units.hh"

namespace weft::congestion {

inline constexpr std::uint32_t alpha_one = 1U << 30;

struct DcqcnParameters {
  std::uint32_t kept = 1020;  // alpha keeps kept/1024 at each update: g = 1 - kept/1024; 1020 is g = 1/256
  std::uint32_t initial_alpha = alpha_one;
  Duration alpha_timer{55'000'000};     // K
  Duration increase_timer{55'000'000};  // T
  Duration decrease_interval{50'000'000};
  Bytes byte_counter{10'000'000};   // B; 0 = no byte counter, the timer alone drives the stages
  std::uint32_t fast_recovery = 5;  // F
  Rate additive{40'000'000};        // Rai
  Rate hyper{400'000'000};          // Rhai
  Rate least{10'000'000};           // Rmin: ours, since the paper gives none
  Rate line{100'000'000'000};
  Rate first{0};             // rate set by the first notification in place of a cut; 0 = an ordinary cut
  bool keep_target = false;  // a cut leaves Rt alone unless a timer increase came since the last cut
};

// Empty when no set has that name.
std::optional<DcqcnParameters> dcqcn_parameters(std::string_view set, Rate line);

}  // namespace weft::congestion
