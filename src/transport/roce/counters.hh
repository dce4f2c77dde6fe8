// What a queue pair counted since its reset. Every packet that it does not use has a counter named after the reason.
// Packets; 32 bits for what few packets cause.
#pragma once

#include <cstdint>

namespace weft::roce {

struct QueuePairCounters {
  // what nearly every packet counts
  std::uint64_t data_sent = 0;      // request packets and READ responses sent for the first time
  std::uint64_t data_received = 0;  // request packets and READ responses that were used
  std::uint64_t acks_sent = 0;      // ACK, atomic ACK, selective ACK
  std::uint64_t acks_received = 0;  // likewise
  std::uint64_t ecn_marked_received = 0;
  // requester
  std::uint64_t data_retransmitted = 0;
  std::uint32_t timeouts = 0;
  std::uint32_t tail_probes = 0;    // selective: the oldest packet sent again before the timeout
  std::uint32_t naks_received = 0;  // other than RNR
  std::uint32_t rnr_naks_received = 0;
  std::uint32_t read_rerequests = 0;  // a gap in the READ responses
  // responder
  std::uint32_t naks_sent = 0;  // other than RNR
  std::uint32_t rnr_naks_sent = 0;
  std::uint32_t cnps_sent = 0;
  std::uint32_t cnps_received = 0;
  // not used, and why
  std::uint64_t dropped_duplicate = 0;     // answered or used before
  std::uint64_t dropped_out_of_order = 0;  // a request beyond the expected PSN
  std::uint64_t dropped_response_out_of_order = 0;
  std::uint32_t dropped_no_resource = 0;   // duplicate READ or atomic whose stored result is gone
  std::uint32_t dropped_bad_request = 0;   // answered with an error NAK
  std::uint32_t dropped_not_ready = 0;     // answered with an RNR NAK
  std::uint32_t dropped_bad_response = 0;  // ACK or response that fits nothing outstanding
  std::uint32_t dropped_unknown_opcode = 0;
  std::uint32_t dropped_wrong_qp = 0;
  std::uint32_t dropped_in_error = 0;  // the queue pair had failed
};

}  // namespace weft::roce
