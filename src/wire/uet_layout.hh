// Which headers an Ultra Ethernet packet has: PDS type and next header to sizes, and what may follow what.
//
//   type                       PDS bytes   next headers it may have
//   RUD_REQ ROD_REQ                12      none, small 20, medium 32, standard 44, response with data 20, small one 12
//   RUD_CC_REQ ROD_CC_REQ          16      the same
//   RUDI_REQ, UUD_REQ            8, 4      small, medium, standard
//   RUDI_RESP                       8      response 12, with data, small one
//   ACK, ACK_CC, ACK_CCX   12, 32, 40      none, response, with data, small one
//   NACK, NACK_CCX             16, 32      none
//   CP                             16      none
//
// Units: bytes. Source: the headers included here. That a request may carry no SES header at all, and that a NACK never
// carries one, is the project profile.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "wire/pds_ack.hh"
#include "wire/pds_connectionless.hh"
#include "wire/pds_control.hh"
#include "wire/pds_nack.hh"
#include "wire/pds_request.hh"
#include "wire/ses_request.hh"
#include "wire/ses_response.hh"
#include "wire/uet.hh"

namespace weft::wire {
namespace detail {

// By PdsType; 0 where weft knows no such packet.
inline constexpr std::array<std::uint8_t, 16> pds_sizes = {0,
                                                           0,
                                                           PdsRequest::size,
                                                           PdsRequest::size,
                                                           PdsRudi::size,
                                                           PdsRudi::size,
                                                           PdsUud::size,
                                                           PdsAck::size,
                                                           PdsAckCc::size,
                                                           PdsAckCcx::size,
                                                           PdsNack::size,
                                                           PdsControlPacket::size,
                                                           PdsNackCcx::size,
                                                           PdsCcRequest::size,
                                                           PdsCcRequest::size,
                                                           0};
// By PdsNext.
inline constexpr std::array<std::uint8_t, 8> ses_sizes = {
    0, SesSmall::size, SesMedium::size, SesStandard::size, SesPlainResponse::size, SesDataResponse::size, SesSmallDataResponse::size, 0};

// By PdsType: bit n is set when next header n may follow.
inline constexpr std::uint8_t next_none = 1, next_request = 0x0e, next_response = 0x70, next_data = 0x60;
inline constexpr std::array<std::uint8_t, 16> next_allowed = {0,
                                                              0,
                                                              next_none | next_request | next_data,
                                                              next_none | next_request | next_data,
                                                              next_request,
                                                              next_response,
                                                              next_request,
                                                              next_none | next_response,
                                                              next_none | next_response,
                                                              next_none | next_response,
                                                              next_none,
                                                              next_none,
                                                              next_none,
                                                              next_none | next_request | next_data,
                                                              next_none | next_request | next_data,
                                                              0};

}  // namespace detail

// Zero for a type or next header that does not exist.
constexpr std::size_t pds_size(PdsType type) { return detail::pds_sizes[static_cast<std::uint8_t>(type) & 0xf]; }
constexpr std::size_t ses_size(PdsNext next) { return detail::ses_sizes[static_cast<std::uint8_t>(next) & 7]; }
constexpr std::size_t uet_header_size(PdsType type, PdsNext next) { return pds_size(type) + ses_size(next); }

constexpr bool next_fits(PdsType type, PdsNext next) {
  const unsigned allowed = detail::next_allowed[static_cast<std::uint8_t>(type) & 0xf];
  return static_cast<std::uint8_t>(type) < 16 && static_cast<std::uint8_t>(next) < 7 && (allowed >> static_cast<unsigned>(next) & 1) != 0;
}

// What follows a SES request of that opcode; `unsupported`: extension headers that weft does not speak, or no such opcode.
enum class SesBody : std::uint8_t { unsupported, nothing, data };
constexpr SesBody ses_body(SesOpcode opcode) {
  switch (opcode) {
    case SesOpcode::noop:
    case SesOpcode::read:
    case SesOpcode::deferrable_ready:
    case SesOpcode::message_error: return SesBody::nothing;
    case SesOpcode::write:
    case SesOpcode::sync_write:
    case SesOpcode::send:
    case SesOpcode::datagram_send:
    case SesOpcode::deferrable_send:
    case SesOpcode::tagged_send:
    case SesOpcode::deferrable_tagged_send: return SesBody::data;
    case SesOpcode::atomic:
    case SesOpcode::fetch_atomic:
    case SesOpcode::rendezvous_send:
    case SesOpcode::rendezvous_tagged_send:
    case SesOpcode::tagged_send_atomic:
    case SesOpcode::tagged_send_fetch_atomic:
    case SesOpcode::sync_atomic: return SesBody::unsupported;
  }
  return SesBody::unsupported;
}

static_assert(uet_header_size(PdsType::rud_request, PdsNext::request_standard) == 56);
static_assert(uet_header_size(PdsType::ack_cc, PdsNext::response) == 44);

}  // namespace weft::wire
