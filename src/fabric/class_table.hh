// ClassTable: the traffic classes a run uses, packed into slots in the order in which they are served.
//
// A class is an 802.1p priority (0 to 7), carried as DSCP = 8 * class (what the last hop trimmed: wire/trim.hh). Slot 0 is the
// highest priority in use. Classes of weight 0 are served strictly, highest first, before all others; classes with a weight
// share what is left by deficit round robin in proportion to their weights. Source: IEEE 802.1Q-2018 clause 8.6.8 (strict
// priority); Shreedhar, Varghese: Efficient fair queuing using deficit round robin (SIGCOMM 1995).
#pragma once

#include <array>
#include <cstdint>

#include "fabric/parameters.hh"

namespace weft {

inline constexpr std::uint8_t most_slots = 4;  // data, responses, notifications, trimmed packets

struct ClassTable {
  std::uint8_t slots = 0;
  std::array<std::uint8_t, most_slots> priority{};  // by slot
  std::array<std::uint32_t, most_slots> weight{};   // by slot; 0: strict
  std::uint8_t strict_mask = 0;                     // bit s: slot s is strict
  std::uint8_t lossless_mask = 0;
  std::uint8_t data_slot = 0, respond_slot = 0, notify_slot = 0;
  std::uint8_t trimmed_slot = 0;  // where switches trim

  [[nodiscard]] bool lossless(std::uint8_t slot) const { return (lossless_mask >> slot & 1) != 0; }
};

[[nodiscard]] ClassTable make_class_table(const FabricParameters& fabric);

}  // namespace weft
