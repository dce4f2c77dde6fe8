// UET entropy header: stands between IP and PDS when UET rides directly on IP, in the place of UDP's source port. 4 bytes.
//
//    0                   1                   2                   3
//    0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
//   +-------------------------------+-------------------------------+
//   |            entropy            |           reserved            |
//   +-------------------------------+-------------------------------+
//
// weft sends UET in UDP; this codec is for what others send. Source: UE 1.0, 3.5.10, as public reference code lays it out.
#pragma once

#include <cstdint>
#include <optional>

#include "wire/cursor.hh"

namespace weft::wire {

struct EntropyHeader {
  static constexpr std::size_t size = 4;

  std::uint16_t entropy = 0;
  friend bool operator==(const EntropyHeader&, const EntropyHeader&) = default;

  void encode(Writer& out) const {
    out.be(entropy);
    out.zeros(2);
  }

  static std::optional<EntropyHeader> decode(Reader& in) {
    EntropyHeader h;
    h.entropy = in.be<std::uint16_t>();
    in.bytes(2);
    if (!in.ok()) return std::nullopt;
    return h;
  }
};
static_assert(WireHeader<EntropyHeader>);

}  // namespace weft::wire
