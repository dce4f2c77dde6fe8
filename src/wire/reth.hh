// RETH, the RDMA extended transport header: where in the responder's memory a WRITE or READ happens. 16 bytes.
//
//    0                   1                   2                   3
//    0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
//   +---------------------------------------------------------------+
//   |                    virtual address (63:32)                    |
//   +---------------------------------------------------------------+
//   |                    virtual address (31:0)                     |
//   +---------------------------------------------------------------+
//   |                             R_Key                             |
//   +---------------------------------------------------------------+
//   |                          DMA length                           |
//   +---------------------------------------------------------------+
//
// Units: dma_length in bytes, of the whole message; the responder refuses more than 2^31, not this codec.
// Source: IBTA volume 1, 9.3.
#pragma once

#include <cstdint>
#include <optional>

#include "wire/cursor.hh"

namespace weft::wire {

struct Reth {
  static constexpr std::size_t size = 16;

  std::uint64_t address = 0;
  std::uint32_t rkey = 0;
  std::uint32_t dma_length = 0;
  friend bool operator==(const Reth&, const Reth&) = default;

  void encode(Writer& out) const {
    out.be(address);
    out.be(rkey);
    out.be(dma_length);
  }

  static std::optional<Reth> decode(Reader& in) {
    Reth h;
    h.address = in.be<std::uint64_t>();
    h.rkey = in.be<std::uint32_t>();
    h.dma_length = in.be<std::uint32_t>();
    if (!in.ok()) return std::nullopt;
    return h;
  }
};
static_assert(WireHeader<Reth>);

}  // namespace weft::wire
