// Numbers with units are read exactly, or refused with what would be right.
#include <gtest/gtest.h>

#include "scenario/nearest.hh"
#include "scenario/quantity.hh"

namespace weft {
namespace {

struct Case {
  const char* text;
  Dimension dimension;
  std::int64_t value;
};

TEST(Quantity, ReadsExactly) {
  const Case cases[] = {
      {"400Gbps", Dimension::rate, 400'000'000'000},
      {"3.2Tbps", Dimension::rate, 3'200'000'000'000},
      {"0.1Gbps", Dimension::rate, 100'000'000},
      {"1.23456789Gbps", Dimension::rate, 1'234'567'890},
      {"100 Gb/s", Dimension::rate, 100'000'000'000},
      {"2MB", Dimension::size, 2'000'000},
      {"2MiB", Dimension::size, 2'097'152},
      {"0.5KiB", Dimension::size, 512},
      {"1e3KB", Dimension::size, 1'000'000},
      {"4178B", Dimension::size, 4'178},
      {"0", Dimension::size, 0},
      {"0.0us", Dimension::duration, 0},
      {"5us", Dimension::duration, 5'000'000},
      {"67.1088640ms", Dimension::duration, 67'108'864'000},
      {"0.000000000001s", Dimension::duration, 1},
      {"25e-1ns", Dimension::duration, 2'500},
      {"-5us", Dimension::duration, -5'000'000},
      {"1000km", Dimension::length, 5'000'000'000},
      {"200m", Dimension::length, 1'000'000},
      {"0.5m", Dimension::length, 2'500},
      {"9223372036854775807B", Dimension::size, 9'223'372'036'854'775'807},
  };
  for (const Case& each : cases) {
    const QuantityReading reading = read_quantity(each.text, each.dimension);
    ASSERT_TRUE(reading.value.has_value()) << each.text << ": " << reading.problem;
    EXPECT_EQ(*reading.value, each.value) << each.text;
  }
}

struct Refused {
  const char* text;
  Dimension dimension;
  const char* problem;
  const char* hint;
};

TEST(Quantity, RefusesWithReason) {
  const Refused cases[] = {
      {"2000000", Dimension::size, "has no unit", "B, KB, MB"},
      {"400Gb", Dimension::rate, "unknown unit 'Gb'", "'Gbps'"},
      {"400GB", Dimension::rate, "is a size, not a rate", "400Gbps"},
      {"5us", Dimension::size, "is a time, not a size", "2MB"},
      {"1000km", Dimension::duration, "is a length, not a time", "5us"},
      {"2Mb", Dimension::size, "unknown unit 'Mb'", "'MB'"},
      {"0.5B", Dimension::size, "not a whole number of bytes", ""},
      {"0.3ps", Dimension::duration, "not a whole number of picoseconds", ""},
      {"99999999999TB", Dimension::size, "too large", ""},
      {"9223372036854775808B", Dimension::size, "too large", ""},
      {"1e400B", Dimension::size, "too large", ""},
      {"1111111111111111111111111B", Dimension::size, "is not a size", ""},
      {"fast", Dimension::rate, "is not a rate", "400Gbps"},
      {"", Dimension::size, "is not a size", ""},
      {"1.2.3MB", Dimension::size, "unknown unit", ""},
      {".MB", Dimension::size, "is not a size", ""},
  };
  for (const Refused& each : cases) {
    const QuantityReading reading = read_quantity(each.text, each.dimension);
    EXPECT_FALSE(reading.value.has_value()) << each.text;
    EXPECT_NE(reading.problem.find(each.problem), std::string::npos) << each.text << ": " << reading.problem;
    EXPECT_NE(reading.hint.find(each.hint), std::string::npos) << each.text << ": " << reading.hint;
  }
}

TEST(Quantity, WrittenReadsBack) {
  for (const std::int64_t value : {1LL, 999LL, 1'000LL, 3'072LL, 2'000'000LL, 2'097'152LL, 1'234'567'890'123LL}) {
    EXPECT_EQ(read_quantity(written(Bytes{value}), Dimension::size).value, value);
    EXPECT_EQ(read_quantity(written(Rate{value}), Dimension::rate).value, value);
    EXPECT_EQ(read_quantity(written(Duration{value}), Dimension::duration).value, value);
  }
  EXPECT_EQ(written(Bytes{64'000'000}), "64MB");
  EXPECT_EQ(written(Bytes{3'072}), "3KiB");
  EXPECT_EQ(written(Rate{400'000'000'000}), "400Gbps");
  EXPECT_EQ(written(Duration{1'000'000'000}), "1ms");
  EXPECT_EQ(written(0.2), "0.2");
}

TEST(Quantity, PlainNumbers) {
  EXPECT_EQ(read_integer("1e6"), 1'000'000);
  EXPECT_EQ(read_integer("-3"), -3);
  EXPECT_FALSE(read_integer("1.5").has_value());
  EXPECT_FALSE(read_integer("5us").has_value());
  EXPECT_EQ(read_number("1e-4"), 1e-4);
  EXPECT_FALSE(read_number("nan").has_value());
  EXPECT_FALSE(read_number("1e-4x").has_value());
}

TEST(Quantity, FractionsAreExact) {
  const auto eighth = read_fraction("0.125");
  ASSERT_TRUE(eighth.has_value());
  EXPECT_EQ(eighth->numerator, 1U);
  EXPECT_EQ(eighth->denominator, 8U);
  const auto half = read_fraction("2/4");
  ASSERT_TRUE(half.has_value());
  EXPECT_EQ(half->denominator, 2U);
  const auto two = read_fraction("2");
  ASSERT_TRUE(two.has_value());
  EXPECT_EQ(two->numerator, 2U);
  for (const char* bad : {"1/0", "-1/8", "1/", "a", "0.00000000001", "1/99999999999"}) EXPECT_FALSE(read_fraction(bad).has_value()) << bad;
}

TEST(Nearest, SuggestsTheFewestEdits) {
  EXPECT_EQ(edit_distance("mtu", "mut"), 1U);
  EXPECT_EQ(edit_distance("kitten", "sitting"), 3U);
  EXPECT_EQ(nearest("conjestion", {"transport", "congestion"}), "congestion");
  EXPECT_EQ(nearest("leaf_spine", {"leaf-spine", "clos"}), "leaf-spine");
  EXPECT_EQ(nearest("zzz", {"transport", "mtu"}), "");
  EXPECT_EQ(suggest("zzz", {"a1", "b1"}), "valid: a1, b1");
}

}  // namespace
}  // namespace weft
