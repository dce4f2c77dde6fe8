// PDS headers without a PDC: RUDI request and response (8 bytes), UUD request (4 bytes).
//
//    0                   1                   2                   3
//    0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
//   +---------+-------+-+-+-+-------+-------------------------------+
//   |  type   | next  |-|M|X|   -   |           reserved            |
//   +---------+-------+-+-+-+-------+-------------------------------+
//   |                           packet id                           |   RUDI only
//   +---------------------------------------------------------------+
//   M (responses) the request was ECN-marked, X retransmitted; UUD has no flags.
//
// Source: UE 1.0, 3.5.10, as public dissectors lay it out.
#pragma once

#include <cstdint>
#include <optional>

#include "wire/cursor.hh"
#include "wire/pds_prologue.hh"

namespace weft::wire {

struct PdsRudi {
  static constexpr std::size_t size = 8;

  PdsType type = PdsType::rudi_request;  // rudi_request or rudi_response
  PdsNext next = PdsNext::none;
  bool marked = false, retransmit = false;
  std::uint32_t packet_id = 0;
  friend bool operator==(const PdsRudi&, const PdsRudi&) = default;

  void encode(Writer& out) const {
    prologue_of(type, next, flag_if(marked, pds_flag::marked) | flag_if(retransmit, pds_flag::retransmit)).encode(out);
    out.zeros(2);
    out.be(packet_id);
  }

  static std::optional<PdsRudi> decode(Reader& in) {
    const PdsPrologue prologue = PdsPrologue::decode(in).value_or(PdsPrologue{});
    PdsRudi h;
    h.type = static_cast<PdsType>(prologue.type);
    h.next = static_cast<PdsNext>(prologue.next);
    h.marked = prologue.has(pds_flag::marked);
    h.retransmit = prologue.has(pds_flag::retransmit);
    in.bytes(2);
    h.packet_id = in.be<std::uint32_t>();
    const bool rudi = h.type == PdsType::rudi_request || h.type == PdsType::rudi_response;
    if (!in.ok() || !rudi || !known_next(prologue.next)) return std::nullopt;
    return h;
  }
};
static_assert(WireHeader<PdsRudi>);

struct PdsUud {
  static constexpr std::size_t size = 4;

  PdsNext next = PdsNext::none;
  friend bool operator==(const PdsUud&, const PdsUud&) = default;

  void encode(Writer& out) const {
    prologue_of(PdsType::uud_request, next, 0).encode(out);
    out.zeros(2);
  }

  static std::optional<PdsUud> decode(Reader& in) {
    const PdsPrologue prologue = PdsPrologue::decode(in).value_or(PdsPrologue{});
    in.bytes(2);
    if (!in.ok() || !prologue.is(PdsType::uud_request) || !known_next(prologue.next)) return std::nullopt;
    return PdsUud{static_cast<PdsNext>(prologue.next)};
  }
};
static_assert(WireHeader<PdsUud>);

}  // namespace weft::wire
