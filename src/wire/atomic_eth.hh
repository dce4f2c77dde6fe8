// AtomicETH, the request of an atomic operation (28 bytes), and AtomicAckETH, its result (8 bytes).
//
//    0                   1                   2                   3
//    0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
//   +---------------------------------------------------------------+
//   |                  virtual address (63:32, 31:0)                |
//   |                                                               |
//   +---------------------------------------------------------------+
//   |                             R_Key                             |
//   +---------------------------------------------------------------+
//   |            swap data, or the number to add (63:32, 31:0)      |
//   |                                                               |
//   +---------------------------------------------------------------+
//   |                   compare data (63:32, 31:0)                  |
//   |                                                               |
//   +---------------------------------------------------------------+
//
//   AtomicAckETH: 64 bits, what the memory held before.
//
// Source: IBTA volume 1, 9.3. FETCH_ADD leaves `compare` at zero and ignores it when read.
#pragma once

#include <cstdint>
#include <optional>

#include "wire/cursor.hh"

namespace weft::wire {

struct AtomicEth {
  static constexpr std::size_t size = 28;

  std::uint64_t address = 0;
  std::uint32_t rkey = 0;
  std::uint64_t swap_add = 0;
  std::uint64_t compare = 0;
  friend bool operator==(const AtomicEth&, const AtomicEth&) = default;

  void encode(Writer& out) const {
    out.be(address);
    out.be(rkey);
    out.be(swap_add);
    out.be(compare);
  }

  static std::optional<AtomicEth> decode(Reader& in) {
    AtomicEth h;
    h.address = in.be<std::uint64_t>();
    h.rkey = in.be<std::uint32_t>();
    h.swap_add = in.be<std::uint64_t>();
    h.compare = in.be<std::uint64_t>();
    if (!in.ok()) return std::nullopt;
    return h;
  }
};
static_assert(WireHeader<AtomicEth>);

struct AtomicAckEth {
  static constexpr std::size_t size = 8;

  std::uint64_t original = 0;
  friend bool operator==(const AtomicAckEth&, const AtomicAckEth&) = default;

  void encode(Writer& out) const { out.be(original); }

  static std::optional<AtomicAckEth> decode(Reader& in) {
    const AtomicAckEth h{in.be<std::uint64_t>()};
    if (!in.ok()) return std::nullopt;
    return h;
  }
};
static_assert(WireHeader<AtomicAckEth>);

}  // namespace weft::wire
