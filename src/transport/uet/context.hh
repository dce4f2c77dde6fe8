// PdcContext: what the two halves of a packet delivery context share: who it is, in which state of its life, and its counters.
//
//   closed       no context; the initiator's next message opens one, a target waits for SYN
//   syn          initiator: packets carry SYN and our id; the target's id is not known yet, data flows all the same (0-RTT)
//   established  both ids known
//   closing      initiator: CLOSE is on its way, nothing else is sent
//   error        gave up; every posted message has its completion
// Source: UE 1.0 PDS (reference/fabric.md 2.3).
#pragma once

#include <cstdint>

#include "engine/engine.hh"
#include "transport/uet/counters.hh"
#include "transport/uet/pdc_config.hh"
#include "transport/uet/psn.hh"
#include "wire/uet.hh"

namespace weft::uet {

using UetSegment = Segment<wire::UetHeader>;

// Segments start as a copy of this: a few vector moves, where assigning a temporary costs a stall in the store buffer.
inline constexpr UetSegment blank_segment{};

enum class Life : std::uint8_t { closed, syn, established, closing, error };

struct PdcContext {
  Mode mode = Mode::rud;
  Life life = Life::closed;
  bool initiator = true;
  std::uint16_t own = 0;
  std::uint16_t peer = 0;
  std::uint32_t senders = 1;  // connections of this NIC that are sending, for RCCC
  Sequence start = 0;         // first packet of both directions
  PdcCounters counters;

  [[nodiscard]] bool has_acknowledgements() const { return mode != Mode::uud; }
};

}  // namespace weft::uet
