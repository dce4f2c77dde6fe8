// SES responses: without data (12 bytes), with data (20), with data, small (12).
//
//    0                   1                   2                   3
//    0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
//   +---+-----------+---+-----------+-------------------------------+
//   |lst|  opcode   |ver|return code|          message id           |   small: 2 reserved, payload length 14
//   +---+-----------+---+-----------+-------------------------------+
//   |  generation   |                    job id                     |   with data, small: 8 reserved bits and job id
//   +---------------+-----------------------------------------------+
//
//   without data             with data                                          small
//   | modified length 32 |   | READ's message id 16 | - 2 | payload length 14 |  | original request's PSN 32 |
//                            | modified length 32   | message offset 32       |
//
// Opcode 2 is the response with data; without data it is 0 (default), 1 or 3 (none). Version is 0; another one is refused.
// Units: bytes. Source: UE 1.0, 3.4, as public dissectors lay it out. They disagree on the small one (4 or 12 bytes) and on the
// payload length of the one with data (12 or 14 bits): 12 bytes and 14 bits are the project profile.
#pragma once

#include <cstdint>
#include <optional>

#include "base/check.hh"
#include "wire/cursor.hh"
#include "wire/ses_request.hh"
#include "wire/uet.hh"

namespace weft::wire {

// What all three begin with.
struct SesResponseCommon {
  static constexpr std::size_t size = 8;

  std::uint8_t list = 0;  // 2 bits: the message went to the expected (0) or the overflow list (1)
  SesResponse opcode = SesResponse::standard;
  SesReturn return_code = SesReturn::null;  // 6 bits
  std::uint16_t message_or_length = 0;      // message id; small: payload length
  std::uint8_t generation = 0;
  std::uint32_t job = 0;  // 24 bits
  friend bool operator==(const SesResponseCommon&, const SesResponseCommon&) = default;

  void encode(Writer& out) const {
    const auto kind = static_cast<std::uint8_t>(opcode), code = static_cast<std::uint8_t>(return_code);
    CHECK(list < 4 && kind < 64 && code < 64 && job <= 0xffffff, "list", int{list}, "opcode", int{kind}, "return_code", int{code});
    out.be(static_cast<std::uint8_t>(list << 6 | kind));
    out.be(code);
    out.be(message_or_length);
    out.be(generation);
    out.be24(job);
  }

  static std::optional<SesResponseCommon> decode(Reader& in) {
    SesResponseCommon h;
    const auto kind = in.be<std::uint8_t>();
    h.list = kind >> 6;
    h.opcode = static_cast<SesResponse>(kind & 0x3f);
    const auto code = in.be<std::uint8_t>();
    h.return_code = static_cast<SesReturn>(code & 0x3f);
    h.message_or_length = in.be<std::uint16_t>();
    h.generation = in.be<std::uint8_t>();
    h.job = in.be24();
    if (!in.ok() || code >> 6 != 0) return std::nullopt;
    return h;
  }
};
static_assert(WireHeader<SesResponseCommon>);

struct SesPlainResponse {
  static constexpr std::size_t size = SesResponseCommon::size + 4;

  SesResponseCommon common{};
  std::uint32_t modified_length = 0;
  friend bool operator==(const SesPlainResponse&, const SesPlainResponse&) = default;

  void encode(Writer& out) const {
    common.encode(out);
    out.be(modified_length);
  }

  static std::optional<SesPlainResponse> decode(Reader& in) {
    const auto common = SesResponseCommon::decode(in);
    const auto length = in.be<std::uint32_t>();
    if (!in.ok() || !common) return std::nullopt;
    return SesPlainResponse{*common, length};
  }
};
static_assert(WireHeader<SesPlainResponse>);

struct SesDataResponse {
  static constexpr std::size_t size = SesResponseCommon::size + 12;

  SesResponseCommon common{.opcode = SesResponse::response_data};
  std::uint16_t read_message = 0;
  std::uint16_t payload_length = 0;  // 14 bits
  std::uint32_t modified_length = 0;
  std::uint32_t message_offset = 0;
  friend bool operator==(const SesDataResponse&, const SesDataResponse&) = default;

  void encode(Writer& out) const {
    CHECK(payload_length <= ses_length_limit, "payload_length", payload_length);
    common.encode(out);
    out.be(read_message);
    out.be(payload_length);
    out.be(modified_length);
    out.be(message_offset);
  }

  static std::optional<SesDataResponse> decode(Reader& in) {
    const auto common = SesResponseCommon::decode(in);
    SesDataResponse h;
    h.read_message = in.be<std::uint16_t>();
    h.payload_length = in.be<std::uint16_t>() & ses_length_limit;
    h.modified_length = in.be<std::uint32_t>();
    h.message_offset = in.be<std::uint32_t>();
    if (!in.ok() || !common) return std::nullopt;
    h.common = *common;
    return h;
  }
};
static_assert(WireHeader<SesDataResponse>);

struct SesSmallDataResponse {
  static constexpr std::size_t size = SesResponseCommon::size + 4;

  SesResponseCommon common{.opcode = SesResponse::response_data};  // message_or_length: the payload length, 14 bits
  std::uint32_t request_psn = 0;
  friend bool operator==(const SesSmallDataResponse&, const SesSmallDataResponse&) = default;

  void encode(Writer& out) const {
    CHECK(common.message_or_length <= ses_length_limit && common.generation == 0, "payload_length", common.message_or_length);
    common.encode(out);
    out.be(request_psn);
  }

  static std::optional<SesSmallDataResponse> decode(Reader& in) {
    const auto common = SesResponseCommon::decode(in);
    SesSmallDataResponse h;
    h.request_psn = in.be<std::uint32_t>();
    if (!in.ok() || !common) return std::nullopt;
    h.common = *common;
    h.common.message_or_length &= ses_length_limit;
    h.common.generation = 0;
    return h;
  }
};
static_assert(WireHeader<SesSmallDataResponse>);

}  // namespace weft::wire
