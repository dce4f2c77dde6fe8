// Whole Ultra Ethernet packets and frames: random ones of every kind come back the same, every cut is refused or told, and
// random damage never yields more than what a builder could have sent.
#include <gtest/gtest.h>

#include "support/seeds.hh"
#include "support/uet_samples.hh"

namespace weft::wire {
namespace {

using samples::to_hex;

std::vector<std::byte> encoded(const UetHeader& header, ByteView payload) {
  std::vector<std::byte> room(uet_packet_limit);
  room.resize(encode_uet_packet(header, payload, room));
  return room;
}

void expect_comes_back(const UetHeader& header, ByteView payload) {
  const auto bytes = encoded(header, payload);
  ASSERT_EQ(bytes.size(), uet_header_size(header.type, header.next) + payload.size());
  const UetPacket back = decode_uet_packet(bytes);
  ASSERT_TRUE(back.ok()) << name_of(back.refusal);
  EXPECT_EQ(back.extent, UetExtent::whole);
  EXPECT_EQ(back.header, header);
  EXPECT_EQ(to_hex(back.payload), to_hex(payload));
  EXPECT_EQ(to_hex(encoded(back.header, back.payload)), to_hex(bytes));
}

TEST(UetPackets, EveryKindComesBackTheSame) {
  test::for_each_seed(200, [](Random& random, std::uint64_t) {
    for (const auto& [type, next] : samples::all_uet_kinds()) {
      const UetHeader header = samples::any_uet_header(random, type, next);
      const auto payload = samples::any_bytes(random, samples::may_carry(header) ? random.below(200) : 0);
      expect_comes_back(header, payload);
      if (testing::Test::HasFailure()) {
        ADD_FAILURE() << "type " << static_cast<int>(type) << " next " << static_cast<int>(next);
        return;
      }
    }
  });
}

TEST(UetPackets, TheLongestPayloadComesBackTheSame) {
  test::for_each_seed(50, [](Random& random, std::uint64_t) {
    UetHeader header = samples::any_uet_header(random);
    while (!samples::may_carry(header)) header = samples::any_uet_header(random);
    expect_comes_back(header, zero_payload(uet_payload_limit));
  });
}

TEST(UetPackets, EveryCutIntoTheHeadersIsRefused) {
  test::for_each_seed(5, [](Random& random, std::uint64_t) {
    for (const auto& [type, next] : samples::all_uet_kinds()) {
      const UetHeader header = samples::any_uet_header(random, type, next);
      const auto bytes = encoded(header, {});
      for (std::size_t length = 0; length < bytes.size(); ++length) {
        const std::vector<std::byte> cut(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(length));
        EXPECT_EQ(decode_uet_packet(cut).refusal, UetRefusal::truncated) << "type " << static_cast<int>(type) << " length " << length;
        const UetPacket told = decode_uet_packet(cut, bytes.size());
        EXPECT_EQ(told.ok(), length >= pds_size(type)) << "type " << static_cast<int>(type) << " length " << length;
        if (told.ok()) { EXPECT_EQ(told.extent, UetExtent::ses_cut); }
      }
    }
  });
}

// Whatever is accepted says the same after another round; reserved bits do not survive it.
TEST(UetPackets, DamagedOnesSayTheSameAfterAnotherRound) {
  test::for_each_seed(3000, [](Random& random, std::uint64_t) {
    const UetHeader header = samples::any_uet_header(random);
    const auto payload = samples::any_bytes(random, samples::may_carry(header) ? random.below(20) : 0);
    auto bytes = encoded(header, payload);
    for (std::uint64_t i = 1 + random.below(4); i > 0; --i)
      bytes[random.below(bytes.size())] = std::byte{samples::any<std::uint8_t>(random)};
    bytes.resize(random.below(bytes.size() + 1));
    const std::vector<std::byte> exact(bytes.begin(), bytes.end());
    const UetPacket first = decode_uet_packet(exact);
    if (first.ok()) {
      ASSERT_EQ(first.payload.size() + uet_header_size(first.header.type, first.header.next), exact.size());
      expect_comes_back(first.header, first.payload);
    }
    const UetPacket trimmed = decode_uet_packet(exact, exact.size() + random.below(9000));
    if (trimmed.ok()) {
      EXPECT_LE(trimmed.payload.size(), trimmed.payload_sent);
      EXPECT_LE(trimmed.payload_sent, uet_payload_limit);
    }
  });
}

TEST(UetPackets, GarbageNeverCrashes) {
  test::for_each_seed(20000, [](Random& random, std::uint64_t) {
    const auto bytes = samples::any_bytes(random, random.below(100));
    const UetPacket packet = decode_uet_packet(bytes);
    if (packet.ok()) expect_comes_back(packet.header, packet.payload);
  });
}

void expect_same(const UetFrame& a, const UetFrame& b, std::size_t ip_payload) {
  EXPECT_EQ(a.destination, b.destination);
  EXPECT_EQ(a.source, b.source);
  ASSERT_EQ(a.vlan.has_value(), b.vlan.has_value());
  if (a.vlan) { EXPECT_EQ(a.vlan->vlan, b.vlan->vlan); }
  EXPECT_EQ(around_udp(a.ip, ip_payload), b.ip);
  EXPECT_EQ(a.udp.source_port, b.udp.source_port);
  EXPECT_EQ(a.udp.checksum, b.udp.checksum);
  EXPECT_EQ(a.uet, b.uet);
  EXPECT_EQ(to_hex(a.payload), to_hex(b.payload));
}

TEST(UetFrames, RandomOnesComeBackTheSame) {
  test::for_each_seed(2000, [](Random& random, std::uint64_t) {
    const auto pool = samples::any_bytes(random, random.below(300));
    const UetFrame frame = samples::any_uet_frame(random, pool);
    const Fcs fcs = samples::flip(random) ? Fcs::present : Fcs::absent;
    const EndCrc crc = samples::flip(random) ? EndCrc::present : EndCrc::absent;
    std::vector<std::byte> bytes(frame_limit);
    bytes.resize(build_uet_frame(frame, fcs, crc, bytes));
    ASSERT_GE(bytes.size(), fcs == Fcs::present ? 64u : 60u);
    const ParsedUetFrame back = parse_uet_frame(bytes, fcs, crc);
    ASSERT_TRUE(back.ok()) << name_of(back);
    EXPECT_EQ(back.extent, UetExtent::whole);
    const std::size_t datagram =
        uet_header_size(frame.uet.type, frame.uet.next) + frame.payload.size() + (crc == EndCrc::present ? end_crc_size : 0);
    expect_same(frame, back.frame, UdpHeader::size + datagram);
    std::vector<std::byte> again(frame_limit);
    again.resize(build_uet_frame(back.frame, fcs, crc, again));
    EXPECT_EQ(to_hex(again), to_hex(bytes));
  });
}

TEST(UetFrames, TrimmedOnesKeepTheirPdsHeader) {
  test::for_each_seed(2000, [](Random& random, std::uint64_t) {
    const auto pool = samples::any_bytes(random, random.below(300));
    UetFrame frame = samples::any_uet_frame(random, pool);
    if (pds_size(frame.uet.type) > uet_trim_least - UdpHeader::size) return;  // switches trim requests
    const UetCut cut{uet_trim_least + random.below(200), samples::flip(random) ? Trim::trimmed : Trim::trimmed_last_hop};
    std::vector<std::byte> bytes(frame_limit);
    bytes.resize(build_trimmed_uet_frame(frame, Fcs::present, EndCrc::absent, cut, bytes));
    const ParsedUetFrame back = parse_uet_frame(bytes, Fcs::present, EndCrc::absent);
    ASSERT_TRUE(back.ok()) << name_of(back);
    EXPECT_EQ(back.payload_sent, frame.payload.size());
    EXPECT_EQ(back.trim, back.extent == UetExtent::whole ? Trim::none : cut.trim);
    EXPECT_EQ(back.frame.uet.psn, frame.uet.psn);
    EXPECT_EQ(back.frame.uet.spdcid, frame.uet.spdcid);
    if (back.extent != UetExtent::ses_cut) { EXPECT_EQ(back.frame.uet, frame.uet); }
  });
}

TEST(UetFrames, TheFcsSeesEverySingleBit) {
  test::for_each_seed(20, [](Random& random, std::uint64_t) {
    const auto pool = samples::any_bytes(random, 40);
    std::vector<std::byte> bytes(frame_limit);
    bytes.resize(build_uet_frame(samples::any_uet_frame(random, pool), Fcs::present, EndCrc::absent, bytes));
    for (std::size_t bit = 0; bit < bytes.size() * 8; ++bit) {
      const auto mask = static_cast<std::byte>(0x80u >> bit % 8);
      bytes[bit / 8] ^= mask;
      EXPECT_EQ(parse_uet_frame(bytes, Fcs::present, EndCrc::absent).refusal, FrameRefusal::fcs) << "bit " << bit;
      bytes[bit / 8] ^= mask;
    }
  });
}

}  // namespace
}  // namespace weft::wire
