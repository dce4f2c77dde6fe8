#include "sim/accounting.hh"

#include "wire/frame_size.hh"
#include "wire/roce_opcode.hh"

namespace weft {

Accounting::Accounting(const AccountingParameters& parameters) {
  const std::int64_t gap = parameters.gap.value_or(wire::preamble_and_gap).v;
  for (unsigned code = 0; code < rows_.size(); ++code) {
    const auto opcode = static_cast<wire::RoceOpcode>(code);
    const auto layout = wire::roce_layout(opcode);
    if (!layout) continue;
    constexpr std::int64_t sample = 256;  // long enough that the least frame plays no part
    const std::int64_t carried = layout->payload ? sample : 0;
    const std::int64_t real = wire::frame_bytes(opcode, static_cast<std::size_t>(carried)).v - carried;
    Row& row = rows_[code];
    if (layout->payload) {
      row.overhead = static_cast<std::uint16_t>(parameters.data_overhead.value_or(Bytes{real}).v + gap);
      row.least = parameters.data_overhead ? row.overhead : static_cast<std::uint16_t>(wire::least_frame.v + gap);
    } else {
      row.overhead = static_cast<std::uint16_t>(parameters.ack_size.value_or(Bytes{real}).v + gap);
      row.least = row.overhead;
    }
  }
}

}  // namespace weft
