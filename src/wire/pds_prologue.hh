// PDS prologue: the first 16 bits of every Ultra Ethernet packet, and where its flags are. 2 bytes.
//
//    0                   1
//    0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5
//   +---------+-------+-------------+
//   |  type   | next  |    flags    |      next: the SES header that follows; in a control packet: the control type
//   +---------+-------+-------------+
//
//   flags:            6   5   4   3   2   1   0
//   RUD_REQ ROD_REQ   -   -   X   A   S   -   -     X retransmitted, A acknowledgement requested, S SYN
//   ACK               -   M   X   P   r   r   -     M the packet was ECN-marked, P answers a probe, r request (2 bits)
//   NACK              -   M   X   T   -   -   -     T type: 0 RUD or ROD, 1 RUDI
//   CP                -   O   X   A   S   -   -     O the PDC is ROD
//   RUDI              -   M   X   -   -   -   -     M in responses only
//   UUD               -   -   -   -   -   -   -
//
// Reserved bits are written as zero and ignored when read; this header keeps all seven, the header of each type takes its own.
// Source: UE 1.0, 3.5.10, as public reference code and dissectors lay it out.
#pragma once

#include <cstdint>
#include <optional>

#include "base/check.hh"
#include "wire/cursor.hh"
#include "wire/uet.hh"

namespace weft::wire {

namespace pds_flag {
inline constexpr std::uint8_t marked = 0x20, is_rod = 0x20, retransmit = 0x10;
inline constexpr std::uint8_t ack_request = 0x08, probe = 0x08, rudi = 0x08, syn = 0x04;
}  // namespace pds_flag

constexpr std::uint8_t flag_if(bool set, std::uint8_t flag) { return set ? flag : std::uint8_t{0}; }

struct PdsPrologue {
  static constexpr std::size_t size = 2;

  std::uint8_t type = 0;   // 5 bits, PdsType
  std::uint8_t next = 0;   // 4 bits, PdsNext or PdsControl
  std::uint8_t flags = 0;  // 7 bits
  friend bool operator==(const PdsPrologue&, const PdsPrologue&) = default;

  [[nodiscard]] bool has(std::uint8_t flag) const { return (flags & flag) != 0; }
  [[nodiscard]] bool is(PdsType wanted) const { return type == static_cast<std::uint8_t>(wanted); }

  void encode(Writer& out) const {
    CHECK(type < 32 && next < 16 && flags < 128, "type", int{type}, "next", int{next}, "flags", int{flags});
    out.be(static_cast<std::uint16_t>(type << 11 | next << 7 | flags));
  }

  static std::optional<PdsPrologue> decode(Reader& in) {
    const auto word = in.be<std::uint16_t>();
    if (!in.ok()) return std::nullopt;
    return PdsPrologue{static_cast<std::uint8_t>(word >> 11), static_cast<std::uint8_t>(word >> 7 & 0xf),
                       static_cast<std::uint8_t>(word & 0x7f)};
  }
};
static_assert(WireHeader<PdsPrologue>);

constexpr PdsPrologue prologue_of(PdsType type, PdsNext next, int flags) {
  return {static_cast<std::uint8_t>(type), static_cast<std::uint8_t>(next), static_cast<std::uint8_t>(flags)};
}
// Next headers 7 to 15 are reserved.
constexpr bool known_next(std::uint8_t next) { return next <= static_cast<std::uint8_t>(PdsNext::response_data_small); }

}  // namespace weft::wire
