// BTH, the base transport header of every InfiniBand and RoCE packet. 12 bytes.
//
//    0                   1                   2                   3
//    0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
//   +---------------+-+-+---+-------+-------------------------------+
//   |    opcode     |S|M|pad| TVer  |             P_Key             |
//   +-+-+-----------+-+-+---+-------+-------------------------------+
//   |F|B| reserved  |                    DestQP                     |
//   +-+-+-----------+-----------------------------------------------+
//   |A|  reserved   |                      PSN                      |
//   +-+-------------+-----------------------------------------------+
//   S solicited event, M MigReq, F FECN, B BECN, A AckReq. TVer is 0; another version is refused.
//
// Units: pad_count in bytes. Reserved bits are written as zero and ignored when read.
// Source: IBTA volume 1, 9.2; FECN and BECN: annex A17 (RoCEv2).
#pragma once

#include <cstdint>
#include <optional>

#include "base/check.hh"
#include "wire/cursor.hh"

namespace weft::wire {

inline constexpr std::uint32_t psn_mask = 0xffffff;

struct Bth {
  static constexpr std::size_t size = 12;

  std::uint8_t opcode = 0;
  bool solicited = false, migration_request = false;
  std::uint8_t pad_count = 0;  // 2 bits
  std::uint16_t pkey = 0xffff;
  bool fecn = false, becn = false;
  std::uint32_t dest_qp = 0;  // 24 bits
  bool ack_request = false;
  std::uint32_t psn = 0;  // 24 bits
  friend bool operator==(const Bth&, const Bth&) = default;

  void encode(Writer& out) const {
    CHECK(pad_count < 4 && dest_qp <= 0xffffff && psn <= psn_mask, "pad", int{pad_count}, "dest_qp", dest_qp, "psn", psn);
    out.be(opcode);
    out.be(static_cast<std::uint8_t>(solicited << 7 | migration_request << 6 | pad_count << 4));
    out.be(pkey);
    out.be(static_cast<std::uint8_t>(fecn << 7 | becn << 6));
    out.be24(dest_qp);
    out.be(static_cast<std::uint8_t>(ack_request << 7));
    out.be24(psn);
  }

  static std::optional<Bth> decode(Reader& in) {
    Bth h;
    h.opcode = in.be<std::uint8_t>();
    const auto flags = in.be<std::uint8_t>();
    h.solicited = (flags & 0x80) != 0;
    h.migration_request = (flags & 0x40) != 0;
    h.pad_count = flags >> 4 & 3;
    h.pkey = in.be<std::uint16_t>();
    const auto congestion = in.be<std::uint8_t>();
    h.fecn = (congestion & 0x80) != 0;
    h.becn = (congestion & 0x40) != 0;
    h.dest_qp = in.be24();
    h.ack_request = (in.be<std::uint8_t>() & 0x80) != 0;
    h.psn = in.be24();
    const bool version_known = (flags & 0x0f) == 0;
    if (!in.ok() || !version_known) return std::nullopt;
    return h;
  }
};
static_assert(WireHeader<Bth>);

}  // namespace weft::wire
