// GSE frames byte by byte: RoCE and Ultra Ethernet wrapped and unwrapped, the fabric's messages, each refusal by its name.
#include "wire/gse_frame.hh"

#include <gtest/gtest.h>

#include "support/gse_samples.hh"
#include "support/seeds.hh"
#include "support/uet_samples.hh"
#include "wire/frame_size.hh"

namespace weft::wire {
namespace {

using samples::to_hex;

const MacAddress there{{0x02, 0, 0, 0, 0, 2}}, here{{0x02, 0, 0, 0, 0, 1}};

std::vector<std::byte> roce_frame(Random& random, Fcs fcs) {
  std::vector<std::byte> room(frame_limit);
  room.resize(build_frame(samples::any_frame(random, zero_payload(4096)), fcs, room));
  return room;
}
std::vector<std::byte> uet_frame(Random& random, Fcs fcs) {
  std::vector<std::byte> room(frame_limit);
  const auto frame = samples::any_uet_frame(random, zero_payload(1000));
  room.resize(build_uet_frame(frame, fcs, EndCrc::absent, room));
  return room;
}
std::vector<std::byte> wrapped(ByteView frame, const GseData& data, Fcs fcs) {
  std::vector<std::byte> room(gse_frame_limit);
  room.resize(wrap_gse_frame(frame, data, fcs, room));
  return room;
}
std::vector<std::byte> message(const GseHeader& header, Fcs fcs = Fcs::absent) {
  std::vector<std::byte> room(gse_frame_limit);
  room.resize(build_gse_message(there, here, header, fcs, room));
  return room;
}
std::vector<std::byte> unwrapped(const ParsedGseFrame& parsed, Fcs fcs) {
  std::vector<std::byte> room(frame_limit);
  room.resize(unwrap_gse_frame(parsed, fcs, room));
  return room;
}

TEST(GseFrame, HeaderFixture) {
  const GseData data{.way = {.source = 0x0102, .destination = 0x0304, .port = 0x0506, .priority = 5},
                     .container = 0x070809,
                     .packet = 0x0a,
                     .first = true,
                     .last = false,
                     .offset = 0x0b0c,
                     .inner_type = 0x0800};
  std::array<std::byte, GseHeader::size> room;
  Writer out(room);
  gse_header(data).encode(out);
  EXPECT_EQ(to_hex(room),
            "11a8010203040506070809"
            "0a0b0c0800");
}

TEST(GseFrame, TheHeaderStandsBehindTheAddresses) {
  Random random(random_key(4, RandomRoom::test, 0));
  const auto frame = roce_frame(random, Fcs::absent);
  const std::string hex = to_hex(frame);
  const GseData data{.way = {.source = 1, .destination = 2, .port = 3, .priority = 3}, .container = 4, .packet = 5, .last = true};
  EXPECT_EQ(to_hex(wrapped(frame, data, Fcs::absent)), hex.substr(0, 24) +
                                                           "88b5"
                                                           "1170"
                                                           "0001"
                                                           "0002"
                                                           "0003"
                                                           "000004"
                                                           "05"
                                                           "0000" +
                                                           hex.substr(24));
}

TEST(GseFrame, FramesOfBothTransportsComeBack) {
  test::for_each_seed(200, [](Random& random, std::uint64_t) {
    for (const bool uet : {false, true}) {
      for (const Fcs fcs : {Fcs::absent, Fcs::present}) {
        Random same = random;
        const auto frame = uet ? uet_frame(random, Fcs::absent) : roce_frame(random, Fcs::absent);
        const auto with_fcs = uet ? uet_frame(same, Fcs::present) : roce_frame(same, Fcs::present);
        GseData data = gse_data(samples::any_gse_header(random, GseType::data));
        const auto on_wire = wrapped(frame, data, fcs);
        const ParsedGseFrame parsed = parse_gse_frame(on_wire, fcs);
        ASSERT_TRUE(parsed.ok()) << name_of(parsed.refusal);
        data.inner_type = parsed.header.aux;
        EXPECT_EQ(gse_data(parsed.header), data);
        EXPECT_EQ(unwrapped(parsed, Fcs::absent), frame);
        EXPECT_EQ(unwrapped(parsed, Fcs::present), with_fcs);
        if (fcs == Fcs::present) {
          EXPECT_EQ(Bytes{static_cast<std::int64_t>(on_wire.size())}, gse_frame_bytes(Bytes{static_cast<std::int64_t>(with_fcs.size())}));
        }
      }
    }
  });
}

TEST(GseFrame, AWriteOfFourThousandBytes) {
  EXPECT_EQ(gse_frame_bytes(frame_bytes(RoceOpcode::write_middle, 4096)), Bytes{4158 + 16});
  EXPECT_EQ(gse_frame_bytes(uet_frame_bytes(PdsType::nack, PdsNext::none, 0)), Bytes{80}) << "padding is carried too";
}

TEST(GseFrame, MessagesAreLeastFramesAndComeBack) {
  test::for_each_seed(200, [](Random& random, std::uint64_t) {
    const GseHeader header = samples::any_gse_message(random);
    const auto frame = message(header, Fcs::present);
    ASSERT_EQ(Bytes{static_cast<std::int64_t>(frame.size())}, gse_message_bytes);
    const ParsedGseFrame parsed = parse_gse_frame(frame, Fcs::present);
    ASSERT_TRUE(parsed.ok()) << name_of(parsed.refusal);
    EXPECT_EQ(parsed.header, header);
    EXPECT_EQ(parsed.source, here);
    EXPECT_EQ(parsed.destination, there);
  });
}

TEST(GseFrame, EachRefusalHasItsName) {
  const auto good = message(gse_header(GseFault{.reporter = 7}));
  const auto refusal_after = [&](std::size_t at, std::uint8_t value) {
    auto bytes = good;
    bytes[at] = std::byte{value};
    return name_of(parse_gse_frame(bytes, Fcs::absent).refusal);
  };
  EXPECT_EQ(refusal_after(0, 0x04), "none");
  EXPECT_EQ(refusal_after(13, 0xb6), "not_gse");
  EXPECT_EQ(refusal_after(14, 0x24), "version");
  EXPECT_EQ(refusal_after(14, 0x10), "unknown_type");
  EXPECT_EQ(refusal_after(14, 0x15), "unknown_type");
  EXPECT_EQ(refusal_after(15, 0xe7), "none") << "reserved bits are ignored";
  EXPECT_EQ(refusal_after(27, 0x00), "unknown_event");
  EXPECT_EQ(refusal_after(27, 0x03), "unknown_event");
  for (std::size_t length = 0; length < good.size(); ++length) {
    EXPECT_EQ(name_of(parse_gse_frame(ByteView(good).first(length), Fcs::absent).refusal), "truncated") << length;
  }
  auto damaged = message(gse_header(GseFault{}), Fcs::present);
  damaged[20] ^= std::byte{1};
  EXPECT_EQ(name_of(parse_gse_frame(damaged, Fcs::present).refusal), "fcs");
}

TEST(GseFrame, TooLittleRoomYieldsZero) {
  Random random(random_key(5, RandomRoom::test, 0));
  const auto frame = roce_frame(random, Fcs::absent);
  const auto on_wire = wrapped(frame, {}, Fcs::present);
  const ParsedGseFrame parsed = parse_gse_frame(on_wire, Fcs::present);
  for (std::size_t length = 0; length < on_wire.size(); ++length) {
    std::vector<std::byte> room(length);
    EXPECT_EQ(wrap_gse_frame(frame, {}, Fcs::present, room), 0u);
    if (length < frame.size()) { EXPECT_EQ(unwrap_gse_frame(parsed, Fcs::absent, room), 0u); }
    if (length < 64) { EXPECT_EQ(build_gse_message(there, here, gse_header(GseGrant{}), Fcs::present, room), 0u); }
  }
}

TEST(GseMessages, UnitsAndBounds) {
  EXPECT_EQ(gse_units(Bytes{0}), 0u);
  EXPECT_EQ(gse_units(Bytes{1}), 1u);
  EXPECT_EQ(gse_units(Bytes{256}), 1u);
  EXPECT_EQ(gse_units(Bytes{257}), 2u);
  EXPECT_EQ(gse_units(Bytes{std::int64_t{1} << 32}), 0u) << "4 GiB go once around";
  EXPECT_EQ(gse_ahead(1, 0xffffff), 2);
  EXPECT_EQ(gse_ahead(0xffffff, 1), -2);
  EXPECT_EQ(gse_request(gse_header(GseRequest{.granted_seen = 0xabcdef})).granted_seen, 0xabcdefu);
  EXPECT_EQ(gse_grant(gse_header(GseGrant{.requested_seen = 0xfedcba})).requested_seen, 0xfedcbau);
}

TEST(GseFaultBlock, Fixture) {
  const GseFault fault{.reporter = 0x1234, .port = 0x056, .notice = 0x789abc, .hops_left = 200, .event = GseLinkEvent::up};
  std::array<std::byte, GseFaultBlock::size> room;
  Writer out(room);
  GseFaultBlock::of(fault).encode(out);
  EXPECT_EQ(to_hex(room),
            "02"
            "4b"
            "02"
            "1234"
            "9"
            "056"
            "abc"
            "f");
}

TEST(GseFaultBlock, OtherBlocksAreRefused) {
  std::array<std::byte, GseFaultBlock::size> room;
  Writer out(room);
  GseFaultBlock{}.encode(out);
  const auto refused_after = [&](std::size_t at, std::uint8_t value) {
    auto bytes = room;
    bytes[at] = std::byte{value};
    Reader in(bytes);
    return !GseFaultBlock::decode(in).has_value();
  };
  EXPECT_FALSE(refused_after(0, 0x02));
  EXPECT_TRUE(refused_after(0, 0x01)) << "a data block";
  EXPECT_TRUE(refused_after(1, 0x1e)) << "idle";
  EXPECT_TRUE(refused_after(2, 0x00)) << "no event";
  EXPECT_TRUE(refused_after(5, 0x60)) << "UEC's ordered set";
  EXPECT_TRUE(refused_after(5, 0x00)) << "the standard's";
}

}  // namespace
}  // namespace weft::wire
