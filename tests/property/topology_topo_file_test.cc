// Damaged `.topo` texts: an InputError that names the file, or a network that is valid. Nothing else.
#include <gtest/gtest.h>

#include <cstdlib>

#include "base/error.hh"
#include "support/mutate.hh"
#include "support/seeds.hh"
#include "support/topo_samples.hh"
#include "topology/topo_file.hh"
#include "topology/validate.hh"

namespace weft {
namespace {

TEST(TopoFileProperty, DamageNeverCrashes) {
  std::uint64_t refused = 0;
  test::for_each_seed(3000, [&](Random& random, std::uint64_t) {
    const std::string text = test::mutate(test::topo_sample, random);
    try {
      const TopologySpec spec = build_topo(parse_topo(text, "f.topo"), "f.topo");
      validate(spec, {});
    } catch (const InputError& error) {
      ++refused;
      ASSERT_FALSE(error.where().empty());
    }
  });
  if (std::getenv("WEFT_TEST_SEED") == nullptr) { EXPECT_GT(refused, 1000U); }
}

}  // namespace
}  // namespace weft
