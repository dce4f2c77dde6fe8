// What a request or response opcode means to the state machines: its operation, and whether it begins and ends a message.
// Source: IBTA 1.4 table 38 (RC opcodes).
#pragma once

#include <cstdint>

#include "wire/roce.hh"

namespace weft::roce {

enum class Operation : std::uint8_t {
  none,
  send,
  write,
  read,
  atomic,
  read_response,
  acknowledge,
  atomic_acknowledge,
  selective_acknowledge
};

struct OpcodeTraits {
  Operation operation = Operation::none;
  bool first = false;
  bool last = false;
  bool immediate = false;
};

constexpr OpcodeTraits traits(wire::RoceOpcode opcode) {
  using O = wire::RoceOpcode;
  switch (opcode) {
    case O::send_first: return {Operation::send, true, false, false};
    case O::send_middle: return {Operation::send, false, false, false};
    case O::send_last: return {Operation::send, false, true, false};
    case O::send_last_immediate: return {Operation::send, false, true, true};
    case O::send_only: return {Operation::send, true, true, false};
    case O::send_only_immediate: return {Operation::send, true, true, true};
    case O::write_first: return {Operation::write, true, false, false};
    case O::write_middle: return {Operation::write, false, false, false};
    case O::write_last: return {Operation::write, false, true, false};
    case O::write_last_immediate: return {Operation::write, false, true, true};
    case O::write_only: return {Operation::write, true, true, false};
    case O::write_only_immediate: return {Operation::write, true, true, true};
    case O::read_request: return {Operation::read, true, true, false};
    case O::compare_swap:
    case O::fetch_add: return {Operation::atomic, true, true, false};
    case O::read_response_first: return {Operation::read_response, true, false, false};
    case O::read_response_middle: return {Operation::read_response, false, false, false};
    case O::read_response_last: return {Operation::read_response, false, true, false};
    case O::read_response_only: return {Operation::read_response, true, true, false};
    case O::acknowledge: return {Operation::acknowledge, true, true, false};
    case O::atomic_acknowledge: return {Operation::atomic_acknowledge, true, true, false};
    case O::selective_acknowledge: return {Operation::selective_acknowledge, true, true, false};
    case O::cnp: break;
  }
  return {};
}

}  // namespace weft::roce
