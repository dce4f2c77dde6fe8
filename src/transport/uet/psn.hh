// PSN: the 32-bit packet sequence number of a packet delivery context, and the sequences that engines count with.
//
// Inside the engine a packet has a 64-bit sequence that never wraps; only its low 32 bits travel. unwrap() finds the sequence
// nearest to a reference: the sign of the 32-bit difference decides, which is right while less than 2^31 lie between them.
// Both directions of a PDC start at the initiator's start PSN (project profile: the target learns it from the first SYN).
// A PDC used again starts 2^16 behind whatever either direction has used, and its sequences go on: a packet of an earlier life is
// one below the start of this one.
// Source: UE 1.0 PDS (PSN comparison by signed difference; a PDC used again starts at least 2^16 away).
#pragma once

#include <cstdint>

namespace weft::uet {

using Sequence = std::uint64_t;

inline constexpr std::uint32_t reuse_distance = 1U << 16;

constexpr std::uint32_t to_psn(Sequence s) { return static_cast<std::uint32_t>(s); }

// Sequences start above 2^32, so that nothing a peer names ever falls below zero.
constexpr Sequence first_sequence(std::uint32_t psn) { return (Sequence{1} << 32) | psn; }

constexpr std::int32_t psn_difference(std::uint32_t a, std::uint32_t b) { return static_cast<std::int32_t>(a - b); }

constexpr Sequence unwrap(std::uint32_t psn, Sequence reference) {
  return reference + static_cast<Sequence>(static_cast<std::int64_t>(psn_difference(psn, to_psn(reference))));
}

// The first sequence from `from` on that travels as this PSN.
constexpr Sequence not_before(std::uint32_t psn, Sequence from) { return from + (psn - to_psn(from)); }

}  // namespace weft::uet
