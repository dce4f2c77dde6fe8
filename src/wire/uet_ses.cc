#include "wire/uet_ses.hh"

#include "base/check.hh"
#include "wire/uet_layout.hh"

namespace weft::wire {
namespace {

using H = UetHeader;

std::uint8_t flag(bool set, std::uint8_t which) { return set ? which : std::uint8_t{0}; }

std::uint8_t wire_flags(std::uint8_t flags) {
  return flag(flags & H::delivery_complete, ses_flag::delivery_complete) | flag(flags & H::initiator_error, ses_flag::initiator_error) |
         flag(flags & H::relative, ses_flag::relative) | flag(flags & H::has_header_data, ses_flag::header_data) |
         flag(flags & H::eom, ses_flag::eom) | flag(flags & H::som, ses_flag::som);
}
std::uint8_t engine_flags(const SesCommon& common) {
  return flag(common.has(ses_flag::delivery_complete), H::delivery_complete) |
         flag(common.has(ses_flag::initiator_error), H::initiator_error) | flag(common.has(ses_flag::relative), H::relative) |
         flag(common.has(ses_flag::header_data), H::has_header_data) | flag(common.has(ses_flag::eom), H::eom) |
         flag(common.has(ses_flag::som), H::som);
}

SesCommon common_of(const H& header, std::uint16_t message_or_length) {
  SesCommon common;
  common.opcode = static_cast<std::uint8_t>(header.opcode);
  common.flags = wire_flags(header.ses_flags);
  common.message_or_length = message_or_length;
  common.process = header.request().process;
  common.resource_index = header.request().resource_index;
  return common;
}
std::uint16_t short_length(const H& header) {
  CHECK(header.request().request_length <= ses_length_limit, "request_length", header.request().request_length);
  return static_cast<std::uint16_t>(header.request().request_length);
}

void encode_standard(const H& header, std::size_t payload_length, Writer& out) {
  const UetRequest& request = header.request();
  SesStandard ses;
  ses.common = common_of(header, header.message_id);
  ses.buffer_offset = request.buffer_offset;
  ses.initiator = request.initiator;
  ses.match_bits = request.match_bits;
  ses.header_data = request.header_data;
  ses.payload_length = static_cast<std::uint16_t>(payload_length);
  ses.message_offset = request.message_offset;
  ses.request_length = request.request_length;
  ses.encode(out);
}

void encode_medium(const H& header, Writer& out) {
  const UetRequest& request = header.request();
  const bool data = (header.ses_flags & H::has_header_data) != 0;
  SesMedium{common_of(header, short_length(header)), data ? request.header_data : request.buffer_offset, request.initiator,
            request.match_bits}
      .encode(out);
}

void encode_small(const H& header, Writer& out) {
  SesSmall ses{common_of(header, short_length(header)), header.request().buffer_offset};
  ses.common.flags &= static_cast<std::uint8_t>(~ses_flag::header_data);
  ses.encode(out);
}

SesResponseCommon response_of(const H& header, SesResponse opcode, std::uint16_t message_or_length) {
  SesResponseCommon common;
  common.opcode = opcode;
  common.return_code = header.is_request() ? SesReturn::ok : header.feedback().return_code;
  common.message_or_length = message_or_length;
  return common;
}

void encode_data_response(const H& header, std::size_t payload_length, Writer& out) {
  SesDataResponse ses;
  ses.common = response_of(header, SesResponse::response_data, header.message_id);
  ses.payload_length = static_cast<std::uint16_t>(payload_length);
  if (header.is_request()) {
    CHECK(header.request().match_bits <= 0xffff, "match_bits", header.request().match_bits);
    ses.read_message = static_cast<std::uint16_t>(header.request().match_bits);
    ses.modified_length = header.request().request_length;
    ses.message_offset = header.request().message_offset;
  } else {
    ses.read_message = header.feedback().read_message;
    ses.modified_length = header.feedback().modified_length;
    ses.message_offset = header.feedback().read_offset;
  }
  ses.encode(out);
}

void encode_small_data_response(const H& header, std::size_t payload_length, Writer& out) {
  SesSmallDataResponse ses;
  ses.common = response_of(header, SesResponse::response_data, static_cast<std::uint16_t>(payload_length));
  ses.request_psn = header.is_request() ? header.request().message_offset : header.feedback().read_offset;
  ses.encode(out);
}

// A header refuses nothing but a version when the bytes suffice.
SesDecoded refused(const Reader& in) { return {in.ok() ? SesProblem::version : SesProblem::truncated}; }
SesProblem judge(const H& header) { return ses_body(header.opcode) == SesBody::unsupported ? SesProblem::opcode : SesProblem::none; }

void take(const SesCommon& common, H& header) {
  header.opcode = static_cast<SesOpcode>(common.opcode);
  header.ses_flags = engine_flags(common);
  header.request().process = common.process;
  header.request().resource_index = common.resource_index;
}

SesDecoded decode_standard(Reader& in, H& header) {
  const auto ses = SesStandard::decode(in);
  if (!ses) return refused(in);
  take(ses->common, header);
  header.message_id = ses->common.message_or_length;
  UetRequest& request = header.request();
  request.buffer_offset = ses->buffer_offset;
  request.initiator = ses->initiator;
  request.match_bits = ses->match_bits;
  request.header_data = ses->header_data;
  request.message_offset = ses->message_offset;
  request.request_length = ses->request_length;
  if (ses->common.has(ses_flag::som)) return {judge(header)};
  return {judge(header), ses->payload_length};
}

SesDecoded decode_medium(Reader& in, H& header) {
  const auto ses = SesMedium::decode(in);
  if (!ses) return refused(in);
  take(ses->common, header);
  UetRequest& request = header.request();
  (ses->common.has(ses_flag::header_data) ? request.header_data : request.buffer_offset) = ses->offset_or_data;
  request.initiator = ses->initiator;
  request.match_bits = ses->match_bits;
  request.request_length = ses->common.message_or_length;
  return {judge(header)};
}

SesDecoded decode_small(Reader& in, H& header) {
  const auto ses = SesSmall::decode(in);
  if (!ses) return refused(in);
  take(ses->common, header);
  header.request().buffer_offset = ses->buffer_offset;
  header.request().request_length = ses->common.message_or_length;
  return {judge(header)};
}

SesProblem take_response(const SesResponseCommon& common, bool data, H& header) {
  if (data ? common.opcode != SesResponse::response_data
           : common.opcode == SesResponse::response_data || common.opcode > SesResponse::none) {
    return SesProblem::response_kind;
  }
  if (header.is_request()) return common.return_code == SesReturn::ok ? SesProblem::none : SesProblem::return_code;
  header.feedback().response = common.opcode;
  header.feedback().return_code = common.return_code;
  return SesProblem::none;
}

SesDecoded decode_plain_response(Reader& in, H& header) {
  const auto ses = SesPlainResponse::decode(in);
  if (!ses) return refused(in);
  header.message_id = ses->common.message_or_length;
  header.feedback().modified_length = ses->modified_length;
  return {take_response(ses->common, false, header)};
}

SesDecoded decode_data_response(Reader& in, H& header) {
  const auto ses = SesDataResponse::decode(in);
  if (!ses) return refused(in);
  header.message_id = ses->common.message_or_length;
  if (header.is_request()) {
    header.request().match_bits = ses->read_message;
    header.request().request_length = ses->modified_length;
    header.request().message_offset = ses->message_offset;
  } else {
    header.feedback().read_message = ses->read_message;
    header.feedback().modified_length = ses->modified_length;
    header.feedback().read_offset = ses->message_offset;
  }
  return {take_response(ses->common, true, header), ses->payload_length};
}

SesDecoded decode_small_data_response(Reader& in, H& header) {
  const auto ses = SesSmallDataResponse::decode(in);
  if (!ses) return refused(in);
  (header.is_request() ? header.request().message_offset : header.feedback().read_offset) = ses->request_psn;
  return {take_response(ses->common, true, header), ses->common.message_or_length};
}

}  // namespace

void encode_ses(const UetHeader& header, std::size_t payload_length, Writer& out) {
  switch (header.next) {
    case PdsNext::none: return;
    case PdsNext::request_small: return encode_small(header, out);
    case PdsNext::request_medium: return encode_medium(header, out);
    case PdsNext::request_standard: return encode_standard(header, payload_length, out);
    case PdsNext::response:
      return SesPlainResponse{response_of(header, header.feedback().response, header.message_id), header.feedback().modified_length}.encode(
          out);
    case PdsNext::response_data: return encode_data_response(header, payload_length, out);
    case PdsNext::response_data_small: return encode_small_data_response(header, payload_length, out);
  }
}

SesDecoded decode_ses(Reader& in, UetHeader& header) {
  switch (header.next) {
    case PdsNext::none: return {};
    case PdsNext::request_small: return decode_small(in, header);
    case PdsNext::request_medium: return decode_medium(in, header);
    case PdsNext::request_standard: return decode_standard(in, header);
    case PdsNext::response: return decode_plain_response(in, header);
    case PdsNext::response_data: return decode_data_response(in, header);
    case PdsNext::response_data_small: return decode_small_data_response(in, header);
  }
  return {};
}

}  // namespace weft::wire
