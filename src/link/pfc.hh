// Priority flow control on one link: times and the room it needs.
//
// A receiver sends XOFF (pause time in quanta) and XON (time 0) for one class; the sender stops that class at the frame's
// arrival plus `pfc_response`, finishing the frame on the wire, and goes on when the time has run out or XON acts.
// One quantum = 512 bit times.
//
// Headroom, physical model: (2*delay + response) * R/8 + 2*MTU, rounded up to 1 KB (1,024 bytes).
// Headroom, switch vendors' model (`vendor`): the public formula of fabric.md 1.9 with doubled response quanta and a cell of
// 256 bytes; see pfc.cc.
// Source: IEEE 802.1Q-2018 clause 36, 802.3 annex 31B; response quanta and vendor formula: fabric.md 1.9.
#pragma once

#include <cstdint>

#include "base/units.hh"

namespace weft {

[[nodiscard]] constexpr Duration quantum(Rate rate) { return {512 * ps_per_second / rate.v}; }

// Time to act on a PFC frame: the quanta that vendors' tables give for the rate, not doubled.
[[nodiscard]] Duration pfc_response(Rate rate);
[[nodiscard]] Bytes physical_headroom(Rate rate, Duration delay, Duration response, Bytes mtu_on_wire);
[[nodiscard]] Bytes vendor_headroom(Rate rate, Duration delay, Bytes mtu_on_wire);

}  // namespace weft
