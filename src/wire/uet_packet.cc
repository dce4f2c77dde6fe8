#include "wire/uet_packet.hh"

#include <cstring>

#include "base/check.hh"
#include "wire/uet_pds.hh"
#include "wire/uet_ses.hh"

namespace weft::wire {
namespace {

UetPacket refused(UetRefusal reason) { return UetPacket{.refusal = reason}; }

bool carries_payload(const UetHeader& header) {
  switch (header.next) {
    case PdsNext::request_small:
    case PdsNext::request_medium:
    case PdsNext::request_standard: return ses_body(header.opcode) == SesBody::data;
    case PdsNext::response_data:
    case PdsNext::response_data_small: return true;
    case PdsNext::none:
    case PdsNext::response: return false;
  }
  return false;
}

bool carries_opcode(const UetHeader& header) {
  return header.next == PdsNext::request_small || header.next == PdsNext::request_medium || header.next == PdsNext::request_standard;
}

UetRefusal judge_prologue(const PdsPrologue& prologue) {
  const auto type = static_cast<PdsType>(prologue.type);
  if (type == PdsType::tss) return UetRefusal::encrypted;
  if (prologue.type > static_cast<std::uint8_t>(PdsType::rod_cc_request) || pds_size(type) == 0) return UetRefusal::unknown_type;
  if (type == PdsType::control) return known_control(prologue.next) ? UetRefusal::none : UetRefusal::unknown_control;
  return next_fits(type, static_cast<PdsNext>(prologue.next)) ? UetRefusal::none : UetRefusal::next_header;
}

UetRefusal refusal_of(SesProblem problem) {
  switch (problem) {
    case SesProblem::none: return UetRefusal::none;
    case SesProblem::truncated: return UetRefusal::truncated;
    case SesProblem::version: return UetRefusal::ses_version;
    case SesProblem::opcode: return UetRefusal::unknown_opcode;
    case SesProblem::response_kind: return UetRefusal::response_kind;
    case SesProblem::return_code: return UetRefusal::return_code;
  }
  return UetRefusal::truncated;
}

UetRefusal judge_payload(const UetHeader& header, const SesDecoded& ses, std::size_t sent) {
  if (sent != 0 && !carries_payload(header)) return UetRefusal::unexpected_payload;
  if (sent > uet_payload_limit) return UetRefusal::too_long;
  return ses.payload_length.value_or(sent) == sent ? UetRefusal::none : UetRefusal::payload_length;
}

// What stands behind the PDS header, when a switch has cut into the SES header.
UetPacket without_ses(const UetHeader& header, std::size_t behind_pds) {
  const std::size_t ses = ses_size(header.next);
  if (behind_pds < ses) return refused(UetRefusal::truncated);
  if (behind_pds - ses > uet_payload_limit) return refused(UetRefusal::too_long);
  return {.extent = UetExtent::ses_cut, .header = header, .payload_sent = behind_pds - ses};
}

}  // namespace

std::size_t encode_uet_header(const UetHeader& header, std::size_t payload_length, ByteRoom out) {
  CHECK(next_fits(header.type, header.next), "type", static_cast<int>(header.type), "next", static_cast<int>(header.next));
  CHECK(!carries_opcode(header) || ses_body(header.opcode) != SesBody::unsupported, "opcode", static_cast<int>(header.opcode));
  CHECK(payload_length <= (carries_payload(header) ? uet_payload_limit : 0), "type", static_cast<int>(header.type), "payload",
        payload_length);
  Writer writer(out);
  encode_pds(header, writer);
  encode_ses(header, payload_length, writer);
  return writer.ok() ? writer.size() : 0;
}

std::size_t encode_uet_packet(const UetHeader& header, ByteView payload, ByteRoom out) {
  const std::size_t head = encode_uet_header(header, payload.size(), out);
  if (head == 0 || head + payload.size() > out.size()) return 0;
  if (!payload.empty()) std::memcpy(out.data() + head, payload.data(), payload.size());
  return head + payload.size();
}

UetPacket decode_uet_packet(ByteView packet) { return decode_uet_packet(packet, packet.size()); }

UetPacket decode_uet_packet(ByteView packet, std::size_t sent) {
  CHECK(sent >= packet.size(), "sent", sent, "packet", packet.size());
  Reader in(packet);
  const auto prologue = PdsPrologue::decode(in);
  if (!prologue) return refused(UetRefusal::truncated);
  const UetRefusal verdict = judge_prologue(*prologue);
  if (verdict != UetRefusal::none) return refused(verdict);
  UetPacket result;
  result.header.type = static_cast<PdsType>(prologue->type);
  in = Reader(packet);
  if (!decode_pds(in, result.header)) return refused(UetRefusal::truncated);
  const std::size_t cut = sent - packet.size();
  if (cut != 0 && in.rest().size() < ses_size(result.header.next)) return without_ses(result.header, in.rest().size() + cut);
  const SesDecoded ses = decode_ses(in, result.header);
  if (ses.problem != SesProblem::none) return refused(refusal_of(ses.problem));
  result.extent = cut == 0 ? UetExtent::whole : UetExtent::payload_cut;
  result.payload = in.rest();
  result.payload_sent = in.rest().size() + cut;
  const UetRefusal body = judge_payload(result.header, ses, result.payload_sent);
  return body == UetRefusal::none ? result : refused(body);
}

std::string_view name_of(UetRefusal refusal) {
  switch (refusal) {
    case UetRefusal::none: return "none";
    case UetRefusal::truncated: return "truncated";
    case UetRefusal::encrypted: return "encrypted";
    case UetRefusal::unknown_type: return "unknown_type";
    case UetRefusal::unknown_control: return "unknown_control";
    case UetRefusal::next_header: return "next_header";
    case UetRefusal::ses_version: return "ses_version";
    case UetRefusal::unknown_opcode: return "unknown_opcode";
    case UetRefusal::response_kind: return "response_kind";
    case UetRefusal::return_code: return "return_code";
    case UetRefusal::payload_length: return "payload_length";
    case UetRefusal::unexpected_payload: return "unexpected_payload";
    case UetRefusal::too_long: return "too_long";
  }
  return "unknown";
}

}  // namespace weft::wire
