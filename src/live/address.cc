#include "live/address.hh"

#include <arpa/inet.h>
#include <netdb.h>

#include <cstring>

#include "base/check.hh"
#include "base/error.hh"

namespace weft::live {

std::optional<Address> Address::parse(const std::string& text) {
  addrinfo hints{};
  hints.ai_flags = AI_NUMERICHOST;
  hints.ai_socktype = SOCK_DGRAM;
  addrinfo* found = nullptr;
  // The old shorthands of inet_aton ("1", "127.1") are refused: only dotted quads and colons are addresses here.
  in_addr quad{};
  const bool colons = text.find(':') != std::string::npos;
  if (!colons && ::inet_pton(AF_INET, text.c_str(), &quad) != 1) return std::nullopt;
  if (::getaddrinfo(text.c_str(), nullptr, &hints, &found) != 0) return std::nullopt;
  SocketAddress socket;
  std::memcpy(&socket.storage, found->ai_addr, found->ai_addrlen);
  ::freeaddrinfo(found);
  return socket.address();
}

Address Address::parse_or_throw(const std::string& option, const std::string& text) {
  const auto address = parse(text);
  if (!address) throw InputError(option, "\"" + text + "\" is no address", "a numeric address, such as 127.0.0.1 or fd00::1");
  return *address;
}

std::string Address::text() const {
  std::array<char, INET6_ADDRSTRLEN + 32> buffer{};
  const SocketAddress socket(*this, 0);
  const int failure =
      ::getnameinfo(socket.raw(), socket.length, buffer.data(), static_cast<socklen_t>(buffer.size()), nullptr, 0, NI_NUMERICHOST);
  return failure == 0 ? buffer.data() : "(no address)";
}

bool Address::loopback() const {
  if (!v6) return octets[0] == 127;
  std::array<std::uint8_t, 16> one{};
  one[15] = 1;
  return octets == one;
}

SocketAddress::SocketAddress(const Address& address, std::uint16_t port) {
  if (address.v6) {
    sockaddr_in6 in{};
    in.sin6_family = AF_INET6;
    in.sin6_port = htons(port);
    in.sin6_scope_id = address.scope;
    std::memcpy(&in.sin6_addr, address.octets.data(), 16);
    std::memcpy(&storage, &in, sizeof in);
    length = sizeof in;
  } else {
    sockaddr_in in{};
    in.sin_family = AF_INET;
    in.sin_port = htons(port);
    std::memcpy(&in.sin_addr, address.octets.data(), 4);
    std::memcpy(&storage, &in, sizeof in);
    length = sizeof in;
  }
}

Address SocketAddress::address() const {
  Address result;
  if (storage.ss_family == AF_INET6) {
    sockaddr_in6 in{};
    std::memcpy(&in, &storage, sizeof in);
    std::memcpy(result.octets.data(), &in.sin6_addr, 16);
    result.scope = in.sin6_scope_id;
    result.v6 = true;
  } else {
    sockaddr_in in{};
    std::memcpy(&in, &storage, sizeof in);
    std::memcpy(result.octets.data(), &in.sin_addr, 4);
  }
  return result;
}

std::uint16_t SocketAddress::port() const {
  // sin_port and sin6_port lie at the same place.
  sockaddr_in in{};
  std::memcpy(&in, &storage, sizeof in);
  return ntohs(in.sin_port);
}

wire::IpHeader ip_header(const Address& source, const Address& destination) {
  CHECK(source.v6 == destination.v6, "source", source.text(), "destination", destination.text());
  if (source.v6) {
    wire::Ipv6Header v6;
    v6.source.octets = source.octets;
    v6.destination.octets = destination.octets;
    return v6;
  }
  const auto quad = [](const Address& a) {
    wire::Reader in(std::as_bytes(std::span(a.octets)));
    return wire::Ipv4Address{in.be<std::uint32_t>()};
  };
  wire::Ipv4Header v4;
  v4.source = quad(source);
  v4.destination = quad(destination);
  return v4;
}

}  // namespace weft::live
