// The two published ICRC vectors, the masking rules, and the CRC-32 check value.
#include "wire/icrc.hh"

#include <gtest/gtest.h>

#include <algorithm>

#include "support/wire_samples.hh"
#include "wire/bth.hh"
#include "wire/crc32.hh"
#include "wire/roce_packet.hh"

namespace weft::wire {
namespace {

using samples::from_hex;
using samples::to_hex;

const char* const cnp_packet =
    "45c2003c718c4000401191610a0011010a001201 000012b700280000 8100ffff4000011800000000 00000000000000000000000000000000";
const char* const unreliable_send =
    "45010040047840004011b4d5c0a80007c0a80007 c00012b7002c0000 2460ffff000000d300cf1710 4630818be28935d90e9a95505401be885e500000";

std::uint32_t icrc_from_ip(ByteView packet) { return icrc_of_bytes(packet.first(20), packet.subspan(20, 8), packet.subspan(28)); }
std::string on_the_wire(std::uint32_t icrc) {
  std::array<std::byte, 4> bytes;
  Writer out(bytes);
  out.le(icrc);
  return to_hex(bytes);
}

TEST(Crc32, GivesThePublishedCheckValue) {
  const auto digits = from_hex("313233343536373839");
  EXPECT_EQ(Crc32().add(digits).value(), 0xcbf43926u);
  EXPECT_EQ(Crc32().add(ByteView(digits).first(4)).add({}).add(ByteView(digits).subspan(4)).value(), 0xcbf43926u);
}

TEST(Crc32, RegisterAfterEightOnesIsTheSeedOfTheIcrc) {
  const auto ones = from_hex("ffffffffffffffff");
  EXPECT_EQ(~Crc32().add(ones).value(), 0xdebb20e3u);
  EXPECT_EQ(Crc32::from_register(0xdebb20e3).value(), Crc32().add(ones).value());
}

TEST(Icrc, MatchesTheCapturedCnp) { EXPECT_EQ(on_the_wire(icrc_from_ip(from_hex(cnp_packet))), "82fd002a"); }

TEST(Icrc, MatchesTheCapturedUnreliableSend) { EXPECT_EQ(on_the_wire(icrc_from_ip(from_hex(unreliable_send))), "78f353f3"); }

TEST(Icrc, HeadersAsValuesGiveTheSame) {
  const auto packet = from_hex(cnp_packet);
  Reader in(packet);
  const auto ip = Ipv4Header::decode(in);
  const auto udp = UdpHeader::decode(in);
  ASSERT_TRUE(ip && udp);
  EXPECT_EQ(on_the_wire(icrc_of(*ip, *udp, in.rest())), "82fd002a");
  auto sealed = std::vector<std::byte>(in.rest().begin(), in.rest().end());
  for (const auto b : from_hex("82fd002a")) sealed.push_back(b);
  EXPECT_TRUE(icrc_matches(*ip, *udp, sealed));
}

TEST(Icrc, EncodingTheCnpGivesTheCapturedBytes) {
  const auto captured = from_hex(std::string(cnp_packet) + "82fd002a");
  Ipv4Header ip{.identification = 0x718c, .source = {0x0a001101}, .destination = {0x0a001201}};
  std::array<std::byte, 64> room;
  const std::size_t size = encode_roce_packet(make_cnp(0x118), {}, ip, UdpHeader{.source_port = 0}, room);
  EXPECT_EQ(to_hex(ByteView(room).first(size)), to_hex(ByteView(captured).subspan(28)));
}

// Every bit of the headers either changes the ICRC or is one of those that routers may change.
TEST(Icrc, CoversAllButTheMaskedBitsOfIpv4) {
  auto packet = from_hex(cnp_packet);
  const std::uint32_t before = icrc_from_ip(packet);
  const std::vector<std::size_t> masked = {1, 8, 10, 11, 20 + 6, 20 + 7, 28 + 4};
  for (std::size_t bit = 0; bit < packet.size() * 8; ++bit) {
    const auto mask = static_cast<std::byte>(0x80u >> bit % 8);
    packet[bit / 8] ^= mask;
    const bool same = icrc_from_ip(packet) == before;
    packet[bit / 8] ^= mask;
    EXPECT_EQ(same, std::ranges::count(masked, bit / 8) == 1) << "bit " << bit;
  }
}

TEST(Icrc, CoversAllButTheMaskedBitsOfIpv6) {
  Random random(random_key(1, RandomRoom::test, 0));
  std::array<std::byte, 48 + 12> packet;
  Writer out(packet);
  samples::any_ipv6(random).encode(out);
  UdpHeader{.source_port = 50000, .length = 20}.encode(out);
  Bth{.opcode = 4, .psn = 7}.encode(out);
  const auto icrc = [&] {
    return icrc_of_bytes(ByteView(packet).first(40), ByteView(packet).subspan(40, 8), ByteView(packet).subspan(48));
  };
  const std::uint32_t before = icrc();
  const auto is_masked = [](std::size_t bit) {
    const std::size_t byte = bit / 8;
    return (bit >= 4 && byte <= 3) || byte == 7 || byte == 46 || byte == 47 || byte == 52;
  };
  for (std::size_t bit = 0; bit < packet.size() * 8; ++bit) {
    const auto mask = static_cast<std::byte>(0x80u >> bit % 8);
    packet[bit / 8] ^= mask;
    EXPECT_EQ(icrc() == before, is_masked(bit)) << "bit " << bit;
    packet[bit / 8] ^= mask;
  }
}

// An independent computation: the register fed bit by bit over a masked copy that this test builds by hand.
TEST(Icrc, OverIpv6EqualsABitwiseComputation) {
  const auto ip = from_hex("60000000001c11402001 0db8000000000000000000000001 2001 0db8000000000000000000000002");
  const auto udp = from_hex("c00012b7001c1234");
  const auto transport = from_hex("0400ffff4000001180000005 deadbeef");
  const auto masked = from_hex(
      "ffffffffffffffff 6fffffff001c11ff20010db800000000000000000000000120010db8000000000000000000000002"
      "c00012b7001cffff 0400ffffff00001180000005 deadbeef");
  std::uint32_t crc = 0xffffffff;
  for (const std::byte b : masked) {
    crc ^= std::to_integer<std::uint32_t>(b);
    for (int i = 0; i < 8; ++i) crc = (crc >> 1) ^ ((crc & 1) != 0 ? 0xedb88320u : 0);
  }
  EXPECT_EQ(icrc_of_bytes(ip, udp, transport), ~crc);
}

}  // namespace
}  // namespace weft::wire
