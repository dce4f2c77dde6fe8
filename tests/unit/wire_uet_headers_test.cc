// Ultra Ethernet headers by hand: every field at its place, flags on their own bits, reserved bits ignored.
#include <gtest/gtest.h>

#include "support/wire_samples.hh"
#include "wire/crc32c.hh"
#include "wire/entropy_header.hh"
#include "wire/uet_congestion_state.hh"
#include "wire/uet_layout.hh"

namespace weft::wire {
namespace {

using samples::from_hex;
using samples::to_hex;

template <WireHeader H>
std::string hex_of(const H& header) {
  std::array<std::byte, H::size> bytes;
  Writer out(bytes);
  header.encode(out);
  return to_hex(bytes);
}
template <WireHeader H>
std::optional<H> from(const std::string& hex) {
  const auto bytes = from_hex(hex);
  Reader in(bytes);
  const auto header = H::decode(in);
  EXPECT_TRUE(in.ok()) << hex;
  return header;
}

TEST(UetHeaders, RequestFields) {
  PdsRequest h{.next = PdsNext::request_standard, .clear_psn_offset = -2, .psn = 0x01020304, .spdcid = 0x1122, .dpdcid = 0x3344};
  EXPECT_EQ(hex_of(h), "1180fffe0102030411223344");
  h = {.type = PdsType::rod_request, .next = PdsNext::request_small};
  EXPECT_EQ(hex_of(h), "188000000000000000000000");
  EXPECT_EQ(hex_of(PdsRequest{.retransmit = true}).substr(0, 4), "1010");
  EXPECT_EQ(hex_of(PdsRequest{.ack_request = true}).substr(0, 4), "1008");
  EXPECT_EQ(hex_of(PdsRequest{.syn = true}).substr(0, 4), "1004");
  h = {.type = PdsType::rod_cc_request, .next = PdsNext::response_data, .psn = 9};
  EXPECT_EQ(hex_of(PdsCcRequest{h, 0x5a, 0x010203}),
            "728000000000000900000000"
            "5a010203");
  h.type = PdsType::rud_cc_request;
  EXPECT_EQ(hex_of(PdsCcRequest{h}).substr(0, 4), "6a80");
}

TEST(UetHeaders, TheSynWordHoldsInfoAndOffset) {
  EXPECT_EQ((PdsSyn{8, 0x123}.word()), 0x8123);
  EXPECT_EQ(PdsSyn::of(0x8123), (PdsSyn{8, 0x123}));
  EXPECT_EQ(PdsSyn::of(0x0fff), (PdsSyn{0, 0xfff}));
}

TEST(UetHeaders, AckFields) {
  const PdsAck ack{.next = PdsNext::response, .psn_offset = 3, .cumulative_psn = 0xa0b0c0d0, .spdcid = 0x1122, .dpdcid = 0x3344};
  EXPECT_EQ(hex_of(ack), "3a000003a0b0c0d011223344");
  EXPECT_EQ(hex_of(PdsAck{.marked = true}).substr(0, 4), "3820");
  EXPECT_EQ(hex_of(PdsAck{.retransmit = true}).substr(0, 4), "3810");
  EXPECT_EQ(hex_of(PdsAck{.probe = true}).substr(0, 4), "3808");
  EXPECT_EQ(hex_of(PdsAck{.request = 1}).substr(0, 4), "3802");
  EXPECT_EQ(hex_of(PdsAck{.request = 2}).substr(0, 4), "3804");
  PdsAckCc cc;
  cc.congestion_type = uet_congestion_credit, cc.congestion_flags = 5, cc.mpr = 7, cc.sack_offset = -8;
  cc.sack_bitmap = 0x0102030405060708, cc.congestion_state = 0x1112131415161718;
  EXPECT_EQ(hex_of(cc),
            "400000000000000000000000"
            "1507fff8"
            "0102030405060708"
            "1112131415161718");
  PdsAckCcx ccx;
  ccx.head.mpr = 1, ccx.extended_state = 0xff;
  EXPECT_EQ(hex_of(ccx),
            "480000000000000000000000"
            "00010000"
            "0000000000000000"
            "0000000000000000"
            "00000000000000ff");
}

TEST(UetHeaders, NackFields) {
  const PdsNack nack{.code = NackCode::trimmed_last_hop, .vendor = 9, .psn = 0x01020304, .spdcid = 5, .dpdcid = 6, .payload = 0xcafe};
  EXPECT_EQ(hex_of(nack),
            "50000209"
            "01020304"
            "00050006"
            "0000cafe");
  EXPECT_EQ(hex_of(PdsNack{.marked = true}).substr(0, 4), "5020");
  EXPECT_EQ(hex_of(PdsNack{.retransmit = true}).substr(0, 4), "5010");
  EXPECT_EQ(hex_of(PdsNack{.rudi = true}).substr(0, 4), "5008");
  EXPECT_EQ(hex_of(PdsNackCcx{}), "6000" + std::string(60, '0'));
  EXPECT_EQ(from<PdsNack>("5000fe00000000000000000000000000")->code, static_cast<NackCode>(0xfe)) << "unknown codes are kept";
}

TEST(UetHeaders, ControlFields) {
  const PdsControlPacket probe{
      .control = PdsControl::probe, .probe_opaque = 0xbeef, .psn = 7, .spdcid = 0x1122, .dpdcid = 0x3344, .payload = 0x55667788};
  EXPECT_EQ(hex_of(probe),
            "5b00beef"
            "00000007"
            "11223344"
            "55667788");
  EXPECT_EQ(hex_of(PdsControlPacket{.rod = true}).substr(0, 4), "5820");
  EXPECT_EQ(hex_of(PdsControlPacket{.retransmit = true}).substr(0, 4), "5810");
  EXPECT_EQ(hex_of(PdsControlPacket{.ack_request = true}).substr(0, 4), "5808");
  EXPECT_EQ(hex_of(PdsControlPacket{.syn = true}).substr(0, 4), "5804");
  EXPECT_EQ(hex_of(PdsControlPacket{.control = PdsControl::negotiation}).substr(0, 4), "5c80");
  EXPECT_FALSE(from<PdsControlPacket>("5d000000000000000000000000000000")) << "control type 10";
}

TEST(UetHeaders, WithoutAPdc) {
  EXPECT_EQ(hex_of(PdsRudi{.next = PdsNext::request_medium, .packet_id = 0x0a0b0c0d}), "210000000a0b0c0d");
  const PdsRudi response{.type = PdsType::rudi_response, .next = PdsNext::response, .marked = true, .retransmit = true, .packet_id = 1};
  EXPECT_EQ(hex_of(response), "2a30000000000001");
  EXPECT_EQ(hex_of(PdsUud{PdsNext::request_standard}), "31800000");
  EXPECT_EQ(hex_of(EntropyHeader{0xabcd}), "abcd0000");
}

TEST(UetHeaders, EachTypeIsItsOwn) {
  EXPECT_FALSE(from<PdsRequest>("380000000000000000000000")) << "an ACK";
  EXPECT_FALSE(from<PdsRequest>("138000000000000000000000")) << "next header 7";
  EXPECT_FALSE(from<PdsCcRequest>("10000000000000000000000000000000")) << "without congestion state";
  EXPECT_FALSE(from<PdsAck>("100000000000000000000000"));
  EXPECT_FALSE(from<PdsAckCc>("3800" + std::string(60, '0')));
  EXPECT_FALSE(from<PdsAckCcx>("4000" + std::string(76, '0')));
  EXPECT_FALSE(from<PdsNackCcx>("5000" + std::string(60, '0')));
  EXPECT_FALSE(from<PdsRudi>("3000000000000000"));
  EXPECT_FALSE(from<PdsUud>("20000000"));
}

TEST(UetHeaders, ReservedBitsAreIgnored) {
  EXPECT_EQ(from<PdsRequest>("106300000000000000000000"), PdsRequest{});
  EXPECT_EQ(from<PdsAck>("384100000000000000000000"), PdsAck{});
  EXPECT_EQ(from<PdsNack>("50470000000000000000000000000000"), PdsNack{});
  EXPECT_EQ(from<PdsControlPacket>("58430000000000000000000000000000"), PdsControlPacket{});
  EXPECT_EQ(from<PdsRudi>("204fffff00000000"), PdsRudi{});
  EXPECT_EQ(from<PdsUud>("307fffff"), PdsUud{});
  EXPECT_EQ(from<SesCommon>("c0000000"
                            "00000000"
                            "f000f000"),
            SesCommon{});
}

SesCommon common_sample() {
  return {.opcode = static_cast<std::uint8_t>(SesOpcode::tagged_send),
          .flags = ses_flag::eom,
          .message_or_length = 0x1234,
          .generation = 5,
          .job = 0x0a0b0c,
          .process = 0xabc,
          .resource_index = 0xdef};
}

TEST(UetHeaders, SesFlagsHaveTheirOwnBits) {
  EXPECT_EQ(hex_of(SesCommon{.flags = ses_flag::delivery_complete}).substr(0, 4), "0020");
  EXPECT_EQ(hex_of(SesCommon{.flags = ses_flag::initiator_error}).substr(0, 4), "0010");
  EXPECT_EQ(hex_of(SesCommon{.flags = ses_flag::relative}).substr(0, 4), "0008");
  EXPECT_EQ(hex_of(SesCommon{.flags = ses_flag::header_data}).substr(0, 4), "0004");
  EXPECT_EQ(hex_of(SesCommon{.flags = ses_flag::eom}).substr(0, 4), "0002");
  EXPECT_EQ(hex_of(SesCommon{.flags = ses_flag::som}).substr(0, 4), "0001");
  EXPECT_FALSE(from<SesCommon>("004000000000000000000000")) << "version 1";
}

TEST(UetHeaders, SesRequests) {
  SesStandard standard{.common = common_sample(),
                       .buffer_offset = 0x0102030405060708,
                       .initiator = 0x11121314,
                       .match_bits = 0x2122232425262728,
                       .payload_length = 0x1000,
                       .message_offset = 0x31323334,
                       .request_length = 0x41424344};
  const std::string common =
      "09021234"
      "050a0b0c"
      "0abc0def";
  EXPECT_EQ(hex_of(standard), common +
                                  "0102030405060708"
                                  "11121314"
                                  "2122232425262728"
                                  "00001000"
                                  "31323334"
                                  "41424344");
  standard.common.flags |= ses_flag::som;
  standard.header_data = 0x5152535455565758;
  EXPECT_EQ(hex_of(standard).substr(64, 16), "5152535455565758") << "a message begins with header data";
  EXPECT_EQ(hex_of(SesMedium{common_sample(), 0x0102030405060708, 0x11121314, 0x2122232425262728}), common +
                                                                                                        "0102030405060708"
                                                                                                        "11121314"
                                                                                                        "2122232425262728");
  EXPECT_EQ(hex_of(SesSmall{common_sample(), 0x0102030405060708}), common + "0102030405060708");
}

TEST(UetHeaders, SesResponses) {
  const SesResponseCommon common{.list = 1,
                                 .opcode = SesResponse::response,
                                 .return_code = SesReturn::dropped,
                                 .message_or_length = 7,
                                 .generation = 5,
                                 .job = 0x0a0b0c};
  EXPECT_EQ(hex_of(SesPlainResponse{common, 0x01020304}),
            "41240007"
            "050a0b0c"
            "01020304");
  const SesDataResponse data{.read_message = 0x1122, .payload_length = 0x2000, .modified_length = 0x01020304, .message_offset = 0x05060708};
  EXPECT_EQ(hex_of(data),
            "02000000"
            "00000000"
            "11222000"
            "01020304"
            "05060708");
  EXPECT_EQ(hex_of(SesSmallDataResponse{.request_psn = 0x0a0b0c0d}),
            "02000000"
            "00000000"
            "0a0b0c0d");
}

TEST(UetHeaders, CongestionStates) {
  const NsccState window{
      .service_time = 0x1234, .restore_window = true, .window_pend = 0x56, .received_units = 0x789abc, .out_of_order = 0xdef0};
  EXPECT_EQ(window.pack(), 0x1234d6789abcdef0ULL);
  EXPECT_EQ(NsccState::unpack(0x1234d6789abcdef0ULL), window);
  EXPECT_EQ(NsccState{}.pack(), 0u);
  EXPECT_EQ((CreditState{0x123456, 0x9abc}.pack()), 0x1234560000009abcULL);
  EXPECT_EQ(CreditState::unpack(0x12345600ffff9abcULL), (CreditState{0x123456, 0x9abc}));
}

// What the sum of the tables says, type by type.
TEST(UetHeaders, SizesAreThoseOfTheHeaders) {
  EXPECT_EQ(pds_size(PdsType::rud_request), 12u);
  EXPECT_EQ(pds_size(PdsType::rod_request), 12u);
  EXPECT_EQ(pds_size(PdsType::rudi_request), 8u);
  EXPECT_EQ(pds_size(PdsType::rudi_response), 8u);
  EXPECT_EQ(pds_size(PdsType::uud_request), 4u);
  EXPECT_EQ(pds_size(PdsType::ack), 12u);
  EXPECT_EQ(pds_size(PdsType::ack_cc), 32u);
  EXPECT_EQ(pds_size(PdsType::ack_ccx), 40u);
  EXPECT_EQ(pds_size(PdsType::nack), 16u);
  EXPECT_EQ(pds_size(PdsType::control), 16u);
  EXPECT_EQ(pds_size(PdsType::nack_ccx), 32u);
  EXPECT_EQ(pds_size(PdsType::rud_cc_request), 16u);
  EXPECT_EQ(pds_size(PdsType::rod_cc_request), 16u);
  EXPECT_EQ(pds_size(PdsType::tss), 0u);
  const std::array<std::size_t, 7> ses = {0, 20, 32, 44, 12, 20, 12};
  for (std::uint8_t next = 0; next < ses.size(); ++next) EXPECT_EQ(ses_size(static_cast<PdsNext>(next)), ses[next]);
  EXPECT_LE(sizeof(UetHeader), 64u);
}

TEST(Crc32c, PublishedVectors) {
  const auto crc = [](const std::string& hex) { return Crc32c().add(from_hex(hex)).value(); };
  std::string up, down;
  for (int i = 0; i < 32; ++i) {
    const std::byte rising{static_cast<std::uint8_t>(i)}, falling{static_cast<std::uint8_t>(31 - i)};
    up += to_hex(ByteView(&rising, 1)), down += to_hex(ByteView(&falling, 1));
  }
  EXPECT_EQ(crc(std::string(64, '0')), 0x8a9136aau);
  EXPECT_EQ(crc(std::string(64, 'f')), 0x62a8ab43u);
  EXPECT_EQ(crc(up), 0x46dd794eu);
  EXPECT_EQ(crc(down), 0x113fdb5cu);
  EXPECT_EQ(crc("01c00000000000000000000000000000140000000000040000000014000000182800000000000000020000000000"
                "0000"),
            0xd9963a56u);
  EXPECT_EQ(crc("313233343536373839"), 0xe3069283u) << "the usual check value";
  EXPECT_EQ(crc(""), 0u);
}

TEST(Crc32c, PiecesAddUp) {
  const auto bytes = from_hex("000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f");
  for (std::size_t cut = 0; cut <= bytes.size(); ++cut) {
    EXPECT_EQ(Crc32c().add(ByteView(bytes).first(cut)).add(ByteView(bytes).subspan(cut)).value(), 0x46dd794eu) << "cut " << cut;
  }
}

TEST(UetHeadersDeathTest, ValuesThatDoNotFitStopTheProgram) {
  EXPECT_DEATH(hex_of(PdsCcRequest{.credit_target = 1u << 24}), "credit_target 16777216");
  EXPECT_DEATH(hex_of(PdsAck{.request = 4}), "request 4");
  EXPECT_DEATH(hex_of(PdsAckCc{.congestion_type = 16}), "type 16");
  EXPECT_DEATH(hex_of(SesCommon{.process = 4096}), "process 4096");
  EXPECT_DEATH(hex_of(SesCommon{.opcode = 64}), "opcode 64");
  EXPECT_DEATH(hex_of(SesStandard{.payload_length = 0x4000}), "payload_length 16384");
  EXPECT_DEATH(hex_of(SesSmall{.common = {.message_or_length = 0x4000}}), "request_length 16384");
  EXPECT_DEATH(static_cast<void>(PdsSyn{16, 0}.word()), "pdc_info 16");
  EXPECT_DEATH(static_cast<void>(NsccState{.window_pend = 128}.pack()), "window_pend 128");
  EXPECT_DEATH(static_cast<void>(CreditState{.credit = 1u << 24}.pack()), "credit 16777216");
}

}  // namespace
}  // namespace weft::wire
