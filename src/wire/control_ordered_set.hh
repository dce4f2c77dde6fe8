// Control ordered set (CtlOS): what the two ends of a link tell each other below Ethernet, in one 66b block. It has no frame, so
// capture files leave it out.
//
//   bits of the block's 64 after the sync header 10, byte by byte
//   0  8    block type 0x4B
//   1  8    type: 0x01 ACK, 0x02 NACK, 0x03 INIT, 0x04 INIT_ECHO, 0x10 CF_Update
//   2  8    number[19:12]
//   3  8    number[11:4]
//   4  8    number[3:0] << 4 | O-code 0x6
//   5  16   INIT: init_data; CF_Update: VC (5 bits) << 11; else zero
//   7  8    zero
//
// number: ACK: the last frame passed on; NACK: the last good one; CF_Update: credits freed (R_CF) of the VC; else zero.
// Refused: another block type or O-code, an unknown type, anything but zero where zero is due.
// Source: types and place of the number: fabric.md 2.9. Project profile, since not public to us: where the O-code stands, where
// init_data and the VC stand, and that CF_Update carries one count of 20 bits.
#pragma once

#include <cstdint>
#include <optional>

#include "wire/cursor.hh"

namespace weft::wire {

enum class ControlSet : std::uint8_t { ack = 0x01, nack = 0x02, init = 0x03, init_echo = 0x04, credits_freed = 0x10 };

struct ControlOrderedSet {
  static constexpr std::size_t size = 8;
  static constexpr std::uint8_t block_type = 0x4b, o_code = 0x6;
  static constexpr std::uint8_t most_channels = 32;

  ControlSet type = ControlSet::ack;
  std::uint8_t channel = 0;  // VC
  std::uint16_t init_data = 0;
  std::uint32_t number = 0;  // 20 bits
  friend bool operator==(const ControlOrderedSet&, const ControlOrderedSet&) = default;

  void encode(Writer& out) const;
  static std::optional<ControlOrderedSet> decode(Reader& in);
};
static_assert(WireHeader<ControlOrderedSet>);

}  // namespace weft::wire
