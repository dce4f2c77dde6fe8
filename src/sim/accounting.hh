// Accounting: how many bytes a packet occupies on the wire for timing. Normally what it really is (wire/frame_size.hh); the
// scenario may override the overhead of data, the size of an ACK and the gap, as other simulators count.
//
// Units: bytes. Source: design section 6, "Sizes on the wire".
#pragma once

#include <array>
#include <cstdint>

#include "scenario/scenario.hh"
#include "wire/roce.hh"

namespace weft {

class Accounting {
 public:
  explicit Accounting(const AccountingParameters& parameters);
  [[nodiscard]] std::uint16_t bytes(wire::RoceOpcode opcode, std::uint32_t payload) const {
    const Row& row = rows_[static_cast<std::uint8_t>(opcode)];
    const std::uint32_t size = row.overhead + (payload + 3) / 4 * 4;
    return static_cast<std::uint16_t>(size < row.least ? row.least : size);
  }
  [[nodiscard]] std::uint32_t overhead(wire::RoceOpcode opcode) const { return rows_[static_cast<std::uint8_t>(opcode)].overhead; }

 private:
  struct Row {
    std::uint16_t overhead = 0, least = 0;
  };
  std::array<Row, 256> rows_{};
};

}  // namespace weft
