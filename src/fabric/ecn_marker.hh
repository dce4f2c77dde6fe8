// EcnMarker: the chance that a packet of an ECN-capable class is marked CE, from the depth of its egress queue.
//
//   q <= Kmin: 0      q > Kmax: 1      else Pmax * (q - Kmin) / (Kmax - Kmin)
//
// Units: bytes on the wire. Drawn in integers of 2^-32. Source: fabric.md 1.7; the DCQCN paper (SIGCOMM 2015), figure 5.
#pragma once

#include <cstdint>

#include "base/random.hh"

namespace weft {

struct EcnMarker {
  std::uint64_t kmin = 0, kmax = 0;  // bytes
  std::uint64_t pmax = 0;            // of 2^32

  [[nodiscard, gnu::always_inline]] inline bool marks(std::uint64_t depth, Random& random) const {
    if (depth <= kmin) return false;
    if (depth > kmax) return true;
    return (random.next() >> 32) * (kmax - kmin) < pmax * (depth - kmin);  // below 2^63: depths stay under 2 GB
  }
};

}  // namespace weft
