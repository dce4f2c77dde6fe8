// CNP, the congestion notification packet of RoCEv2: BTH with opcode 0x81 and BECN, then 16 reserved bytes.
//
//   +----------------------+------------------------------+----------+
//   | BTH (12 B): 0x81,    | reserved (16 B): zero when   | ICRC     |
//   | BECN 1, AckReq 0,    | written, ignored when read   | (4 B)    |
//   | PSN 0, DestQP        |                              |          |
//   +----------------------+------------------------------+----------+
//
// DestQP is the queue pair that sent the marked packet: the CNP travels against the data. Source: IBTA annex A17.
#pragma once

#include <cstdint>
#include <optional>

#include "wire/cursor.hh"
#include "wire/roce.hh"

namespace weft::wire {

struct CnpReserved {
  static constexpr std::size_t size = 16;

  friend bool operator==(const CnpReserved&, const CnpReserved&) = default;

  void encode(Writer& out) const { out.zeros(size); }

  static std::optional<CnpReserved> decode(Reader& in) {
    in.bytes(size);
    if (!in.ok()) return std::nullopt;
    return CnpReserved{};
  }
};
static_assert(WireHeader<CnpReserved>);

constexpr RoceHeader make_cnp(std::uint32_t dest_qp, std::uint16_t pkey = 0xffff) {
  RoceHeader header;
  header.opcode = RoceOpcode::cnp;
  header.becn = true;
  header.dest_qp = dest_qp;
  header.pkey = pkey;
  return header;
}

}  // namespace weft::wire
