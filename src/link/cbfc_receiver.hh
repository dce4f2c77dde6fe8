// CbfcReceiver: the credits of one VC at the receiver of a link. A packet that is buffered adds its credits to R_CC, one that has
// left the buffer to R_CF, which CF_Updates tell. A CC_Update brings S_CC: what the sender has consumed beyond R_CC was lost on its
// way and is free again: R_CF += S_CC - R_CC; R_CC = S_CC.
//
// Counters of 20 bits that wrap. Packets and CC_Updates keep their order on the link. Source: fabric.md 2.10.
#pragma once

#include <cstdint>

#include "link/cyclic20.hh"

namespace weft {

class CbfcReceiver {
 public:
  void buffered(std::uint32_t credits) { counted_ = cyclic20(counted_ + credits); }
  void drained(std::uint32_t credits) { freed_ = cyclic20(freed_ + credits); }
  // S_CC has come; returns the credits of packets that were lost.
  std::uint32_t update(std::uint32_t sender_consumed) {
    const std::uint32_t lost = cyclic20_distance(counted_, sender_consumed);
    if (lost >= cyclic20_half) return 0;
    counted_ = sender_consumed;
    drained(lost);
    return lost;
  }
  [[nodiscard]] std::uint32_t freed() const { return freed_; }      // R_CF
  [[nodiscard]] std::uint32_t counted() const { return counted_; }  // R_CC
  // Something is free that no CF_Update has told.
  [[nodiscard]] bool has_news() const { return freed_ != told_; }
  void told() { told_ = freed_; }

 private:
  std::uint32_t counted_ = 0, freed_ = 0, told_ = 0;
};

}  // namespace weft
