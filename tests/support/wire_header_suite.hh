// What holds for every header: it comes back the same, shorter input is refused, and whatever bytes are accepted say the
// same after another round. A test file says how to draw a header (HeaderSample<H>::draw) and which headers it is about
// (INSTANTIATE_TYPED_TEST_SUITE_P(Name, WireHeaders, testing::Types<...>)).
#pragma once

#include <gtest/gtest.h>

#include <array>
#include <optional>
#include <vector>

#include "base/random.hh"
#include "support/seeds.hh"
#include "wire/cursor.hh"

namespace weft::wire {

template <class H>
struct HeaderSample;

namespace {

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
TYPED_TEST_SUITE_P(WireHeaders);

TYPED_TEST_P(WireHeaders, ComeBackTheSame) {
  test::for_each_seed(500, [](Random& random, std::uint64_t) {
    const auto header = HeaderSample<TypeParam>::draw(random);
    const auto back = header_of<TypeParam>(bytes_of(header));
    ASSERT_TRUE(back.has_value());
    EXPECT_EQ(*back, header);
  });
}

TYPED_TEST_P(WireHeaders, LeaveWhatFollowsToTheNext) {
  Random random(random_key(7, RandomRoom::test, 0));
  const auto bytes = bytes_of(HeaderSample<TypeParam>::draw(random));
  std::vector<std::byte> longer(bytes.begin(), bytes.end());
  longer.push_back(std::byte{0x5a});
  Reader in(longer);
  EXPECT_TRUE(TypeParam::decode(in).has_value());
  ASSERT_EQ(in.rest().size(), 1u);
  EXPECT_EQ(in.rest()[0], std::byte{0x5a});
}

TYPED_TEST_P(WireHeaders, RefuseEveryShorterLength) {
  Random random(random_key(8, RandomRoom::test, 0));
  const auto bytes = bytes_of(HeaderSample<TypeParam>::draw(random));
  for (std::size_t length = 0; length < bytes.size(); ++length) {
    const std::vector<std::byte> cut(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(length));
    Reader in(cut);
    EXPECT_FALSE(TypeParam::decode(in).has_value()) << "length " << length;
    EXPECT_FALSE(in.ok()) << "length " << length;
  }
}

TYPED_TEST_P(WireHeaders, SayWhenTheRoomIsTooSmall) {
  Random random(random_key(9, RandomRoom::test, 0));
  const auto header = HeaderSample<TypeParam>::draw(random);
  for (std::size_t length = 0; length < TypeParam::size; ++length) {
    std::vector<std::byte> room(length);
    EXPECT_FALSE(fits(header, room)) << "length " << length;
  }
}

TYPED_TEST_P(WireHeaders, AcceptedBytesSayTheSameAfterAnotherRound) {
  test::for_each_seed(200, [](Random& random, std::uint64_t) {
    auto bytes = bytes_of(HeaderSample<TypeParam>::draw(random));
    for (std::size_t bit = 0; bit < bytes.size() * 8; ++bit) {
      bytes[bit / 8] ^= static_cast<std::byte>(0x80u >> bit % 8);
      const auto first = header_of<TypeParam>(bytes);
      if (!first) continue;
      EXPECT_EQ(header_of<TypeParam>(bytes_of(*first)), first) << "bit " << bit;
    }
  });
}

REGISTER_TYPED_TEST_SUITE_P(WireHeaders, ComeBackTheSame, LeaveWhatFollowsToTheNext, RefuseEveryShorterLength, SayWhenTheRoomIsTooSmall,
                            AcceptedBytesSayTheSameAfterAnotherRound);

}  // namespace
}  // namespace weft::wire
