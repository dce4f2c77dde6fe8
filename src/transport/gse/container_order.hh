// ContainerOrder: the egress GSP's memory of where a stream's order stands.
//
// Rule: containers are delivered by their number. Within a container order is the path's own: a packet whose index is beyond the
// next one tells that those between are lost. A packet of a later container is held; one of an earlier container is late and is
// dropped, since to deliver it would break the order. `window` containers can be held; what is further ahead is refused, unless
// nothing is held: then a whole window is lost, and the order goes on half a window before the newcomer (follow()), so that there
// is room for what comes with it, before and behind. A container that never ends is passed over when the owner's timer says so
// (skip_to()).
// Source: project profile (fabric.md 3.2: the egress GSP restores order across containers by sequence).
#pragma once

#include <cstdint>

#include "wire/gse_messages.hh"

namespace weft::gse {

enum class Turn : std::uint8_t { now, hold, late, beyond };

class ContainerOrder {
 public:
  [[nodiscard]] Turn turn(std::uint32_t container, std::uint8_t index, std::uint32_t window) const {
    const std::int32_t ahead = wire::gse_ahead(container, expected_);
    if (ahead == 0) return index < next_ ? Turn::late : Turn::now;
    if (ahead < 0) return Turn::late;
    return static_cast<std::uint32_t>(ahead) < window ? Turn::hold : Turn::beyond;
  }
  // A packet of the expected container is delivered; how many before it are lost.
  std::uint32_t deliver(std::uint8_t index, bool last) {
    const std::uint32_t lost = index - next_;
    next_ = index + 1U;
    if (last) skip_to((expected_ + 1) & 0xffffff);
    return lost;
  }
  void skip_to(std::uint32_t container) {
    expected_ = container;
    next_ = 0;
  }
  // A packet of `container` came, a window or more ahead, and nothing is held.
  void follow(std::uint32_t container, std::uint32_t window) { skip_to((container - window / 2) & 0xffffff); }
  [[nodiscard]] std::uint32_t expected() const { return expected_; }

 private:
  std::uint32_t expected_ = 0;
  std::uint32_t next_ = 0;  // index
};

}  // namespace weft::gse
