// AETH, the ACK extended transport header, and the meaning of its syndrome. 4 bytes.
//
//    0                   1                   2                   3
//    0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
//   +-+---+---------+-----------------------------------------------+
//   |0|knd|  value  |                      MSN                      |
//   +-+---+---------+-----------------------------------------------+
//
//   kind 00 ACK: value is a credit code      01 RNR NAK: value is a timer code
//   kind 11 NAK: value is a NAK code         10, or bit 7 set: reserved
//
// Units: credits in receive work requests, RNR delays in Duration (the table counts 10 us).
// Source: IBTA volume 1, 9.3 and 9.7.5.2 (the RNR timer table is 9.7.5.2.8).
#pragma once

#include <array>
#include <cstdint>
#include <optional>

#include "base/check.hh"
#include "base/units.hh"
#include "wire/cursor.hh"

namespace weft::wire {

struct Aeth {
  static constexpr std::size_t size = 4;

  std::uint8_t syndrome = 0;
  std::uint32_t msn = 0;  // 24 bits
  friend bool operator==(const Aeth&, const Aeth&) = default;

  void encode(Writer& out) const {
    CHECK(msn <= 0xffffff, "msn", msn);
    out.be(syndrome);
    out.be24(msn);
  }

  static std::optional<Aeth> decode(Reader& in) {
    Aeth h;
    h.syndrome = in.be<std::uint8_t>();
    h.msn = in.be24();
    if (!in.ok()) return std::nullopt;
    return h;
  }
};
static_assert(WireHeader<Aeth>);

enum class AethKind : std::uint8_t { acknowledge = 0, rnr_nak = 1, reserved = 2, nak = 3 };
enum class NakCode : std::uint8_t {
  psn_sequence_error = 0,
  invalid_request = 1,
  remote_access_error = 2,
  remote_operational_error = 3,
  invalid_rd_request = 4,
};
inline constexpr std::uint8_t credit_code_unlimited = 31;

constexpr AethKind aeth_kind(std::uint8_t syndrome) {
  return (syndrome & 0x80) != 0 ? AethKind::reserved : static_cast<AethKind>(syndrome >> 5);
}
constexpr std::uint8_t aeth_value(std::uint8_t syndrome) { return syndrome & 0x1f; }

constexpr std::uint8_t ack_syndrome(std::uint8_t credit_code = credit_code_unlimited) { return credit_code & 0x1f; }
constexpr std::uint8_t rnr_syndrome(std::uint8_t timer_code) { return static_cast<std::uint8_t>(0x20 | (timer_code & 0x1f)); }
constexpr std::uint8_t nak_syndrome(NakCode code) { return static_cast<std::uint8_t>(0x60 | static_cast<std::uint8_t>(code)); }

// The NAK code of a syndrome of kind nak; nothing when the code is reserved.
constexpr std::optional<NakCode> nak_code(std::uint8_t syndrome) {
  const std::uint8_t value = aeth_value(syndrome);
  if (aeth_kind(syndrome) != AethKind::nak || value > static_cast<std::uint8_t>(NakCode::invalid_rd_request)) return std::nullopt;
  return static_cast<NakCode>(value);
}

// Credits of a code: 0 1 2 3 4 6 8 12 16 24 ... 32768; from code 2 on, each second code doubles. Nothing: no limit.
constexpr std::optional<std::uint32_t> credits(std::uint8_t code) {
  if (code >= credit_code_unlimited) return std::nullopt;
  if (code < 2) return code;
  const std::uint32_t base = code % 2 == 0 ? 2 : 3;
  return base << (code / 2 - 1);
}
// The greatest code that promises no more than `count` credits.
constexpr std::uint8_t credit_code(std::uint32_t count) {
  std::uint8_t code = 30;
  while (*credits(code) > count) --code;
  return code;
}

// How long the requester waits after an RNR NAK with this timer code.
constexpr Duration rnr_delay(std::uint8_t code) {
  constexpr std::array<std::int32_t, 32> tens_of_microseconds = {65536, 1,    2,    3,    4,    6,     8,     12,    16,    24,   32,
                                                                 48,    64,   96,   128,  192,  256,   384,   512,   768,   1024, 1536,
                                                                 2048,  3072, 4096, 6144, 8192, 12288, 16384, 24576, 32768, 49152};
  return Duration{std::int64_t{tens_of_microseconds[code & 0x1f]} * 10'000'000};
}
// The code of the shortest delay of at least `least`; code 0, the longest delay, when none suffices.
constexpr std::uint8_t rnr_code(Duration least) {
  for (std::uint8_t code = 1; code < 32; ++code) {
    if (rnr_delay(code) >= least) return code;
  }
  return 0;
}

}  // namespace weft::wire
