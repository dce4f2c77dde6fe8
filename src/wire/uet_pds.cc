#include "wire/uet_pds.hh"

#include "base/check.hh"
#include "wire/uet_layout.hh"

namespace weft::wire {
namespace {

using H = UetHeader;

PdsRequest request_of(const H& header) {
  PdsRequest pds;
  pds.type = header.type;
  pds.next = header.next;
  pds.retransmit = header.has(H::retransmit);
  pds.ack_request = header.has(H::ack_request);
  pds.syn = header.has(H::syn);
  pds.clear_psn_offset = header.offset;
  pds.psn = header.psn;
  pds.spdcid = header.spdcid;
  pds.dpdcid = header.dpdcid;
  return pds;
}

PdsAck ack_of(const H& header) {
  PdsAck pds;
  pds.type = header.type;
  pds.next = header.next;
  pds.marked = header.has(H::ecn);
  pds.retransmit = header.has(H::retransmit);
  pds.probe = header.has(H::probe);
  pds.request = header.ack_request_kind;
  pds.psn_offset = header.offset;
  pds.cumulative_psn = header.psn;
  pds.spdcid = header.spdcid;
  pds.dpdcid = header.dpdcid;
  return pds;
}

PdsAckCc ack_cc_of(const H& header) {
  const UetFeedback& feedback = header.feedback();
  return {ack_of(header),       feedback.congestion_type, feedback.congestion_flags, feedback.mpr,
          feedback.sack_offset, feedback.sack_bitmap,     feedback.congestion_state};
}

PdsNack nack_of(const H& header) {
  PdsNack pds;
  pds.type = header.type;
  pds.marked = header.has(H::ecn);
  pds.retransmit = header.has(H::retransmit);
  pds.rudi = header.has(H::rudi);
  pds.code = header.nack;
  pds.vendor = header.feedback().vendor;
  pds.psn = header.psn;
  pds.spdcid = header.spdcid;
  pds.dpdcid = header.dpdcid;
  pds.payload = header.feedback().modified_length;
  return pds;
}

PdsControlPacket control_of(const H& header) {
  PdsControlPacket pds;
  pds.control = header.control;
  pds.rod = header.has(H::rod);
  pds.retransmit = header.has(H::retransmit);
  pds.ack_request = header.has(H::ack_request);
  pds.syn = header.has(H::syn);
  pds.probe_opaque = static_cast<std::uint16_t>(header.offset);
  pds.psn = header.psn;
  pds.spdcid = header.spdcid;
  pds.dpdcid = header.dpdcid;
  pds.payload = header.feedback().modified_length;
  return pds;
}

std::uint8_t flag(bool set, std::uint8_t which) { return set ? which : std::uint8_t{0}; }

void take(const PdsRequest& pds, H& header) {
  header.next = pds.next;
  header.flags = flag(pds.retransmit, H::retransmit) | flag(pds.ack_request, H::ack_request) | flag(pds.syn, H::syn);
  header.offset = pds.clear_psn_offset;
  header.psn = pds.psn;
  header.spdcid = pds.spdcid;
  header.dpdcid = pds.dpdcid;
}

void take(const PdsCcRequest& pds, H& header) {
  take(pds.request, header);
  header.credit = std::uint32_t{pds.ccc_id} << 24 | pds.credit_target;
}

void take(const PdsAck& pds, H& header) {
  header.next = pds.next;
  header.flags = flag(pds.marked, H::ecn) | flag(pds.retransmit, H::retransmit) | flag(pds.probe, H::probe);
  header.ack_request_kind = pds.request;
  header.offset = pds.psn_offset;
  header.psn = pds.cumulative_psn;
  header.spdcid = pds.spdcid;
  header.dpdcid = pds.dpdcid;
}

void take(const PdsAckCc& pds, H& header) {
  take(pds.ack, header);
  UetFeedback& feedback = header.feedback();
  feedback.congestion_type = pds.congestion_type;
  feedback.congestion_flags = pds.congestion_flags;
  feedback.mpr = pds.mpr;
  feedback.sack_offset = pds.sack_offset;
  feedback.sack_bitmap = pds.sack_bitmap;
  feedback.congestion_state = pds.congestion_state;
}

void take(const PdsAckCcx& pds, H& header) { take(pds.head, header); }

void take(const PdsNack& pds, H& header) {
  header.next = pds.next;
  header.flags = flag(pds.marked, H::ecn) | flag(pds.retransmit, H::retransmit) | flag(pds.rudi, H::rudi);
  header.nack = pds.code;
  header.psn = pds.psn;
  header.spdcid = pds.spdcid;
  header.dpdcid = pds.dpdcid;
  header.feedback().vendor = pds.vendor;
  header.feedback().modified_length = pds.payload;
}

void take(const PdsNackCcx& pds, H& header) { take(pds.nack, header); }

void take(const PdsControlPacket& pds, H& header) {
  header.control = pds.control;
  header.flags =
      flag(pds.rod, H::rod) | flag(pds.retransmit, H::retransmit) | flag(pds.ack_request, H::ack_request) | flag(pds.syn, H::syn);
  header.offset = static_cast<std::int16_t>(pds.probe_opaque);
  header.psn = pds.psn;
  header.spdcid = pds.spdcid;
  header.dpdcid = pds.dpdcid;
  header.feedback().modified_length = pds.payload;
}

void take(const PdsRudi& pds, H& header) {
  header.next = pds.next;
  header.flags = flag(pds.marked, H::ecn) | flag(pds.retransmit, H::retransmit);
  header.psn = pds.packet_id;
}

void take(const PdsUud& pds, H& header) { header.next = pds.next; }

template <WireHeader Pds>
bool decode_as(Reader& in, H& header) {
  const auto pds = Pds::decode(in);
  if (!pds) return false;
  take(*pds, header);
  return true;
}

}  // namespace

void encode_pds(const UetHeader& header, Writer& out) {
  switch (header.type) {
    case PdsType::rud_request:
    case PdsType::rod_request: return request_of(header).encode(out);
    case PdsType::rud_cc_request:
    case PdsType::rod_cc_request:
      return PdsCcRequest{request_of(header), static_cast<std::uint8_t>(header.credit >> 24), header.credit & 0xffffff}.encode(out);
    case PdsType::rudi_request:
    case PdsType::rudi_response:
      return PdsRudi{header.type, header.next, header.has(H::ecn), header.has(H::retransmit), header.psn}.encode(out);
    case PdsType::uud_request: return PdsUud{header.next}.encode(out);
    case PdsType::ack: return ack_of(header).encode(out);
    case PdsType::ack_cc: return ack_cc_of(header).encode(out);
    case PdsType::ack_ccx: return PdsAckCcx{ack_cc_of(header), 0}.encode(out);
    case PdsType::nack: return nack_of(header).encode(out);
    case PdsType::nack_ccx: return PdsNackCcx{nack_of(header)}.encode(out);
    case PdsType::control: return control_of(header).encode(out);
    case PdsType::tss: break;
  }
  CHECK(pds_size(header.type) != 0, "type", static_cast<int>(header.type));
}

bool decode_pds(Reader& in, UetHeader& header) {
  if (!header.is_request()) header.use_feedback();
  switch (header.type) {
    case PdsType::rud_request:
    case PdsType::rod_request: return decode_as<PdsRequest>(in, header);
    case PdsType::rud_cc_request:
    case PdsType::rod_cc_request: return decode_as<PdsCcRequest>(in, header);
    case PdsType::rudi_request:
    case PdsType::rudi_response: return decode_as<PdsRudi>(in, header);
    case PdsType::uud_request: return decode_as<PdsUud>(in, header);
    case PdsType::ack: return decode_as<PdsAck>(in, header);
    case PdsType::ack_cc: return decode_as<PdsAckCc>(in, header);
    case PdsType::ack_ccx: return decode_as<PdsAckCcx>(in, header);
    case PdsType::nack: return decode_as<PdsNack>(in, header);
    case PdsType::nack_ccx: return decode_as<PdsNackCcx>(in, header);
    case PdsType::control: return decode_as<PdsControlPacket>(in, header);
    case PdsType::tss: break;
  }
  return false;
}

}  // namespace weft::wire
