// A GSE fault notice as one 66-bit block of the physical coding layer: no frame to wait for, so it is at the other end after a
// block's time and the link's delay. PROJECT PROFILE, with an O-code of its own so that no receiver takes it for another's.
//
//   bits   2       8           8          8         8         4         28
//        | sync  | type      | D1       | D2      | D3      | O-code  | event data                               |
//        | 10    | 0x4b      | event    | reporting device  | 0x9     | port 12 · notice 12 · hops left 4        |
//
// As bytes here: the sync bits as the low two of the first, then the block's 64 bits, most significant first. (On a lane the
// order of bits is that of IEEE 802.3, 49.2.4; nothing here goes to a lane.) The notice number is the low 12 bits of that of
// the Ethernet notice (gse_messages.hh), so either kind may repeat the other. What the block has no room for, the device behind
// the port and hops above 15, is left out.
// Source: IEEE 802.3, 49.2.4.4 (ordered sets, block type 0x4b; O-codes 0x0 and 0xf are the standard's, 0x6 is UEC's); the rest is
// the project profile.
#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>

#include "base/check.hh"
#include "wire/cursor.hh"
#include "wire/gse_messages.hh"

namespace weft::wire {

struct GseFaultBlock {
  static constexpr std::size_t size = 9;
  static constexpr std::uint8_t sync = 2, block_type = 0x4b, o_code = 0x9;

  std::uint16_t reporter = 0;
  std::uint16_t port = 0;      // 12 bits
  std::uint16_t notice = 0;    // 12 bits
  std::uint8_t hops_left = 0;  // 4 bits
  GseLinkEvent event = GseLinkEvent::down;
  friend bool operator==(const GseFaultBlock&, const GseFaultBlock&) = default;

  void encode(Writer& out) const {
    CHECK(port < 0x1000 && notice < 0x1000 && hops_left < 16, "port", port, "notice", notice, "hops", int{hops_left});
    out.be(sync);
    out.be(block_type);
    out.be(static_cast<std::uint8_t>(event));
    out.be(reporter);
    out.be(std::uint32_t{o_code} << 28 | std::uint32_t{port} << 16 | std::uint32_t{notice} << 4 | hops_left);
  }

  static std::optional<GseFaultBlock> decode(Reader& in) {
    const auto head = in.be<std::uint16_t>();
    const auto event = in.be<std::uint8_t>();
    GseFaultBlock b;
    b.reporter = in.be<std::uint16_t>();
    const auto word = in.be<std::uint32_t>();
    b.port = word >> 16 & 0xfff;
    b.notice = word >> 4 & 0xfff;
    b.hops_left = word & 0xf;
    b.event = static_cast<GseLinkEvent>(event);
    if (!in.ok() || head != (sync << 8 | block_type) || word >> 28 != o_code || (event != 1 && event != 2)) return std::nullopt;
    return b;
  }

  [[nodiscard]] static GseFaultBlock of(const GseFault& fault) {
    return {.reporter = fault.reporter,
            .port = fault.port,
            .notice = static_cast<std::uint16_t>(fault.notice & 0xfff),
            .hops_left = std::min<std::uint8_t>(fault.hops_left, 15),
            .event = fault.event};
  }
};
static_assert(WireHeader<GseFaultBlock>);

}  // namespace weft::wire
