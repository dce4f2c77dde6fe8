#include "live/route.hh"

#include <cerrno>
#include <cstring>

#include "base/error.hh"
#include "live/file_descriptor.hh"
#include "wire/udp.hh"

namespace weft::live {

namespace {

[[noreturn]] void refuse(const Address& to, const char* attempt, const std::string& hint = {}) {
  throw InputError(to.text(), std::string(attempt) + ": " + std::strerror(errno), hint);
}

}  // namespace

// Connecting a datagram socket sends nothing; it makes the kernel look up the route.
Route find_route(const Address& to, const std::optional<Address>& bound) {
  if (bound && bound->v6 != to.v6) {
    throw InputError("--bind " + bound->text(), "is of another family than " + to.text(), "use two IPv4 or two IPv6 addresses");
  }
  const FileDescriptor probe(::socket(to.family(), SOCK_DGRAM | SOCK_CLOEXEC, 0));
  if (!probe.open()) refuse(to, "no socket of this address family");
  if (bound) {
    const SocketAddress local(*bound, 0);
    if (::bind(probe.get(), local.raw(), local.length) != 0)
      refuse(*bound, "cannot use this address", "it must be an address of this machine");
  }
  const SocketAddress peer(to, wire::roce_udp_port);
  if (::connect(probe.get(), peer.raw(), peer.length) != 0) refuse(to, "no route to this address");
  Route route;
  SocketAddress local;
  int mtu = 0;
  socklen_t length = sizeof mtu;
  if (::getsockname(probe.get(), local.raw(), &local.length) != 0) refuse(to, "no source address for this destination");
  const int level = to.v6 ? static_cast<int>(IPPROTO_IPV6) : static_cast<int>(IPPROTO_IP);
  if (::getsockopt(probe.get(), level, to.v6 ? IPV6_MTU : IP_MTU, &mtu, &length) != 0) refuse(to, "the MTU of the path is unknown");
  route.source = local.address();
  route.mtu = Bytes{mtu};
  return route;
}

void require_mtu(const Route& route, const Address& to, std::uint32_t mtu) {
  const Bytes needed = link_mtu_needed(mtu);
  if (route.mtu >= needed) return;
  std::uint32_t fitting = mtu;
  while (fitting > 256 && link_mtu_needed(fitting) > route.mtu) fitting /= 2;
  const std::string hint = link_mtu_needed(fitting) <= route.mtu ? "--mtu " + std::to_string(fitting) + ", or a larger link MTU"
                                                                 : std::string("a larger link MTU");
  throw InputError(to.text(),
                   "MTU " + std::to_string(mtu) + " needs a link MTU of at least " + std::to_string(needed.v) + ", the path has " +
                       std::to_string(route.mtu.v),
                   hint);
}

}  // namespace weft::live
