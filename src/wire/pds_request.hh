// PDS request of a reliable PDC: RUD_REQ, ROD_REQ (12 bytes) and, with congestion state, RUD_CC_REQ, ROD_CC_REQ (16 bytes).
//
//    0                   1                   2                   3
//    0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
//   +---------+-------+---+-+-+-+---+-------------------------------+
//   |  type   | next  | - |X|A|S| - |       clear PSN offset        |
//   +---------+-------+---+-+-+-+---+-------------------------------+
//   |                              PSN                              |
//   +-------------------------------+-------------------------------+
//   |            SPDCID             |            DPDCID             |
//   +-------------------------------+-------------------------------+
//   |    CCC id     |                 credit target                 |   CC requests only
//   +---------------+-----------------------------------------------+
//   X retransmitted, A acknowledgement requested, S SYN. With SYN the last 16 bits of the third word are
//   pdc_info (4 bits, the highest: use a reserved PDC) and PSN offset (12 bits): PSN = first PSN + offset.
//
// Units: the clear PSN is PSN + clear PSN offset (signed); the credit target counts in the congestion law's credit units.
// Source: UE 1.0, 3.5.10, as public dissectors lay it out.
#pragma once

#include <cstdint>
#include <optional>

#include "base/check.hh"
#include "wire/cursor.hh"
#include "wire/pds_prologue.hh"

namespace weft::wire {

// The word that stands for the DPDCID while SYN is set.
struct PdsSyn {
  std::uint8_t pdc_info = 0;     // 4 bits; 8: use a reserved PDC
  std::uint16_t psn_offset = 0;  // 12 bits
  friend bool operator==(const PdsSyn&, const PdsSyn&) = default;

  [[nodiscard]] std::uint16_t word() const {
    CHECK(pdc_info < 16 && psn_offset < 0x1000, "pdc_info", int{pdc_info}, "psn_offset", psn_offset);
    return static_cast<std::uint16_t>(pdc_info << 12 | psn_offset);
  }
  static PdsSyn of(std::uint16_t word) { return {static_cast<std::uint8_t>(word >> 12), static_cast<std::uint16_t>(word & 0xfff)}; }
};

struct PdsRequest {
  static constexpr std::size_t size = 12;

  PdsType type = PdsType::rud_request;  // one of the four requests
  PdsNext next = PdsNext::none;
  bool retransmit = false, ack_request = false, syn = false;
  std::int16_t clear_psn_offset = 0;
  std::uint32_t psn = 0;
  std::uint16_t spdcid = 0, dpdcid = 0;
  friend bool operator==(const PdsRequest&, const PdsRequest&) = default;

  void encode(Writer& out) const {
    prologue_of(type, next,
                flag_if(retransmit, pds_flag::retransmit) | flag_if(ack_request, pds_flag::ack_request) | flag_if(syn, pds_flag::syn))
        .encode(out);
    out.be(static_cast<std::uint16_t>(clear_psn_offset));
    out.be(psn);
    out.be(spdcid);
    out.be(dpdcid);
  }

  static std::optional<PdsRequest> decode(Reader& in) {
    const PdsPrologue prologue = PdsPrologue::decode(in).value_or(PdsPrologue{});
    PdsRequest h;
    h.type = static_cast<PdsType>(prologue.type);
    h.next = static_cast<PdsNext>(prologue.next);
    h.retransmit = prologue.has(pds_flag::retransmit);
    h.ack_request = prologue.has(pds_flag::ack_request);
    h.syn = prologue.has(pds_flag::syn);
    h.clear_psn_offset = static_cast<std::int16_t>(in.be<std::uint16_t>());
    h.psn = in.be<std::uint32_t>();
    h.spdcid = in.be<std::uint16_t>();
    h.dpdcid = in.be<std::uint16_t>();
    const bool request = h.type == PdsType::rud_request || h.type == PdsType::rod_request || h.type == PdsType::rud_cc_request ||
                         h.type == PdsType::rod_cc_request;
    if (!in.ok() || !request || !known_next(prologue.next)) return std::nullopt;
    return h;
  }
};
static_assert(WireHeader<PdsRequest>);

struct PdsCcRequest {
  static constexpr std::size_t size = PdsRequest::size + 4;

  PdsRequest request{.type = PdsType::rud_cc_request};
  std::uint8_t ccc_id = 0;
  std::uint32_t credit_target = 0;  // 24 bits
  friend bool operator==(const PdsCcRequest&, const PdsCcRequest&) = default;

  void encode(Writer& out) const {
    CHECK(credit_target <= 0xffffff, "credit_target", credit_target);
    request.encode(out);
    out.be(ccc_id);
    out.be24(credit_target);
  }

  static std::optional<PdsCcRequest> decode(Reader& in) {
    const auto request = PdsRequest::decode(in);
    PdsCcRequest h;
    h.ccc_id = in.be<std::uint8_t>();
    h.credit_target = in.be24();
    if (!in.ok() || !request) return std::nullopt;
    if (request->type != PdsType::rud_cc_request && request->type != PdsType::rod_cc_request) return std::nullopt;
    h.request = *request;
    return h;
  }
};
static_assert(WireHeader<PdsCcRequest>);

}  // namespace weft::wire
