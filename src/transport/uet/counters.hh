// What a packet delivery context counted since its reset. Every packet that it does not use has a counter named after the
// reason. Packets, but for the last group; 32 bits for what few packets cause.
#pragma once

#include <cstdint>

namespace weft::uet {

struct PdcCounters {
  // what nearly every packet counts
  std::uint64_t data_sent = 0;      // requests and READ responses sent for the first time
  std::uint64_t data_received = 0;  // requests and READ responses that were used
  std::uint64_t acks_sent = 0;
  std::uint64_t acks_received = 0;
  std::uint64_t ecn_marked_received = 0;
  std::uint64_t data_retransmitted = 0;
  // sending
  std::uint32_t naks_received = 0;  // NACKs of any code
  std::uint32_t timeouts = 0;       // packets whose retransmission timer ran out
  std::uint32_t sleek_losses = 0;   // packets taken for lost by SLEEK
  std::uint32_t probes_sent = 0;
  std::uint32_t credits_received = 0;
  std::uint32_t credit_requests_sent = 0;
  std::uint32_t restarts = 0;  // starts over with another start PSN (NACK NEW_START_PSN, or the PDC used again)
  // receiving
  std::uint32_t nacks_sent = 0;
  std::uint32_t trims_received = 0;
  std::uint32_t credits_sent = 0;
  // not used, and why
  std::uint32_t dropped_duplicate = 0;
  std::uint32_t dropped_out_of_order = 0;   // ROD: beyond the expected PSN
  std::uint32_t dropped_out_of_window = 0;  // beyond the PSN range
  std::uint32_t dropped_no_resource = 0;    // no receive posted, no room for a message, a READ or a stored response: NACK
  std::uint32_t dropped_refused = 0;        // payload of a message that was refused; its packets are acknowledged
  std::uint32_t dropped_bad_request = 0;    // contradicts its message, or makes no sense
  std::uint32_t dropped_bad_response = 0;   // ACK, NACK or READ response that fits nothing outstanding
  std::uint32_t dropped_unknown_type = 0;
  std::uint32_t dropped_wrong_context = 0;  // another PDC's
  std::uint32_t dropped_no_context = 0;     // without SYN, and there is no PDC
  std::uint32_t dropped_no_receive = 0;     // UUD: nobody waits for it
  std::uint32_t dropped_trimmed = 0;        // UUD, RUDI: payload cut off
  std::uint32_t dropped_in_error = 0;       // the context had failed
  std::uint32_t answers_suppressed = 0;     // ACKs merged or NACKs not sent: the queue of answers was full
};

}  // namespace weft::uet
