// RoceHeader to bytes and back: fixtures by hand, every refusal by name, every length cut off.
#include "wire/roce_packet.hh"

#include <gtest/gtest.h>

#include "support/wire_samples.hh"

namespace weft::wire {
namespace {

using samples::all_opcodes;
using samples::from_hex;
using samples::to_hex;

const Ipv4Header ip{.source = {0x0a000001}, .destination = {0x0a000002}};
const UdpHeader udp{.source_port = 49152};

std::vector<std::byte> encoded(const RoceHeader& header, ByteView payload = {}) {
  std::vector<std::byte> room(roce_packet_limit);
  room.resize(encode_roce_packet(header, payload, ip, udp, room));
  return room;
}
std::string without_icrc(const std::vector<std::byte>& packet) { return to_hex(ByteView(packet).first(packet.size() - icrc_size)); }

TEST(RocePacket, WriteOnlyWithImmediateHasRethThenImmediateThenPaddedPayload) {
  const RoceHeader header{.opcode = RoceOpcode::write_only_immediate,
                          .solicited = true,
                          .ack_request = true,
                          .dest_qp = 0x123456,
                          .psn = 0xabcdef,
                          .immediate = 0x01020304,
                          .rkey = 0x11223344,
                          .dma_length = 5,
                          .address = 0x0102030405060708};
  EXPECT_EQ(without_icrc(encoded(header, from_hex("a1a2a3a4a5"))),
            "0bf0ffff0012345680abcdef"
            "01020304050607081122334400000005"
            "01020304"
            "a1a2a3a4a5000000");
}

TEST(RocePacket, AcknowledgeHasAeth) {
  const RoceHeader header{.opcode = RoceOpcode::acknowledge, .syndrome = ack_syndrome(), .dest_qp = 0x11, .psn = 9, .msn = 0x010203};
  EXPECT_EQ(without_icrc(encoded(header)),
            "1140ffff0000001100000009"
            "1f010203");
}

TEST(RocePacket, AtomicRequestAndResultCarryTheirWords) {
  const RoceHeader request{.opcode = RoceOpcode::compare_swap, .rkey = 0xaabbccdd, .address = 0x10, .swap_add = 0x20, .compare = 0x30};
  EXPECT_EQ(without_icrc(encoded(request)),
            "1340ffff0000000000000000"
            "0000000000000010aabbccdd00000000000000200000000000000030");
  const RoceHeader result{.opcode = RoceOpcode::atomic_acknowledge, .syndrome = 0x1f, .msn = 1, .swap_add = 0x1122334455667788};
  EXPECT_EQ(without_icrc(encoded(result)),
            "1240ffff0000000000000000"
            "1f000001"
            "1122334455667788");
}

TEST(RocePacket, SelectiveAcknowledgeOfTheProjectProfile) {
  const RoceHeader header{.opcode = RoceOpcode::selective_acknowledge,
                          .syndrome = 0x1f,
                          .psn = 4,
                          .msn = 2,
                          .immediate = 0x000007,
                          .swap_add = 0x8000000000000005};
  EXPECT_EQ(without_icrc(encoded(header)),
            "1d40ffff0000000000000004"
            "1f000002"
            "00000700"
            "8000000000000005");
}

TEST(RocePacket, SizesAreHeadersPayloadPadAndIcrc) {
  EXPECT_EQ(roce_packet_size(RoceOpcode::write_middle, 4096), 12u + 4096 + 4);
  EXPECT_EQ(roce_packet_size(RoceOpcode::write_only, 1), 12u + 16 + 4 + 4);
  EXPECT_EQ(roce_packet_size(RoceOpcode::acknowledge, 0), 20u);
  EXPECT_EQ(roce_packet_size(RoceOpcode::cnp, 0), 32u);
  EXPECT_EQ(roce_header_size(RoceOpcode::selective_acknowledge), 28u);
  for (const RoceOpcode opcode : all_opcodes) {
    EXPECT_LE(roce_packet_size(opcode, roce_layout(opcode)->payload ? roce_payload_limit : 0), roce_packet_limit);
  }
}

TEST(RocePacket, EveryOpcodeAndPadComesBackTheSame) {
  for (const RoceOpcode opcode : all_opcodes) {
    for (std::size_t length = 0; length < 9; ++length) {
      if (length != 0 && !roce_layout(opcode)->payload) continue;
      Random random(random_key(length, RandomRoom::test, static_cast<std::uint64_t>(opcode)));
      const RoceHeader header = samples::any_roce_header(random, opcode);
      const auto payload = samples::any_bytes(random, length);
      const auto packet = encoded(header, payload);
      ASSERT_EQ(packet.size(), roce_packet_size(opcode, length));
      const RocePacket back = decode_roce_packet(packet, ip, udp);
      ASSERT_TRUE(back.ok()) << name_of(back.refusal) << " opcode " << int(opcode) << " length " << length;
      EXPECT_EQ(back.header, header);
      EXPECT_EQ(to_hex(back.payload), to_hex(payload));
      EXPECT_EQ(back.pad, (4 - length % 4) % 4);
    }
  }
}

TEST(RocePacket, PlacedPayloadAndSealGiveTheSameBytes) {
  const RoceHeader header{.opcode = RoceOpcode::send_only, .dest_qp = 3, .psn = 1};
  const auto payload = from_hex("0102030405");
  const auto expected = encoded(header, payload);
  std::vector<std::byte> packet(roce_packet_size(header.opcode, payload.size()), std::byte{0xee});
  const std::size_t head = encode_roce_header(header, payload.size(), packet);
  std::copy(payload.begin(), payload.end(), packet.begin() + static_cast<std::ptrdiff_t>(head));
  seal_roce_packet(ip, udp, payload.size(), packet);
  EXPECT_EQ(to_hex(packet), to_hex(expected));
}

TEST(RocePacket, TooLittleRoomYieldsZeroAndWritesNothingBeyond) {
  const RoceHeader header{.opcode = RoceOpcode::write_only, .dma_length = 6};
  const auto payload = from_hex("010203040506");
  const std::size_t size = roce_packet_size(header.opcode, payload.size());
  for (std::size_t room = 0; room < size; ++room) {
    std::vector<std::byte> bytes(size, std::byte{0xee});
    EXPECT_EQ(encode_roce_packet(header, payload, ip, udp, ByteRoom(bytes).first(room)), 0u);
    for (std::size_t i = room; i < size; ++i) ASSERT_EQ(bytes[i], std::byte{0xee}) << "room " << room;
  }
}

TEST(RocePacket, EveryShorterLengthIsRefused) {
  for (const RoceOpcode opcode : all_opcodes) {
    Random random(random_key(2, RandomRoom::test, static_cast<std::uint64_t>(opcode)));
    const auto payload = samples::any_bytes(random, roce_layout(opcode)->payload ? 7 : 0);
    const auto packet = encoded(samples::any_roce_header(random, opcode), payload);
    for (std::size_t length = 0; length < packet.size(); ++length) {
      const auto cut = std::vector<std::byte>(packet.begin(), packet.begin() + static_cast<std::ptrdiff_t>(length));
      EXPECT_FALSE(decode_roce_packet(cut, ip, udp).ok()) << "opcode " << int(opcode) << " length " << length;
    }
  }
}

RoceRefusal refusal_of(std::vector<std::byte> packet) { return decode_roce_packet(packet, ip, udp).refusal; }

TEST(RocePacket, EachRefusalHasItsName) {
  const auto good = encoded({.opcode = RoceOpcode::send_only}, from_hex("01020304"));
  EXPECT_EQ(refusal_of(good), RoceRefusal::none);
  EXPECT_EQ(refusal_of({}), RoceRefusal::truncated);
  EXPECT_EQ(refusal_of({good.begin(), good.end() - 1}), RoceRefusal::unaligned);
  auto bad = good;
  bad[1] |= std::byte{1};
  EXPECT_EQ(refusal_of(bad), RoceRefusal::transport_version);
  bad = good;
  bad[0] = std::byte{0x24};
  EXPECT_EQ(refusal_of(bad), RoceRefusal::unknown_opcode);
  bad = encoded({.opcode = RoceOpcode::send_only});
  bad[1] |= std::byte{0x30};
  EXPECT_EQ(refusal_of(bad), RoceRefusal::pad);
  bad = encoded({.opcode = RoceOpcode::acknowledge});
  bad.resize(bad.size() + 4);
  EXPECT_EQ(refusal_of(bad), RoceRefusal::unexpected_payload);
  bad[1] |= std::byte{0x10};
  EXPECT_EQ(refusal_of(bad), RoceRefusal::pad);
  bad = encoded({.opcode = RoceOpcode::read_request});
  bad.resize(bad.size() - 4);
  EXPECT_EQ(refusal_of(bad), RoceRefusal::truncated);
  bad = good;
  bad.resize(roce_packet_size(RoceOpcode::send_only, roce_payload_limit) + 4);
  EXPECT_EQ(refusal_of(bad), RoceRefusal::too_long);
  bad = good;
  bad.back() ^= std::byte{1};
  EXPECT_EQ(refusal_of(bad), RoceRefusal::icrc);
  EXPECT_TRUE(decode_roce_packet(bad).ok()) << "without headers the ICRC is not looked at";
}

TEST(RocePacket, TheWrongAddressFailsTheIcrc) {
  const auto packet = encoded({.opcode = RoceOpcode::send_only});
  Ipv4Header other = ip;
  other.source.v ^= 1;
  EXPECT_EQ(decode_roce_packet(packet, other, udp).refusal, RoceRefusal::icrc);
  other = ip;
  other.identification = 1;
  EXPECT_EQ(decode_roce_packet(packet, other, udp).refusal, RoceRefusal::icrc);
  other = ip;
  other.ttl = 3;
  other.ecn = Ecn::ce;
  EXPECT_TRUE(decode_roce_packet(packet, other, udp).ok()) << "routers may change TTL and ECN";
}

TEST(RocePacketDeathTest, ValuesThatDoNotFitAreOurOwnMistake) {
  std::vector<std::byte> room(roce_packet_limit);
  EXPECT_DEATH(encode_roce_header({.opcode = RoceOpcode::send_only, .psn = 1u << 24}, 0, room), "psn 16777216");
  EXPECT_DEATH(encode_roce_header({.opcode = RoceOpcode::acknowledge}, 4, room), "payload 4");
  EXPECT_DEATH(encode_roce_header({.opcode = static_cast<RoceOpcode>(0x15)}, 0, room), "opcode 21");
}

}  // namespace
}  // namespace weft::wire
