// What `weft rdma` is asked to do, on either side.
//
// Units: Bytes, Duration. Bounds: depth 1 to 256, a message of at most 2^31 bytes, at most 2 GiB of registered memory a side.
#pragma once

#include <atomic>
#include <cstdint>
#include <optional>
#include <string>

#include "base/units.hh"
#include "live/address.hh"
#include "live/exchange.hh"
#include "live/fault_injector.hh"
#include "live/roce_datagram.hh"

namespace weft::live {

inline constexpr Bytes registered_limit{std::int64_t{1} << 31};

struct RdmaClientOptions {
  RdmaOperation operation = RdmaOperation::write;
  Address to{};
  std::optional<Address> bind{};  // absent: the kernel's choice; 127.0.0.2 towards 127.0.0.1
  Bytes size{1'000'000};
  std::uint32_t depth = 8;
  std::uint64_t count = 100;
  std::uint32_t mtu = 4096;
  bool verify = false;
  bool selective = false;
  std::uint32_t ack_every = 4;
  std::uint8_t timeout_exponent = 14;
  std::uint8_t retry_count = 7;
  std::uint64_t seed = 1;
  TrafficClasses classes{};
  FaultOptions faults{};
  std::string capture{};                         // a file, or nothing
  Duration patience{5 * ps_per_second};          // for the side channel
  Duration idle_limit{30 * ps_per_second};       // without any packet from the peer
  const std::atomic<bool>* interrupt = nullptr;  // set from outside: stop
};

struct RdmaServerOptions {
  Address bind{};
  TrafficClasses classes{};
  FaultOptions faults{};
  std::string capture{};
  Duration patience{5 * ps_per_second};
  Duration idle_limit{30 * ps_per_second};
  const std::atomic<bool>* interrupt = nullptr;
};

}  // namespace weft::live
