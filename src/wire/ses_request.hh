// SES requests: standard (44 bytes), medium (32), small (20), each behind SesCommon (12).
//
//   standard                                medium                              small
//   +-----------------------------+         +-----------------------------+     +-----------------------------+
//   | common, message id          | 12      | common, request length      | 12  | common, request length      | 12
//   +-----------------------------+         +-----------------------------+     +-----------------------------+
//   | buffer offset; or restart   |  8      | H: header data;             |  8  | buffer offset               |  8
//   | token                       |         | else buffer offset          |     +-----------------------------+
//   +-----------------------------+         +-----------------------------+
//   | initiator                   |  4      | initiator                   |  4
//   +-----------------------------+         +-----------------------------+
//   | memory key or match bits    |  8      | memory key or match bits    |  8
//   +-----------------------------+         +-----------------------------+
//   | S: header data; else        |  8
//   | 18 reserved, payload length |         S, H: the flags of SesCommon
//   | 14, message offset 32       |
//   +-----------------------------+
//   | request length              |  4
//   +-----------------------------+
//
// Units: bytes. Atomic and rendezvous extension headers, which follow some opcodes, are not here: uet_packet.hh refuses those.
// Source: UE 1.0, 3.4, as public dissectors lay it out.
#pragma once

#include <cstdint>
#include <optional>

#include "base/check.hh"
#include "wire/cursor.hh"
#include "wire/ses_common.hh"

namespace weft::wire {

inline constexpr std::uint16_t ses_length_limit = 0x3fff;  // payload and short request lengths have 14 bits

struct SesStandard {
  static constexpr std::size_t size = SesCommon::size + 32;

  SesCommon common{};
  std::uint64_t buffer_offset = 0;
  std::uint32_t initiator = 0;
  std::uint64_t match_bits = 0;
  std::uint64_t header_data = 0;     // at the start of a message
  std::uint16_t payload_length = 0;  // elsewhere, 14 bits
  std::uint32_t message_offset = 0;  // elsewhere
  std::uint32_t request_length = 0;
  friend bool operator==(const SesStandard&, const SesStandard&) = default;

  void encode(Writer& out) const {
    CHECK(payload_length <= ses_length_limit, "payload_length", payload_length);
    common.encode(out);
    out.be(buffer_offset);
    out.be(initiator);
    out.be(match_bits);
    out.be(common.has(ses_flag::som) ? header_data : std::uint64_t{payload_length} << 32 | message_offset);
    out.be(request_length);
  }

  static std::optional<SesStandard> decode(Reader& in) {
    const auto common = SesCommon::decode(in);
    SesStandard h;
    h.buffer_offset = in.be<std::uint64_t>();
    h.initiator = in.be<std::uint32_t>();
    h.match_bits = in.be<std::uint64_t>();
    const auto word = in.be<std::uint64_t>();
    h.request_length = in.be<std::uint32_t>();
    if (!in.ok() || !common) return std::nullopt;
    h.common = *common;
    if (h.common.has(ses_flag::som)) {
      h.header_data = word;
    } else {
      h.payload_length = static_cast<std::uint16_t>(word >> 32 & ses_length_limit);
      h.message_offset = static_cast<std::uint32_t>(word);
    }
    return h;
  }
};
static_assert(WireHeader<SesStandard>);

// `common.message_or_length` is the request length in medium and small requests.
struct SesMedium {
  static constexpr std::size_t size = SesCommon::size + 20;

  SesCommon common{};
  std::uint64_t offset_or_data = 0;
  std::uint32_t initiator = 0;
  std::uint64_t match_bits = 0;
  friend bool operator==(const SesMedium&, const SesMedium&) = default;

  void encode(Writer& out) const {
    CHECK(common.message_or_length <= ses_length_limit, "request_length", common.message_or_length);
    common.encode(out);
    out.be(offset_or_data);
    out.be(initiator);
    out.be(match_bits);
  }

  static std::optional<SesMedium> decode(Reader& in) {
    const auto common = SesCommon::decode(in);
    SesMedium h;
    h.offset_or_data = in.be<std::uint64_t>();
    h.initiator = in.be<std::uint32_t>();
    h.match_bits = in.be<std::uint64_t>();
    if (!in.ok() || !common) return std::nullopt;
    h.common = *common;
    h.common.message_or_length &= ses_length_limit;
    return h;
  }
};
static_assert(WireHeader<SesMedium>);

struct SesSmall {
  static constexpr std::size_t size = SesCommon::size + 8;

  SesCommon common{};
  std::uint64_t buffer_offset = 0;
  friend bool operator==(const SesSmall&, const SesSmall&) = default;

  void encode(Writer& out) const {
    CHECK(common.message_or_length <= ses_length_limit, "request_length", common.message_or_length);
    common.encode(out);
    out.be(buffer_offset);
  }

  static std::optional<SesSmall> decode(Reader& in) {
    const auto common = SesCommon::decode(in);
    SesSmall h;
    h.buffer_offset = in.be<std::uint64_t>();
    if (!in.ok() || !common) return std::nullopt;
    h.common = *common;
    h.common.message_or_length &= ses_length_limit;
    h.common.flags &= static_cast<std::uint8_t>(~ses_flag::header_data);  // reserved here
    return h;
  }
};
static_assert(WireHeader<SesSmall>);

}  // namespace weft::wire
