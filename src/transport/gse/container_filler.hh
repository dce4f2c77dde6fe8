// ContainerFiller: which packet container (PKTC) of its stream each packet belongs to.
//
// Rule: packets are never cut. A container takes packets in order until their bytes reach the configured length; what the last one
// has too much is debited from the next container, so n containers hold n lengths up to one packet. A container also ends with its
// 256th packet, since the index has 8 bits. All packets of a container take one path; the caller chooses it when `first` says so.
// Units: bytes, as on the wire. Containers are numbered from 0, modulo 2^24, for as long as the stream lives.
// Source: fabric.md 3.2 (GSE white paper as reported: logical containers, overshoot debited); lengths and numbers: project profile.
#pragma once

#include <cstdint>

#include "base/units.hh"
#include "wire/gse_messages.hh"

namespace weft::gse {

struct Placed {
  std::uint32_t container = 0;
  std::uint8_t index = 0;
  bool first = false, last = false;
  std::uint16_t offset = 0;  // bytes of the container before the packet
};

class ContainerFiller {
 public:
  Placed place(Bytes packet, Bytes length) {
    if (packets_ == 0) debit_ = filled_;
    Placed placed{container_, static_cast<std::uint8_t>(packets_), packets_ == 0, false, static_cast<std::uint16_t>(filled_ - debit_)};
    ++packets_;
    filled_ += static_cast<std::int32_t>(packet.v);
    placed.last = filled_ >= length.v || packets_ == wire::gse_container_packets;
    if (placed.last) {
      const auto whole = static_cast<std::int32_t>(length.v);
      filled_ = filled_ >= whole ? (filled_ - whole) % whole : 0;
      next();
    }
    return placed;
  }
  // The path of the container is gone: what follows begins a new one.
  void abandon() {
    if (packets_ != 0) next();
  }
  [[nodiscard]] bool open() const { return packets_ != 0; }

 private:
  void next() {
    container_ = (container_ + 1) & 0xffffff;
    packets_ = 0;
  }
  std::int32_t filled_ = 0, debit_ = 0;  // debit: of `filled_`, what the container before had too much
  std::uint32_t container_ = 0;
  std::uint32_t packets_ = 0;
};

}  // namespace weft::gse
