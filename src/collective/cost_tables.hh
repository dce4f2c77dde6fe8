// The constants of NCCL's cost model: latencies in nanoseconds, caps in MB/s, efficiencies in thousandths.
//
// Source: NCCL 2.2x, src/graph/tuning.cc. Order of protocols: LL, LL128, Simple; 0: the protocol is not used there. Servers: one,
// two, more.
#pragma once

#include <array>
#include <cstdint>

namespace weft::collective::cost {

using ByProtocol = std::array<std::int64_t, 3>;
using ByServers = std::array<std::int64_t, 3>;
using ByGeneration = std::array<ByServers, 3>;  // Ampere, Hopper, Blackwell

inline constexpr ByProtocol base_tree{6'800, 14'000, 8'400};
inline constexpr ByProtocol base_ring{6'600, 14'000, 8'400};
inline constexpr std::int64_t base_simple = 8'400;

struct Hardware {
  ByProtocol tree, ring;
  std::int64_t nvls, nvls_tree, in_network, pat;
};
inline constexpr Hardware nvlink{{600, 1'250, 4'000}, {600, 1'900, 3'400}, 25'000, 25'000, 3'700, 4'000};
inline constexpr Hardware pci{{1'000, 1'900, 4'000}, {1'000, 2'500, 5'700}, 0, 0, 3'700, 4'000};
inline constexpr Hardware network{{5'000, 8'500, 14'000}, {2'700, 4'000, 14'000}, 18'000, 20'900, 31'000, 14'000};

inline constexpr std::int64_t in_network_per_peer = 400;
inline constexpr std::int64_t pat_per_rank = 2'800;

inline constexpr ByGeneration ll_cap{{{87'700, 22'500, 19'000}, {141'000, 45'000, 35'000}, {282'000, 90'000, 70'000}}};
// Of one channel.
inline constexpr ByGeneration ring_ll128_cap{{{20'000, 20'000, 20'000}, {36'700, 36'700, 36'700}, {40'000, 40'000, 40'000}}};
inline constexpr ByGeneration tree_cap{{{24'000, 23'600, 17'800}, {38'700, 41'400, 36'000}, {70'000, 42'800, 24'000}}};
inline constexpr ByGeneration tree_ll128_cap{{{20'000, 20'000, 20'000}, {36'700, 36'700, 29'000}, {55'600, 31'670, 20'000}}};
inline constexpr ByGeneration nvls_tree_cap{{{24'000, 23'600, 17'800}, {0, 57'700, 45'500}, {0, 96'000, 80'000}}};
inline constexpr std::array<std::int64_t, 3> nvls_efficiency{0, 850, 740};

// Trees against the model, in tenths, for 64 B, 128 B, ... 512 MB and more.
inline constexpr std::array<std::array<std::int64_t, 24>, 3> tree_correction{{
    {10, 10, 10, 10, 9, 8, 7, 7, 7, 7, 6, 5, 4, 4, 5, 6, 7, 8, 9, 10, 10, 10, 10, 10},
    {10, 10, 10, 10, 10, 9, 8, 8, 8, 7, 6, 6, 6, 6, 6, 6, 8, 9, 9, 9, 9, 10, 10, 10},
    {9, 9, 9, 9, 9, 9, 9, 8, 7, 6, 6, 5, 5, 5, 5, 6, 7, 8, 7, 7, 8, 9, 9, 9},
}};

}  // namespace weft::collective::cost
