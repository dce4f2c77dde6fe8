// Ultra Ethernet headers one by one: what wire_header_suite.hh asks of every header.
#include <gtest/gtest.h>

#include "support/uet_samples.hh"
#include "support/wire_header_suite.hh"
#include "wire/entropy_header.hh"
#include "wire/uet_congestion_state.hh"

namespace weft::wire {

using samples::any;
using samples::any24;
using samples::any_bits;
using samples::flip;

inline PdsNext any_next(Random& random) { return static_cast<PdsNext>(random.below(7)); }
inline std::uint8_t any_six(Random& random) { return static_cast<std::uint8_t>(random.below(64)); }
inline std::uint8_t any_four(Random& random) { return static_cast<std::uint8_t>(random.below(16)); }

template <>
struct HeaderSample<PdsPrologue> {
  static PdsPrologue draw(Random& random) {
    return {static_cast<std::uint8_t>(random.below(32)), any_four(random), static_cast<std::uint8_t>(random.below(128))};
  }
};
template <>
struct HeaderSample<PdsRequest> {
  static PdsRequest draw(Random& random, bool with_credit = false) {
    constexpr std::array<PdsType, 4> types = {PdsType::rud_cc_request, PdsType::rod_cc_request, PdsType::rud_request, PdsType::rod_request};
    return {.type = types[random.below(with_credit ? 2 : 4)],
            .next = any_next(random),
            .retransmit = flip(random),
            .ack_request = flip(random),
            .syn = flip(random),
            .clear_psn_offset = any<std::int16_t>(random),
            .psn = any<std::uint32_t>(random),
            .spdcid = any<std::uint16_t>(random),
            .dpdcid = any<std::uint16_t>(random)};
  }
};
template <>
struct HeaderSample<PdsCcRequest> {
  static PdsCcRequest draw(Random& random) {
    return {HeaderSample<PdsRequest>::draw(random, true), any<std::uint8_t>(random), any24(random)};
  }
};
template <>
struct HeaderSample<PdsAck> {
  static PdsAck draw(Random& random) {
    constexpr std::array<PdsType, 3> types = {PdsType::ack, PdsType::ack_cc, PdsType::ack_ccx};
    return {.type = types[random.below(3)],
            .next = any_next(random),
            .marked = flip(random),
            .retransmit = flip(random),
            .probe = flip(random),
            .request = static_cast<std::uint8_t>(random.below(4)),
            .psn_offset = any<std::int16_t>(random),
            .cumulative_psn = any<std::uint32_t>(random),
            .spdcid = any<std::uint16_t>(random),
            .dpdcid = any<std::uint16_t>(random)};
  }
};
template <>
struct HeaderSample<PdsAckCc> {
  static PdsAckCc draw(Random& random) {
    PdsAckCc h;
    h.ack = HeaderSample<PdsAck>::draw(random);
    h.ack.type = flip(random) ? PdsType::ack_cc : PdsType::ack_ccx;
    h.congestion_type = any_four(random), h.congestion_flags = any_four(random);
    h.mpr = any<std::uint8_t>(random);
    h.sack_offset = any<std::int16_t>(random);
    h.sack_bitmap = any<std::uint64_t>(random), h.congestion_state = any<std::uint64_t>(random);
    return h;
  }
};
template <>
struct HeaderSample<PdsAckCcx> {
  static PdsAckCcx draw(Random& random) {
    PdsAckCcx h{HeaderSample<PdsAckCc>::draw(random), any<std::uint64_t>(random)};
    h.head.ack.type = PdsType::ack_ccx;
    return h;
  }
};
template <>
struct HeaderSample<PdsNack> {
  static PdsNack draw(Random& random) {
    return {.type = flip(random) ? PdsType::nack : PdsType::nack_ccx,
            .next = any_next(random),
            .marked = flip(random),
            .retransmit = flip(random),
            .rudi = flip(random),
            .code = static_cast<NackCode>(any<std::uint8_t>(random)),
            .vendor = any<std::uint8_t>(random),
            .psn = any<std::uint32_t>(random),
            .spdcid = any<std::uint16_t>(random),
            .dpdcid = any<std::uint16_t>(random),
            .payload = any<std::uint32_t>(random)};
  }
};
template <>
struct HeaderSample<PdsNackCcx> {
  static PdsNackCcx draw(Random& random) {
    PdsNackCcx h{HeaderSample<PdsNack>::draw(random)};
    h.nack.type = PdsType::nack_ccx;
    return h;
  }
};
template <>
struct HeaderSample<PdsControlPacket> {
  static PdsControlPacket draw(Random& random) {
    return {.control = static_cast<PdsControl>(random.below(10)),
            .rod = flip(random),
            .retransmit = flip(random),
            .ack_request = flip(random),
            .syn = flip(random),
            .probe_opaque = any<std::uint16_t>(random),
            .psn = any<std::uint32_t>(random),
            .spdcid = any<std::uint16_t>(random),
            .dpdcid = any<std::uint16_t>(random),
            .payload = any<std::uint32_t>(random)};
  }
};
template <>
struct HeaderSample<PdsRudi> {
  static PdsRudi draw(Random& random) {
    return {.type = flip(random) ? PdsType::rudi_request : PdsType::rudi_response,
            .next = any_next(random),
            .marked = flip(random),
            .retransmit = flip(random),
            .packet_id = any<std::uint32_t>(random)};
  }
};
template <>
struct HeaderSample<PdsUud> {
  static PdsUud draw(Random& random) { return {any_next(random)}; }
};
template <>
struct HeaderSample<EntropyHeader> {
  static EntropyHeader draw(Random& random) { return {any<std::uint16_t>(random)}; }
};
template <>
struct HeaderSample<SesCommon> {
  static SesCommon draw(Random& random) {
    return {.opcode = any_six(random),
            .flags = any_six(random),
            .message_or_length = any_bits(random, 14),
            .generation = any<std::uint8_t>(random),
            .job = any24(random),
            .process = any_bits(random, 12),
            .resource_index = any_bits(random, 12)};
  }
};
template <>
struct HeaderSample<SesStandard> {
  static SesStandard draw(Random& random) {
    SesStandard h;
    h.common = HeaderSample<SesCommon>::draw(random);
    h.buffer_offset = any<std::uint64_t>(random), h.match_bits = any<std::uint64_t>(random);
    h.initiator = any<std::uint32_t>(random), h.request_length = any<std::uint32_t>(random);
    if (h.common.has(ses_flag::som)) {
      h.header_data = any<std::uint64_t>(random);
    } else {
      h.payload_length = any_bits(random, 14), h.message_offset = any<std::uint32_t>(random);
    }
    return h;
  }
};
template <>
struct HeaderSample<SesMedium> {
  static SesMedium draw(Random& random) {
    return {HeaderSample<SesCommon>::draw(random), any<std::uint64_t>(random), any<std::uint32_t>(random), any<std::uint64_t>(random)};
  }
};
template <>
struct HeaderSample<SesSmall> {
  static SesSmall draw(Random& random) {
    SesSmall h{HeaderSample<SesCommon>::draw(random), any<std::uint64_t>(random)};
    h.common.flags &= 0x3b;
    return h;
  }
};
template <>
struct HeaderSample<SesResponseCommon> {
  static SesResponseCommon draw(Random& random) {
    return {.list = static_cast<std::uint8_t>(random.below(4)),
            .opcode = static_cast<SesResponse>(any_six(random)),
            .return_code = static_cast<SesReturn>(any_six(random)),
            .message_or_length = any_bits(random, 14),
            .generation = any<std::uint8_t>(random),
            .job = any24(random)};
  }
};
template <>
struct HeaderSample<SesPlainResponse> {
  static SesPlainResponse draw(Random& random) { return {HeaderSample<SesResponseCommon>::draw(random), any<std::uint32_t>(random)}; }
};
template <>
struct HeaderSample<SesDataResponse> {
  static SesDataResponse draw(Random& random) {
    return {.common = HeaderSample<SesResponseCommon>::draw(random),
            .read_message = any<std::uint16_t>(random),
            .payload_length = any_bits(random, 14),
            .modified_length = any<std::uint32_t>(random),
            .message_offset = any<std::uint32_t>(random)};
  }
};
template <>
struct HeaderSample<SesSmallDataResponse> {
  static SesSmallDataResponse draw(Random& random) {
    SesSmallDataResponse h{HeaderSample<SesResponseCommon>::draw(random), any<std::uint32_t>(random)};
    h.common.generation = 0;
    return h;
  }
};

namespace {

using UetHeaders = testing::Types<PdsPrologue, PdsRequest, PdsCcRequest, PdsAck, PdsAckCc, PdsAckCcx, PdsNack, PdsNackCcx, PdsControlPacket,
                                  PdsRudi, PdsUud, EntropyHeader, SesCommon, SesStandard, SesMedium, SesSmall, SesResponseCommon,
                                  SesPlainResponse, SesDataResponse, SesSmallDataResponse>;
INSTANTIATE_TYPED_TEST_SUITE_P(Uet, WireHeaders, UetHeaders);

TEST(UetCongestionState, EveryStateComesBack) {
  test::for_each_seed(500, [](Random& random, std::uint64_t) {
    const auto word = any<std::uint64_t>(random);
    EXPECT_EQ(NsccState::unpack(word).pack(), word);
    EXPECT_EQ(CreditState::unpack(word).pack(), word & 0xffffff000000ffffULL) << "what is reserved is written as zero";
  });
}

}  // namespace
}  // namespace weft::wire
