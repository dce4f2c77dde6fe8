// What each RoCE opcode carries after BTH, and its name.
//
//   opcode                              extension headers, in this order     payload
//   SEND_FIRST/MIDDLE/LAST/ONLY         -                                    yes
//   SEND_LAST_IMM, SEND_ONLY_IMM        ImmDt                                yes
//   WRITE_FIRST, WRITE_ONLY             RETH                                 yes
//   WRITE_MIDDLE, WRITE_LAST            -                                    yes
//   WRITE_LAST_IMM                      ImmDt                                yes
//   WRITE_ONLY_IMM                      RETH ImmDt                           yes
//   READ_REQ                            RETH                                 no
//   RD_RESP_FIRST/LAST/ONLY             AETH                                 yes
//   RD_RESP_MIDDLE                      -                                    yes
//   ACK                                 AETH                                 no
//   ATOMIC_ACK                          AETH AtomicAckETH                    no
//   CMP_SWAP, FETCH_ADD                 AtomicETH                            no
//   0x1d (project profile)              AETH SackETH                         no
//   CNP                                 16 reserved bytes                    no
//
// Units: bytes. Source: IBTA volume 1, 9.2 (opcodes) and 9.4 (transport functions); annex A17 (CNP); sack_eth.hh.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "wire/aeth.hh"
#include "wire/atomic_eth.hh"
#include "wire/bth.hh"
#include "wire/cnp.hh"
#include "wire/immdt.hh"
#include "wire/reth.hh"
#include "wire/roce.hh"
#include "wire/sack_eth.hh"

namespace weft::wire {

struct RoceLayout {
  std::string_view name;
  bool reth = false, atomic = false, aeth = false, atomic_ack = false, sack = false, immediate = false, cnp = false, payload = false;

  [[nodiscard]] constexpr std::size_t extension_size() const {
    return reth * Reth::size + atomic * AtomicEth::size + aeth * Aeth::size + atomic_ack * AtomicAckEth::size + sack * SackEth::size +
           immediate * ImmDt::size + cnp * CnpReserved::size;
  }
};

// Nothing for an opcode that weft does not speak (other transports than RC, reserved numbers).
constexpr std::optional<RoceLayout> roce_layout(RoceOpcode opcode) {
  using enum RoceOpcode;
  switch (opcode) {
    case send_first: return RoceLayout{.name = "SEND_FIRST", .payload = true};
    case send_middle: return RoceLayout{.name = "SEND_MIDDLE", .payload = true};
    case send_last: return RoceLayout{.name = "SEND_LAST", .payload = true};
    case send_last_immediate: return RoceLayout{.name = "SEND_LAST_IMM", .immediate = true, .payload = true};
    case send_only: return RoceLayout{.name = "SEND_ONLY", .payload = true};
    case send_only_immediate: return RoceLayout{.name = "SEND_ONLY_IMM", .immediate = true, .payload = true};
    case write_first: return RoceLayout{.name = "WRITE_FIRST", .reth = true, .payload = true};
    case write_middle: return RoceLayout{.name = "WRITE_MIDDLE", .payload = true};
    case write_last: return RoceLayout{.name = "WRITE_LAST", .payload = true};
    case write_last_immediate: return RoceLayout{.name = "WRITE_LAST_IMM", .immediate = true, .payload = true};
    case write_only: return RoceLayout{.name = "WRITE_ONLY", .reth = true, .payload = true};
    case write_only_immediate: return RoceLayout{.name = "WRITE_ONLY_IMM", .reth = true, .immediate = true, .payload = true};
    case read_request: return RoceLayout{.name = "READ_REQ", .reth = true};
    case read_response_first: return RoceLayout{.name = "RD_RESP_FIRST", .aeth = true, .payload = true};
    case read_response_middle: return RoceLayout{.name = "RD_RESP_MIDDLE", .payload = true};
    case read_response_last: return RoceLayout{.name = "RD_RESP_LAST", .aeth = true, .payload = true};
    case read_response_only: return RoceLayout{.name = "RD_RESP_ONLY", .aeth = true, .payload = true};
    case acknowledge: return RoceLayout{.name = "ACK", .aeth = true};
    case atomic_acknowledge: return RoceLayout{.name = "ATOMIC_ACK", .aeth = true, .atomic_ack = true};
    case compare_swap: return RoceLayout{.name = "CMP_SWAP", .atomic = true};
    case fetch_add: return RoceLayout{.name = "FETCH_ADD", .atomic = true};
    case selective_acknowledge: return RoceLayout{.name = "SELECTIVE_ACK", .aeth = true, .sack = true};
    case cnp: return RoceLayout{.name = "CNP", .cnp = true};
  }
  return std::nullopt;
}

}  // namespace weft::wire
