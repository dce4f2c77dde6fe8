// Parameters of credit-based flow control (CBFC), what a packet costs, and how many credits keep a link busy.
//
//   credits(packet) = ceil((length + overhead) / credit_size), length: the frame with FCS
// Default credits of a VC: one bandwidth-delay product, R * (flight there + flight back + CF spacing) / 8, and four full frames: the
// one being sent, the one that leaves the receiver's buffer, and what rounding to whole credits takes.
// Units: bytes, credits, picoseconds. Source: fabric.md 2.10 (defaults included); the default credits: project profile.
#pragma once

#include <cstdint>
#include <optional>

#include "base/units.hh"

namespace weft {

struct CbfcParameters {
  std::optional<Bytes> credits;  // of each VC and link; absent: one bandwidth-delay product
  Bytes credit_size{128};
  Bytes overhead{0};                   // counted beside each packet's own, -16 to 127; keys take no negative ones
  Bytes spacing{6400};                 // least, between CF_Updates of a link
  Bytes most_spacing{262'144};         // a CF_Update is repeated after so much
  Duration update_timer{256'000'000};  // CC_Update
  bool operator==(const CbfcParameters&) const = default;
};

// Counters have 20 bits: at most one less than their space may be out.
inline constexpr std::uint32_t most_credits = (1U << 20) - 1;

class CreditCost {
 public:
  CreditCost() = default;
  CreditCost(const CbfcParameters& parameters, Bytes gap)
      : size_(static_cast<std::uint32_t>(parameters.credit_size.v)), beside_(static_cast<std::int32_t>((parameters.overhead - gap).v)) {}
  // Of a packet that takes `wire_bytes` with preamble and gap.
  [[nodiscard]] std::uint32_t of(std::uint32_t wire_bytes) const {
    const auto counted = static_cast<std::uint32_t>(static_cast<std::int32_t>(wire_bytes) + beside_);
    return (counted + size_ - 1) / size_;
  }

 private:
  std::uint32_t size_ = 128;
  std::int32_t beside_ = 0;
};

struct CbfcLink {
  Rate rate{};
  Duration flight{}, flight_back{};
  Bytes full_frame{};  // on the wire
};
[[nodiscard]] std::uint32_t cbfc_credits(const CbfcParameters& parameters, const CbfcLink& link, const CreditCost& cost);
// Bytes on the wire that so many credits may hold at most: what a receiver must keep for them.
[[nodiscard]] Bytes cbfc_room(const CbfcParameters& parameters, std::uint32_t credits, Bytes gap);

}  // namespace weft
