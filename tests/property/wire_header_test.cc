// What holds for every header: it comes back the same, shorter input is refused, and whatever bytes are accepted say the
// same after another round.
#include <gtest/gtest.h>

#include <array>

#include "support/seeds.hh"
#include "support/wire_samples.hh"
#include "wire/ethernet.hh"
#include "wire/ipv4.hh"
#include "wire/ipv6.hh"
#include "wire/mac_control.hh"
#include "wire/udp.hh"

namespace weft::wire {
namespace {

using samples::any;
using samples::any24;
using samples::flip;

template <class H>
H any_header(Random& random);

template <>
Bth any_header<Bth>(Random& random) {
  return {.opcode = any<std::uint8_t>(random),
          .solicited = flip(random),
          .migration_request = flip(random),
          .pad_count = static_cast<std::uint8_t>(random.below(4)),
          .pkey = any<std::uint16_t>(random),
          .fecn = flip(random),
          .becn = flip(random),
          .dest_qp = any24(random),
          .ack_request = flip(random),
          .psn = any24(random)};
}
template <>
Reth any_header<Reth>(Random& random) {
  return {any<std::uint64_t>(random), any<std::uint32_t>(random), any<std::uint32_t>(random)};
}
template <>
Aeth any_header<Aeth>(Random& random) {
  return {any<std::uint8_t>(random), any24(random)};
}
template <>
ImmDt any_header<ImmDt>(Random& random) {
  return {any<std::uint32_t>(random)};
}
template <>
AtomicEth any_header<AtomicEth>(Random& random) {
  return {any<std::uint64_t>(random), any<std::uint32_t>(random), any<std::uint64_t>(random), any<std::uint64_t>(random)};
}
template <>
AtomicAckEth any_header<AtomicAckEth>(Random& random) {
  return {any<std::uint64_t>(random)};
}
template <>
SackEth any_header<SackEth>(Random& random) {
  return {any24(random), any<std::uint64_t>(random)};
}
template <>
CnpReserved any_header<CnpReserved>(Random&) {
  return {};
}
template <>
EthernetHeader any_header<EthernetHeader>(Random& random) {
  return {samples::any_mac(random), samples::any_mac(random), any<std::uint16_t>(random)};
}
template <>
VlanTag any_header<VlanTag>(Random& random) {
  return {.priority = static_cast<std::uint8_t>(random.below(8)),
          .drop_eligible = flip(random),
          .vlan = static_cast<std::uint16_t>(random.below(4096)),
          .type = any<std::uint16_t>(random)};
}
template <>
Ipv4Header any_header<Ipv4Header>(Random& random) {
  return samples::any_ipv4(random);
}
template <>
Ipv6Header any_header<Ipv6Header>(Random& random) {
  return samples::any_ipv6(random);
}
template <>
UdpHeader any_header<UdpHeader>(Random& random) {
  return {any<std::uint16_t>(random), any<std::uint16_t>(random), static_cast<std::uint16_t>(8 + random.below(65528)),
          any<std::uint16_t>(random)};
}
template <>
Pause any_header<Pause>(Random& random) {
  return {any<std::uint16_t>(random)};
}
template <>
Pfc any_header<Pfc>(Random& random) {
  return samples::any_pfc(random);
}

template <WireHeader H>
using HeaderBytes = std::array<std::byte, H::size>;

template <WireHeader H>
HeaderBytes<H> bytes_of(const H& header) {
  HeaderBytes<H> bytes;
  Writer out(bytes);
  header.encode(out);
  EXPECT_TRUE(out.ok());
  EXPECT_EQ(out.size(), H::size);
  return bytes;
}
template <WireHeader H>
std::optional<H> header_of(ByteView bytes) {
  Reader in(bytes);
  return H::decode(in);
}

// Kept out of line: inlined into a loop over known lengths, g++ 12 warns of writes that the Writer refuses.
template <WireHeader H>
[[gnu::noinline]] bool fits(const H& header, ByteRoom room) {
  Writer out(room);
  header.encode(out);
  return out.ok();
}

template <class H>
class WireHeaders : public testing::Test {};
using Headers = testing::Types<Bth, Reth, Aeth, ImmDt, AtomicEth, AtomicAckEth, SackEth, CnpReserved, EthernetHeader, VlanTag, Ipv4Header,
                               Ipv6Header, UdpHeader, Pause, Pfc>;
TYPED_TEST_SUITE(WireHeaders, Headers);

TYPED_TEST(WireHeaders, ComeBackTheSame) {
  test::for_each_seed(500, [](Random& random, std::uint64_t) {
    const auto header = any_header<TypeParam>(random);
    const auto back = header_of<TypeParam>(bytes_of(header));
    ASSERT_TRUE(back.has_value());
    EXPECT_EQ(*back, header);
  });
}

TYPED_TEST(WireHeaders, LeaveWhatFollowsToTheNext) {
  Random random(random_key(7, RandomRoom::test, 0));
  const auto bytes = bytes_of(any_header<TypeParam>(random));
  std::vector<std::byte> longer(bytes.begin(), bytes.end());
  longer.push_back(std::byte{0x5a});
  Reader in(longer);
  EXPECT_TRUE(TypeParam::decode(in).has_value());
  ASSERT_EQ(in.rest().size(), 1u);
  EXPECT_EQ(in.rest()[0], std::byte{0x5a});
}

TYPED_TEST(WireHeaders, RefuseEveryShorterLength) {
  Random random(random_key(8, RandomRoom::test, 0));
  const auto bytes = bytes_of(any_header<TypeParam>(random));
  for (std::size_t length = 0; length < bytes.size(); ++length) {
    const std::vector<std::byte> cut(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(length));
    Reader in(cut);
    EXPECT_FALSE(TypeParam::decode(in).has_value()) << "length " << length;
    EXPECT_FALSE(in.ok()) << "length " << length;
  }
}

TYPED_TEST(WireHeaders, SayWhenTheRoomIsTooSmall) {
  Random random(random_key(9, RandomRoom::test, 0));
  const auto header = any_header<TypeParam>(random);
  for (std::size_t length = 0; length < TypeParam::size; ++length) {
    std::vector<std::byte> room(length);
    EXPECT_FALSE(fits(header, room)) << "length " << length;
  }
}

TYPED_TEST(WireHeaders, AcceptedBytesSayTheSameAfterAnotherRound) {
  test::for_each_seed(200, [](Random& random, std::uint64_t) {
    auto bytes = bytes_of(any_header<TypeParam>(random));
    for (std::size_t bit = 0; bit < bytes.size() * 8; ++bit) {
      bytes[bit / 8] ^= static_cast<std::byte>(0x80u >> bit % 8);
      const auto first = header_of<TypeParam>(bytes);
      if (!first) continue;
      EXPECT_EQ(header_of<TypeParam>(bytes_of(*first)), first) << "bit " << bit;
    }
  });
}

}  // namespace
}  // namespace weft::wire
