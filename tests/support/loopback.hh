// Loopback addresses of this process alone, so that tests which run at the same time do not share UDP port 4791.
#pragma once

#include <unistd.h>

#include <cstdint>

#include "live/address.hh"

namespace weft::test {

// The n-th address of this process: 127.64+.x.y, from its id. 1 <= n <= 250.
inline live::Address loopback_address(std::uint8_t n) {
  const auto id = static_cast<std::uint32_t>(::getpid());
  live::Address address;
  address.octets[0] = 127;
  address.octets[1] = static_cast<std::uint8_t>(64 + (id >> 8 & 0x3f));
  address.octets[2] = static_cast<std::uint8_t>(id);
  address.octets[3] = n;
  return address;
}

}  // namespace weft::test
