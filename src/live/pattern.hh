// The bytes that `weft rdma --verify` sends: every byte follows from (seed, message, offset), so that a byte at the wrong
// place, of the wrong message, or of an earlier run is seen.
//
// Rule: the 8 bytes from offset 8k are mix64(key(seed, message) + k), least significant first.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>
#include <span>

#include "base/random.hh"

namespace weft::live {

namespace detail {

// use(offset, word, bytes of it)
template <class Use>
void for_each_pattern_word(std::uint64_t seed, std::uint64_t message, std::size_t size, Use use) {
  const std::uint64_t key = random_key(seed, RandomRoom::flow, message);
  for (std::size_t offset = 0; offset < size; offset += 8) {
    if (!use(offset, mix64(key + offset / 8), std::min<std::size_t>(8, size - offset))) return;
  }
}

}  // namespace detail

inline void fill_pattern(std::span<std::byte> bytes, std::uint64_t seed, std::uint64_t message) {
  detail::for_each_pattern_word(seed, message, bytes.size(), [&](std::size_t offset, std::uint64_t word, std::size_t count) {
    std::memcpy(bytes.data() + offset, &word, count);
    return true;
  });
}

struct WrongByte {
  std::uint64_t message = 0;
  std::uint64_t offset = 0;
  std::uint8_t expected = 0, found = 0;
};

// The first byte that differs.
inline std::optional<WrongByte> find_wrong_byte(std::span<const std::byte> bytes, std::uint64_t seed, std::uint64_t message) {
  std::optional<WrongByte> wrong;
  detail::for_each_pattern_word(seed, message, bytes.size(), [&](std::size_t offset, std::uint64_t word, std::size_t count) {
    if (std::memcmp(bytes.data() + offset, &word, count) == 0) return true;
    std::size_t i = 0;
    while (std::to_integer<std::uint8_t>(bytes[offset + i]) == static_cast<std::uint8_t>(word >> (8 * i))) ++i;
    wrong = {message, offset + i, static_cast<std::uint8_t>(word >> (8 * i)), std::to_integer<std::uint8_t>(bytes[offset + i])};
    return false;
  });
  return wrong;
}

}  // namespace weft::live
