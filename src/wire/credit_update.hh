// CC_Update: a frame in which the sender of a link with credit-based flow control says what it has consumed, so that credits of
// lost packets come back. 64 bytes with the FCS.
//
//   bytes
//   0  6    01-80-C2-00-00-01
//   6  6    source address
//   12 2    0x88B6 (IEEE 802 local experimental EtherType 2)
//   14 1    kind 0x01
//   15 1    number of VCs, 1 to 8
//   16 4n   for each: VC (8 bits), zero (4 bits), credits consumed S_CC (20 bits)
//   ..      zeros up to byte 60
//   60 4    FCS
//
// Refused: another address, type or kind; no VC or more than 8; a VC above 31; VCs not in ascending order.
// Source: what it says and its size: fabric.md 2.10. The layout is not public to us: project profile, not the standard.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

#include "wire/cursor.hh"
#include "wire/ethernet.hh"
#include "wire/fcs.hh"

namespace weft::wire {

inline constexpr std::uint16_t credit_update_ether_type = 0x88b6;

// From the kind on.
struct CreditUpdate {
  static constexpr std::uint8_t kind = 0x01;
  static constexpr std::size_t most = 8;
  struct Channel {
    std::uint8_t channel = 0;
    std::uint32_t consumed = 0;
    friend bool operator==(const Channel&, const Channel&) = default;
  };

  std::uint8_t count = 0;
  std::array<Channel, most> channels{};
  friend bool operator==(const CreditUpdate&, const CreditUpdate&) = default;

  void add(std::uint8_t channel, std::uint32_t consumed);
  void encode(Writer& out) const;
  static std::optional<CreditUpdate> decode(Reader& in);
};

// A whole frame; the number of bytes written (60 or 64), or 0 when `out` is too small.
std::size_t build_credit_update_frame(const MacAddress& source, const CreditUpdate& update, Fcs fcs, ByteRoom out);

enum class CreditUpdateRefusal : std::uint8_t { none, truncated, fcs, ether_type, destination, malformed };
std::string_view name_of(CreditUpdateRefusal refusal);

struct ParsedCreditUpdate {
  CreditUpdateRefusal refusal = CreditUpdateRefusal::none;
  MacAddress source{};
  CreditUpdate update{};
  [[nodiscard]] bool ok() const { return refusal == CreditUpdateRefusal::none; }
};
ParsedCreditUpdate parse_credit_update_frame(ByteView frame, Fcs fcs);

}  // namespace weft::wire
