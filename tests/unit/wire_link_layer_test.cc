// Ordered sets and CC_Update frames byte by byte, round trips, and what is refused.
#include <gtest/gtest.h>

#include "support/wire_header_suite.hh"
#include "support/wire_samples.hh"
#include "wire/control_ordered_set.hh"
#include "wire/credit_update.hh"

namespace weft::wire {

template <>
struct HeaderSample<ControlOrderedSet> {
  static ControlOrderedSet draw(Random& random) {
    constexpr ControlSet types[] = {ControlSet::ack, ControlSet::nack, ControlSet::init, ControlSet::init_echo, ControlSet::credits_freed};
    ControlOrderedSet h;
    h.type = types[random.below(5)];
    const bool init = h.type == ControlSet::init || h.type == ControlSet::init_echo;
    if (init)
      h.init_data = samples::any<std::uint16_t>(random);
    else
      h.number = static_cast<std::uint32_t>(random.below(1U << 20));
    if (h.type == ControlSet::credits_freed) h.channel = static_cast<std::uint8_t>(random.below(32));
    return h;
  }
};

namespace {

using samples::from_hex;
using samples::to_hex;

INSTANTIATE_TYPED_TEST_SUITE_P(LinkLayer, WireHeaders, testing::Types<ControlOrderedSet>);

TEST(ControlOrderedSetBytes, NumberStandsWhereTheReferenceSays) {
  const ControlOrderedSet nack{.type = ControlSet::nack, .number = 0x12345};
  EXPECT_EQ(to_hex(bytes_of(nack)), "4b02123456000000");
  const ControlOrderedSet credits{.type = ControlSet::credits_freed, .channel = 3, .number = 0xabcde};
  EXPECT_EQ(to_hex(bytes_of(credits)), "4b10abcde6180000");
}

TEST(ControlOrderedSetBytes, StrangersAreRefused) {
  for (const char* text :
       {"4c02123456000000", "4b05123456000000", "4b02123457000000", "4b02123456000001", "4b02123456080000", "4b03100006beef00"}) {
    EXPECT_FALSE(header_of<ControlOrderedSet>(from_hex(text)).has_value()) << text;
  }
}

const MacAddress source{{0x02, 0x11, 0x22, 0x33, 0x44, 0x55}};

std::vector<std::byte> built(const CreditUpdate& update, Fcs fcs) {
  std::vector<std::byte> room(64);
  room.resize(build_credit_update_frame(source, update, fcs, room));
  return room;
}

TEST(CreditUpdateFrame, Fixture) {
  CreditUpdate update;
  update.add(0, 0x12345);
  update.add(3, 0xfffff);
  EXPECT_EQ(to_hex(built(update, Fcs::absent)),
            "0180c2000001"
            "021122334455"
            "88b6"
            "0102"
            "00012345"
            "030fffff" +
                std::string(72, '0'));
  EXPECT_EQ(Crc32().add(built(update, Fcs::present)).value(), 0x2144df1cU);
}

TEST(CreditUpdateFrame, ComesBackTheSame) {
  test::for_each_seed(300, [](Random& random, std::uint64_t) {
    CreditUpdate update;
    for (std::uint8_t vc = 0; vc < 32 && update.count < CreditUpdate::most; ++vc) {
      if (random.below(4) == 0 || vc == 31) update.add(vc, static_cast<std::uint32_t>(random.below(1U << 20)));
    }
    for (const Fcs fcs : {Fcs::absent, Fcs::present}) {
      const auto parsed = parse_credit_update_frame(built(update, fcs), fcs);
      ASSERT_TRUE(parsed.ok()) << name_of(parsed.refusal);
      EXPECT_EQ(parsed.update, update);
      EXPECT_EQ(parsed.source, source);
    }
  });
}

TEST(CreditUpdateFrame, RefusalsHaveNames) {
  CreditUpdate update;
  update.add(1, 7);
  const auto good = built(update, Fcs::absent);
  const auto refusal = [&](std::size_t at, std::uint8_t value) {
    auto bytes = good;
    bytes[at] = std::byte{value};
    return parse_credit_update_frame(bytes, Fcs::absent).refusal;
  };
  EXPECT_EQ(refusal(0, 2), CreditUpdateRefusal::destination);
  EXPECT_EQ(refusal(13, 0), CreditUpdateRefusal::ether_type);
  EXPECT_EQ(refusal(14, 9), CreditUpdateRefusal::malformed);   // kind
  EXPECT_EQ(refusal(15, 0), CreditUpdateRefusal::malformed);   // no VC
  EXPECT_EQ(refusal(15, 9), CreditUpdateRefusal::malformed);   // too many
  EXPECT_EQ(refusal(15, 2), CreditUpdateRefusal::malformed);   // the second is VC 0: not ascending
  EXPECT_EQ(refusal(16, 32), CreditUpdateRefusal::malformed);  // VC out of range
  EXPECT_EQ(refusal(17, 16), CreditUpdateRefusal::malformed);  // more than 20 bits
  EXPECT_EQ(parse_credit_update_frame(ByteView(good).first(59), Fcs::absent).refusal, CreditUpdateRefusal::truncated);
  auto flipped = built(update, Fcs::present);
  flipped[30] = std::byte{1};
  EXPECT_EQ(parse_credit_update_frame(flipped, Fcs::present).refusal, CreditUpdateRefusal::fcs);
}

}  // namespace
}  // namespace weft::wire
