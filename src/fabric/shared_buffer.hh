// SharedBuffer: who may keep how much of a switch's packet memory.
//
// Every packet is charged to its ingress (port, slot) from its arrival until its last bit has left. With S the shared part
// (the buffer less all headroom) and U what of it is in use, the threshold of an ingress or of a lossy queue is
//   T = alpha * (S - U)            (dynamic thresholds), or the configured `xoff`.
// Lossless: an ingress whose shared bytes pass T is to be paused (XOFF); what arrives while it is paused goes to its
// headroom; with the headroom full it is dropped. It may be resumed (XON) when it is empty, or when its headroom is empty and
// bytes + hysteresis <= T. The first condition is needed: a dynamic threshold may fall to 0 and pause a link for ever.
// With credits everything goes to the headroom, which is as large as they are, and nothing is paused.
// Lossy: a packet is dropped when its egress queue would pass T, or the shared part S.
//
// Units: bytes on the wire. Source: Choudhury, Hahne: Dynamic queue length thresholds for shared-memory packet switches
// (IEEE/ACM ToN 1998); the order reserve, shared, headroom is that of the public HPCC switch model; project design rule 5.
#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

#include "base/units.hh"

namespace weft {

struct BufferParameters {
  Bytes buffer{};
  std::uint32_t alpha_num = 1, alpha_den = 8;
  std::int64_t static_xoff = -1;  // bytes; below 0: dynamic
  Bytes hysteresis{};
};

struct Ingress {
  std::uint32_t shared = 0, headroom = 0;  // bytes held
  std::uint32_t headroom_limit = 0;
  bool xoff = false;
  bool watched = false;   // a release may have to be told: XON, or credits
  bool credited = false;  // what comes has credits, for which the headroom stands: it takes nothing shared
  [[nodiscard]] std::uint64_t bytes() const { return std::uint64_t{shared} + headroom; }
};

class SharedBuffer {
 public:
  // `headroom_limits`: one for each ingress (port * slots + slot); 0 for lossy classes.
  SharedBuffer(const BufferParameters& parameters, const std::vector<std::uint32_t>& headroom_limits);

  [[nodiscard]] std::int64_t threshold() const { return threshold_of(shared_limit_ - shared_used_); }
  // What an ingress and a lossy queue may hold were so many more bytes in use.
  struct Thresholds {
    std::int64_t ingress = 0, queue = 0;
  };
  [[nodiscard]] Thresholds thresholds_with(std::uint64_t more) const {
    const std::int64_t threshold = threshold_of(shared_limit_ - shared_used_ - static_cast<std::int64_t>(more));
    return {threshold, static_xoff_ >= 0 ? shared_limit_ : threshold};
  }
  // Charges a lossless packet; false: no room, to be dropped.
  bool charge_lossless(Ingress& ingress, std::uint32_t bytes) {
    if (!ingress.xoff && !ingress.credited && shared_used_ + bytes <= shared_limit_) {
      charge_shared(ingress, bytes);
      return true;
    }
    if (ingress.headroom + bytes > ingress.headroom_limit) return false;
    ingress.headroom += bytes;
    return true;
  }
  [[nodiscard]] bool over_threshold(const Ingress& ingress) const { return static_cast<std::int64_t>(ingress.bytes()) > threshold(); }
  [[nodiscard]] bool may_resume(const Ingress& ingress) const {
    if (ingress.bytes() == 0) return true;
    return ingress.headroom == 0 && static_cast<std::int64_t>(ingress.shared) + hysteresis_ <= threshold();
  }
  [[nodiscard]] bool admits_lossy(std::uint32_t queue_bytes, std::uint32_t bytes) const {
    const std::int64_t limit = static_xoff_ >= 0 ? shared_limit_ : threshold();
    return shared_used_ + bytes <= shared_limit_ && std::int64_t{queue_bytes} + bytes <= limit;
  }
  [[nodiscard]] bool has_shared(std::uint64_t bytes) const { return shared_used_ + static_cast<std::int64_t>(bytes) <= shared_limit_; }
  void charge_shared(Ingress& ingress, std::uint32_t bytes) {
    ingress.shared += bytes;
    shared_used_ += bytes;
  }
  void release(Ingress& ingress, std::uint32_t bytes) {
    if (ingress.headroom == 0) [[likely]] {
      ingress.shared -= bytes;
      shared_used_ -= bytes;
      return;
    }
    const std::uint32_t from_headroom = std::min(bytes, ingress.headroom);
    ingress.headroom -= from_headroom;
    ingress.shared -= bytes - from_headroom;
    shared_used_ -= bytes - from_headroom;
  }
  [[nodiscard]] Ingress& ingress(std::size_t i) { return ingress_[i]; }
  [[nodiscard]] const Ingress& ingress(std::size_t i) const { return ingress_[i]; }
  [[nodiscard]] std::size_t ingresses() const { return ingress_.size(); }
  [[nodiscard]] std::int64_t shared_used() const { return shared_used_; }
  [[nodiscard]] std::int64_t shared_limit() const { return shared_limit_; }

 private:
  static constexpr int alpha_shift = 16;
  [[nodiscard]] std::int64_t threshold_of(std::int64_t free) const {
    if (static_xoff_ >= 0) return static_xoff_;
    return free <= 0 ? 0 : static_cast<std::int64_t>((static_cast<std::uint64_t>(free) * alpha_) >> alpha_shift);
  }

  std::int64_t shared_used_ = 0, shared_limit_ = 0;
  std::uint64_t alpha_ = 0;
  std::int64_t static_xoff_ = -1, hysteresis_ = 0;
  std::vector<Ingress> ingress_;
};

}  // namespace weft
