// CbfcSender: the credits of one VC at the sender of a link. It sends a packet only if S_CU + credits <= S_CL; then S_CC and S_CU
// grow by them. A CF_Update brings R_CF: S_CU -= R_CF - S_CF.
//
// S_CC and S_CF are counters of 20 bits that wrap. Source: fabric.md 2.10.
#pragma once

#include <cstdint>

#include "link/cbfc.hh"
#include "link/cyclic20.hh"

namespace weft {

class CbfcSender {
 public:
  CbfcSender() = default;
  explicit CbfcSender(std::uint32_t limit) : limit_(limit) {}

  [[nodiscard]] bool may_send(std::uint32_t credits) const { return used_ + credits <= limit_; }
  void sent(std::uint32_t credits) {
    consumed_ = cyclic20(consumed_ + credits);
    used_ += credits;
  }
  // R_CF has come. What frees more than is in use cannot be meant, and is ignored.
  bool update(std::uint32_t receiver_freed) {
    const std::uint32_t more = cyclic20_distance(freed_, receiver_freed);
    if (more > used_) return false;
    used_ -= more;
    freed_ = receiver_freed;
    return true;
  }
  [[nodiscard]] std::uint32_t consumed() const { return consumed_; }  // S_CC
  [[nodiscard]] std::uint32_t used() const { return used_; }          // S_CU
  [[nodiscard]] std::uint32_t limit() const { return limit_; }        // S_CL

 private:
  std::uint32_t limit_ = 0, consumed_ = 0, used_ = 0, freed_ = 0;
};

}  // namespace weft
