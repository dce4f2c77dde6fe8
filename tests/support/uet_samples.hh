// Random but valid Ultra Ethernet headers and packets: fields that the packet carries are random, the others zero.
#pragma once

#include <array>
#include <utility>
#include <vector>

#include "support/wire_samples.hh"
#include "wire/uet_frame.hh"

namespace weft::wire::samples {

inline constexpr std::array<PdsType, 13> all_pds_types = {
    PdsType::rud_request, PdsType::rod_request,    PdsType::rudi_request,  PdsType::rudi_response, PdsType::uud_request,
    PdsType::ack,         PdsType::ack_cc,         PdsType::ack_ccx,       PdsType::nack,          PdsType::control,
    PdsType::nack_ccx,    PdsType::rud_cc_request, PdsType::rod_cc_request};
inline constexpr std::array<SesOpcode, 11> all_ses_opcodes = {SesOpcode::noop,
                                                              SesOpcode::write,
                                                              SesOpcode::read,
                                                              SesOpcode::send,
                                                              SesOpcode::datagram_send,
                                                              SesOpcode::deferrable_send,
                                                              SesOpcode::tagged_send,
                                                              SesOpcode::deferrable_tagged_send,
                                                              SesOpcode::deferrable_ready,
                                                              SesOpcode::message_error,
                                                              SesOpcode::sync_write};

// Every pair of type and next header that exists.
inline std::vector<std::pair<PdsType, PdsNext>> all_uet_kinds() {
  std::vector<std::pair<PdsType, PdsNext>> kinds;
  for (const PdsType type : all_pds_types) {
    for (std::uint8_t next = 0; next < 7; ++next) {
      if (next_fits(type, static_cast<PdsNext>(next))) kinds.emplace_back(type, static_cast<PdsNext>(next));
    }
  }
  return kinds;
}

inline std::uint16_t any_bits(Random& random, unsigned bits) { return static_cast<std::uint16_t>(random.below(1u << bits)); }

inline std::uint8_t some_of(Random& random, std::uint8_t flags) { return static_cast<std::uint8_t>(any<std::uint8_t>(random) & flags); }

inline void draw_pds(Random& random, UetHeader& h) {
  using H = UetHeader;
  const bool connection = h.type != PdsType::rudi_request && h.type != PdsType::rudi_response && h.type != PdsType::uud_request;
  if (h.type != PdsType::uud_request) h.psn = any<std::uint32_t>(random);
  if (connection) h.spdcid = any<std::uint16_t>(random), h.dpdcid = any<std::uint16_t>(random);
  switch (h.type) {
    case PdsType::rud_cc_request:
    case PdsType::rod_cc_request: h.credit = any<std::uint32_t>(random); [[fallthrough]];
    case PdsType::rud_request:
    case PdsType::rod_request:
      h.flags = some_of(random, H::syn | H::retransmit | H::ack_request);
      h.offset = any<std::int16_t>(random);
      break;
    case PdsType::rudi_request:
    case PdsType::rudi_response: h.flags = some_of(random, H::ecn | H::retransmit); break;
    case PdsType::ack:
    case PdsType::ack_cc:
    case PdsType::ack_ccx:
      h.flags = some_of(random, H::ecn | H::retransmit | H::probe);
      h.offset = any<std::int16_t>(random);
      h.ack_request_kind = static_cast<std::uint8_t>(random.below(4));
      break;
    case PdsType::nack:
    case PdsType::nack_ccx:
      h.flags = some_of(random, H::ecn | H::retransmit | H::rudi);
      h.nack = static_cast<NackCode>(any<std::uint8_t>(random));
      h.feedback().vendor = any<std::uint8_t>(random);
      h.feedback().modified_length = any<std::uint32_t>(random);
      break;
    case PdsType::control:
      h.flags = some_of(random, H::rod | H::retransmit | H::ack_request | H::syn);
      h.control = static_cast<PdsControl>(random.below(10));
      h.offset = any<std::int16_t>(random);
      h.feedback().modified_length = any<std::uint32_t>(random);
      break;
    case PdsType::uud_request:
    case PdsType::tss: break;
  }
  if (h.type != PdsType::ack_cc && h.type != PdsType::ack_ccx) return;
  UetFeedback& f = h.feedback();
  f.sack_bitmap = any<std::uint64_t>(random), f.congestion_state = any<std::uint64_t>(random);
  f.sack_offset = any<std::int16_t>(random);
  f.congestion_type = static_cast<std::uint8_t>(random.below(16)), f.congestion_flags = static_cast<std::uint8_t>(random.below(16));
  f.mpr = any<std::uint8_t>(random);
}

inline void draw_request(Random& random, UetHeader& h) {
  using H = UetHeader;
  UetRequest& r = h.request();
  h.opcode = all_ses_opcodes[random.below(all_ses_opcodes.size())];
  h.ses_flags = some_of(random, H::som | H::eom | H::delivery_complete | H::initiator_error | H::relative | H::has_header_data);
  r.process = any_bits(random, 12), r.resource_index = any_bits(random, 12);
  r.request_length = any_bits(random, 14);
  if (h.next == PdsNext::request_small) {
    h.ses_flags &= static_cast<std::uint8_t>(~H::has_header_data);
    r.buffer_offset = any<std::uint64_t>(random);
    return;
  }
  r.initiator = any<std::uint32_t>(random), r.match_bits = any<std::uint64_t>(random);
  if (h.next == PdsNext::request_medium) {
    ((h.ses_flags & H::has_header_data) != 0 ? r.header_data : r.buffer_offset) = any<std::uint64_t>(random);
    return;
  }
  h.message_id = any<std::uint16_t>(random);
  r.buffer_offset = any<std::uint64_t>(random), r.request_length = any<std::uint32_t>(random);
  if ((h.ses_flags & H::som) != 0) {
    r.header_data = any<std::uint64_t>(random);
  } else {
    r.message_offset = any<std::uint32_t>(random);
  }
}

inline void draw_response(Random& random, UetHeader& h) {
  if (h.next != PdsNext::response_data_small) h.message_id = any<std::uint16_t>(random);
  if (h.is_request()) {
    h.request().message_offset = any<std::uint32_t>(random);
    if (h.next == PdsNext::response_data_small) return;
    h.request().match_bits = any<std::uint16_t>(random), h.request().request_length = any<std::uint32_t>(random);
    return;
  }
  UetFeedback& f = h.feedback();
  constexpr std::array<SesResponse, 3> plain = {SesResponse::standard, SesResponse::response, SesResponse::none};
  f.response = h.next == PdsNext::response ? plain[random.below(3)] : SesResponse::response_data;
  f.return_code = static_cast<SesReturn>(random.below(64));
  if (h.next != PdsNext::response_data_small) f.modified_length = any<std::uint32_t>(random);
  if (h.next != PdsNext::response) f.read_offset = any<std::uint32_t>(random);
  if (h.next == PdsNext::response_data) f.read_message = any<std::uint16_t>(random);
}

inline UetHeader any_uet_header(Random& random, PdsType type, PdsNext next) {
  UetHeader h;
  h.type = type;
  h.next = next;
  if (!h.is_request()) h.use_feedback();
  draw_pds(random, h);
  if (next == PdsNext::request_small || next == PdsNext::request_medium || next == PdsNext::request_standard) draw_request(random, h);
  if (next == PdsNext::response || next == PdsNext::response_data || next == PdsNext::response_data_small) draw_response(random, h);
  return h;
}
inline UetHeader any_uet_header(Random& random) {
  const auto kinds = all_uet_kinds();
  const auto kind = kinds[random.below(kinds.size())];
  return any_uet_header(random, kind.first, kind.second);
}

inline bool may_carry(const UetHeader& h) {
  if (h.next == PdsNext::response_data || h.next == PdsNext::response_data_small) return true;
  return h.next != PdsNext::none && h.next != PdsNext::response && ses_body(h.opcode) == SesBody::data;
}

inline UetFrame any_uet_frame(Random& random, ByteView payload_pool) {
  UetFrame frame;
  static_cast<OuterFrame&>(frame) = any_frame(random, {});
  frame.udp.destination_port = uet_udp_port;
  frame.uet = any_uet_header(random);
  if (may_carry(frame.uet)) frame.payload = payload_pool.first(random.below(payload_pool.size() + 1));
  return frame;
}

}  // namespace weft::wire::samples
