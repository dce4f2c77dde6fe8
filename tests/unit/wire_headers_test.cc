// Single headers by hand, the cursor's sticky errors, and the tables behind AETH's syndrome.
#include <gtest/gtest.h>

#include "support/wire_samples.hh"
#include "wire/aeth.hh"
#include "wire/ethernet.hh"
#include "wire/ipv4.hh"
#include "wire/ipv6.hh"
#include "wire/udp.hh"

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

TEST(Cursor, ErrorsStick) {
  const auto bytes = from_hex("0102030405");
  Reader in(bytes);
  EXPECT_EQ(in.be<std::uint16_t>(), 0x0102u);
  EXPECT_EQ(in.be24(), 0x030405u);
  EXPECT_TRUE(in.ok());
  EXPECT_EQ(in.be<std::uint8_t>(), 0u);
  EXPECT_FALSE(in.ok());
  std::array<std::byte, 3> room{};
  Writer out(room);
  out.be(std::uint16_t{0xaabb});
  out.be(std::uint32_t{1});
  EXPECT_FALSE(out.ok());
  out.be(std::uint8_t{0xcc});
  EXPECT_EQ(out.size(), 2u);
  EXPECT_EQ(to_hex(room), "aabb00") << "after an error nothing more is written";
}

TEST(Cursor, ShortReadTakesNothingOfWhatIsLeft) {
  const auto bytes = from_hex("010203");
  Reader in(bytes);
  EXPECT_EQ(in.be<std::uint32_t>(), 0u);
  EXPECT_FALSE(in.ok());
  EXPECT_EQ(in.be<std::uint8_t>(), 0u) << "a byte was left, but the error sticks";
}

TEST(Headers, BthFlagsHaveTheirOwnBits) {
  EXPECT_EQ(hex_of(Bth{.opcode = 0x0a}), "0a00ffff0000000000000000");
  EXPECT_EQ(hex_of(Bth{.solicited = true}), "0080ffff0000000000000000");
  EXPECT_EQ(hex_of(Bth{.migration_request = true}), "0040ffff0000000000000000");
  EXPECT_EQ(hex_of(Bth{.pad_count = 3}), "0030ffff0000000000000000");
  EXPECT_EQ(hex_of(Bth{.pkey = 0x8001}), "000080010000000000000000");
  EXPECT_EQ(hex_of(Bth{.fecn = true}), "0000ffff8000000000000000");
  EXPECT_EQ(hex_of(Bth{.becn = true}), "0000ffff4000000000000000");
  EXPECT_EQ(hex_of(Bth{.dest_qp = 0x123456}), "0000ffff0012345600000000");
  EXPECT_EQ(hex_of(Bth{.ack_request = true}), "0000ffff0000000080000000");
  EXPECT_EQ(hex_of(Bth{.psn = 0xfedcba}), "0000ffff0000000000fedcba");
}

TEST(Headers, BthReservedBitsAreIgnoredAndTheVersionIsNot) {
  const auto reserved = from_hex("0000ffff3f0000007f000000");
  Reader in(reserved);
  EXPECT_EQ(Bth::decode(in), Bth{});
  const auto version = from_hex("0001ffff0000000000000000");
  Reader other(version);
  EXPECT_EQ(Bth::decode(other), std::nullopt);
  EXPECT_TRUE(other.ok()) << "the bytes sufficed";
}

TEST(Headers, VlanUdpAndIpFields) {
  EXPECT_EQ(hex_of(VlanTag{.priority = 5, .vlan = 0x123, .type = 0x0800}), "a1230800");
  EXPECT_EQ(hex_of(VlanTag{.drop_eligible = true}), "10000000");
  EXPECT_EQ(hex_of(UdpHeader{.source_port = 0x1111, .length = 0x2222, .checksum = 0x3333}), "111112b722223333");
  EXPECT_EQ(hex_of(Ipv6Header{.dscp = 63, .ecn = Ecn::ect1, .flow_label = 0x12345}).substr(0, 16), "6fd1234500001140");
  EXPECT_EQ(hex_of(EthernetHeader{.destination = {{1, 2, 3, 4, 5, 6}}, .source = {{7, 8, 9, 10, 11, 12}}, .type = 0x8808}),
            "0102030405060708090a0b0c8808");
}

// The captured CNP's header, checksum 0x9161 included.
TEST(Headers, Ipv4WithItsChecksum) {
  const Ipv4Header header{
      .dscp = 48, .ecn = Ecn::ect0, .total_length = 60, .identification = 0x718c, .source = {0x0a001101}, .destination = {0x0a001201}};
  EXPECT_EQ(hex_of(header), "45c2003c718c4000401191610a0011010a001201");
}

TEST(Headers, Ipv4ProblemsAreNamed) {
  auto bytes = from_hex("45c2003c718c4000401191610a0011010a001201");
  EXPECT_EQ(ipv4_problem(bytes), Ipv4Problem::none);
  EXPECT_EQ(ipv4_problem(ByteView(bytes).first(19)), Ipv4Problem::truncated);
  bytes[8] = std::byte{0x3f};
  EXPECT_EQ(ipv4_problem(bytes), Ipv4Problem::checksum);
  bytes[0] = std::byte{0x46};
  EXPECT_EQ(ipv4_problem(bytes), Ipv4Problem::options);
  bytes[0] = std::byte{0x65};
  EXPECT_EQ(ipv4_problem(bytes), Ipv4Problem::version);
}

TEST(AethSyndrome, KindsAndValues) {
  EXPECT_EQ(ack_syndrome(), 0x1f);
  EXPECT_EQ(ack_syndrome(7), 0x07);
  EXPECT_EQ(rnr_syndrome(12), 0x2c);
  EXPECT_EQ(nak_syndrome(NakCode::psn_sequence_error), 0x60);
  EXPECT_EQ(nak_syndrome(NakCode::remote_access_error), 0x62);
  EXPECT_EQ(aeth_kind(0x1f), AethKind::acknowledge);
  EXPECT_EQ(aeth_kind(0x2c), AethKind::rnr_nak);
  EXPECT_EQ(aeth_kind(0x40), AethKind::reserved);
  EXPECT_EQ(aeth_kind(0x60), AethKind::nak);
  EXPECT_EQ(aeth_kind(0xe0), AethKind::reserved) << "bit 7 must be zero";
  EXPECT_EQ(aeth_value(0x2c), 12);
  EXPECT_EQ(nak_code(0x63), NakCode::remote_operational_error);
  EXPECT_EQ(nak_code(0x65), std::nullopt);
  EXPECT_EQ(nak_code(0x00), std::nullopt);
}

TEST(AethSyndrome, CreditsOfTheTable) {
  const std::array<std::uint32_t, 31> table = {0,   1,   2,   3,   4,    6,    8,    12,   16,   24,   32,   48,    64,    96,    128,  192,
                                               256, 384, 512, 768, 1024, 1536, 2048, 3072, 4096, 6144, 8192, 12288, 16384, 24576, 32768};
  for (std::uint8_t code = 0; code < table.size(); ++code) {
    EXPECT_EQ(credits(code), table[code]);
    EXPECT_EQ(credit_code(table[code]), code);
    if (code == 0) continue;
    EXPECT_EQ(credit_code(table[code] - 1), code - 1) << "never promise more than there is";
  }
  EXPECT_EQ(credits(31), std::nullopt);
  EXPECT_EQ(credit_code(1'000'000), 30);
}

TEST(AethSyndrome, RnrDelaysOfTheTable) {
  using namespace literals;
  EXPECT_EQ(rnr_delay(0), 655'360_us);
  EXPECT_EQ(rnr_delay(1), 10_us);
  EXPECT_EQ(rnr_delay(12), 640_us);
  EXPECT_EQ(rnr_delay(13), 960_us);
  EXPECT_EQ(rnr_delay(18), 5'120_us);
  EXPECT_EQ(rnr_delay(31), 491'520_us);
  for (std::uint8_t code = 2; code < 32; ++code) EXPECT_GT(rnr_delay(code), rnr_delay(code - 1));
  EXPECT_EQ(rnr_code(1_us), 1);
  EXPECT_EQ(rnr_code(640_us), 12);
  EXPECT_EQ(rnr_code(641_us), 13);
  EXPECT_EQ(rnr_code(600'000_us), 0);
}

TEST(HeadersDeathTest, ValuesThatDoNotFitStopTheProgram) {
  EXPECT_DEATH(hex_of(Bth{.dest_qp = 1u << 24}), "dest_qp 16777216");
  EXPECT_DEATH(hex_of(Aeth{.msn = 1u << 24}), "msn 16777216");
  EXPECT_DEATH(hex_of(SackEth{.trigger_psn = 1u << 24}), "trigger_psn 16777216");
  EXPECT_DEATH(hex_of(VlanTag{.vlan = 4096}), "vlan 4096");
  EXPECT_DEATH(hex_of(Ipv4Header{.dscp = 64}), "dscp 64");
  EXPECT_DEATH(hex_of(Ipv6Header{.flow_label = 1u << 20}), "flow_label 1048576");
}

}  // namespace
}  // namespace weft::wire
