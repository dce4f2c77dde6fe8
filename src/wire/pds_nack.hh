// PDS negative acknowledgements: NACK (16 bytes) and NACK_CCX (32 bytes).
//
//    0                   1                   2                   3
//    0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
//   +---------+-------+-+-+-+-+-----+---------------+---------------+
//   |  type   | next  |-|M|X|T|  -  |   NACK code   |  vendor code  |
//   +---------+-------+-+-+-+-+-----+---------------+---------------+
//   |                  NACK PSN, or packet id (RUDI)                |
//   +-------------------------------+-------------------------------+
//   |            SPDCID             |            DPDCID             |
//   +-------------------------------+-------------------------------+
//   |                            payload                            |   its meaning follows from the code
//   +-------+-------------------------------------------------------+
//   | type  |         extended congestion state, 124 bits           |   NACK_CCX only
//   |       :                                                       |
//   +---------------------------------------------------------------+
//   M the packet was ECN-marked, X retransmitted, T: 0 RUD or ROD, 1 RUDI.
//
// Codes that weft does not know are kept: what to do about them is the engine's affair.
// Source: UE 1.0, 3.5.10. Sources disagree on NACK_CCX (24 or 32 bytes): 32 is the project profile; the
// extended state is written as zero and ignored when read.
#pragma once

#include <cstdint>
#include <optional>

#include "wire/cursor.hh"
#include "wire/pds_prologue.hh"

namespace weft::wire {

struct PdsNack {
  static constexpr std::size_t size = 16;

  PdsType type = PdsType::nack;  // nack or nack_ccx
  PdsNext next = PdsNext::none;
  bool marked = false, retransmit = false, rudi = false;
  NackCode code = NackCode::none;
  std::uint8_t vendor = 0;
  std::uint32_t psn = 0;
  std::uint16_t spdcid = 0, dpdcid = 0;
  std::uint32_t payload = 0;
  friend bool operator==(const PdsNack&, const PdsNack&) = default;

  void encode(Writer& out) const {
    prologue_of(type, next, flag_if(marked, pds_flag::marked) | flag_if(retransmit, pds_flag::retransmit) | flag_if(rudi, pds_flag::rudi))
        .encode(out);
    out.be(static_cast<std::uint8_t>(code));
    out.be(vendor);
    out.be(psn);
    out.be(spdcid);
    out.be(dpdcid);
    out.be(payload);
  }

  static std::optional<PdsNack> decode(Reader& in) {
    const PdsPrologue prologue = PdsPrologue::decode(in).value_or(PdsPrologue{});
    PdsNack h;
    h.type = static_cast<PdsType>(prologue.type);
    h.next = static_cast<PdsNext>(prologue.next);
    h.marked = prologue.has(pds_flag::marked);
    h.retransmit = prologue.has(pds_flag::retransmit);
    h.rudi = prologue.has(pds_flag::rudi);
    h.code = static_cast<NackCode>(in.be<std::uint8_t>());
    h.vendor = in.be<std::uint8_t>();
    h.psn = in.be<std::uint32_t>();
    h.spdcid = in.be<std::uint16_t>();
    h.dpdcid = in.be<std::uint16_t>();
    h.payload = in.be<std::uint32_t>();
    const bool nack = h.type == PdsType::nack || h.type == PdsType::nack_ccx;
    if (!in.ok() || !nack || !known_next(prologue.next)) return std::nullopt;
    return h;
  }
};
static_assert(WireHeader<PdsNack>);

struct PdsNackCcx {
  static constexpr std::size_t size = PdsNack::size + 16;

  PdsNack nack{.type = PdsType::nack_ccx};
  friend bool operator==(const PdsNackCcx&, const PdsNackCcx&) = default;

  void encode(Writer& out) const {
    nack.encode(out);
    out.zeros(size - PdsNack::size);
  }

  static std::optional<PdsNackCcx> decode(Reader& in) {
    const auto nack = PdsNack::decode(in);
    in.bytes(size - PdsNack::size);
    if (!in.ok() || !nack || nack->type != PdsType::nack_ccx) return std::nullopt;
    return PdsNackCcx{*nack};
  }
};
static_assert(WireHeader<PdsNackCcx>);

}  // namespace weft::wire
