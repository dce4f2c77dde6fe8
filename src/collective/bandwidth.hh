// algbw and busbw of a collective, as NCCL's tests define them.
//
// Formula: algbw = S / t; busbw = algbw * 2(n-1)/n for all-reduce, (n-1)/n for reduce-scatter, all-gather and all-to-all, 1 for
// broadcast, reduce and send-receive. S as in Request::bytes. A barrier moves nothing: 0.
// Units: Rate (bits a second; NCCL prints GB/s = 8e9 of them), rounded down; at most 2^63. t must be more than 0.
// Source: doc/PERFORMANCE.md of nccl-tests.
#pragma once

#include <cstdint>

#include "base/units.hh"
#include "collective/request.hh"

namespace weft::collective {

[[nodiscard]] Rate algorithm_bandwidth(Bytes size, Duration time);
[[nodiscard]] Rate bus_bandwidth(Operation operation, std::uint32_t ranks, Bytes size, Duration time);

}  // namespace weft::collective
