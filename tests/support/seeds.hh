// Runs a property once a seed; a failure names the seed and the command that repeats that seed alone.
//
// The environment variable WEFT_TEST_SEED picks one seed instead of the whole range.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <string>

#include "base/random.hh"

namespace weft::test {

// How many seeds of `count`: all, or as WEFT_SEEDS says, for programs that are slow because somebody looks at them.
inline std::uint64_t fewer_if_slow(std::uint64_t count) {
  const char* const fewer = std::getenv("WEFT_SEEDS");
  return fewer == nullptr ? count : std::min<std::uint64_t>(count, std::strtoull(fewer, nullptr, 10));
}

// property(random, seed) for seeds 0 .. count-1; stops at the first seed that fails.
template <class Property>
void for_each_seed(std::uint64_t count, Property property) {
  const auto* info = testing::UnitTest::GetInstance()->current_test_info();
  const std::string name = std::string(info->test_suite_name()) + "." + info->name();
  const char* const chosen = std::getenv("WEFT_TEST_SEED");
  const std::uint64_t first = chosen == nullptr ? 0 : std::strtoull(chosen, nullptr, 10);
  const std::uint64_t end = chosen == nullptr ? count : first + 1;
  for (std::uint64_t seed = first; seed < end; ++seed) {
    Random random(random_key(seed, RandomRoom::test, 0));
    property(random, seed);
    if (testing::Test::HasFailure()) {
      ADD_FAILURE() << "repeat with: WEFT_TEST_SEED=" << seed << ' ' << std::filesystem::read_symlink("/proc/self/exe").string()
                    << " --gtest_filter='" << name << "'";
      return;
    }
  }
}

}  // namespace weft::test
