// Ultra Ethernet frames by hand: layers in their places, the end CRC, trimming as a switch does it, sizes on the wire.
#include "wire/uet_frame.hh"

#include <gtest/gtest.h>

#include "support/seeds.hh"
#include "support/uet_samples.hh"
#include "wire/frame.hh"
#include "wire/frame_size.hh"

namespace weft::wire {
namespace {

using samples::from_hex;
using samples::to_hex;

UetFrame sample(ByteView payload = {}) {
  UetFrame frame;
  frame.destination = {{2, 0, 0, 0, 0, 2}};
  frame.source = {{2, 0, 0, 0, 0, 1}};
  frame.ip = Ipv4Header{.dscp = 10, .ecn = Ecn::ect0, .source = {0x0a000001}, .destination = {0x0a000002}};
  frame.udp.source_port = 0xabcd;
  frame.uet.type = PdsType::rud_request;
  frame.uet.next = PdsNext::request_small;
  frame.uet.opcode = SesOpcode::write;
  frame.uet.psn = 9, frame.uet.spdcid = 1, frame.uet.dpdcid = 2;
  frame.payload = payload;
  return frame;
}
std::vector<std::byte> built(const UetFrame& frame, EndCrc crc = EndCrc::absent, Fcs fcs = Fcs::absent) {
  std::vector<std::byte> room(frame_limit);
  room.resize(build_uet_frame(frame, fcs, crc, room));
  return room;
}
std::vector<std::byte> trimmed(const UetFrame& frame, const UetCut& cut, EndCrc crc = EndCrc::absent, Fcs fcs = Fcs::absent) {
  std::vector<std::byte> room(frame_limit);
  room.resize(build_trimmed_uet_frame(frame, fcs, crc, cut, room));
  return room;
}

TEST(UetFrame, HeadersStandWhereTheyBelong) {
  const auto payload = from_hex("a1a2a3a4");
  const std::string packet =
      "10800000"
      "00000009"
      "00010002"
      "01000000"
      "00000000"
      "00000000"
      "0000000000000000"
      "a1a2a3a4";
  EXPECT_EQ(to_hex(built(sample(payload))),
            "020000000002"
            "020000000001"
            "0800"
            "452a004000004000401126810a0000010a000002"
            "abcd12b9002c0000" +
                packet);
  UetFrame v6 = sample(payload);
  v6.ip = Ipv6Header{.flow_label = 5};
  v6.vlan = VlanTag{.priority = 3, .vlan = 100};
  EXPECT_EQ(to_hex(built(v6)).substr(24, 28), "8100606486dd60000005002c1140");
}

// CRC-32C computed here bit by bit, over the bytes that the standard names.
std::uint32_t crc32c_bit_by_bit(ByteView bytes) {
  std::uint32_t rest = 0xffffffff;
  for (const std::byte b : bytes) {
    rest ^= std::to_integer<std::uint32_t>(b);
    for (int bit = 0; bit < 8; ++bit) rest = (rest & 1) != 0 ? rest >> 1 ^ 0x82f63b78 : rest >> 1;
  }
  return ~rest;
}

TEST(UetFrame, TheEndCrcCoversFromTheSourceAddressOn) {
  const auto payload = from_hex("a1a2a3a4a5");
  for (const bool v6 : {false, true}) {
    UetFrame frame = sample(payload);
    if (v6) frame.ip = Ipv6Header{};
    const auto bytes = built(frame, EndCrc::present);
    const std::size_t source = EthernetHeader::size + (v6 ? 8 : 12);
    const ByteView covered = ByteView(bytes).subspan(source, bytes.size() - source - end_crc_size);
    Reader trailer(ByteView(bytes).last(end_crc_size));
    EXPECT_EQ(trailer.le<std::uint32_t>(), crc32c_bit_by_bit(covered));
    EXPECT_EQ(name_of(parse_uet_frame(bytes, Fcs::absent, EndCrc::present)), "none");
    for (std::size_t bit = source * 8; bit < bytes.size() * 8; ++bit) {
      auto bad = bytes;
      bad[bit / 8] ^= static_cast<std::byte>(0x80u >> bit % 8);
      const ParsedUetFrame seen = parse_uet_frame(bad, Fcs::absent, EndCrc::present);
      EXPECT_TRUE(!seen.ok() || seen.extent != UetExtent::whole) << "bit " << bit << ": a longer UDP length looks like trimming";
    }
  }
}

TEST(UetFrame, ASwitchTrims) {
  const UetFrame frame = sample(zero_payload(4096));
  const auto bytes = trimmed(frame, {});
  ASSERT_EQ(bytes.size(), 60u) << "34 + 24, filled up to the least frame";
  EXPECT_EQ(to_hex(ByteView(bytes).subspan(16, 2)), "002c") << "the IP length is that of what is left";
  EXPECT_EQ(to_hex(ByteView(bytes).subspan(38, 2)), "1028") << "the UDP length is not: 8 + 32 + 4096";
  const ParsedUetFrame seen = parse_uet_frame(bytes, Fcs::absent, EndCrc::absent);
  ASSERT_TRUE(seen.ok()) << name_of(seen);
  EXPECT_EQ(seen.extent, UetExtent::ses_cut);
  EXPECT_EQ(seen.payload_sent, 4096u);
  EXPECT_EQ(seen.frame.uet.psn, 9u);
  EXPECT_EQ(parse_frame(bytes, Fcs::absent).refusal, FrameRefusal::udp_length) << "RoCE knows no trimming";

  const ParsedUetFrame more = parse_uet_frame(trimmed(frame, {256}), Fcs::absent, EndCrc::absent);
  EXPECT_EQ(more.extent, UetExtent::payload_cut);
  EXPECT_EQ(more.frame.uet, frame.uet);
  EXPECT_EQ(more.frame.payload.size(), 256u - 8 - 32);
  EXPECT_EQ(more.payload_sent, 4096u);
}

// The class's code point where the fabric trimmed, the same with a tail of 11 before the destination.
TEST(UetFrame, TheDscpSaysWhereItWasTrimmed) {
  UetFrame frame = sample(zero_payload(4096));
  for (const bool v6 : {false, true}) {
    if (v6) frame.ip = Ipv6Header{};
    set_ip_dscp(frame.ip, 40);
    for (const auto& [trim, dscp] : {std::pair{Trim::trimmed, 40}, std::pair{Trim::trimmed_last_hop, 43}}) {
      const ParsedUetFrame seen = parse_uet_frame(trimmed(frame, {.trim = trim}), Fcs::absent, EndCrc::absent);
      ASSERT_TRUE(seen.ok()) << name_of(seen);
      EXPECT_EQ(seen.trim, trim);
      EXPECT_EQ(int{ip_dscp(seen.frame.ip)}, dscp);
    }
    for (std::uint8_t dscp = 0; dscp < 64; ++dscp) {
      set_ip_dscp(frame.ip, dscp);
      const ParsedUetFrame whole = parse_uet_frame(built(frame), Fcs::absent, EndCrc::absent);
      EXPECT_EQ(whole.trim, Trim::none) << "DSCP " << int{dscp};
      EXPECT_EQ(ip_dscp(whole.frame.ip), dscp);
    }
  }
}

TEST(UetFrame, EveryCutOfATrimmedFrameSaysSo) {
  const auto payload = from_hex("a1a2a3a4a5a6a7a8");
  for (const EndCrc crc : {EndCrc::absent, EndCrc::present}) {
    const UetFrame frame = sample(payload);
    const std::size_t sent = UdpHeader::size + 32 + payload.size() + (crc == EndCrc::present ? end_crc_size : 0);
    for (std::size_t to = uet_trim_least; to <= sent; ++to) {
      const ParsedUetFrame seen = parse_uet_frame(trimmed(frame, {to}, crc), Fcs::absent, crc);
      ASSERT_TRUE(seen.ok()) << "to " << to << ' ' << name_of(seen);
      const UetExtent extent = to < UdpHeader::size + 32 ? UetExtent::ses_cut : to < sent ? UetExtent::payload_cut : UetExtent::whole;
      EXPECT_EQ(seen.extent, extent) << "to " << to;
      EXPECT_EQ(seen.payload_sent, payload.size());
    }
    EXPECT_EQ(to_hex(trimmed(frame, {sent, Trim::trimmed_last_hop}, crc)), to_hex(built(frame, crc))) << "nothing to cut";
  }
}

TEST(UetFrame, SizesOnTheWire) {
  UetHeader h = sample().uet;
  EXPECT_EQ(uet_frame_bytes(h, 4096), Bytes{14 + 20 + 8 + 12 + 20 + 4096 + 4});
  h.next = PdsNext::request_standard;
  EXPECT_EQ(uet_wire_bytes(h, 4096), Bytes{4218});
  EXPECT_EQ(uet_frame_bytes(PdsType::ack_cc, PdsNext::response, 0), Bytes{14 + 20 + 8 + 32 + 12 + 4});
  EXPECT_EQ(uet_frame_bytes(PdsType::nack, PdsNext::none, 0), Bytes{64}) << "62 bytes grow to the least frame";
  EXPECT_EQ(uet_trimmed_frame_bytes(h, 4096), Bytes{64});
  EXPECT_EQ(uet_trimmed_frame_bytes(h, 4096, {.ipv6 = true}), Bytes{14 + 40 + 24 + 4});
  EXPECT_EQ(uet_trimmed_frame_bytes(h, 4096, {}, 128), Bytes{14 + 20 + 128 + 4});
  EXPECT_EQ(uet_trimmed_frame_bytes(h, 10, {}, 128), uet_frame_bytes(h, 10)) << "shorter than the cut";
}

TEST(UetFrame, WireBytesAreTheBuiltBytes) {
  Random random(random_key(1, RandomRoom::test, 0));
  for (const auto& [type, next] : samples::all_uet_kinds()) {
    for (const std::size_t length : {0u, 1u, 255u, 4086u, 8192u}) {
      UetFrame frame = sample();
      frame.uet = samples::any_uet_header(random, type, next);
      if (length != 0 && !samples::may_carry(frame.uet)) continue;
      frame.payload = zero_payload(length);
      EXPECT_EQ(static_cast<std::int64_t>(built(frame, EndCrc::absent, Fcs::present).size()), uet_frame_bytes(frame.uet, length).v);
      EXPECT_EQ(static_cast<std::int64_t>(trimmed(frame, {40}, EndCrc::absent, Fcs::present).size()),
                uet_trimmed_frame_bytes(frame.uet, length, {}, 40).v);
      frame.ip = Ipv6Header{};
      frame.vlan = VlanTag{};
      EXPECT_EQ(static_cast<std::int64_t>(built(frame, EndCrc::absent, Fcs::present).size()),
                uet_frame_bytes(frame.uet, length, {.ipv6 = true, .tagged = true}).v);
    }
  }
}

TEST(UetFrame, TooLittleRoomYieldsZero) {
  const auto payload = from_hex("010203");
  const UetFrame frame = sample(payload);
  const std::size_t size = built(frame, EndCrc::present, Fcs::present).size();
  for (std::size_t room = 0; room < size; ++room) {
    std::vector<std::byte> bytes(room);
    EXPECT_EQ(build_uet_frame(frame, Fcs::present, EndCrc::present, bytes), 0u) << "room " << room;
  }
}

TEST(UetFrame, EachRefusalHasItsName) {
  const auto payload = from_hex("a1a2a3a4");
  const auto good = built(sample(payload));
  const auto refusal = [](const std::vector<std::byte>& bytes, EndCrc crc = EndCrc::absent) {
    return std::string(name_of(parse_uet_frame(bytes, Fcs::absent, crc)));
  };
  EXPECT_EQ(refusal(good), "none");
  EXPECT_EQ(refusal(good, EndCrc::present), "end_crc");
  auto bad = good;
  bad[37] = std::byte{0xb7};
  EXPECT_EQ(refusal(bad), "not_uet");
  EXPECT_EQ(parse_frame(good, Fcs::absent).refusal, FrameRefusal::not_roce);
  bad = good;
  bad[39] = std::byte{0x2b};
  EXPECT_EQ(refusal(bad), "udp_length") << "shorter than the IP length";
  bad = good;
  bad[42] = std::byte{0x00};
  EXPECT_EQ(refusal(bad), "unknown_type");
  EXPECT_EQ(refusal({}), "truncated");
  bad = good;
  bad[30] ^= std::byte{1};
  EXPECT_EQ(refusal(bad), "ip_checksum");
  EXPECT_EQ(name_of(parse_uet_frame(good, Fcs::present, EndCrc::absent)), "fcs");
  UetFrame empty = sample();
  empty.uet.opcode = SesOpcode::read;
  bad = built(empty);
  bad[17] = bad[39] = std::byte{8 + 3};
  bad[24] = bad[25] = std::byte{0};
  bad[17] = std::byte{20 + 8 + 3};
  const auto sum = static_cast<std::uint16_t>(~internet_sum(ByteView(bad).subspan(14, 20)));
  bad[24] = static_cast<std::byte>(sum >> 8), bad[25] = static_cast<std::byte>(sum);
  EXPECT_EQ(refusal(bad, EndCrc::present), "truncated") << "no room for the end CRC";
}

TEST(UetFrameDeathTest, ATrimKeepsThePdsHeader) { EXPECT_DEATH(trimmed(sample(), {uet_trim_least - 1}), "trimmed_to 23"); }

}  // namespace
}  // namespace weft::wire
