// Lines, words and exact numbers: what the parsers of small formats rely on.
#include "base/parse.hh"

#include <gtest/gtest.h>

#include <vector>

namespace weft {
namespace {

TEST(Parse, LinesCountFromOneAndLoseTheirCarriageReturn) {
  Lines lines("a\r\n\nlast");
  std::string_view line;
  ASSERT_TRUE(lines.next(line));
  EXPECT_EQ(line, "a");
  EXPECT_EQ(lines.number(), 1);
  ASSERT_TRUE(lines.next(line));
  EXPECT_EQ(line, "");
  ASSERT_TRUE(lines.next(line));
  EXPECT_EQ(line, "last");
  EXPECT_EQ(lines.number(), 3);
  EXPECT_FALSE(lines.next(line));
}

TEST(Parse, WordsSkipBlanksAndEndWithAnEmptyOne) {
  Words words("  one\ttwo  ");
  EXPECT_EQ(words.next(), "one");
  EXPECT_EQ(words.next(), "two");
  EXPECT_EQ(words.next(), "");
  EXPECT_EQ(words.next(), "");
}

TEST(Parse, UnsignedTakesTheWholeWordOrNothing) {
  EXPECT_EQ(parse_unsigned("42"), 42u);
  EXPECT_EQ(parse_unsigned("18446744073709551615"), ~0ULL);
  for (const char* const word : {"", "-1", "+1", "1x", "x", "0x10", "18446744073709551616", " 1"}) {
    EXPECT_EQ(parse_unsigned(word), std::nullopt) << word;
  }
  EXPECT_EQ(parse_unsigned<std::uint8_t>("256"), std::nullopt);
  EXPECT_EQ(parse_unsigned<int>("-3"), std::nullopt);
}

TEST(Parse, ScaledIsExact) {
  EXPECT_EQ(parse_scaled("1.5", 6), 1'500'000);
  EXPECT_EQ(parse_scaled("0.1", 12), 100'000'000'000);
  EXPECT_EQ(parse_scaled("7", 0), 7);
  EXPECT_EQ(parse_scaled("0.5", 0), 1) << "half rounds up";
  EXPECT_EQ(parse_scaled("0.4999", 0), 0);
  for (const char* const word : {"", ".", "-1", "1.2.3", "1e3", "abc", "99999999999999999999"}) {
    EXPECT_EQ(parse_scaled(word, 3), std::nullopt) << word;
  }
}

TEST(Parse, PlacesNameWhatIsKnown) {
  EXPECT_EQ(place("a.cm", 3), "a.cm:3");
  EXPECT_EQ(place("a.cm", 0), "a.cm");
  EXPECT_EQ(place("", 0), "scenario");
}

}  // namespace
}  // namespace weft
