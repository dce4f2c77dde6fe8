// SackETH: which packets beyond the acknowledged one have arrived. PROJECT PROFILE, not a standard: it exists only with
// `recovery: selective`, in packets of opcode 0x1d (reserved by the standard), after BTH and AETH. 12 bytes.
//
//    0                   1                   2                   3
//    0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
//   +-----------------------------------------------+---------------+
//   |                  trigger PSN                  |   reserved    |
//   +-----------------------------------------------+---------------+
//   |                         bitmap (63:32, 31:0)                  |
//   |                                                               |
//   +---------------------------------------------------------------+
//
// The trigger is the packet whose arrival caused this report; bit i of the bitmap: packet trigger - i has been kept. BTH's
// PSN is the highest in order. In RoceHeader `immediate` carries the trigger and `swap_add` the bitmap.
#pragma once

#include <cstdint>
#include <optional>

#include "base/check.hh"
#include "wire/cursor.hh"

namespace weft::wire {

struct SackEth {
  static constexpr std::size_t size = 12;

  std::uint32_t trigger_psn = 0;  // 24 bits
  std::uint64_t bitmap = 0;
  friend bool operator==(const SackEth&, const SackEth&) = default;

  void encode(Writer& out) const {
    CHECK(trigger_psn <= 0xffffff, "trigger_psn", trigger_psn);
    out.be24(trigger_psn);
    out.be(std::uint8_t{0});
    out.be(bitmap);
  }

  static std::optional<SackEth> decode(Reader& in) {
    SackEth h;
    h.trigger_psn = in.be24();
    in.bytes(1);
    h.bitmap = in.be<std::uint64_t>();
    if (!in.ok()) return std::nullopt;
    return h;
  }
};
static_assert(WireHeader<SackEth>);

}  // namespace weft::wire
