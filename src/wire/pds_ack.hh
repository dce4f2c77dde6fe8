// PDS acknowledgements: ACK (12 bytes), ACK_CC with selective acknowledgement and congestion state (32), ACK_CCX (40).
//
//    0                   1                   2                   3
//    0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
//   +---------+-------+-+-+-+-+---+-+-------------------------------+
//   |  type   | next  |-|M|X|P|req|-|  ACK PSN offset; probe opaque |
//   +---------+-------+-+-+-+-+---+-+-------------------------------+
//   |                     cumulative PSN (CACK)                     |
//   +-------------------------------+-------------------------------+
//   |            SPDCID             |            DPDCID             |
//   +-------+-------+---------------+-------------------------------+
//   |cc type| flags |      MPR      |        SACK PSN offset        |   ACK_CC and ACK_CCX
//   +-------+-------+---------------+-------------------------------+
//   |                      SACK bitmap (63:32)                      |
//   |                      SACK bitmap (31:0)                       |
//   +---------------------------------------------------------------+
//   |                  congestion state (63:32)                     |   see uet_congestion_state.hh
//   |                  congestion state (31:0)                      |
//   +---------------------------------------------------------------+
//   |               extended congestion state (64)                  |   ACK_CCX only
//   +---------------------------------------------------------------+
//   M the packet was ECN-marked, X retransmitted, P answers a probe, req: 0 nothing, 1 clear, 2 close, 3 reserved.
//
// Bit i of the bitmap, counted from its lowest bit: PSN CACK + SACK PSN offset + i was received. The ACKed packet is CACK +
// ACK PSN offset. Offsets are signed. Units: MPR (maximum PSN range) in 128 PSNs.
// Source: UE 1.0, 3.5.10. Sources disagree on ACK_CCX (32, 40 or 44 bytes): 40 is the project profile.
#pragma once

#include <cstdint>
#include <optional>

#include "base/check.hh"
#include "wire/cursor.hh"
#include "wire/pds_prologue.hh"

namespace weft::wire {

struct PdsAck {
  static constexpr std::size_t size = 12;

  PdsType type = PdsType::ack;  // ack, ack_cc or ack_ccx
  PdsNext next = PdsNext::none;
  bool marked = false, retransmit = false, probe = false;
  std::uint8_t request = 0;     // 2 bits
  std::int16_t psn_offset = 0;  // with `probe`: what the probe said
  std::uint32_t cumulative_psn = 0;
  std::uint16_t spdcid = 0, dpdcid = 0;
  friend bool operator==(const PdsAck&, const PdsAck&) = default;

  void encode(Writer& out) const {
    CHECK(request < 4, "request", int{request});
    const int flags = flag_if(marked, pds_flag::marked) | flag_if(retransmit, pds_flag::retransmit) | flag_if(probe, pds_flag::probe);
    prologue_of(type, next, flags | request << 1).encode(out);
    out.be(static_cast<std::uint16_t>(psn_offset));
    out.be(cumulative_psn);
    out.be(spdcid);
    out.be(dpdcid);
  }

  static std::optional<PdsAck> decode(Reader& in) {
    const PdsPrologue prologue = PdsPrologue::decode(in).value_or(PdsPrologue{});
    PdsAck h;
    h.type = static_cast<PdsType>(prologue.type);
    h.next = static_cast<PdsNext>(prologue.next);
    h.marked = prologue.has(pds_flag::marked);
    h.retransmit = prologue.has(pds_flag::retransmit);
    h.probe = prologue.has(pds_flag::probe);
    h.request = prologue.flags >> 1 & 3;
    h.psn_offset = static_cast<std::int16_t>(in.be<std::uint16_t>());
    h.cumulative_psn = in.be<std::uint32_t>();
    h.spdcid = in.be<std::uint16_t>();
    h.dpdcid = in.be<std::uint16_t>();
    const bool ack = h.type == PdsType::ack || h.type == PdsType::ack_cc || h.type == PdsType::ack_ccx;
    if (!in.ok() || !ack || !known_next(prologue.next)) return std::nullopt;
    return h;
  }
};
static_assert(WireHeader<PdsAck>);

struct PdsAckCc {
  static constexpr std::size_t size = PdsAck::size + 20;

  PdsAck ack{.type = PdsType::ack_cc};  // type ack_cc or, as the beginning of a PdsAckCcx, ack_ccx
  std::uint8_t congestion_type = 0;     // 4 bits: 0 NSCC, 1 credit
  std::uint8_t congestion_flags = 0;    // 4 bits
  std::uint8_t mpr = 0;
  std::int16_t sack_offset = 0;
  std::uint64_t sack_bitmap = 0;
  std::uint64_t congestion_state = 0;
  friend bool operator==(const PdsAckCc&, const PdsAckCc&) = default;

  void encode(Writer& out) const {
    CHECK(congestion_type < 16 && congestion_flags < 16, "type", int{congestion_type}, "flags", int{congestion_flags});
    ack.encode(out);
    out.be(static_cast<std::uint8_t>(congestion_type << 4 | congestion_flags));
    out.be(mpr);
    out.be(static_cast<std::uint16_t>(sack_offset));
    out.be(sack_bitmap);
    out.be(congestion_state);
  }

  static std::optional<PdsAckCc> decode(Reader& in) {
    const auto ack = PdsAck::decode(in);
    PdsAckCc h;
    const auto kind = in.be<std::uint8_t>();
    h.congestion_type = kind >> 4;
    h.congestion_flags = kind & 0xf;
    h.mpr = in.be<std::uint8_t>();
    h.sack_offset = static_cast<std::int16_t>(in.be<std::uint16_t>());
    h.sack_bitmap = in.be<std::uint64_t>();
    h.congestion_state = in.be<std::uint64_t>();
    if (!in.ok() || !ack || ack->type == PdsType::ack) return std::nullopt;
    h.ack = *ack;
    return h;
  }
};
static_assert(WireHeader<PdsAckCc>);

struct PdsAckCcx {
  static constexpr std::size_t size = PdsAckCc::size + 8;

  PdsAckCc head{.ack = {.type = PdsType::ack_ccx}};
  std::uint64_t extended_state = 0;
  friend bool operator==(const PdsAckCcx&, const PdsAckCcx&) = default;

  void encode(Writer& out) const {
    head.encode(out);
    out.be(extended_state);
  }

  static std::optional<PdsAckCcx> decode(Reader& in) {
    const auto head = PdsAckCc::decode(in);
    PdsAckCcx h;
    h.extended_state = in.be<std::uint64_t>();
    if (!in.ok() || !head || head->ack.type != PdsType::ack_ccx) return std::nullopt;
    h.head = *head;
    return h;
  }
};
static_assert(WireHeader<PdsAckCcx>);

}  // namespace weft::wire
