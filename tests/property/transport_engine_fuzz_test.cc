// The fuzz target's driver with random bytes, so that every build of the tests runs it (fuzz/roce_engine_target.hh).
#include <gtest/gtest.h>

#include <vector>

#include "../../fuzz/roce_engine_target.hh"
#include "base/random.hh"

namespace weft::fuzz {
namespace {

// A broken rule stops the program; the death names the rule, SCOPED_TRACE cannot. WEFT_SEED=n runs that seed alone.
TEST(RoceEngineFuzz, RandomBytesBreakNoRule) {
  const char* chosen = std::getenv("WEFT_SEED");
  const std::uint64_t first = chosen != nullptr ? std::strtoull(chosen, nullptr, 10) : 1;
  const std::uint64_t last = chosen != nullptr ? first : 5'000;
  for (std::uint64_t seed = first; seed <= last; ++seed) {
    Random random{random_key(seed, RandomRoom::test, 3)};
    std::vector<std::uint8_t> bytes(4'000);
    for (auto& byte : bytes) byte = static_cast<std::uint8_t>(random.next());
    EngineDriver(ByteSource(bytes)).run();
  }
}

}  // namespace
}  // namespace weft::fuzz
