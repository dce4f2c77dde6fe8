// Addresses of simulated hosts and the 5-tuple's hash: host i is 10.0.0.0 + i + 1; the UDP source port is drawn for each end of
// a flow (end = 2 * flow at the initiator, 2 * flow + 1 at the target).
#pragma once

#include <cstdint>

#include "base/id.hh"
#include "base/random.hh"
#include "wire/ethernet.hh"

namespace weft {

[[nodiscard]] constexpr std::uint32_t host_address(std::uint32_t host) { return 0x0a000001U + host; }
[[nodiscard]] constexpr std::uint16_t source_port(std::uint64_t seed, std::uint32_t end) {
  return static_cast<std::uint16_t>(0xc000U + (random_key(seed, RandomRoom::routing, end) & 0x3fffU));
}
[[nodiscard]] constexpr std::uint32_t tuple_hash(std::uint32_t src, std::uint32_t dst, std::uint16_t port) {
  const std::uint64_t addresses = (std::uint64_t{host_address(src)} << 32) | host_address(dst);
  return static_cast<std::uint32_t>(mix64(mix64(addresses) ^ ((std::uint64_t{port} << 24) + (4791ULL << 8) + 17)) >> 32);
}

[[nodiscard]] constexpr wire::MacAddress mac_of(std::uint32_t node) {
  const auto byte = [node](int shift) { return static_cast<std::uint8_t>(node >> shift); };
  return {{0x02, 0, byte(24), byte(16), byte(8), byte(0)}};
}

// Where each packet carries its own entropy, the hash keeps it in its low 16 bits: hosts and captures read it back.
[[nodiscard]] constexpr std::uint32_t path_hash(std::uint32_t of_addresses, PathId path) {
  return (of_addresses & 0xffff0000U) | (path.v & 0xffffU);
}
[[nodiscard]] constexpr PathId path_of(std::uint32_t hash) { return PathId{hash & 0xffffU}; }

}  // namespace weft
