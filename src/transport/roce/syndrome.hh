// AETH syndrome: what an ACK packet says. Bits 6:5 are the kind, the low five its value.
//
// RNR timer codes and the local ACK timeout are durations: timeout = 4.096 us * 2^n, n = 0 is off.
// Source: IBTA 1.4 section 9.7.5 (tables 43 to 46: AETH syndrome, NAK codes, RNR timer).
#pragma once

#include <array>
#include <cstdint>

#include "base/units.hh"

namespace weft::roce {

inline constexpr std::uint8_t syndrome_acknowledge = 0x1f;  // kind 00, credit code 31: no limit
inline constexpr std::uint8_t syndrome_rnr = 0x20;
inline constexpr std::uint8_t syndrome_nak = 0x60;

enum class Nak : std::uint8_t { sequence_error, invalid_request, remote_access, remote_operational, invalid_read };

enum class SyndromeKind : std::uint8_t { acknowledge, rnr, reserved, nak };
constexpr SyndromeKind syndrome_kind(std::uint8_t syndrome) { return static_cast<SyndromeKind>((syndrome >> 5) & 3); }
constexpr std::uint8_t syndrome_value(std::uint8_t syndrome) { return syndrome & 0x1f; }
constexpr std::uint8_t nak_syndrome(Nak code) { return static_cast<std::uint8_t>(syndrome_nak | static_cast<std::uint8_t>(code)); }

constexpr Duration rnr_delay(std::uint8_t code) {
  constexpr std::array<std::int32_t, 32> hundredths_of_ms = {65536, 1,    2,    3,    4,    6,     8,     12,    16,    24,   32,
                                                             48,    64,   96,   128,  192,  256,   384,   512,   768,   1024, 1536,
                                                             2048,  3072, 4096, 6144, 8192, 12288, 16384, 24576, 32768, 49152};
  return Duration{hundredths_of_ms[code & 0x1f] * std::int64_t{10'000'000}};
}

constexpr Duration acknowledge_timeout(std::uint8_t exponent) { return Duration{std::int64_t{4'096'000} << (exponent & 0x1f)}; }

}  // namespace weft::roce
