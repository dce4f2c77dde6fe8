// Address: a numeric IPv4 or IPv6 address, as users write it, as sockets take it, as headers carry it.
//
// Names are not looked up: a RoCE end point is an address. An IPv6 link-local address needs its scope (`fe80::1%eth0`).
// Errors: parse() yields nothing for what is no address. Source: RFC 4291, RFC 4007 (scopes).
#pragma once

#include <netinet/in.h>
#include <sys/socket.h>

#include <array>
#include <cstdint>
#include <optional>
#include <string>

#include "wire/ip.hh"

namespace weft::live {

struct Address {
  std::array<std::uint8_t, 16> octets{};  // IPv4: the first four
  std::uint32_t scope = 0;
  bool v6 = false;
  friend bool operator==(const Address&, const Address&) = default;

  static std::optional<Address> parse(const std::string& text);
  // Throws InputError naming the option when `text` is no address.
  static Address parse_or_throw(const std::string& option, const std::string& text);
  [[nodiscard]] std::string text() const;
  [[nodiscard]] bool loopback() const;
  [[nodiscard]] int family() const { return v6 ? AF_INET6 : AF_INET; }
};

// An address and a port, in the shape that socket calls take.
struct SocketAddress {
  sockaddr_storage storage{};
  socklen_t length = sizeof(sockaddr_storage);

  SocketAddress() = default;
  SocketAddress(const Address& address, std::uint16_t port);
  [[nodiscard]] Address address() const;
  [[nodiscard]] std::uint16_t port() const;
  sockaddr* raw() { return reinterpret_cast<sockaddr*>(&storage); }
  [[nodiscard]] const sockaddr* raw() const { return reinterpret_cast<const sockaddr*>(&storage); }
};

// The header that the kernel puts before a datagram of ours: DF set and identification 0 for IPv4 (udp_port.hh).
wire::IpHeader ip_header(const Address& source, const Address& destination);

}  // namespace weft::live
