// Trim: what a switch without room did to a packet, and the DSCP that says so behind it (packet trimming).
//
//   DSCP      0  1  2 | 3 | 4  5
//             class   | - | role     role 0: trimmed by a switch inside the fabric; 3: by the one before the destination
//
// That a packet was trimmed shows in its lengths (uet_packet.hh); where it was trimmed shows only in the role, which tells a
// receiver's congestion from that of the fabric and so which NACK code answers it. A packet that is whole has no role.
// Source: SAI packet trimming (a DSCP of trimmed packets, another for those of the last hop; reference/fabric.md 2.8). Which
// values: project profile. Those ending in 11 are for local use (RFC 2474, 6, pool 2).
#pragma once

#include <cstdint>

namespace weft::wire {

enum class Trim : std::uint8_t { none, trimmed, trimmed_last_hop };

inline constexpr std::uint8_t trim_role_mask = 3, last_hop_role = 3;

// The DSCP of what is left of a packet whose class has `dscp`.
[[nodiscard]] constexpr std::uint8_t trimmed_dscp(std::uint8_t dscp, Trim trim) {
  if (trim == Trim::none) return dscp;
  return static_cast<std::uint8_t>((dscp & ~trim_role_mask) | (trim == Trim::trimmed_last_hop ? last_hop_role : 0));
}
// Of a packet that its lengths show to be trimmed.
[[nodiscard]] constexpr Trim trim_of_dscp(std::uint8_t dscp) {
  return (dscp & trim_role_mask) == last_hop_role ? Trim::trimmed_last_hop : Trim::trimmed;
}

}  // namespace weft::wire
