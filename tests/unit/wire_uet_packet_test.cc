// UetHeader to bytes and back: fixtures by hand, every refusal by name, packets that a switch has trimmed.
#include "wire/uet_packet.hh"

#include <gtest/gtest.h>

#include "support/uet_samples.hh"

namespace weft::wire {
namespace {

using samples::from_hex;
using samples::to_hex;

std::vector<std::byte> encoded(const UetHeader& header, ByteView payload = {}) {
  std::vector<std::byte> room(uet_packet_limit);
  room.resize(encode_uet_packet(header, payload, room));
  return room;
}

UetHeader write_request(std::uint8_t ses_flags = UetHeader::som | UetHeader::eom) {
  UetHeader h;
  h.type = PdsType::rud_request;
  h.next = PdsNext::request_standard;
  h.flags = UetHeader::syn | UetHeader::ack_request;
  h.opcode = SesOpcode::write;
  h.ses_flags = ses_flags;
  h.psn = 0x00010001;
  h.offset = -1;
  h.spdcid = 7;
  h.dpdcid = PdsSyn{0, 1}.word();
  h.message_id = 3;
  h.request() = {.buffer_offset = 0x1000, .match_bits = 0x2000, .request_length = 4, .initiator = 9, .resource_index = 2, .process = 1};
  return h;
}

UetHeader ack_cc() {
  UetHeader h;
  h.type = PdsType::ack_cc;
  h.next = PdsNext::response;
  h.flags = UetHeader::ecn;
  h.psn = 0x20;
  h.offset = 5;
  h.spdcid = 1, h.dpdcid = 2, h.message_id = 3;
  h.use_feedback();
  h.feedback() = {.sack_bitmap = 6,
                  .congestion_state = 0x1122334455667788,
                  .modified_length = 4,
                  .sack_offset = 8,
                  .mpr = 1,
                  .response = SesResponse::response,
                  .return_code = SesReturn::ok};
  return h;
}

TEST(UetPacket, WriteOfOnePacketWithSyn) {
  EXPECT_EQ(to_hex(encoded(write_request(), from_hex("a1a2a3a4"))),
            "118cffff"
            "00010001"
            "00070001"
            "01030003"
            "00000000"
            "00010002"
            "0000000000001000"
            "00000009"
            "0000000000002000"
            "0000000000000000"
            "00000004"
            "a1a2a3a4");
}

TEST(UetPacket, LaterPacketsOfAMessageSayTheirPlaceAndLength) {
  UetHeader h = write_request(0);
  h.flags = 0;
  h.request().message_offset = 0x8000;
  EXPECT_EQ(to_hex(encoded(h, from_hex("a1a2a3"))),
            "1180ffff"
            "00010001"
            "00070001"
            "01000003"
            "00000000"
            "00010002"
            "0000000000001000"
            "00000009"
            "0000000000002000"
            "0000000300008000"
            "00000004"
            "a1a2a3");
}

TEST(UetPacket, SmallAndMediumRequestsCarryLess) {
  UetHeader h = write_request();
  h.next = PdsNext::request_small;
  EXPECT_EQ(to_hex(encoded(h, from_hex("a1a2a3a4"))),
            "108cffff"
            "00010001"
            "00070001"
            "01030004"
            "00000000"
            "00010002"
            "0000000000001000"
            "a1a2a3a4");
  h.next = PdsNext::request_medium;
  h.opcode = SesOpcode::tagged_send;
  EXPECT_EQ(to_hex(encoded(h)),
            "110cffff"
            "00010001"
            "00070001"
            "09030004"
            "00000000"
            "00010002"
            "0000000000001000"
            "00000009"
            "0000000000002000");
  h.ses_flags |= UetHeader::has_header_data;
  h.request().header_data = 0x77;
  EXPECT_EQ(to_hex(encoded(h)).substr(24, 40),
            "09070004"
            "00000000"
            "00010002"
            "0000000000000077")
      << "in the offset's place";
}

TEST(UetPacket, AcknowledgementWithStateAndResponse) {
  EXPECT_EQ(to_hex(encoded(ack_cc())),
            "42200005"
            "00000020"
            "00010002"
            "00010008"
            "0000000000000006"
            "1122334455667788"
            "01010003"
            "00000000"
            "00000004");
}

TEST(UetPacket, ReadDataComesInARequestOrInAnAck) {
  UetHeader request = write_request(0);
  request.next = PdsNext::response_data;
  request.flags = 0;
  request.opcode = SesOpcode::noop;
  request.request() = {.match_bits = 0x55, .request_length = 0x100, .message_offset = 0x40};
  EXPECT_EQ(to_hex(encoded(request, from_hex("a1"))),
            "1280ffff"
            "00010001"
            "00070001"
            "02010003"
            "00000000"
            "00550001"
            "00000100"
            "00000040"
            "a1");
  UetHeader ack = ack_cc();
  ack.type = PdsType::ack;
  ack.next = PdsNext::response_data_small;
  ack.feedback() = {.response = SesResponse::response_data, .return_code = SesReturn::ok, .read_offset = 0x01020304};
  EXPECT_EQ(to_hex(encoded(ack, from_hex("a1a2"))),
            "3b200005"
            "00000020"
            "00010002"
            "02010002"
            "00000000"
            "01020304"
            "a1a2");
}

TEST(UetPacket, NackAndControlHaveTheirWord) {
  UetHeader nack;
  nack.type = PdsType::nack;
  nack.nack = NackCode::trimmed;
  nack.psn = 0x42, nack.spdcid = 1, nack.dpdcid = 2;
  nack.use_feedback();
  nack.feedback().modified_length = 0xcafe;
  EXPECT_EQ(to_hex(encoded(nack)),
            "50000100"
            "00000042"
            "00010002"
            "0000cafe");
  UetHeader credit = nack;
  credit.type = PdsType::control;
  credit.nack = NackCode::none;
  credit.control = PdsControl::credit;
  credit.flags = UetHeader::rod;
  EXPECT_EQ(to_hex(encoded(credit)),
            "5ba00000"
            "00000042"
            "00010002"
            "0000cafe");
}

TEST(UetPacket, OnlyWhatThePacketCarriesIsCompared) {
  UetHeader a = write_request(), b = a;
  EXPECT_EQ(a, b);
  b.request().header_data = 1;
  EXPECT_FALSE(a == b);
  UetHeader c = ack_cc(), d = c;
  EXPECT_EQ(c, d);
  d.feedback().reserved = 1;
  EXPECT_FALSE(c == d);
  EXPECT_FALSE(a == c);
}

std::string refusal_of(const std::vector<std::byte>& packet) { return std::string(name_of(decode_uet_packet(packet).refusal)); }
std::string refusal_after(std::size_t at, std::uint8_t value, std::vector<std::byte> packet) {
  packet[at] = std::byte{value};
  return refusal_of(packet);
}

TEST(UetPacket, EachRefusalHasItsName) {
  const auto payload = from_hex("a1a2a3a4");
  const auto write = encoded(write_request(), payload);
  EXPECT_EQ(refusal_of(write), "none");
  EXPECT_EQ(refusal_of({}), "truncated");
  EXPECT_EQ(refusal_after(0, 0x01, write), "unknown_type");
  EXPECT_EQ(refusal_after(0, 0x79, write), "unknown_type");
  EXPECT_EQ(refusal_after(0, 0x91, write), "unknown_type") << "type 18, 2 beyond 16";
  EXPECT_EQ(refusal_after(0, 0x09, write), "encrypted");
  EXPECT_EQ(refusal_after(0, 0x13, write), "next_header") << "7 is reserved";
  auto response = write;
  response[1] = std::byte{0x0c};
  EXPECT_EQ(refusal_after(0, 0x12, response), "next_header") << "a plain response in a request";
  EXPECT_EQ(refusal_after(13, 0x43, write), "ses_version");
  EXPECT_EQ(refusal_after(12, 0x03, write), "unknown_opcode") << "an atomic has an extension header";
  EXPECT_EQ(refusal_after(12, 0x12, write), "unknown_opcode");
  EXPECT_EQ(refusal_after(12, 0x02, write), "unexpected_payload") << "a READ";
  const auto middle = encoded(write_request(0), payload);
  EXPECT_EQ(refusal_of(middle), "none");
  EXPECT_EQ(refusal_after(47, 5, middle), "payload_length");
  auto longest = encoded(write_request(), zero_payload(uet_payload_limit));
  EXPECT_EQ(refusal_of(longest), "none");
  longest.push_back(std::byte{0});
  EXPECT_EQ(refusal_of(longest), "too_long");
}

TEST(UetPacket, RefusalsOfAnswers) {
  const auto ack = encoded(ack_cc());
  EXPECT_EQ(refusal_of(ack), "none");
  EXPECT_EQ(refusal_after(32, 0x02, ack), "response_kind") << "data without data";
  EXPECT_EQ(refusal_after(32, 0x04, ack), "response_kind");
  EXPECT_EQ(refusal_after(33, 0x41, ack), "ses_version");
  EXPECT_EQ(refusal_after(0, 0x41, ack), "next_header") << "a request in an ACK";
  auto longer = ack;
  longer.push_back(std::byte{0});
  EXPECT_EQ(refusal_of(longer), "unexpected_payload");
  const auto control = from_hex("58000000000000000000000000000000");
  EXPECT_EQ(refusal_of(control), "none");
  EXPECT_EQ(refusal_after(0, 0x5d, control), "unknown_control");
  EXPECT_EQ(refusal_after(0, 0x52, control), "next_header") << "a NACK with a response";
  UetHeader data = write_request(0);
  data.next = PdsNext::response_data;
  data.opcode = SesOpcode::noop;
  data.request() = {};
  const auto read = encoded(data, from_hex("a1"));
  EXPECT_EQ(refusal_of(read), "none");
  EXPECT_EQ(refusal_after(12, 0x01, read), "response_kind");
  EXPECT_EQ(refusal_after(13, 0x24, read), "return_code");
  EXPECT_EQ(refusal_after(23, 2, read), "payload_length");
}

TEST(UetPacket, ATrimmedPacketSaysWhatIsLeft) {
  UetHeader h = write_request(0);
  h.request().message_offset = 0x8000;
  const auto whole = encoded(h, zero_payload(4096));
  const std::size_t head = uet_header_size(h.type, h.next);
  for (std::size_t left = 0; left < whole.size(); left += left < 70 ? 1 : 97) {
    const UetPacket seen = decode_uet_packet(ByteView(whole).first(left), whole.size());
    if (left < PdsRequest::size) {
      EXPECT_EQ(seen.refusal, UetRefusal::truncated) << "left " << left;
      continue;
    }
    ASSERT_TRUE(seen.ok()) << "left " << left << ' ' << name_of(seen.refusal);
    EXPECT_EQ(seen.payload_sent, 4096u);
    EXPECT_EQ(seen.header.psn, h.psn);
    EXPECT_EQ(seen.header.dpdcid, h.dpdcid);
    EXPECT_EQ(seen.extent, left < head ? UetExtent::ses_cut : UetExtent::payload_cut) << "left " << left;
    EXPECT_EQ(seen.payload.size(), left < head ? 0 : left - head);
    if (left < head) {
      EXPECT_EQ(seen.header.request(), UetRequest{});
    } else {
      EXPECT_EQ(seen.header, h);
    }
  }
  EXPECT_EQ(decode_uet_packet(whole, whole.size()).extent, UetExtent::whole);
}

TEST(UetPacket, ATrimmedPacketThatNeverWasValidIsRefused) {
  const auto whole = encoded(write_request(0), zero_payload(100));
  EXPECT_EQ(decode_uet_packet(ByteView(whole).first(16), 55).refusal, UetRefusal::truncated) << "shorter than its own headers";
  EXPECT_EQ(decode_uet_packet(ByteView(whole).first(16), 56 + 8193).refusal, UetRefusal::too_long);
  EXPECT_EQ(decode_uet_packet(ByteView(whole).first(60), 155).refusal, UetRefusal::payload_length);
}

TEST(UetPacketDeathTest, ValuesThatDoNotFitAreOurOwnMistake) {
  std::vector<std::byte> room(uet_packet_limit);
  UetHeader h = write_request();
  h.next = PdsNext::response;
  EXPECT_DEATH(encode_uet_header(h, 0, room), "next 4");
  h = write_request();
  h.opcode = SesOpcode::fetch_atomic;
  EXPECT_DEATH(encode_uet_header(h, 0, room), "opcode 4");
  h.opcode = SesOpcode::read;
  EXPECT_DEATH(encode_uet_header(h, 1, room), "payload 1");
  h.next = PdsNext::request_small;
  h.request().request_length = 0x4000;
  EXPECT_DEATH(encode_uet_header(h, 0, room), "request_length 16384");
  EXPECT_DEATH(encode_uet_header(UetHeader{}, 0, room), "type 0");
}

}  // namespace
}  // namespace weft::wire
