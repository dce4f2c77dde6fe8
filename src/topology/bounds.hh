// Bounds on the size of a network and on its links, and the messages for keys that leave them.
//
// Errors: InputError naming the scenario's file and line, and the key as the scenario spells it.
#pragma once

#include <cstdint>
#include <initializer_list>

#include "topology/parameters.hh"

namespace weft {

inline constexpr std::uint64_t max_hosts = 1U << 20;
inline constexpr std::uint64_t max_switches = 1U << 17;
inline constexpr std::uint64_t max_links = 1U << 23;
inline constexpr std::uint64_t max_ports = 65535;  // of one node
inline constexpr std::uint8_t max_link_cost = 15;
inline constexpr Rate least_rate{1'000}, largest_rate{100'000'000'000'000};
inline constexpr Duration largest_delay{10 * ps_per_second};

struct Count {
  const char* key;
  std::uint64_t value;
};

// Each must be at least 1.
void require_positive(const TopologyParameters& parameters, std::initializer_list<Count> counts);
// The sizes of the whole, before anything is built.
void require_buildable(const TopologyParameters& parameters, std::uint64_t hosts, std::uint64_t switches, std::uint64_t links);
// a * b, or more than every bound above when it would not fit.
[[nodiscard]] std::uint64_t bounded_product(std::uint64_t a, std::uint64_t b);

[[noreturn]] void topology_error(const TopologyParameters& parameters, const std::string& message, std::string hint = {});

}  // namespace weft
