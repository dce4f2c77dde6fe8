// Route: what the kernel says about the way to an address: which of our addresses it would use, and the MTU of the path.
//
// A RoCE packet must fit whole, for nothing may fragment it: a link MTU of the payload MTU + 104 always does (IPv6 40, UDP 8,
// BTH 12, the largest extension headers of packets with payload 20, ICRC 4; the rest is for what tunnels add), hence 4200 for
// MTU 4096. Units: bytes, IP header included. Errors: InputError when there is no route or its MTU is too small.
#pragma once

#include "base/units.hh"
#include "live/address.hh"

namespace weft::live {

struct Route {
  Address source{};
  Bytes mtu{};
};

// `bound`: the address that will be used; when absent the kernel chooses.
Route find_route(const Address& to, const std::optional<Address>& bound);

constexpr Bytes link_mtu_needed(std::uint32_t mtu) { return Bytes{std::int64_t{mtu} + 104}; }

// Throws when packets of `mtu` bytes of payload do not fit.
void require_mtu(const Route& route, const Address& to, std::uint32_t mtu);

}  // namespace weft::live
