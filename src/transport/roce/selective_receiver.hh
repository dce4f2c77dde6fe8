// SelectiveReceiver: which packets beyond the expected one have been kept, and which of them end a message (project profile,
// selective_sender.hh). Bound: window bits each.
#pragma once

#include <cstdint>

#include "transport/roce/bit_ring.hh"
#include "transport/roce/psn.hh"

namespace weft::roce {

class SelectiveReceiver {
 public:
  void reset(std::uint32_t window) {
    kept_.reset(window);
    ends_.reset(window);
  }
  [[nodiscard]] bool fits(Sequence s, Sequence expected) const noexcept { return s - expected < kept_.capacity(); }
  [[nodiscard]] bool kept(Sequence s) const noexcept { return kept_.test(s); }
  [[nodiscard]] bool empty() const noexcept { return kept_.count() == 0; }
  void keep(Sequence s, bool ends_message) noexcept {
    kept_.set(s);
    if (ends_message) ends_.set(s);
  }
  // Takes `s` out when it is kept.
  bool take(Sequence s, bool& ends_message) noexcept {
    ends_message = ends_.clear(s);
    return kept_.clear(s);
  }
  // Bit i: packet trigger - i has been kept, or lies before the expected one.
  [[nodiscard]] std::uint64_t bitmap(Sequence trigger, Sequence expected) const noexcept {
    std::uint64_t bits = 0;
    for (std::uint64_t i = 0; i < 64; ++i) {
      const Sequence s = trigger - i;
      if (s < expected || (fits(s, expected) && kept(s))) bits |= std::uint64_t{1} << i;
    }
    return bits;
  }
  [[nodiscard]] std::uint64_t count() const noexcept { return kept_.count(); }

 private:
  BitRing kept_, ends_;
};

}  // namespace weft::roce
