// Whole frames: random ones come back the same, every cut is refused, no single flipped bit passes unless a router may
// flip it, and random damage never yields more than what a builder could have sent.
#include <gtest/gtest.h>

#include "support/seeds.hh"
#include "support/wire_samples.hh"
#include "wire/frame.hh"

namespace weft::wire {
namespace {

using samples::to_hex;

std::vector<std::byte> built(const RoceFrame& frame, Fcs fcs) {
  std::vector<std::byte> room(frame_limit);
  room.resize(build_frame(frame, fcs, room));
  return room;
}

void expect_same(const RoceFrame& a, const RoceFrame& b) {
  EXPECT_EQ(a.destination, b.destination);
  EXPECT_EQ(a.source, b.source);
  ASSERT_EQ(a.vlan.has_value(), b.vlan.has_value());
  if (a.vlan) {
    EXPECT_EQ(a.vlan->vlan, b.vlan->vlan);
    EXPECT_EQ(a.vlan->priority, b.vlan->priority);
    EXPECT_EQ(a.vlan->drop_eligible, b.vlan->drop_eligible);
  }
  const std::size_t length = UdpHeader::size + roce_packet_size(a.roce.opcode, a.payload.size());
  EXPECT_EQ(around_udp(a.ip, length), around_udp(b.ip, length));
  EXPECT_EQ(a.udp.source_port, b.udp.source_port);
  EXPECT_EQ(a.udp.checksum, b.udp.checksum);
  EXPECT_EQ(a.roce, b.roce);
  EXPECT_EQ(to_hex(a.payload), to_hex(b.payload));
}

TEST(WireFrames, RandomOnesComeBackTheSame) {
  test::for_each_seed(2000, [](Random& random, std::uint64_t) {
    const auto payload = samples::any_bytes(random, random.below(300));
    const RoceFrame frame = samples::any_frame(random, payload);
    const Fcs fcs = samples::flip(random) ? Fcs::present : Fcs::absent;
    const auto bytes = built(frame, fcs);
    ASSERT_GE(bytes.size(), fcs == Fcs::present ? 64u : 60u);
    const ParsedFrame back = parse_frame(bytes, fcs);
    ASSERT_TRUE(back.ok()) << name_of(back);
    expect_same(frame, back.frame);
    EXPECT_EQ(to_hex(built(back.frame, fcs)), to_hex(bytes));
  });
}

TEST(WireFrames, EveryCutThatTouchesThePacketIsRefused) {
  test::for_each_seed(20, [](Random& random, std::uint64_t) {
    const auto payload = samples::any_bytes(random, 70);
    RoceFrame frame = samples::any_frame(random, payload);
    const std::size_t packet = EthernetHeader::size + (frame.vlan ? VlanTag::size : 0) + ip_header_size(frame.ip) + UdpHeader::size +
                               roce_packet_size(frame.roce.opcode, frame.payload.size());
    for (const Fcs fcs : {Fcs::absent, Fcs::present}) {
      const auto bytes = built(frame, fcs);
      for (std::size_t length = 0; length < bytes.size(); ++length) {
        const std::vector<std::byte> cut(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(length));
        const bool only_padding_is_missing = fcs == Fcs::absent && length >= packet;
        EXPECT_EQ(parse_frame(cut, fcs).ok(), only_padding_is_missing) << "length " << length;
      }
    }
  });
}

// With an FCS every single flipped bit is seen.
TEST(WireFrames, TheFcsSeesEverySingleBit) {
  test::for_each_seed(20, [](Random& random, std::uint64_t) {
    const auto payload = samples::any_bytes(random, 40);
    auto bytes = built(samples::any_frame(random, payload), Fcs::present);
    for (std::size_t bit = 0; bit < bytes.size() * 8; ++bit) {
      const auto mask = static_cast<std::byte>(0x80u >> bit % 8);
      bytes[bit / 8] ^= mask;
      EXPECT_EQ(parse_frame(bytes, Fcs::present).refusal, FrameRefusal::fcs) << "bit " << bit;
      bytes[bit / 8] ^= mask;
    }
  });
}

// Without one, what passes differs only where the ICRC does not look, and says the same after another round.
TEST(WireFrames, WithoutFcsTheIcrcGuardsTransportAndPayload) {
  test::for_each_seed(50, [](Random& random, std::uint64_t) {
    const auto payload = samples::any_bytes(random, 40);
    RoceFrame frame = samples::any_frame(random, payload);
    auto bytes = built(frame, Fcs::absent);
    for (std::size_t bit = 0; bit < bytes.size() * 8; ++bit) {
      const auto mask = static_cast<std::byte>(0x80u >> bit % 8);
      bytes[bit / 8] ^= mask;
      const ParsedFrame seen = parse_frame(bytes, Fcs::absent);
      if (seen.ok()) {
        RoceHeader expected = frame.roce;
        expected.fecn = seen.frame.roce.fecn;
        expected.becn = seen.frame.roce.becn;
        EXPECT_EQ(seen.frame.roce, expected) << "bit " << bit;
        EXPECT_EQ(to_hex(seen.frame.payload), to_hex(frame.payload)) << "bit " << bit;
        const auto again = built(seen.frame, Fcs::absent);
        expect_same(parse_frame(again, Fcs::absent).frame, seen.frame);
      }
      bytes[bit / 8] ^= mask;
    }
  });
}

// Damage that no check sum has a chance against, because the test repairs the checks behind it: decoding must hold anyway.
TEST(WireFrames, RandomDamageNeverCrashesAndNeverReadsBeyond) {
  test::for_each_seed(3000, [](Random& random, std::uint64_t) {
    const auto payload = samples::any_bytes(random, 40);
    auto bytes = built(samples::any_frame(random, payload), Fcs::absent);
    for (std::uint64_t i = 1 + random.below(8); i > 0; --i)
      bytes[random.below(bytes.size())] = std::byte{samples::any<std::uint8_t>(random)};
    bytes.resize(random.below(bytes.size() + 1));
    const std::vector<std::byte> exact(bytes.begin(), bytes.end());
    const RocePacket packet = decode_roce_packet(exact);
    if (packet.ok()) { EXPECT_EQ(packet.payload.size() + roce_header_size(packet.header.opcode) + packet.pad + icrc_size, exact.size()); }
    const ParsedFrame parsed = parse_frame(exact, Fcs::absent);
    EXPECT_EQ(parsed.ok(), name_of(parsed) == "none");
  });
}

}  // namespace
}  // namespace weft::wire
