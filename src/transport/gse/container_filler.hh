// ContainerFiller: which packet container (PKTC) of its stream each packet belongs to.
//
// Rule: packets are never cut. A container takes packets in order until their bytes reach the configured length; what the last one
// has too much is debited from the next container, so n containers hold n lengths up to one packet. A container also ends with its
// 256th packet, since the index has 8 bits. All packets of a container take one path; the caller chooses it when `first` says so.
// Units: bytes. Containers are numbered from 0, modulo 2^24, for as long as the stream lives.
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
};

class ContainerFiller {
 public:
  Placed place(Bytes packet, Bytes length) {
    Placed placed{container_, static_cast<std::uint8_t>(packets_), packets_ == 0, false};
    ++packets_;
    filled_ += packet.v;
    placed.last = filled_ >= length.v || packets_ == wire::gse_container_packets;
    if (placed.last) {
      filled_ = filled_ >= length.v ? (filled_ - length.v) % length.v : 0;
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
  std::int64_t filled_ = 0;
  std::uint32_t container_ = 0;
  std::uint32_t packets_ = 0;
};

}  // namespace weft::gse
