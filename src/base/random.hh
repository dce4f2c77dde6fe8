// Counter-based random numbers: one generator per entity, keyed by (seed, room, entity), so that draws depend on the
// scenario alone and never on threads or on the order in which entities run. Integers only; equal on every compiler.
//
// Source: the splitmix64 finaliser (Steele, Lea, Flood: Fast splittable pseudorandom number generators, OOPSLA 2014).
#pragma once

#include <cstdint>

namespace weft {

constexpr std::uint64_t mix64(std::uint64_t z) {
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
  return z ^ (z >> 31);
}

constexpr std::uint64_t random_key(std::uint64_t seed, std::uint64_t room, std::uint64_t entity) {
  return mix64(mix64(mix64(seed + 0x9e3779b97f4a7c15ULL) ^ (room * 0xd6e8feb86659fd93ULL)) + entity * 0x9e3779b97f4a7c15ULL);
}

class Random {
 public:
  constexpr explicit Random(std::uint64_t key = 0) : key_(key) {}
  constexpr std::uint64_t next() { return mix64(key_ + (++count_) * 0x9e3779b97f4a7c15ULL); }
  // Uniform in [0, bound); the bias is below bound / 2^64.
  constexpr std::uint64_t below(std::uint64_t bound) {
    return static_cast<std::uint64_t>((static_cast<unsigned __int128>(next()) * bound) >> 64);
  }
  // True with probability `p` / 2^32.
  constexpr bool chance(std::uint64_t p) { return (next() >> 32) < p; }
  [[nodiscard]] constexpr std::uint64_t drawn() const { return count_; }

 private:
  std::uint64_t key_;
  std::uint64_t count_ = 0;
};

// Rooms for random_key: one number for each kind of entity that draws.
enum class RandomRoom : std::uint64_t { port = 1, link, routing, flow, workload, engine, nic, test };
constexpr std::uint64_t random_key(std::uint64_t seed, RandomRoom room, std::uint64_t entity) {
  return random_key(seed, static_cast<std::uint64_t>(room), entity);
}

}  // namespace weft
