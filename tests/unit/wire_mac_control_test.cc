// PAUSE and PFC frames byte by byte, and the arithmetic of quanta.
#include "wire/mac_control.hh"

#include <gtest/gtest.h>

#include "support/wire_samples.hh"

namespace weft::wire {
namespace {

using samples::from_hex;
using samples::to_hex;

const MacAddress source{{0x02, 0x11, 0x22, 0x33, 0x44, 0x55}};

std::vector<std::byte> built(const MacControl& control, Fcs fcs) {
  std::vector<std::byte> room(mac_control_frame_size);
  room.resize(build_mac_control_frame(source, control, fcs, room));
  return room;
}

TEST(MacControl, PfcFrameFixture) {
  Pfc pfc{.class_enable = 0x09};
  pfc.quanta[0] = 0x1234;
  pfc.quanta[3] = 0xffff;
  EXPECT_EQ(to_hex(built(pfc, Fcs::absent)),
            "0180c2000001"
            "021122334455"
            "8808"
            "0101"
            "0009"
            "1234"
            "0000"
            "0000"
            "ffff"
            "0000"
            "0000"
            "0000"
            "0000" +
                std::string(52, '0'));
}

TEST(MacControl, PauseFrameFixture) {
  EXPECT_EQ(to_hex(built(Pause{0xffff}, Fcs::absent)),
            "0180c2000001"
            "021122334455"
            "8808"
            "0001"
            "ffff" +
                std::string(84, '0'));
}

// The residue of a CRC-32 over data and its own little-endian check value is constant: an FCS check that knows no layout.
TEST(MacControl, SixtyFourBytesEndWithAnFcs) {
  for (const MacControl& control : {MacControl{Pause{1}}, MacControl{Pfc{.class_enable = 8}}}) {
    const auto frame = built(control, Fcs::present);
    ASSERT_EQ(frame.size(), 64u);
    EXPECT_EQ(Crc32().add(frame).value(), 0x2144df1cu);
  }
}

TEST(MacControl, ComeBackTheSame) {
  Random random(random_key(3, RandomRoom::test, 0));
  for (int i = 0; i < 200; ++i) {
    const MacControl control =
        samples::flip(random) ? MacControl{samples::any_pfc(random)} : MacControl{Pause{samples::any<std::uint16_t>(random)}};
    const Fcs fcs = samples::flip(random) ? Fcs::present : Fcs::absent;
    const ParsedMacControl parsed = parse_mac_control_frame(built(control, fcs), fcs);
    ASSERT_TRUE(parsed.ok()) << name_of(parsed.refusal);
    EXPECT_EQ(parsed.source, source);
    EXPECT_EQ(parsed.control, control);
  }
}

TEST(MacControl, EachRefusalHasItsName) {
  const auto good = built(Pause{5}, Fcs::absent);
  const auto refusal_after = [&](std::size_t at, std::uint8_t value) {
    auto bytes = good;
    bytes[at] = std::byte{value};
    return parse_mac_control_frame(bytes, Fcs::absent).refusal;
  };
  EXPECT_EQ(refusal_after(0, 0x01), MacControlRefusal::none);
  EXPECT_EQ(refusal_after(5, 0x02), MacControlRefusal::destination);
  EXPECT_EQ(refusal_after(13, 0x09), MacControlRefusal::not_mac_control);
  EXPECT_EQ(refusal_after(15, 0x02), MacControlRefusal::unknown_opcode);
  EXPECT_EQ(parse_mac_control_frame(built(Pause{5}, Fcs::present), Fcs::absent).refusal, MacControlRefusal::none);
  for (std::size_t length = 0; length < good.size(); ++length) {
    EXPECT_EQ(parse_mac_control_frame(ByteView(good).first(length), Fcs::absent).refusal, MacControlRefusal::truncated);
  }
  auto damaged = built(Pause{5}, Fcs::present);
  damaged[17] ^= std::byte{1};
  EXPECT_EQ(parse_mac_control_frame(damaged, Fcs::present).refusal, MacControlRefusal::fcs);
}

TEST(MacControl, ReservedHalfOfTheClassVectorIsIgnored) {
  auto bytes = built(Pfc{.class_enable = 0x10}, Fcs::absent);
  bytes[16] = std::byte{0xff};
  EXPECT_EQ(std::get<Pfc>(parse_mac_control_frame(bytes, Fcs::absent).control).class_enable, 0x10);
}

TEST(MacControl, TooLittleRoomYieldsZero) {
  for (std::size_t length = 0; length < mac_control_frame_size; ++length) {
    std::vector<std::byte> room(length);
    EXPECT_EQ(build_mac_control_frame(source, Pause{1}, Fcs::present, room), 0u);
  }
}

TEST(MacControl, QuantaAreFiveHundredTwelveBitTimes) {
  using namespace literals;
  EXPECT_EQ(quanta_time(1, 400_Gbps), 1280_ps);
  EXPECT_EQ(quanta_time(65535, 400_Gbps), Duration{83'884'800});
  EXPECT_EQ(quanta_for(1280_ps, 400_Gbps), 1);
  EXPECT_EQ(quanta_for(1281_ps, 400_Gbps), 2);
  EXPECT_EQ(quanta_for(0_ps, 400_Gbps), 0);
  EXPECT_EQ(quanta_for(1000_ms, 400_Gbps), 65535);
}

}  // namespace
}  // namespace weft::wire
