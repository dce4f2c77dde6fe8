// PSN: the 24-bit packet sequence number, and the sequences that engines count with.
//
// Inside the engine a packet has a 64-bit sequence that never wraps; only its low 24 bits travel. unwrap() finds the sequence
// nearest to a reference: the sign of the 24-bit difference decides, which is right while no more than 2^23 are in flight.
// Source: IBTA 1.4 section 9.7.1 (PSN comparison).
#pragma once

#include <cstdint>

namespace weft::roce {

using Sequence = std::uint64_t;

inline constexpr std::uint32_t psn_mask = 0xffffff;
inline constexpr std::uint32_t psn_window = 1U << 23;

constexpr std::uint32_t to_psn(Sequence s) { return static_cast<std::uint32_t>(s) & psn_mask; }

// Sequences start above 2^24, so that a duplicate of the first packet's past never falls below zero.
constexpr Sequence first_sequence(std::uint32_t psn) { return (Sequence{1} << 24) | (psn & psn_mask); }

constexpr std::int32_t psn_difference(std::uint32_t a, std::uint32_t b) { return static_cast<std::int32_t>((a - b) << 8) >> 8; }

constexpr Sequence unwrap(std::uint32_t psn, Sequence reference) {
  return reference + static_cast<Sequence>(static_cast<std::int64_t>(psn_difference(psn, to_psn(reference))));
}

}  // namespace weft::roce
