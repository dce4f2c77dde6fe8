// RoceHeader: the transport header of a RoCEv2 packet as engines see it, that is BTH and whichever extension headers the
// opcode calls for (roce_packet.hh gives the bytes). Fields that the opcode does not carry are zero.
// Source: IBTA 1.4 chapter 9 and annex A17 (RoCEv2).
#pragma once

#include <cstdint>

namespace weft::wire {

enum class RoceOpcode : std::uint8_t {
  send_first = 0x00,
  send_middle = 0x01,
  send_last = 0x02,
  send_last_immediate = 0x03,
  send_only = 0x04,
  send_only_immediate = 0x05,
  write_first = 0x06,
  write_middle = 0x07,
  write_last = 0x08,
  write_last_immediate = 0x09,
  write_only = 0x0a,
  write_only_immediate = 0x0b,
  read_request = 0x0c,
  read_response_first = 0x0d,
  read_response_middle = 0x0e,
  read_response_last = 0x0f,
  read_response_only = 0x10,
  acknowledge = 0x11,
  atomic_acknowledge = 0x12,
  compare_swap = 0x13,
  fetch_add = 0x14,
  selective_acknowledge = 0x1d,  // project profile: a reserved RC opcode, used only with `recovery: selective`
  cnp = 0x81,
};

struct RoceHeader {
  RoceOpcode opcode{};
  bool solicited = false, ack_request = false, fecn = false, becn = false;
  std::uint8_t syndrome = 0;  // AETH
  std::uint16_t pkey = 0xffff;
  std::uint32_t dest_qp = 0;     // 24 bits
  std::uint32_t psn = 0;         // 24 bits
  std::uint32_t msn = 0;         // AETH, 24 bits
  std::uint32_t immediate = 0;   // ImmDt; selective_acknowledge: the PSN that triggered it
  std::uint32_t rkey = 0;        // RETH, AtomicETH
  std::uint32_t dma_length = 0;  // RETH
  std::uint64_t address = 0;     // RETH, AtomicETH
  std::uint64_t swap_add = 0;    // AtomicETH; AtomicAckETH: the original value; selective_acknowledge: bitmap
  std::uint64_t compare = 0;     // AtomicETH
  friend bool operator==(const RoceHeader&, const RoceHeader&) = default;
};
static_assert(sizeof(RoceHeader) == 56);  // room for a note beside it (core/header_pool.hh)

}  // namespace weft::wire
