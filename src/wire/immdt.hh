// ImmDt, the immediate data that arrives with the last packet of a SEND or WRITE. 4 bytes.
//
//    0                   1                   2                   3
//    0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
//   +---------------------------------------------------------------+
//   |                        immediate data                         |
//   +---------------------------------------------------------------+
//
// Source: IBTA volume 1, 9.3. Opaque to the transport; weft writes the number in network order.
#pragma once

#include <cstdint>
#include <optional>

#include "wire/cursor.hh"

namespace weft::wire {

struct ImmDt {
  static constexpr std::size_t size = 4;

  std::uint32_t immediate = 0;
  friend bool operator==(const ImmDt&, const ImmDt&) = default;

  void encode(Writer& out) const { out.be(immediate); }

  static std::optional<ImmDt> decode(Reader& in) {
    const ImmDt h{in.be<std::uint32_t>()};
    if (!in.ok()) return std::nullopt;
    return h;
  }
};
static_assert(WireHeader<ImmDt>);

}  // namespace weft::wire
