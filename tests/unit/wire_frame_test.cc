// Frames by hand: the published CNP as a whole frame, sizes on the wire, and every refusal by name.
#include "wire/frame.hh"

#include <gtest/gtest.h>

#include "support/wire_samples.hh"
#include "wire/frame_size.hh"

namespace weft::wire {
namespace {

using samples::from_hex;
using samples::to_hex;

RoceFrame sample(RoceOpcode opcode = RoceOpcode::send_only, ByteView payload = {}) {
  const Ipv4Header ip{.dscp = 26, .ecn = Ecn::ect0, .source = {0x0a000001}, .destination = {0x0a000002}};
  return {{.destination = {{2, 0, 0, 0, 0, 2}}, .source = {{2, 0, 0, 0, 0, 1}}, .ip = ip, .udp = {.source_port = 49152}},
          {.opcode = opcode, .dest_qp = 7, .psn = 9},
          payload};
}
std::vector<std::byte> built(const RoceFrame& frame, Fcs fcs = Fcs::absent) {
  std::vector<std::byte> room(frame_limit);
  room.resize(build_frame(frame, fcs, room));
  return room;
}

TEST(Frame, TheCapturedCnpParses) {
  const auto bytes = from_hex(
      "020000000002 020000000001 0800"
      "45c2003c718c4000401191610a0011010a001201 000012b700280000 8100ffff4000011800000000 00000000000000000000000000000000 82fd002a");
  const ParsedFrame parsed = parse_frame(bytes, Fcs::absent);
  ASSERT_TRUE(parsed.ok()) << name_of(parsed);
  EXPECT_EQ(parsed.frame.roce, make_cnp(0x118));
  EXPECT_EQ(ip_ecn(parsed.frame.ip), Ecn::ect0);
  EXPECT_EQ(std::get<Ipv4Header>(parsed.frame.ip).dscp, 48);
}

TEST(Frame, HeadersStandWhereTheyBelong) {
  const auto payload = from_hex("0102030405060708090a0b0c");
  const auto plain = to_hex(built(sample(RoceOpcode::send_only, payload)));
  EXPECT_EQ(plain.substr(0, 28), "0200000000020200000000010800");
  EXPECT_EQ(plain.substr(28, 20), "456a0038000040004011");
  EXPECT_EQ(plain.substr(68, 16), "c00012b700240000");
  EXPECT_EQ(plain.substr(84, 24), "0440ffff0000000700000009");
  RoceFrame tagged = sample(RoceOpcode::send_only, payload);
  tagged.vlan = VlanTag{.priority = 3, .drop_eligible = true, .vlan = 100};
  EXPECT_EQ(to_hex(built(tagged)).substr(24, 12), "810070640800");
  RoceFrame v6 = tagged;
  v6.ip = Ipv6Header{.dscp = 26, .ecn = Ecn::ce, .flow_label = 0xabcde};
  EXPECT_EQ(to_hex(built(v6)).substr(24, 28), "8100706486dd66babcde00241140");
}

TEST(Frame, SizesOnTheWire) {
  EXPECT_EQ(wire_bytes(RoceOpcode::write_middle, 4096), Bytes{4178});
  EXPECT_EQ(wire_bytes(RoceOpcode::write_first, 4096), Bytes{4194});
  EXPECT_EQ(wire_bytes(RoceOpcode::acknowledge, 0), Bytes{66 + 20});
  EXPECT_EQ(wire_bytes(RoceOpcode::send_only, 0), Bytes{64 + 20}) << "62 bytes grow to the least frame";
  EXPECT_EQ(wire_bytes(RoceOpcode::cnp, 0), Bytes{78 + 20});
  EXPECT_EQ(wire_bytes(RoceOpcode::write_middle, 4096, {.ipv6 = true, .tagged = true}), Bytes{4178 + 24});
  EXPECT_EQ(wire_bytes(RoceHeader{.opcode = RoceOpcode::write_last}, 1), Bytes{14 + 20 + 8 + 12 + 4 + 4 + 4 + 20});
  EXPECT_EQ(mac_control_wire_bytes, Bytes{84});
}

TEST(Frame, WireBytesAreTheBuiltBytes) {
  for (const RoceOpcode opcode : samples::all_opcodes) {
    for (const std::size_t length : {0u, 1u, 2u, 3u, 4u, 255u, 4096u}) {
      if (length != 0 && !roce_layout(opcode)->payload) continue;
      RoceFrame frame = sample(opcode, zero_payload(length));
      EXPECT_EQ(static_cast<std::int64_t>(built(frame, Fcs::present).size()), frame_bytes(opcode, length).v);
      frame.ip = Ipv6Header{};
      frame.vlan = VlanTag{};
      EXPECT_EQ(static_cast<std::int64_t>(built(frame, Fcs::present).size()),
                frame_bytes(opcode, length, {.ipv6 = true, .tagged = true}).v);
    }
  }
}

TEST(Frame, TooLittleRoomYieldsZero) {
  const auto payload = from_hex("010203");
  const RoceFrame frame = sample(RoceOpcode::write_only, payload);
  const std::size_t size = built(frame, Fcs::present).size();
  for (std::size_t room = 0; room < size; ++room) {
    std::vector<std::byte> bytes(room);
    EXPECT_EQ(build_frame(frame, Fcs::present, bytes), 0u) << "room " << room;
  }
}

// Puts `value` at `at` and sets the IPv4 checksum right again.
std::string refusal_after(std::size_t at, std::uint8_t value, RoceFrame frame = sample()) {
  auto bytes = built(frame);
  bytes[at] = std::byte{value};
  bytes[24] = bytes[25] = std::byte{0};
  const auto sum = static_cast<std::uint16_t>(~internet_sum(ByteView(bytes).subspan(14, 20)));
  bytes[24] = static_cast<std::byte>(sum >> 8);
  bytes[25] = static_cast<std::byte>(sum);
  return std::string(name_of(parse_frame(bytes, Fcs::absent)));
}

TEST(Frame, EachRefusalHasItsName) {
  EXPECT_EQ(refusal_after(0, 2), "none");
  EXPECT_EQ(refusal_after(13, 0x06), "not_ip");
  EXPECT_EQ(refusal_after(14, 0x65), "ip_version");
  EXPECT_EQ(refusal_after(14, 0x46), "ip_options");
  EXPECT_EQ(refusal_after(17, 200), "ip_length");
  EXPECT_EQ(refusal_after(17, 27), "ip_length");
  EXPECT_EQ(refusal_after(17, 5), "ip_length");
  EXPECT_EQ(refusal_after(20, 0x20), "fragment");
  EXPECT_EQ(refusal_after(21, 0x01), "fragment");
  EXPECT_EQ(refusal_after(23, 6), "not_udp");
  EXPECT_EQ(refusal_after(37, 0), "not_roce");
  EXPECT_EQ(refusal_after(39, 27), "udp_length");
  EXPECT_EQ(refusal_after(39, 7), "udp_length");
  EXPECT_EQ(refusal_after(42, 0x15), "unknown_opcode");
  EXPECT_EQ(refusal_after(43, 0x41), "transport_version");
  EXPECT_EQ(refusal_after(43, 0x50), "pad");
  EXPECT_EQ(refusal_after(50, 0x80), "icrc");
  EXPECT_EQ(refusal_after(22, 3), "none") << "a router may change the TTL";
  EXPECT_EQ(refusal_after(15, 3), "none") << "and the ECN bits";
}

TEST(Frame, RefusalsThatNeedTheirOwnBytes) {
  auto bytes = built(sample());
  EXPECT_EQ(name_of(parse_frame({}, Fcs::absent)), "truncated");
  EXPECT_EQ(name_of(parse_frame({}, Fcs::present)), "truncated");
  EXPECT_EQ(name_of(parse_frame(ByteView(bytes).first(20), Fcs::absent)), "truncated");
  EXPECT_EQ(name_of(parse_frame(bytes, Fcs::present)), "fcs");
  bytes[30] ^= std::byte{1};
  EXPECT_EQ(name_of(parse_frame(bytes, Fcs::absent)), "ip_checksum");
  RoceFrame v6 = sample();
  v6.ip = Ipv6Header{};
  bytes = built(v6);
  EXPECT_EQ(name_of(parse_frame(bytes, Fcs::absent)), "none");
  bytes[20] = std::byte{0};
  EXPECT_EQ(name_of(parse_frame(bytes, Fcs::absent)), "not_udp");
  bytes[14] = std::byte{0x45};
  EXPECT_EQ(name_of(parse_frame(bytes, Fcs::absent)), "ip_version");
}

TEST(Frame, PaddingBehindThePacketIsNotPayload) {
  const auto bytes = built(sample());
  ASSERT_EQ(bytes.size(), 60u);
  const ParsedFrame parsed = parse_frame(bytes, Fcs::absent);
  ASSERT_TRUE(parsed.ok());
  EXPECT_TRUE(parsed.frame.payload.empty());
}

}  // namespace
}  // namespace weft::wire
