// UetHeader: the PDS and SES headers of an Ultra Ethernet packet as engines see them (uet_packet.hh gives the bytes). Every
// packet has a PDS type; what else has a meaning follows from it, and fields that the type does not carry are zero.
//
//   RUD_REQ ROD_REQ (and CC)  psn, offset = clear_psn_offset, retransmit, ack_request, syn; request() with an SES request, or
//                             the SES response with data of a READ (next says which); CC: credit
//   RUDI_REQ UUD_REQ          psn = pkt_id and retransmit (RUDI only); request()
//   ACK ACK_CC ACK_CCX        psn = cumulative PSN, offset = ack_psn_offset, or probe_opaque with probe; ecn, retransmit, probe,
//                             ack_request_kind; feedback(), its congestion fields in ACK_CC and ACK_CCX only
//   RUDI_RESP                 psn = pkt_id, ecn, retransmit; feedback()
//   NACK NACK_CCX             psn = nack_psn, nack code, ecn, retransmit, rudi; feedback(): vendor, modified_length = payload word
//   CP                        psn, control, offset = probe_opaque, rod, retransmit, ack_request, syn; feedback().modified_length =
//                             payload word
//
//   next               SES fields
//   request_standard   opcode, ses_flags, message_id, request(); header_data with som, message_offset without it
//   request_medium     opcode, ses_flags, request(): process, resource_index, initiator, match_bits, request_length (14 bits),
//                      and header_data with has_header_data, buffer_offset without it
//   request_small      opcode, ses_flags but has_header_data, request(): process, resource_index, buffer_offset, request_length
//   response           message_id, feedback(): response, return_code, modified_length
//   response_data      message_id, and  in feedback(): response, return_code, read_message, modified_length, read_offset
//                                       in request(): match_bits (16 bits), request_length, message_offset, in this order
//   response_data_small   read_offset or message_offset = PSN of the request; in feedback() also response and return_code
//
// A response with data has no flags on the wire, so ses_flags and opcode are zero there; in a request packet it means OK.
// PDC ids: 16 bits, 0 reserved; while SYN is set, dpdcid holds pdc_info (4) and psn_offset (12): PdsSyn in pds_request.hh.
// Sources: UE 1.0 PDS and SES as reference code and public dissectors lay them out; where they disagree or are silent the
// choice is a project profile, named at the codec.
#pragma once

#include <cstdint>

namespace weft::wire {

inline constexpr std::uint16_t uet_udp_port = 4793;

enum class PdsType : std::uint8_t {
  tss = 1,
  rud_request = 2,
  rod_request = 3,
  rudi_request = 4,
  rudi_response = 5,
  uud_request = 6,
  ack = 7,
  ack_cc = 8,
  ack_ccx = 9,
  nack = 10,
  control = 11,
  nack_ccx = 12,
  rud_cc_request = 13,
  rod_cc_request = 14,
};

enum class PdsNext : std::uint8_t { none, request_small, request_medium, request_standard, response, response_data, response_data_small };

enum class PdsControl : std::uint8_t {
  noop,
  ack_request,
  clear,
  clear_request,
  close,
  close_request,
  probe,
  credit,
  credit_request,
  negotiation
};

enum class NackCode : std::uint8_t {
  none = 0,
  trimmed = 1,
  trimmed_last_hop = 2,
  trimmed_ack = 3,
  no_pdc = 4,
  no_ccc = 5,
  no_bitmap = 6,
  no_packet_buffer = 7,
  no_guaranteed_delivery = 8,
  no_ses_message = 9,
  no_resource = 0xa,
  psn_out_of_window = 0xb,
  rod_out_of_order = 0xd,
  invalid_dpdcid = 0xe,
  header_mismatch = 0xf,
  closing = 0x10,
  closing_in_error = 0x11,
  packet_not_received = 0x12,
  response_unavailable = 0x13,
  ack_with_data = 0x14,
  invalid_syn = 0x15,
  mode_mismatch = 0x16,
  new_start_psn = 0x17,
  received_ses_processing = 0x18,
  unexpected_event = 0x19,
  receiver_inferred_loss = 0x1a,
};

enum class SesOpcode : std::uint8_t {
  noop = 0,
  write = 1,
  read = 2,
  atomic = 3,
  fetch_atomic = 4,
  send = 5,
  rendezvous_send = 6,
  datagram_send = 7,
  deferrable_send = 8,
  tagged_send = 9,
  rendezvous_tagged_send = 0xa,
  deferrable_tagged_send = 0xb,
  deferrable_ready = 0xc,
  tagged_send_atomic = 0xd,
  tagged_send_fetch_atomic = 0xe,
  message_error = 0xf,
  sync_write = 0x10,
  sync_atomic = 0x11,
};

enum class SesResponse : std::uint8_t { standard = 0, response = 1, response_data = 2, none = 3 };

enum class SesReturn : std::uint8_t { null = 0, ok = 1, dropped = 0x24 };

// SES request (standard, 44 bytes on the wire; medium and small carry less), or response with data of a READ.
struct UetRequest {
  std::uint64_t buffer_offset = 0;
  std::uint64_t match_bits = 0;   // tagged send; else the memory key; response with data: the READ's message id
  std::uint64_t header_data = 0;  // at the start of a message only
  std::uint32_t request_length = 0;
  std::uint32_t message_offset = 0;  // not at the start of a message
  std::uint32_t initiator = 0;
  std::uint16_t resource_index = 0;  // 12 bits
  std::uint16_t process = 0;         // pid_on_fep, 12 bits
  friend bool operator==(const UetRequest&, const UetRequest&) = default;
};

// What an acknowledgement tells: congestion state, selective acknowledgement, and the SES response it carries.
struct UetFeedback {
  std::uint64_t sack_bitmap = 0;       // bit i: PSN cumulative + sack_offset + i was received
  std::uint64_t congestion_state = 0;  // ack_cc_state, 64 bits as on the wire: see uet_congestion_state.hh
  std::uint32_t modified_length = 0;   // SES response; NACK and CP: the payload word; CC_REQ never has feedback
  std::int16_t sack_offset = 0;
  std::uint8_t congestion_type = 0;   // 0 NSCC, 1 credit
  std::uint8_t congestion_flags = 0;  // 4 bits
  std::uint8_t mpr = 0;               // maximum PSN range, units of 128
  SesResponse response = SesResponse::standard;
  SesReturn return_code = SesReturn::null;
  std::uint8_t vendor = 0;  // NACK
  std::uint32_t read_offset = 0;
  std::uint16_t read_message = 0;
  std::uint16_t reserved = 0;
  friend bool operator==(const UetFeedback&, const UetFeedback&) = default;
};

struct UetHeader {
  static constexpr std::uint8_t syn = 1, retransmit = 2, ack_request = 4, ecn = 8, probe = 16, rod = 32, rudi = 64;
  static constexpr std::uint8_t som = 1, eom = 2, delivery_complete = 4, initiator_error = 8, relative = 16, has_header_data = 32;

  PdsType type{};
  PdsNext next = PdsNext::none;
  std::uint8_t flags = 0;                 // syn ... rudi, as the type has them
  NackCode nack = NackCode::none;         // NACK
  PdsControl control = PdsControl::noop;  // CP
  std::uint8_t ack_request_kind = 0;      // ACK: 0 none, 1 clear, 2 close
  SesOpcode opcode = SesOpcode::noop;     // SES request
  std::uint8_t ses_flags = 0;             // som ... has_header_data
  std::uint32_t psn = 0;
  std::uint32_t credit = 0;  // CC_REQ: ccc_id << 24 | credit_target
  std::int16_t offset = 0;   // see above
  std::uint16_t spdcid = 0, dpdcid = 0;
  std::uint16_t message_id = 0;
  union Body {
    UetRequest request{};
    UetFeedback feedback;
  } body{};

  [[nodiscard]] bool has(std::uint8_t flag) const { return (flags & flag) != 0; }
  // A request of any kind (it carries data or asks for it); everything else carries feedback.
  [[nodiscard]] bool is_request() const {
    return type == PdsType::rud_request || type == PdsType::rod_request || type == PdsType::rudi_request || type == PdsType::uud_request ||
           type == PdsType::rud_cc_request || type == PdsType::rod_cc_request;
  }
  // Makes feedback() the body, all zero; a new header has request().
  void use_feedback() { body = Body{.feedback = {}}; }
  [[nodiscard]] UetRequest& request() { return body.request; }
  [[nodiscard]] const UetRequest& request() const { return body.request; }
  [[nodiscard]] UetFeedback& feedback() { return body.feedback; }
  [[nodiscard]] const UetFeedback& feedback() const { return body.feedback; }
};
static_assert(sizeof(UetHeader) <= 64);

bool operator==(const UetHeader& a, const UetHeader& b);

}  // namespace weft::wire
