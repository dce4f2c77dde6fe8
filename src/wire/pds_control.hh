// PDS control packet (CP): acknowledgement and clear and close requests, probes, credits. 16 bytes.
//
//    0                   1                   2                   3
//    0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
//   +---------+-------+-+-+-+-+-+---+-------------------------------+
//   |  type   |control|-|O|X|A|S| - |         probe opaque          |
//   +---------+-------+-+-+-+-+-+---+-------------------------------+
//   |                              PSN                              |
//   +-------------------------------+-------------------------------+
//   |            SPDCID             |   DPDCID; SYN: see PdsSyn     |
//   +-------------------------------+-------------------------------+
//   |                            payload                            |   credit, clear PSN, ...: follows from the control type
//   +---------------------------------------------------------------+
//   O the PDC is ROD, X retransmitted, A acknowledgement requested, S SYN. Control types 10 to 15 are refused.
//
// Source: UE 1.0, 3.5.10, as public dissectors lay it out.
#pragma once

#include <cstdint>
#include <optional>

#include "base/check.hh"
#include "wire/cursor.hh"
#include "wire/pds_prologue.hh"

namespace weft::wire {

constexpr bool known_control(std::uint8_t control) { return control <= static_cast<std::uint8_t>(PdsControl::negotiation); }

struct PdsControlPacket {
  static constexpr std::size_t size = 16;

  PdsControl control = PdsControl::noop;
  bool rod = false, retransmit = false, ack_request = false, syn = false;
  std::uint16_t probe_opaque = 0;
  std::uint32_t psn = 0;
  std::uint16_t spdcid = 0, dpdcid = 0;
  std::uint32_t payload = 0;
  friend bool operator==(const PdsControlPacket&, const PdsControlPacket&) = default;

  void encode(Writer& out) const {
    CHECK(known_control(static_cast<std::uint8_t>(control)), "control", static_cast<int>(control));
    const int flags = flag_if(rod, pds_flag::is_rod) | flag_if(retransmit, pds_flag::retransmit) |
                      flag_if(ack_request, pds_flag::ack_request) | flag_if(syn, pds_flag::syn);
    prologue_of(PdsType::control, static_cast<PdsNext>(control), flags).encode(out);
    out.be(probe_opaque);
    out.be(psn);
    out.be(spdcid);
    out.be(dpdcid);
    out.be(payload);
  }

  static std::optional<PdsControlPacket> decode(Reader& in) {
    const PdsPrologue prologue = PdsPrologue::decode(in).value_or(PdsPrologue{});
    PdsControlPacket h;
    h.control = static_cast<PdsControl>(prologue.next);
    h.rod = prologue.has(pds_flag::is_rod);
    h.retransmit = prologue.has(pds_flag::retransmit);
    h.ack_request = prologue.has(pds_flag::ack_request);
    h.syn = prologue.has(pds_flag::syn);
    h.probe_opaque = in.be<std::uint16_t>();
    h.psn = in.be<std::uint32_t>();
    h.spdcid = in.be<std::uint16_t>();
    h.dpdcid = in.be<std::uint16_t>();
    h.payload = in.be<std::uint32_t>();
    if (!in.ok() || !prologue.is(PdsType::control) || !known_control(prologue.next)) return std::nullopt;
    return h;
  }
};
static_assert(WireHeader<PdsControlPacket>);

}  // namespace weft::wire
