#include "sim/accounting.hh"

#include "wire/frame_size.hh"

namespace weft {

namespace {

using wire::RoceOpcode;

constexpr std::array all_opcodes{RoceOpcode::send_first,
                                 RoceOpcode::send_middle,
                                 RoceOpcode::send_last,
                                 RoceOpcode::send_last_immediate,
                                 RoceOpcode::send_only,
                                 RoceOpcode::send_only_immediate,
                                 RoceOpcode::write_first,
                                 RoceOpcode::write_middle,
                                 RoceOpcode::write_last,
                                 RoceOpcode::write_last_immediate,
                                 RoceOpcode::write_only,
                                 RoceOpcode::write_only_immediate,
                                 RoceOpcode::read_request,
                                 RoceOpcode::read_response_first,
                                 RoceOpcode::read_response_middle,
                                 RoceOpcode::read_response_last,
                                 RoceOpcode::read_response_only,
                                 RoceOpcode::acknowledge,
                                 RoceOpcode::atomic_acknowledge,
                                 RoceOpcode::compare_swap,
                                 RoceOpcode::fetch_add,
                                 RoceOpcode::selective_acknowledge,
                                 RoceOpcode::cnp};

bool carries_payload(RoceOpcode opcode) {
  return opcode <= RoceOpcode::write_only_immediate ||
         (opcode >= RoceOpcode::read_response_first && opcode <= RoceOpcode::read_response_only);
}

}  // namespace

Accounting::Accounting(const AccountingParameters& parameters) {
  const std::int64_t gap = parameters.gap.value_or(wire::preamble_and_gap).v;
  for (const RoceOpcode opcode : all_opcodes) {
    constexpr std::size_t sample = 256;  // long enough that the least frame plays no part
    const std::int64_t real = wire::frame_bytes(opcode, carries_payload(opcode) ? sample : 0).v - (carries_payload(opcode) ? 256 : 0);
    Row& row = rows_[static_cast<std::uint8_t>(opcode)];
    if (carries_payload(opcode)) {
      row.overhead = static_cast<std::uint16_t>(parameters.data_overhead.value_or(Bytes{real}).v + gap);
      row.least = parameters.data_overhead ? row.overhead : static_cast<std::uint16_t>(wire::least_frame.v + gap);
    } else {
      row.overhead = static_cast<std::uint16_t>(parameters.ack_size.value_or(Bytes{real}).v + gap);
      row.least = row.overhead;
    }
  }
}

}  // namespace weft
